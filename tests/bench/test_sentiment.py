"""The benchmark of sentiment reads its files and counts right."""

import pytest

from bench.sentiment import auc, macro_recall, measure, read_dialogues
from dialog.sentiment.sentiment import Sentiment
from tests.dialog.sentiment.words import WordEncoder

DIALOGUES = (
    "USER\thello\tgreet\t3,3,3\nSYSTEM\tSorry, I can't.\tno\t\nUSER\tno, that's wrong again\t\t2,3,2\n"
    "USER\tOVERALL\t\t1,1,1\n\nUSER\tthank you\t\t4,3,3\nUSER\tno scores here\t\t\n"
)


@pytest.fixture(scope="module")
def sentiment():
    return Sentiment(WordEncoder())


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_macro_recall_counts_every_class_the_same():
    assert macro_recall([0, 1, 1, 1], [0, 1, 1, 2]) == pytest.approx(2 / 3, abs=1e-4)
    assert macro_recall([0, 1], [0, 1]) is None, "a class that does not occur was not measured"


def test_auc_counts_ties_half_and_needs_both_kinds():
    assert auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == 0.75
    assert auc([1.0, 1.0], [True, False]) == 0.5
    assert auc([1.0, 2.0], [True, True]) is None


def test_turns_with_scores_are_read_with_all_that_came_before_them(tmp_path):
    moments = read_dialogues(written(tmp_path, "d.txt", DIALOGUES))
    assert [moment.satisfaction for moment in moments] == pytest.approx([3.0, 7 / 3, 10 / 3])
    assert [len(moment.turns) for moment in moments] == [1, 3, 1]
    assert moments[1].turns[1] == ("assistant", "Sorry, I can't.")


def test_labelled_texts_give_both_figures_with_vaders_beside_them(tmp_path, sentiment):
    texts = written(tmp_path, "t.txt", "I hate this\nthe shop is open\nI love it, thank you\n")
    figures = measure(texts, written(tmp_path, "l.txt", "0\n1\n2\n"), None, sentiment, quiet=True)
    assert figures["macro_recall"] == 1.0
    assert figures["auc"] == 1.0
    assert figures["vader"]["macro_recall"] == 1.0


def test_numbers_that_are_no_classes_are_mean_satisfaction(tmp_path, sentiment):
    texts = written(tmp_path, "t.txt", "I hate this\nthank you, great\n")
    figures = measure(texts, written(tmp_path, "l.txt", "2.3\n4.0\n"), None, sentiment, quiet=True)
    assert figures["macro_recall"] is None
    assert figures["auc"] == 1.0


@pytest.mark.parametrize("labels", [None, "same", "-"])
def test_dialogues_carry_their_own_scores(tmp_path, sentiment, labels):
    texts = written(tmp_path, "d.txt", DIALOGUES)
    given = {"same": texts, "-": type(texts)("-"), None: None}[labels]
    figures = measure(texts, given, None, sentiment, quiet=True)
    assert figures["macro_recall"] is None
    assert figures["auc"] == 1.0
    assert figures["dissatisfied"] == 1


def test_spoken_lines_are_read_from_a_table(tmp_path, sentiment):
    table = 'Utterance,Sentiment\n"Oh, I hate it",negative\nGive me that,neutral\nWonderful!,positive\n'
    figures = measure(None, None, written(tmp_path, "m.csv", table), sentiment, quiet=True)
    assert figures["texts"] == 3
    assert figures["macro_recall"] is not None


@pytest.mark.parametrize(
    ("texts", "labels", "rule"),
    [
        ("a\nb\n", "0\n", "has 1 labels, there are 2 texts"),
        ("a\n", "good\n", "line 1: 'good' must be a number"),
        ("USER\ta\t\tx\n", "-", "line 1: the scores 'x' must be numbers"),
    ],
)
def test_a_file_in_another_form_is_refused_with_its_line(tmp_path, sentiment, texts, labels, rule):
    given = type(tmp_path)("-") if labels == "-" else written(tmp_path, "l.txt", labels)
    with pytest.raises(SystemExit, match=rule):
        measure(written(tmp_path, "t.txt", texts), given, None, sentiment, quiet=True)
