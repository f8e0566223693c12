"""When people take over by what is heard: anger, noise over speech, and an accent, on real telephones.

All of them call at the same time, and each is another customer. They are judged by the record of their calls, and by
whose telephone rings for them.
"""

import asyncio

import pytest
import pytest_asyncio

from calls.events import (
    CallEnded,
    CallEndReason,
    EscalationJudged,
    TransferBriefed,
    TransferLeg,
    TransferMoved,
    TransferRequested,
    TurnHeard,
    TurnPlanned,
    TurnSilent,
)
from demo.open_company import open_company
from demo.people import agents_at_work
from demo.script import Line, do_line, last_loud, read_wav, until_quiet
from demo.sip import open_telephone
from demo.stack import open_stack
from handoff.escalation.judge import judgements
from handoff.escalation.weights import read_weights
from handoff.transfer.carrier import TRANSFER_HEADER
from tests.e2e.caller import Caller, newest, open_log
from tests.e2e.manners import GERMAN, SPANISH, in_noise, raised, street, with_accent
from tests.e2e.marks import REAL_CALLS
from tests.e2e.person import BETWEEN, Keys, Person

pytestmark = [
    *REAL_CALLS,
    pytest.mark.soak,
    pytest.mark.timeout(300),
]
FOR_ORDERS, FOR_RETURNS = ("anna", "bob"), ("clara",)
ANGER = (
    ("I would like to return an order.", 0.0),
    ("Four seven one three.", 0.0),
    ("I have already given you all of that last week, and nothing has happened.", 0.5),
    ("This is ridiculous. I have told you three times and nobody listens to me.", 0.8),
    ("I am sick and tired of this. You are wasting my time!", 1.0),
    ("This is unacceptable. It is a disgrace!", 1.0),
)
"""What is said, and how it is said: 0 is plain, 1 a shout."""
UNHEARD = (
    "I would like to know about my parcel.",
    "Where is my order?",
    "Can you tell me when my parcel comes?",
    "I want to know where my order is.",
)
SNR_DB = -6.0
"""The noise has four times the power of the voice."""
BYE = "No, thank you. Goodbye."
AT_MOST_S = 60.0
ANGRY, IN_THE_STREET, IN_THE_KITCHEN, FROM_GERMANY, FROM_SPAIN = (f"+1555014200{n}" for n in range(5))


class Agents:
    """Human agents at their telephones, who take the first call that rings there and stay until it is over."""

    def __init__(self, telephones):
        self.rang = {}
        """Whose telephone rang, by the transfer that it rang for."""
        self._work = [asyncio.create_task(self._take(*one)) for one in telephones.items()]

    async def _take(self, name, telephone):
        call = await telephone.incoming()
        self.rang[call.headers[TRANSFER_HEADER]] = name
        await telephone.answer()
        while not last_loud(telephone.heard()):
            await asyncio.sleep(0.1)
        await asyncio.sleep(1.5)  # they listen for a moment: a key at once would be the telephone's own
        await telephone.press("1")
        await telephone.ended.wait()

    def go_home(self):
        for one in self._work:
            one.cancel()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def company(tmp_path_factory):
    """A running pair, and people at work."""
    folder = tmp_path_factory.mktemp("by_ear")
    playbook = open_company(folder)
    async with (
        agents_at_work(folder, FOR_ORDERS, frozenset({"orders", "account"})) as for_orders,
        agents_at_work(folder, FOR_RETURNS, frozenset({"returns", "refunds"})) as for_returns,
        open_stack(folder, WARMLINE_PLAYBOOK=str(playbook)) as stack,
    ):
        agents = Agents({**for_orders, **for_returns})
        yield stack, agents
        agents.go_home()


