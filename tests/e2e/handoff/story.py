"""One caller of the company and whoever takes their call, from the dialling to the end, as their test tells it."""

import asyncio

import httpx
import numpy as np

from calls.events import ActionDone, TransferEnded, TurnPlanned
from demo.sip.telephone import RATE
from demo.sound_match import find, longest_silence_s
from handoff.transfer.standing import phase
from handoff.transfer.types import LegState
from tests.e2e.handoff.agents import PASSWORD
from tests.e2e.handoff.soon import SOON_S, eventually, in_time, speaks
from tests.web.site import sign_in, token_in

LONGEST_SILENCE_S = 3.0
VOICE_S = 1.5
HEARD = 0.6


class Story:
    """One caller and whoever takes their call."""

    def __init__(self, office, caller, number):
        self.office = office
        self.caller = caller
        self.number = number
        self.call_id = None
        self.transfer_id = None
        self.answered = []
        self.faulty = []
        self._held_from = 0
        self._pressed = 0
        self.voice = voice_of(number)

    async def dial(self):
        await self.caller.dial(self.office.stack.sip_address)
        self.call_id = await eventually(self._find, "the call is not in the record")
        # Where the machine is busy with other things, a call may be asked to wait for a moment.
        await eventually(lambda: self.bodies(TurnPlanned), "nobody greets", 60.0)

    async def _find(self):
        for call in await self.office.log.store.summaries(60):
            if call.caller == self.number:
                return call.call_id
        return None

    async def ask_for_a_person(self):
        """By 0, and again by 0 where they are asked what it is about. Returns the transfer, which has begun."""
        for _ in range(3):
            await self.caller.press("0")
            self._pressed += 1
            await eventually(self._understood, "0 led to nothing", told=self.told)
            if (await self.bodies(TurnPlanned))[-1].hand_over:
                break
        return await self.is_requested()

    async def _understood(self):
        """Whether each 0 has been answered."""
        planned = [turn for turn in await self.bodies(TurnPlanned) if turn.moment == "hearing"]
        return len(planned) >= self._pressed

    async def is_requested(self):
        """Returns the transfer, once it has begun."""
        transfer = await eventually(self.transfer, "there is no transfer", told=self.told)
        self.transfer_id = transfer.id
        self._held_from = self.caller.heard().size
        return transfer

    async def bodies(self, kind):
        """What the record holds of one kind."""
        return [e.body for e in await self.office.log.store.read(self.call_id) if isinstance(e.body, kind)]

    async def says(self, sound):
        """They speak, and the assistant makes something of it."""
        before = len(await self.bodies(TurnPlanned))
        self.caller.play(sound)
        await self.caller.played()

        async def planned():
            return len(await self.bodies(TurnPlanned)) > before

        await eventually(planned, "what was said led to nothing", 20.0, self.told)

    async def fault(self, name=None, **faults):
        """What goes wrong from now on with this call, or with another leg of it (by sid or address)."""
        name = name or self.call_id
        self.faulty.append(name)
        await self.office.fault(name, **faults)

    async def transfer(self):
        return await self.office.store.latest_of(self.call_id)

    async def until(self, true, what, within_s=SOON_S):
        """Wait until something is true of the transfer; returns it then."""

        async def look():
            transfer = await self.office.store.read(self.transfer_id)
            return transfer if true(transfer) else None

        return await eventually(look, what, within_s, self.told)

    async def in_phase(self, wanted, within_s=SOON_S):
        return await self.until(lambda t: phase(t) == wanted, f"it never was {wanted}", within_s)

    async def rings(self, within_s=SOON_S):
        """The next agent's telephone that rings for this caller."""
        return await self.office.agents.ring(self.transfer_id, within_s)

    async def hears_more(self, handset):
        """Something is heard from now on, for long enough that keys count."""
        await speaks(handset, f"{handset.name} hears nothing more", after=handset.heard().size)
        await asyncio.sleep(0.4)

    async def rings_cold(self):
        """A telephone to which the caller is put through: nothing there says for whom it rings."""
        async with asyncio.timeout(SOON_S):
            handset = await self.office.agents.unnamed.get()
        self.answered.append(handset)
        return handset

    async def is_transferred_again(self):
        """The assistant has begun another transfer."""
        first = self.transfer_id

        async def another():
            transfer = await self.transfer()
            return transfer if transfer.id != first else None

        self.transfer_id = (await eventually(another, "there is no second transfer", told=self.told)).id
        self._held_from = self.caller.heard().size

    async def says_on_hold(self, sound):
        self.caller.play(sound)
        await self.caller.played()

    async def hears_an_answer_on_hold(self):
        async def answered():
            return [turn for turn in await self.bodies(TurnPlanned) if turn.why == "on hold"]

        await eventually(answered, "what was keyed on hold was not answered", told=self.told)

    async def is_told_what_came_of_it(self, words=""):
        """The dialog knows how the transfer ended, and says so."""

        async def planned():
            back = [turn for turn in await self.bodies(TurnPlanned) if turn.moment == "handed_back"]
            return back and words in " ".join(back[-1].say)

        await eventually(planned, "the assistant does not know of it", told=self.told)
        await self.assistant_speaks()

    async def notes_a_call_back(self):
        """They agree to be called back, and that is noted."""

        async def noted():
            return [done for done in await self.bodies(ActionDone) if done.action == "desk.call_back"]

        await self.is_told_what_came_of_it()
        for _ in range(3):
            await self.caller.press("1")
            try:
                await eventually(noted, "", 4.0)
            except AssertionError:
                continue
            return
        raise AssertionError("no call-back is noted\n" + await self.told())

    async def is_answered(self, within_s=SOON_S):
        """The next telephone, answered; the agent hears the briefing."""
        handset = await self.rings(within_s)
        await self.is_answered_by(handset)
        return handset

    async def is_answered_by(self, handset):
        """They hear what the call is about, for long enough that their keys count."""
        await handset.answer()
        self.answered.append(handset)
        await self.until(
            lambda t: any(
                leg.state is LegState.BRIEFING and leg.target.name.lower() == handset.name for leg in t.legs
            ),
            "nobody is briefed",
        )
        await speaks(handset, "the agent heard no briefing", told=self.told)
        await asyncio.sleep(0.4)

    async def is_taken(self):
        """Somebody has answered, pressed 1, and both are connected."""
        agent = await self.is_answered()
        await agent.press("1")
        await self.in_phase("bridged")
        return agent

    async def hear_each_other(self, agent):
        """Both speak, both are heard by the other."""
        other = voice_of(agent.name)
        before = self.caller.heard().size, agent.heard().size
        self.caller.play(self.voice)
        agent.play(other)
        await self.caller.played()
        await agent.played()

        async def both():
            caller, human = self.caller.heard()[before[0] :], agent.heard()[before[1] :]
            return find(other, caller).share > HEARD and find(self.voice, human).share > HEARD

        await eventually(both, "they did not hear each other", 4.0, self.told)

    async def desk(self, agent, what, **fields):
        """What an agent does on their page of the desk."""
        base = self.office.balancer.url
        async with httpx.AsyncClient(base_url=base, follow_redirects=False) as browser:
            assert (await sign_in(browser, agent.name, PASSWORD, "/desk")).status_code == 303
            fields["csrf"] = token_in(await browser.get("/desk"))
            answer = await browser.post(f"/desk/transfers/{self.transfer_id}/{what}", data=fields)
            assert answer.status_code < 400, answer.text

    async def assistant_speaks(self):
        """The assistant goes on with the caller."""
        await speaks(self.caller, "the assistant does not go on", after=self.caller.heard().size)

    async def ends(self, outcome, within_s=SOON_S):
        """The transfer has this outcome, in its state and in the record of the call."""
        transfer = await self.until(lambda t: t.outcome is not None, "it has no outcome", within_s)
        assert transfer.outcome == outcome, (transfer.outcome, await self.told())

        async def recorded():
            events = await self.office.log.store.read(self.call_id)
            return [
                e.body.outcome
                for e in events
                if isinstance(e.body, TransferEnded) and e.body.transfer_id == transfer.id
            ]

        outcomes = await eventually(recorded, "the record does not tell the outcome", within_s, self.told)
        assert outcomes == [outcome], await self.told()
        return transfer

    def silence_s(self, handset=None):
        """The longest silence the caller heard since they asked, or an agent since they answered."""
        heard = self.caller.heard()[self._held_from :] if handset is None else handset.heard()
        return longest_silence_s(heard)

    def nobody_waits_in_silence(self):
        """Everybody has heard something all the time until now."""
        for who, silence_s in [
            ("the caller", self.silence_s()),
            *((h.name, self.silence_s(h)) for h in self.answered),
        ]:
            assert silence_s <= LONGEST_SILENCE_S, f"{who} was in silence for {silence_s:.2f} s"

    async def leaves_nobody(self, *, rang=False):
        """No leg of it is left: not on the line, not at a telephone, not in the roster. `rang` where one may have."""
        await self.caller.hang_up()
        transfer = await self.transfer()
        sids = [self.call_id, *(leg.sid for leg in transfer.legs if leg.sid is not None)]

        await eventually(lambda: self.office.are_over(sids), "a leg is left on the line", told=self.told)
        for handset in self.answered:
            await in_time(handset.ended.wait(), f"{handset.name} is still on the telephone")

        async def free():
            return all(person.transfer_id != transfer.id for person in await self.office.people.all())

        await eventually(free, "an agent is still kept for it", told=self.told)
        if rang and self.office.agents.more_rings(transfer.id):
            await in_time((await self.rings()).ended.wait(), "a telephone still rings")
        assert not self.office.agents.more_rings(transfer.id), "a telephone rang that nobody expected"

    async def told(self):
        """The record of the call, for whoever looks at a story that failed."""
        events = await self.office.log.store.read(self.call_id)
        lines = [
            f"{event.at:%M:%S.%f} {event.body.model_dump_json(exclude={'state', 'words'}, exclude_defaults=True)}"
            for event in events
        ]
        transfer = await self.transfer()
        return "\n".join([self.call_id, *lines, str(transfer)])


def voice_of(name):
    """A sound that only this party makes: noise in syllables, int16 mono 8 kHz."""
    seed = int.from_bytes(name.encode()[-8:], "little")
    noise = np.random.default_rng(seed).normal(0, 6000, int(VOICE_S * RATE))
    syllables = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * np.arange(noise.size) / RATE)
    return np.clip(noise * syllables, -30000, 30000).astype(np.int16)
