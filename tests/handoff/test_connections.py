"""What a human's leg does next, by what the transfer knows when the carrier asks."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoff.connections import Connections
from telephony.transfer_routes import LegNext
from tests.handoff.transfer.scene import ANNA, Scene


class Known:
    """Transfers that stand as they are."""

    def __init__(self, scene):
        self._transfer = scene.transfer

    async def read(self, _transfer_id):
        return self._transfer

    async def report(self, _transfer_id, _event):
        return self._transfer


def connections(scene):
    return Connections(Known(scene), None, None, Path(), lambda: datetime.now(UTC), lambda: 0.0)


async def test_a_human_whose_conference_is_over_before_we_know_of_it_is_not_sent_into_another():
    ready = connections(Scene(ANNA).briefing().presses("1").the_caller_is_moved())
    assert await ready.leg_next("t1", 1) is LegNext.JOIN
    assert await ready.leg_left("t1", 1) is LegNext.HANG_UP


async def test_a_human_who_waits_for_the_caller_is_not_made_to_wait_on_after_the_conference():
    waits = connections(Scene(ANNA).briefing().presses("1"))
    assert await waits.leg_next("t1", 1) is LegNext.WAIT
    assert await waits.leg_left("t1", 1) is LegNext.HANG_UP


@pytest.mark.parametrize("asks", [Connections.leg_next, Connections.leg_left])
async def test_a_human_whose_caller_has_hung_up_on_the_way_is_told(asks):
    gone = connections(Scene(ANNA).briefing().presses("1").the_caller_is_moved().the_caller_hangs_up())
    assert await asks(gone, "t1", 1) is LegNext.STREAM


async def test_a_conversation_that_is_finished_ends_the_leg():
    finished = connections(Scene(ANNA).bridged().leaves("caller"))
    assert await finished.leg_left("t1", 1) is LegNext.HANG_UP
