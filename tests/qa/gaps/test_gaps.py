"""Questions without an answer: put together, ranked by who asked, and made into the draft of an article."""

from datetime import UTC, date, datetime, timedelta

import pytest

from calls import events as e
from calls.database import open_engine
from calls.store import open_store
from dialog.knowledge.values import ArticleText
from dialog.load import load_playbook
from dialog.minds import WordEncoder
from dialog.schema.articles import Article
from dialog.source import read_article
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.gaps.clusters import Knowledge, grouped
from qa.gaps.draft import Draft, DraftError, from_playbook, save, suggested_name, written
from qa.gaps.gap import Asked, Gap, GapKind, GapState, Why
from qa.gaps.keeper import GapKeeper
from qa.gaps.questions import badly_answered
from qa.gaps.store import GapStore
from qa.learning.correction import Kind
from qa.learning.from_call import new
from qa.learning.store import CorrectionStore
from settings import HOME

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
NOTHING = Knowledge((), lambda _: None)
BOOTS = "do you repair leather boots"


def story(call_id, *bodies, began=AT):
    return [
        e.CallEvent(call_id=call_id, seq=number, at=began + timedelta(seconds=number), body=body)
        for number, body in enumerate(bodies, start=1)
    ]


def started(caller="+15550001"):
    return e.CallStarted(caller=caller, playbook="acme 1")


def heard(turn, text):
    return e.TurnHeard(turn=turn, text=text, confidence=0.9, start_s=1.0, end_s=2.0)


def planned(turn, **more):
    return e.TurnPlanned(turn=turn, moment="hearing", then="listen", expect="open", **more)


def said(text, who="agent"):
    return e.TalkHeard(who=who, text=text, confidence=0.9, start_s=9.0, end_s=12.0)


ASKED_PERSON = e.TransferRequested(transfer_id="T", queue="care", reason="not_understood")
ENDED = e.CallEnded(reason=e.CallEndReason.CALLER, duration_s=30.0)


def unanswered(turn, question, **more):
    return heard(turn, question), planned(turn, unanswered=question, **more)


def asked(question, caller="+15550001", call_id=None, at=AT, **more):
    call = call_id or f"CA{caller}{question}"
    return Asked(call_id=call, turn=1, at=at, caller=caller, question=question, why=Why.UNANSWERED, **more)


def gaps_of(*some, knowledge=NOTHING):
    return grouped(some, knowledge, WordEncoder(), TODAY)


# What was asked


def test_a_question_without_an_answer_with_what_the_agent_said_to_it():
    (one,) = badly_answered(
        story(
            "CA1",
            started(),
            *unanswered(1, BOOTS, nearest="product_care", nearest_score=0.2),
            ASKED_PERSON,
            said("Hello, Maria."),
            said("They are my favourite ones I have", "caller"),
            said("We repair boots for forty euros."),
        )
    )
    assert (one.question, one.nearest, one.caller) == (BOOTS, "product_care", "+15550001")
    assert one.transferred
    assert one.answers == ("We repair boots for forty euros.",), "no greeting, and not what the caller said"


def test_a_hand_over_long_after_it_was_not_for_it():
    (one,) = badly_answered(
        story("CA1", *unanswered(1, BOOTS), heard(2, "fine"), heard(3, "my order"), ASKED_PERSON)
    )
    assert not one.transferred


def test_an_answer_that_somebody_called_wrong_counts_too_with_the_article_it_came_from():
    wrong = new("CA1", 1, Kind.ANSWER_WRONG, BOOTS, None, "ana", AT)
    right = new("CA1", 2, Kind.ANSWER_WRONG, "and shoes", "product_care", "ana", AT)
    (one,) = badly_answered(
        story("CA1", heard(1, BOOTS), planned(1, sources=("warranty",)), heard(2, "and shoes"), planned(2)),
        [wrong, right],
    )
    assert (one.why, one.nearest) == (Why.WRONG, "warranty")


# Together


def test_the_same_question_in_other_words_is_one_gap_and_another_question_another():
    first, second = gaps_of(
        asked(BOOTS), asked("do you repair my leather boots", "+2"), asked("may I bring a dog", "+3")
    )
    assert len(first.asked) == 2
    assert second.question == "may I bring a dog"


def test_callers_count_and_not_calls():
    once = [asked("may I bring a dog", f"+{number}") for number in range(3)]
    often = [asked(BOOTS, "+9", call_id=f"CB{number}") for number in range(8)]
    first, second = gaps_of(*often, *once)
    assert (first.callers, first.calls) == (3, 3)
    assert (second.callers, second.calls) == (1, 8)


