"""Callers handed over to the queues of a real PBX, and to peers that refuse: the whole server, real telephones, sipp.

Three callers at a time, each with a queue of their own. What is proven is what the telephones heard.
"""

import asyncio
import contextlib

import httpx
import numpy as np
import pytest
import pytest_asyncio
import yaml
from twilio.rest import Client

from calls.events import TransferEnded, TransferLeg, TransferRequested
from demo.open_company import open_company
from demo.script import as_caller, until_quiet
from demo.sip import open_telephone
from demo.sound_match import find, longest_silence_s
from demo.stack import open_stack
from handoff.connections import leg_result
from handoff.transfer.types import LegResult
from models.shelf import ModelShelf
from tests.e2e.caller import Caller, newest, open_log
from tests.e2e.marks import REAL_CALLS
from tests.interop.pbx import PASSWORD, USER, PbxQueue, open_pbx, unpacked
from tests.interop.sipp import needs_sipp, open_peer
from tests.sound import read_recording
from tests.telephony.line.lab import ACCOUNT, NUMBER, TOKEN, open_lab, until
from tests.telephony.line.rest.test_calls import blocking
from voice.speaking.renderer import Renderer

pytestmark = [
    *REAL_CALLS,
    pytest.mark.soak,
    pytest.mark.skipif(unpacked() is None, reason="there is no Asterisk: scripts/unpack_asterisk brings it"),
    needs_sipp,
]
REFUSALS = {
    "busy": (486, "Busy Here"),
    "unavailable": (480, "Temporarily Unavailable"),
    "declines": (603, "Decline"),
    "overloaded": (503, "Service Unavailable"),
    "unknown": (404, "Not Found"),
}
PATIENT, DELAYED, LEAVER = "+15550142000", "+15550142001", "+15550142004"
DELAY_MS = 200
KEY_S = 7
SOON_S = 30.0
LONGEST_SILENCE_S = 3.0
HEARD, LEAKED = 0.6, 0.05
CALLER_SAYS = "Hello, something is wrong with what you have sent me last week."
AGENT_SAYS = "Good morning, I have been told what it is about, and I will help you."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory):
    """The company at work: PBX, peers that refuse, members' telephones, server and line."""
    folder = tmp_path_factory.mktemp("house")
    async with contextlib.AsyncExitStack() as stack:
        enter = stack.enter_async_context
        speaking = asyncio.create_task(asyncio.to_thread(Voices))
        names = ("returns", "billing")
        scenarios = [("refuses", {"code": code, "phrase": phrase}) for code, phrase in REFUSALS.values()]
        scenarios += [("rings", {}), ("vanishes", {})]
        opened = await asyncio.gather(
            *(enter(open_telephone(name)) for name in names),
            *(enter(open_peer(folder, scenario, **values)) for scenario, values in scenarios),
        )
        members = dict(zip(names, opened, strict=False))
        peers = dict(zip((*REFUSALS, "rings", "vanishes"), opened[len(names) :], strict=True))
        queues = [
            PbxQueue("returns", members["returns"].address),
            PbxQueue("billing", members["billing"].address, answers_first=True),
            PbxQueue("nobody", answers_first=True),
        ]
        pbx = await enter(open_pbx(unpacked(), folder / "pbx", queues))
        playbook = open_company(folder, most_legs=8)
        targets = {
            "returns": [pbx.address("returns")],
            "billing": [peers["vanishes"].address, pbx.address("nobody"), pbx.address("billing")],
            "support": [*(peers[name].address for name in REFUSALS), peers["rings"].address],
        }
        _set_targets(playbook / "queues.yaml", targets)
        running = await enter(
            open_stack(
                folder / "data",
                WARMLINE_PLAYBOOK=str(playbook),
                WARMLINE_SIP_USER=USER,
                WARMLINE_SIP_PASSWORD=PASSWORD,
            )
        )
        house = House(running, pbx, peers, members, targets, await speaking)
        await house.set_faults()
        yield house


def _set_targets(path, targets):
    queues = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, queue in queues["queues"].items():
        queue["targets"] = targets.get(name, [])
    # Shorter than a briefing: two of its targets answer, and nobody is there.
    queues["queues"]["billing"]["limits"]["key_s"] = KEY_S
    path.write_text(yaml.safe_dump(queues, sort_keys=False, allow_unicode=True), encoding="utf-8")