class Talker:
    """A caller who says one thing after the other until people have the call."""

    def __init__(self, caller, number, lines):
        self._caller = caller
        self._number = number
        self._lines = lines

    async def call(self):
        """Returns the call's record."""
        async with open_telephone(self._number) as telephone:
            await self._caller.connect(telephone, self._number)
            heard = await until_quiet(telephone, after=0)
            for line in self._lines:
                if telephone.ended.is_set() or await self._is_handed_over():
                    break
                heard = await do_line(telephone, line, heard)
            if await self._is_handed_over():
                await self._connected()
            await telephone.hang_up()
            return await self._caller.record(self._number, telephone)

    async def _is_handed_over(self):
        async with open_log(self._caller.stack.data_dir) as log:
            events = await log.read(await newest(log, self._number))
        return any(isinstance(event.body, TransferRequested) for event in events)

    async def _connected(self):
        async with open_log(self._caller.stack.data_dir) as log, asyncio.timeout(AT_MOST_S):
            async for event in log.follow(await newest(log, self._number)):
                if isinstance(event.body, TransferMoved) and event.body.phase in {"bridged", "done"}:
                    return


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def calls(company, voice, shared_data_or_none):
    """All calls by their names, begun at the same time."""
    caller = Caller(company[0], voice)

    spoken = [caller.says(text) for text in UNHEARD]

    def drowned(noise):
        return [Line(line.label, in_noise(line.sound, noise, SNR_DB)) for line in spoken]

    def accented(sounds, number, wish):
        answers = {BETWEEN: [wish, BYE], "order_status.order_number": ["Four seven one one.", Keys("4711")]}
        return Person(Caller(company[0], with_accent(sounds)), number, answers)

    angry = [Line(text, raised(caller.says(text).sound, by)) for text, by in ANGER]
    people = {
        "angry": Talker(caller, ANGRY, angry),
        "street": Talker(caller, IN_THE_STREET, drowned(street(8.0))),
        "german": accented(GERMAN, FROM_GERMANY, "Where is my order?"),
        "spanish": accented(SPANISH, FROM_SPAIN, "What does express delivery cost?"),
    }
    if shared_data_or_none is not None:
        noise = read_wav(shared_data_or_none / "noise" / "picovoice_kitchen.wav")
        people["kitchen"] = Talker(caller, IN_THE_KITCHEN, drowned(noise[noise.size // 2 :]))
    under_way = {name: asyncio.create_task(one.call()) for name, one in people.items()}
    yield under_way
    for call in under_way.values():
        call.cancel()


@pytest.fixture(scope="module")
def shared_data_or_none(request):
    """The folder of real sounds, where it is there."""
    try:
        return request.getfixturevalue("shared_data")
    except pytest.skip.Exception:
        return None


async def made(calls, name):
    """The record of a call; where its test fails, pytest shows what happened in it."""
    call = await calls[name]
    print(call.told)  # noqa: T201
    return call


def handed_over(call, agents):
    """The transfer of a call, and whose telephone rang for it; both None where there was none."""
    orders = call.bodies(TransferRequested)
    return (orders[-1], agents.rang.get(orders[-1].transfer_id)) if orders else (None, None)


def must_be_understood_from_its_log(call):
    """The judgements in the record are those that its other events give."""
    assert judgements((event.body for event in call.events), read_weights()) == call.bodies(EscalationJudged)


async def test_a_caller_who_grows_angry_is_handed_over_because_they_are_upset(calls, company):
    call = await made(calls, "angry")
    order, rang = handed_over(call, company[1])
    assert order.reason == "upset"
    assert order.words.startswith("is upset: mood -0.")
    assert call.bodies(EscalationJudged)[-1].reasons[0] == "upset"
    assert rang == "clara", "who knows returns"
    assert {leg.agent for leg in call.bodies(TransferLeg)} == {"clara"}
    told = call.bodies(TransferBriefed)[0].text
    assert "upset" in told
    assert "bridged" in {moved.phase for moved in call.bodies(TransferMoved)}
    must_be_understood_from_its_log(call)


async def test_the_raised_voice_is_heard_and_makes_it_worse(calls):
    call = await made(calls, "angry")
    heard = call.bodies(TurnHeard)
    calm, shouted = heard[1].prosody, heard[-1].prosody
    assert shouted["loudness"] > max(1.0, calm["loudness"])
    assert shouted["pitch"] > 1.0
    moods = [plan.mood for plan in call.bodies(TurnPlanned) if plan.moment == "hearing"]
    assert moods[-1] < moods[len(moods) // 2] < 0.05, "worse and worse"


@pytest.mark.parametrize("noise", ["street", "kitchen"])
async def test_a_caller_who_is_drowned_in_noise_is_handed_over_because_they_are_not_understood(
    calls, company, noise, request
):
    if noise == "kitchen":
        request.getfixturevalue("shared_data")
    call = await made(calls, noise)
    order, rang = handed_over(call, company[1])
    assert order.reason in {"not_understood", "too_many_repairs"}
    assert "understood" in order.words
    assert rang in FOR_ORDERS, "nobody knows what it is about: the default queue's people"
    assert "I could not understand them" in call.bodies(TransferBriefed)[0].text
    assert not call.bodies(TurnSilent), "they spoke, and the machine knows that it heard something"
    must_be_understood_from_its_log(call)


@pytest.mark.parametrize("accent", ["german", "spanish"])
async def test_a_content_caller_with_an_accent_is_served_and_not_handed_over(calls, company, accent):
    call = await made(calls, accent)
    assert handed_over(call, company[1]) == (None, None)
    assert {judged.level for judged in call.bodies(EscalationJudged)} <= {"normal", "watch"}
    if accent == "german":
        assert call.results("shop.order_status")[-1]["order_number"] == "4711"
    else:
        assert any("shipping" in plan.sources for plan in call.bodies(TurnPlanned))
    assert call.bodies(CallEnded)[0].reason is CallEndReason.ASSISTANT, "said goodbye"
    doubts = [1.0 - heard.confidence for heard in call.bodies(TurnHeard)]
    assert max(doubts) > 0.3, "the accent was a real one"
    must_be_understood_from_its_log(call)