def test_a_hand_over_weighs_as_much_as_another_caller():
    quiet = [asked("may I bring a dog", f"+{number}") for number in range(2)]
    costly = [asked(BOOTS, f"+9{number}", transferred=True) for number in range(2)]
    assert gaps_of(*quiet, *costly)[0].question == BOOTS


def test_withheld_numbers_are_a_caller_each():
    (one,) = gaps_of(asked(BOOTS, None, call_id="A"), asked(BOOTS, None, call_id="B"))
    assert one.callers == 2


def test_a_gap_keeps_its_name_when_it_is_asked_again():
    before, after = (
        gaps_of(asked(BOOTS), *more)[0] for more in ((), [asked(BOOTS, "+2", at=AT + timedelta(days=1))])
    )
    assert before.gap_id == after.gap_id


ARTICLE = ArticleText(
    id="repairs",
    title="Repairs",
    spoken="We repair leather boots for fifty euros.",
    body="",
    questions=("what does a repair cost",),
    updated=TODAY,
)


@pytest.mark.parametrize(
    ("more", "answer", "kind", "article"),
    [
        ({}, None, GapKind.ADD, None),
        ({"nearest": "repairs", "score": 0.25}, None, GapKind.EDIT, "repairs"),
        ({"nearest": "repairs", "score": 0.01}, None, GapKind.ADD, None),
        ({"nearest": "gone", "score": 0.25}, None, GapKind.ADD, None),
        ({}, "repairs", GapKind.DUPLICATE, "repairs"),
        (
            {
                "nearest": "repairs",
                "score": 0.25,
                "answers": ("We repair leather boots for 40 euros.",),
            },
            None,
            GapKind.CONTRADICTORY,
            "repairs",
        ),
    ],
)
def test_what_is_to_be_done(more, answer, kind, article):
    knowledge = Knowledge((_in_figures(ARTICLE),), lambda _: answer)
    (one,) = gaps_of(asked(BOOTS, **more), knowledge=knowledge)
    assert (one.kind, one.article) == (kind, article)


def _in_figures(article):
    return ArticleText(
        article.id, article.title, article.spoken.replace("fifty", "50"), "", article.questions, TODAY
    )


def test_of_what_agents_said_the_nearest_comes_first_and_the_rest_is_left_out():
    (one,) = gaps_of(
        asked(BOOTS, answers=("Is there anything else today, sir", "yes we do repair leather boots"))
    )
    assert one.answers == ("yes we do repair leather boots",)


def test_the_same_questions_give_the_same_gaps_whatever_their_order():
    some = [asked(BOOTS), asked("do you repair boots", "+2"), asked("may I bring a dog", "+3")]
    assert gaps_of(*some) == gaps_of(*reversed(some))
    assert gaps_of() == []


# Kept


@pytest.fixture
async def base(database_url):
    store = await open_store(database_url)
    engine = open_engine(database_url)
    yield Base(store, engine)
    await engine.dispose()
    await store.close()


class Base:
    """A database with calls, and the keeper of its gaps. The clock stands where the test puts it."""

    def __init__(self, store, engine):
        self.store, self.engine, self.now = store, engine, AT + timedelta(hours=1)
        playbook = load_playbook(HOME / "playbooks" / "acme")
        self.keeper = GapKeeper(
            engine, store.read, lambda: playbook, lambda: None, WordEncoder(), lambda: self.now
        )
        self.gaps = self.keeper.store
        self.corrections = CorrectionStore(engine, lambda: self.now)

    async def call(self, call_id, question, caller="+15550001", began=AT):
        await self.store.write(story(call_id, started(caller), *unanswered(1, question), ENDED, began=began))
        await Projector(FactStore(self.engine), self.store.read).catch_up()

    async def open(self):
        await self.keeper.look()
        return [(gap.question, gap.callers) for gap in await self.gaps.page(GapState.OPEN)]


async def test_gaps_follow_the_calls_and_nothing_is_reckoned_twice(base):
    await base.call("CA1", BOOTS)
    assert await base.open() == [(BOOTS, 1)]
    assert not await base.keeper.look(), "there is nothing new"
    await base.call("CA2", BOOTS, "+2")
    assert await base.open() == [(BOOTS, 2)]


