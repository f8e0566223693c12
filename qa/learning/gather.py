"""Brings together what a round of learning needs: corrections from the desk, rated calls, recorded calls."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.events import CallEvent
from calls.store import UnreadableEventError
from dialog.playbook import Playbook
from qa.facts.tables import facts
from qa.learning.correction import State
from qa.learning.escalation import SATISFIED
from qa.learning.from_call import INTENT, from_desk
from qa.learning.lessons import Lessons
from qa.learning.store import CorrectionStore
from qa.learning.training import Material

MOST_RATED = 2000
MOST_RECORDED = 100
"""Calls, the newest first."""
C = facts.c

Read = Callable[[str], Awaitable[list[CallEvent]]]
"""All events of a call."""


async def gather_from_desk(engine: AsyncEngine, read: Read, corrections: CorrectionStore) -> int:
    """Make corrections of what agents said of their calls; those that are kept stay as they are.

    Returns how many are new.
    """
    said = or_(C.needless.is_(True), C.facts["wrong"].as_string() == INTENT)
    new = 0
    for call_id in await _ids(engine, select(C.call_id).where(said).order_by(C.started_at.desc())):
        found = from_desk(await _events(read, call_id))
        known = await corrections.known([one.correction_id for one in found])
        for one in found:
            if one.correction_id not in known:
                new += await corrections.add(one)
    return new


async def gather_material(
    engine: AsyncEngine, read: Read, corrections: CorrectionStore, playbook: Playbook, learnt: Lessons
) -> Material:
    """All accepted corrections, the calls that people rated, and the newest calls.

    What was `learnt` from corrections that retention has deleted since is kept.
    """
    known = await corrections.known([correction_id for correction_id, _ in learnt.sources()])
    accepted = await corrections.page(State.ACCEPTED)
    newest = select(C.call_id).order_by(C.started_at.desc())
    rated = or_(C.needless.is_not(None), C.csat_assistant >= SATISFIED)
    rated_ids = await _ids(engine, newest.where(rated).limit(MOST_RATED))
    corrected = dict.fromkeys(one.call_id for one in accepted)
    recorded_ids = await _ids(engine, newest.limit(MOST_RECORDED))
    return Material(
        playbook,
        accepted,
        [await _events(read, one) for one in dict.fromkeys([*corrected, *rated_ids])],
        [await _events(read, one) for one in dict.fromkeys([*corrected, *recorded_ids])],
        learnt.without_corrections(known),
    )


async def _ids(engine: AsyncEngine, statement: object) -> Sequence[str]:
    async with engine.connect() as connection:
        return [str(one) for one in (await connection.scalars(statement)).all()]  # type: ignore[call-overload]


async def _events(read: Read, call_id: str) -> list[CallEvent]:
    """The events of a call; none of one that this version cannot read, which the projector has told."""
    try:
        return await read(call_id)
    except UnreadableEventError:
        return []
