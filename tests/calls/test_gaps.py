"""The report on gaps: questions that no article answered, out of the log of the calls."""

import io
import json

from rich.console import Console

from calls.command import list_gaps
from calls.events import TurnHeard, TurnPlanned
from calls.gaps import by_article, gaps
from calls.privacy import without_personal
from tests.calls.story import whole_call


def heard(turn, text):
    return TurnHeard(turn=turn, text=text, confidence=0.9, start_s=0.0, end_s=1.0)


def planned(turn, unanswered=None, nearest=None, score=None):
    return TurnPlanned(
        turn=turn,
        moment="hearing",
        then="listen",
        expect="open",
        unanswered=unanswered,
        nearest=nearest,
        nearest_score=score,
    )


async def ask(log, call_id, question, nearest, score, *before):
    """A call in which a question gets no answer after the caller has said some things."""
    await log.append(call_id, whole_call()[0])
    for turn, text in enumerate((*before, question), start=1):
        await log.append(call_id, heard(turn, text))
        last = text == question
        await log.append(call_id, planned(turn, question, nearest, score) if last else planned(turn))


async def test_a_gap_is_the_question_with_what_was_said_before_it(log):
    await ask(log, "CA1", "and to the moon?", "shipping_abroad", 0.2, "hi", "do you ship abroad", "fine")
    await log.flush()
    (gap,) = gaps(await log.read("CA1"))
    assert (gap.call_id, gap.turn, gap.question) == ("CA1", 4, "and to the moon?")
    assert gap.before == ("do you ship abroad", "fine")
    assert (gap.nearest, gap.score) == ("shipping_abroad", 0.2)


async def test_calls_without_gaps_are_not_in_the_report(log, store):
    for body in whole_call():
        await log.append("CA0", body)
    await ask(log, "CA1", "do you rent tents?", None, 0.0)
    await log.flush()
    assert await store.with_gaps(10) == ["CA1"]


async def test_the_article_with_most_gaps_comes_first_and_its_newest_question_before_the_others(log, store):
    await ask(log, "CA1", "old?", "sizes", 0.1)
    await ask(log, "CA2", "one?", "returns", 0.2)
    await ask(log, "CA3", "two?", "returns", 0.25)
    await log.flush()
    assert await store.with_gaps(2) == ["CA3", "CA2"]
    found = [gap for call_id in await store.with_gaps(9) for gap in gaps(await store.read(call_id))]
    told = [(article, [gap.question for gap in group]) for article, group in by_article(found)]
    assert told == [("returns", ["two?", "one?"]), ("sizes", ["old?"])]


def printed():
    return Console(file=io.StringIO(), width=140, color_system=None)


async def test_the_report_is_read_in_a_terminal_and_by_programs(log, store):
    await ask(log, "CA1", "do you\x1b[2J rent tents?", "sizes", 0.12, "hello")
    await log.flush()
    console = printed()
    await list_gaps(store, console, json_lines=False, limit=10)
    shown = console.file.getvalue()
    assert "\x1b" not in shown
    assert all(part in shown for part in ("sizes (1)", "12%", "rent tents?", "hello", "CA1"))
    console = printed()
    await list_gaps(store, console, json_lines=True, limit=10)
    (line,) = console.file.getvalue().splitlines()
    assert json.loads(line)["nearest"] == "sizes"


async def test_no_gaps_yet(store):
    console = printed()
    await list_gaps(store, console, json_lines=False, limit=10)
    assert "No unanswered questions" in console.file.getvalue()


def test_a_question_does_not_reach_logs_nor_metrics():
    told = json.dumps(without_personal(planned(1, "where does Maria live?", "sizes", 0.1)))
    assert "Maria" not in told
    assert "sizes" in told