async def test_a_gap_is_forgotten_four_weeks_after_it_was_last_asked(base):
    await base.call("CA1", BOOTS)
    base.now = AT + timedelta(days=27)
    assert await base.open() == [(BOOTS, 1)]
    base.now = AT + timedelta(days=29)
    assert await base.open() == []


async def test_what_was_rejected_does_not_come_back_for_four_weeks(base):
    await base.call("CA1", BOOTS)
    await base.open()
    (gap,) = await base.gaps.page(GapState.OPEN)
    assert await base.keeper.decide(gap.gap_id, GapState.REJECTED, "ana")
    assert not await base.keeper.decide(gap.gap_id, GapState.ACCEPTED, "sue"), "somebody was quicker"
    await base.call("CA2", "do you repair the leather boots", "+2")
    assert await base.open() == []
    base.now = AT + timedelta(days=29)
    await base.call("CA3", BOOTS, "+3", began=base.now - timedelta(hours=1))
    assert await base.open() == [(BOOTS, 1)], "the others were asked longer ago"


async def test_an_accepted_gap_is_settled_but_whoever_asks_again_is_heard(base):
    await base.call("CA1", BOOTS)
    await base.open()
    (gap,) = await base.gaps.page(GapState.OPEN)
    await base.keeper.decide(gap.gap_id, GapState.ACCEPTED, "ana", "repairs.md")
    assert await base.open() == []
    (kept,) = await base.gaps.page(GapState.ACCEPTED)
    assert (kept.decided_by, kept.draft) == ("ana", "repairs.md")
    await base.call("CA2", BOOTS, "+2")
    assert await base.open() == [(BOOTS, 1)]


async def test_an_answer_called_wrong_becomes_a_gap(base):
    await base.store.write(story("CA1", started(), heard(1, BOOTS), planned(1, sources=("warranty",)), ENDED))
    await Projector(FactStore(base.engine), base.store.read).catch_up()
    assert await base.open() == []
    await base.corrections.add(new("CA1", 1, Kind.ANSWER_WRONG, BOOTS, None, "ana", AT))
    assert await base.open() == [(BOOTS, 1)]


async def test_what_a_call_asked_is_forgotten_with_it(base):
    await base.call("CA1", BOOTS)
    await base.open()
    await base.gaps.forget(["CA1"])
    assert await GapStore(base.engine, lambda: base.now).page(GapState.OPEN) == []


# The draft

DRAFT = Draft(
    name="repairs",
    title="Repairs: boots",
    spoken="We repair boots.\nIt takes two weeks.",
    questions=(BOOTS, "do you repair boots", "what does it cost: a repair"),
)


def test_a_draft_is_an_article_that_a_playbook_takes(tmp_path):
    path = save(tmp_path / "drafts", "repairs", written(DRAFT, "Ana Lindt", TODAY))
    source, body = read_article(path)
    article = source.validate(Article)
    assert (article.title, article.owner, article.updated) == ("Repairs: boots", "Ana Lindt", TODAY)
    assert article.spoken == "We repair boots. It takes two weeks."
    assert article.questions == DRAFT.questions
    assert body == "# Repairs: boots"
    assert [one.name for one in path.parent.iterdir()] == ["repairs.md"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "../intents"}, "name"),
        ({"name": "Repairs"}, "name"),
        ({"questions": (BOOTS, BOOTS, " ")}, "questions"),
        ({"spoken": " "}, "spoken"),
    ],
)
def test_a_draft_that_is_none_is_refused_with_the_field(change, field):
    with pytest.raises(DraftError) as caught:
        written(DRAFT.model_copy(update=change), "Ana", TODAY)
    assert caught.value.field == field


def test_an_article_to_be_edited_begins_as_it_is_with_the_new_questions():
    playbook = load_playbook(HOME / "playbooks" / "acme")
    own = playbook.articles["returns"].questions
    draft = from_playbook(playbook, "returns", [own[0].upper() + "?", BOOTS])
    assert draft.questions == (*own, BOOTS)
    assert draft.body == playbook.bodies["returns"]


def test_a_name_out_of_a_question():
    assert suggested_name("Do you repair leather boots?") == "repair_leather_boots"
    assert suggested_name("???") == "article"


def test_a_gap_is_the_same_through_json():
    gap = Gap(gap_id="g", kind=GapKind.ADD, question=BOOTS, asked=(asked(BOOTS),))
    assert Gap.model_validate_json(gap.model_dump_json()) == gap
