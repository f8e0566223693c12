"""What a process does for people at all times."""

import asyncio

from sqlalchemy.exc import OperationalError

from dialog.load import load_playbook
from people_parts import RELEASE_EVERY_S, greeting, keep_releasing
from settings import HOME
from tests.handoff.transfer.scene import ANNA, BEN, Scene


class People:
    """Remembers which transfers were known when forgotten claims were looked for."""

    def __init__(self, *faults):
        self.known = []
        self.faults = list(faults)

    async def release_forgotten(self, known):
        self.known.append(known)
        if self.faults:
            raise self.faults.pop()
        return []


class Store:
    async def open(self):
        return [Scene(ANNA, transfer="t1").transfer, Scene(BEN, transfer="t2").transfer]


async def test_forgotten_agents_are_looked_for_at_once_and_every_minute_whatever_the_database_says(
    virtual_time,
):
    people = People(OperationalError("select", {}, Exception("locked")))
    looking = asyncio.create_task(keep_releasing(people, Store()))
    await virtual_time.advance(2.5 * RELEASE_EVERY_S)
    looking.cancel()
    assert people.known == [["t1", "t2"]] * 3


def test_who_is_called_back_hears_first_whose_call_it_is():
    playbook = load_playbook(HOME / "playbooks" / "acme")
    assert greeting(playbook) == "Hello, this is Acme with the call back you asked for."