class Voices:
    """What is said. Piper says nothing twice in the same way: what is looked for must be what was played."""

    def __init__(self):
        self.renderer = Renderer.load(ModelShelf().voice_path())
        self.agent = self.renderer.render(AGENT_SAYS)
        self.caller = self._as_caller(CALLER_SAYS)
        self.topics = {
            "returns": self._as_caller("It's about a return."),
            "billing": self._as_caller("It's about an invoice."),
        }

    def _as_caller(self, text):
        return as_caller(self.renderer.render(text))


class House:
    """Everything that runs."""

    def __init__(self, running, pbx, peers, members, targets, voices):
        self.stack = running
        self.pbx = pbx
        self.peers = peers
        self.members = members
        self._targets = targets
        self.voices = voices
        self.caller = Caller(running, voices.renderer)

    async def set_faults(self):
        """A telephone network between all legs of one call."""
        late = {"network_delay_ms": DELAY_MS}
        calls = dict.fromkeys((DELAYED, *self._targets["billing"]), late)
        account = (self.stack.account_sid, self.stack.auth_token)
        async with httpx.AsyncClient(auth=account) as client:
            set_ = await client.put(f"{self.stack.line_url}/line/faults", json={"calls": calls})
            assert set_.is_success, set_.text


class Talk:
    """What is left of a caller and a member who were connected."""

    def __init__(self, call, member_heard, pressed_at, handed_over, headers):
        """`pressed_at` is on the member's telephone. `handed_over`: the part of the caller's time from the decision to
        the end of what the two say; before is the assistant's answer, and after that silence is their own."""
        self.call = call
        self.headers = headers
        self.before, self.after = member_heard[:pressed_at], member_heard[pressed_at:]
        heard, sent = call.heard[handed_over], call.sent[handed_over]
        # A caller who speaks is not in silence either.
        self.silence_s = longest_silence_s(
            np.where(abs(heard.astype(int)) > abs(sent.astype(int)), heard, sent)
        )

    def results(self):
        """Why each leg is over, in the order in which they were rung."""
        over = {body.leg: body.result for body in self.call.bodies(TransferLeg) if body.result is not None}
        return [LegResult(over[leg]) for leg in sorted(over)]

    @property
    def outcome(self):
        return self.call.bodies(TransferEnded)[0].outcome

    def is_proven(self, house):
        assert self.outcome == "connected"
        assert find(house.voices.agent, self.call.heard).share >= HEARD, "the caller hears the agent"
        assert find(house.voices.caller, self.after).share >= HEARD, "the agent hears the caller"
        assert find(self.call.sent, self.before).share <= LEAKED, "but not before key 1"
        assert find(self.before, self.call.heard).share <= LEAKED, "and the briefing is not for the caller"
        assert self.silence_s <= LONGEST_SILENCE_S


async def handed_over(house, number, queue, *, hears_all):
    """A caller asks for a person by keypad and says what it is about; a member of the PBX's queue takes it."""
    member = house.members[queue]
    async with open_telephone(number) as caller:
        await house.caller.connect(caller, number)
        await loud(caller)
        await caller.press("0")
        await until_quiet(caller, after=caller.heard().size)
        await says_what_it_is_about(caller, house.voices.topics[queue], house, number)
        since = caller.heard().size
        incoming = await asyncio.wait_for(member.incoming(), SOON_S + 3 * KEY_S)
        await member.answer()
        await (until_quiet(member, after=0) if hears_all else loud(member))
        pressed_at = member.heard().size
        await member.press("1")
        await is_taken(house, number)
        await says_until_heard(caller, house.voices.caller, member)
        await says_until_heard(member, house.voices.agent, caller)
        until = min(caller.heard().size, caller.sent().size)
        heard = member.heard()
        await member.hang_up()
        await caller.hang_up()
        call = await house.caller.record(number, caller)
    return Talk(call, heard, pressed_at, slice(since, until), incoming.headers)


async def says_what_it_is_about(caller, topic, house, number):
    """Say it, and again where it was not understood."""
    for _ in range(3):
        caller.play(topic)
        await caller.played()
        with contextlib.suppress(TimeoutError):
            await logged(house, number, lambda body: isinstance(body, TransferRequested), 6.0)
            return
    raise AssertionError("the assistant did not understand what it is about")


async def says_until_heard(speaker, sound, listener):
    """As people do: where a machine stalls, words get lost on the way."""
    for _ in range(3):
        speaker.play(sound)
        await speaker.played()
        await asyncio.sleep(0.6)
        if find(sound, listener.heard()).share >= HEARD:
            return


async def is_taken(house, number):
    """Wait until both are in one conference."""
    await logged(house, number, lambda body: getattr(body, "phase", None) == "bridged", SOON_S)


async def logged(house, number, matches, within_s):
    """Wait until the record of a call has an event."""
    async with open_log(house.stack.data_dir) as log, asyncio.timeout(within_s):
        async for event in log.follow(await newest(log, number)):
            if matches(event.body):
                break


