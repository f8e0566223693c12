"""What people said of a call reaches whoever runs it again."""

from datetime import UTC, datetime, timedelta

import pytest

from calls import events as e
from calls.database import open_engine
from calls.store import open_store
from qa.corrected import CorrectedCalls, known_of
from qa.learning.correction import Kind, State
from qa.learning.from_call import from_desk, new
from qa.learning.store import CorrectionStore
from qa.rerun.sources import NoSuchCallError

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def correction(kind, turn=1, meant=None, days=0, state=State.ACCEPTED):
    made = new("CA1", turn, kind, "the zip broke", meant, "ana", AT + timedelta(days=days))
    return made.model_copy(update={"state": state})


def story(*bodies):
    return [
        e.CallEvent(call_id="CA1", seq=seq, at=AT + timedelta(seconds=seq), body=body)
        for seq, body in enumerate(bodies, start=1)
    ]


def disposed(needless):
    asked = e.TransferRequested(transfer_id="T", queue="returns", reason="risk")
    return story(asked, e.CallDisposed(agent="maria", disposition="solved", needless=needless))


def test_what_was_accepted_is_known_by_its_turn_and_the_newest_counts():
    known = known_of(
        [],
        [
            correction(Kind.INTENT, 2, "returns"),
            correction(Kind.INTENT, 2, "warranty", days=1),
            correction(Kind.ANSWER_RIGHT, 3, "sizes"),
            correction(Kind.TRANSCRIPT, 1, "the zip is broken"),
            correction(Kind.TRANSCRIPT, 2, "something else", state=State.REJECTED),
            correction(Kind.INTENT, 4, "returns", state=State.OPEN),
            correction(Kind.MISSED_TRANSFER, 4),
        ],
    )
    assert known.texts == {1: "the zip is broken"}
    assert known.intents == {2: "warranty", 3: "sizes"}
    assert known.missed
    assert known.needless is None


def test_a_needless_hand_over_is_known_from_the_desk_or_the_console_unless_it_was_rejected():
    assert known_of(disposed(True), []).needless is True
    assert known_of(disposed(False), []).needless is False
    assert known_of(disposed(False), [correction(Kind.NEEDLESS_TRANSFER)]).needless is True
    (at_desk,) = from_desk(disposed(True))
    rejected = at_desk.model_copy(update={"state": State.REJECTED})
    assert known_of(disposed(True), [rejected]).needless is False


async def test_a_stored_call_comes_with_its_corrections(tmp_path, sqlite_url):
    heard = e.TurnHeard(turn=1, text="the zip broke", confidence=0.9, start_s=1.0, end_s=2.0)
    async with await open_store(sqlite_url) as store:
        await store.write(story(e.CallStarted(playbook="acme"), heard))
    engine = open_engine(sqlite_url)
    await CorrectionStore(engine, lambda: AT).add(correction(Kind.INTENT, 1, "warranty"))
    await engine.dispose()
    source = CorrectedCalls(sqlite_url, tmp_path)
    events, corrections = await source._read("CA1")
    assert known_of(events, corrections).intents == {1: "warranty"}


def test_a_call_that_is_not_there_is_told(tmp_path, sqlite_url):
    with pytest.raises(NoSuchCallError, match="CA9"):
        CorrectedCalls(sqlite_url, tmp_path).load("CA9")
