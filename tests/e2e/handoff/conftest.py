"""One office for all stories, which are told at the same time as far as they do not disturb each other."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest_asyncio

from calls.database import open_engine
from demo.open_company import open_company
from demo.people import SKILLS, open_people
from demo.ports import free_ports
from demo.stack import open_stack
from handoff.roster.people import Presence, Profile
from handoff.transfer.store import TransferStore
from settings import StorageSettings
from tests.e2e.caller import open_log
from tests.e2e.handoff.agents import PASSWORD, Agents
from tests.e2e.handoff.balancer import Balancer
from tests.e2e.handoff.office import Office
from tests.e2e.handoff.soon import eventually

AGENTS = 24
AT_ONCE = 4
"""So many stories are told at the same time: two cores serve them all."""
CALL_BACK_RINGS_S = 40.0


TASKS = """
put_through:
  title: your call
  steps:
    hand:
      hand_over: {queue: support, reason: "put through", kind: cold}
ask_somebody:
  title: your question
  steps:
    ask:
      hand_over: {queue: support, reason: "a question", kind: consult, question: "May they have it?", save: granted}
    told:
      say: "{% if granted %}My colleague says yes.{% else %}My colleague does not say yes.{% endif %}"
"""


def add_tasks(playbook):
    """Flows that an agent may give a caller back for: they lead to people again, in the other two ways."""
    (playbook / "flows" / "more_tasks.yaml").write_text(TASKS)
    file = playbook / "escalation.yaml"
    file.write_text(file.read_text().replace("tasks: [terms]", "tasks: [terms, put_through, ask_somebody]"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office(tmp_path_factory):
    """Two servers behind a balancer, the line, and a roster."""
    folder = tmp_path_factory.mktemp("office")
    playbook = open_company(folder, ring_s=5, key_s=15, most_legs=3, wrap_up_s=0)
    add_tasks(playbook)
    async with AsyncExitStack() as opened:
        agents = await opened.enter_async_context(Agents())
        people = await opened.enter_async_context(open_people(folder))
        for number in range(AGENTS):
            name = f"agent{number:02}"
            await people.add(
                name,
                Profile(name=name.title(), sip=agents.address(name), skills=SKILLS),
                PASSWORD,
            )
            await people.set_presence(name, Presence.AVAILABLE)
        (port,) = free_ports(1)
        balancer = await opened.enter_async_context(Balancer(port))
        stack = await opened.enter_async_context(
            open_stack(
                folder, PUBLIC_URL=balancer.url, WARMLINE_PLAYBOOK=str(playbook), WARMLINE_LATE_LOOP_S="10"
            )
        )
        balancer.targets.append(int(stack.server_url.rpartition(":")[2]))
        engine = open_engine(StorageSettings(warmline_data_dir=folder).store_url)
        opened.push_async_callback(engine.dispose)
        log = await opened.enter_async_context(open_log(folder))
        one = Office(stack, agents, TransferStore(engine, lambda: datetime.now(UTC)), log, people)
        one.balancer = balancer
        opened.push_async_callback(one.close)
        yield one

        async def is_quiet():
            return not await one.open_calls()

        async def who_is_there():
            return "\n".join(
                f"{call['sid']} {call['to']} {call['status']}" for call in await one.open_calls()
            )

        # A call-back that was promised may be ringing its agents, one after the other.
        await eventually(is_quiet, "calls are left on the line", CALL_BACK_RINGS_S, who_is_there)