async def loud(telephone):
    """Wait until something is heard."""
    async with asyncio.timeout(SOON_S):
        while not np.abs(telephone.heard()[-8000:].astype(int)).max(initial=0) > 1000:
            await asyncio.sleep(0.05)


async def leaves_while_it_rings(house):
    """A caller asks for a person twice; five targets refuse, and while the sixth rings the caller hangs up."""
    async with open_telephone(LEAVER) as caller:
        await house.caller.connect(caller, LEAVER)
        await loud(caller)
        for _ in range(2):
            await caller.press("0")
            await asyncio.sleep(1.0)
        last = len(REFUSALS) + 1
        await logged(
            house,
            LEAVER,
            lambda body: isinstance(body, TransferLeg) and body.leg == last and body.state == "ringing",
            SOON_S,
        )
        await caller.hang_up()
        call = await house.caller.record(LEAVER, caller)
    return Talk(call, np.zeros(0, np.int16), 0, slice(0), {})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stories(house):
    """The three calls, at the same time."""
    told = {
        "patient": handed_over(house, PATIENT, "returns", hears_all=True),
        "delayed": handed_over(house, DELAYED, "billing", hears_all=False),
        "leaver": leaves_while_it_rings(house),
    }
    tasks = {name: asyncio.create_task(story) for name, story in told.items()}
    yield tasks
    for task in tasks.values():
        task.cancel()


async def test_a_queue_that_answers_when_a_member_does_takes_a_caller_over(house, stories):
    talk = await stories["patient"]
    print(talk.call.told)  # noqa: T201
    talk.is_proven(house)
    transfer_id = talk.call.bodies(TransferRequested)[0].transfer_id
    assert talk.headers["X-Transfer-Id"] == transfer_id, "through the PBX to the member's telephone"
    assert f"queue returns has transfer {transfer_id}" in house.pbx.told
    assert talk.results() == [LegResult.FINISHED]


async def test_the_member_hears_the_briefing_through_the_pbx(house, stories):
    talk = await stories["patient"]
    (name,) = {body.recording for body in talk.call.bodies(TransferLeg) if body.recording}
    briefing = read_recording(house.stack.data_dir / name)[:, 1]
    assert find(briefing, talk.before).share >= HEARD


async def test_a_queue_with_music_is_no_human_and_the_next_one_is_rung_though_the_network_is_slow(
    house, stories
):
    """Also a peer that has hung up without our hearing of it; 200 ms each way on all legs."""
    talk = await stories["delayed"]
    print(talk.call.told)  # noqa: T201
    talk.is_proven(house)
    assert talk.results() == [LegResult.NO_KEY, LegResult.NO_KEY, LegResult.FINISHED]
    await house.peers["vanishes"].finished()


async def test_who_refuses_is_passed_over_and_who_rings_in_vain_is_told_that_the_caller_left(house, stories):
    talk = await stories["leaver"]
    print(talk.call.told)  # noqa: T201
    assert talk.results() == [
        LegResult.BUSY,
        LegResult.NO_ANSWER,
        LegResult.DECLINED,
        LegResult.UNREACHABLE,
        LegResult.UNREACHABLE,
        LegResult.WITHDRAWN,
    ]
    assert talk.outcome == "caller_gone"
    for name in (*REFUSALS, "rings"):
        await house.peers[name].finished()


async def test_a_wrong_password_at_the_pbx_is_a_target_that_cannot_be_reached(house):
    async with open_lab(sip=True) as lab:
        client = Client(ACCOUNT, TOKEN)
        client.api.base_url = lab.url
        for name, password in (("right", PASSWORD), ("wrong", "guessed")):
            lab.customer.documents[f"/{name}"] = "<Response><Pause length='1'/></Response>"
            await blocking(
                client.calls.create,
                to=house.pbx.address("nobody"),
                from_=NUMBER,
                url=f"{lab.customer.url}/{name}",
                status_callback=f"{lab.customer.url}/{name}/status",
                status_callback_event=["completed"],
                sip_auth_username=USER,
                sip_auth_password=password,
            )
        await until(lambda: lab.customer.asked("/wrong/status") and lab.customer.asked("/right/status"), 10)
        (wrong,), (right,) = lab.customer.asked("/wrong/status"), lab.customer.asked("/right/status")
    assert leg_result(wrong["CallStatus"], int(wrong["SipResponseCode"])) is LegResult.UNREACHABLE
    assert (right["CallStatus"], right["SipResponseCode"]) == ("completed", "200")
