"""Has made-up calls with today's assistant: their callers speak, its recogniser hears them, and it answers.

What such a call comes to is what was heard of it, and no longer what its script was made for. Its record and its sound
are those of a call, up to the order to hand over.
"""

import random
from collections.abc import Callable

import numpy as np

from calls.events import ActionDone, ActionFailed, CallEvent, CallStarted, EventBody
from dialog.types import DialogState
from qa.rerun.run import reachable_then
from qa.seed.aloud import Scene, Talk
from qa.seed.caller import Caller
from qa.seed.course import Timed, action_s, as_events
from qa.seed.on_the_phone import PartyOnThePhone, Voice
from qa.seed.script import Line
from qa.seed.shop_of_one_call import ShopOfOneCall
from qa.seed.sound import Spoken, with_noise
from qa.virtual.call import Incoming, InMemory, have
from qa.virtual.costs import Spent
from qa.virtual.loop import run_virtually
from qa.virtual.party import FRAME
from qa.virtual.today import Today

LONGEST_S = 300.0
"""A call that goes on for longer is ended."""


class Telephone:
    """Has one call after the other. Belongs to one process."""

    def __init__(self, today: Today) -> None:
        self._today = today

    def talk(self, scene: Scene, voices: Spoken, rng: random.Random) -> Talk:
        """Have a call: the same scene, voices and chance give the same talk. Blocks for some seconds.

        Raises:
            NothingLeftError: the assistant waits for something that can never come.
        """
        spent, recording = Spent(), InMemory()
        playbook = self._today.playbook
        noise = np.random.default_rng(rng.getrandbits(64))
        played = _played(scene, rng)
        answering = _Filled(Caller(scene.template.script, playbook), scene)

        def party(state: Callable[[], DialogState]) -> PartyOnThePhone:
            voice = Voice(
                lambda text: with_noise(voices.caller(text), noise),
                lambda: with_noise(np.zeros(FRAME, np.int16), noise),
            )
            return PartyOnThePhone(answering, voice, state, scene.about.patience_s, rng, scene.turns)

        incoming = Incoming(
            scene.occasion.call_id,
            scene.began_at,
            CallStarted(caller=scene.caller, playbook=playbook.version),
            reachable_then(played),
            LONGEST_S,
        )
        shop = ShopOfOneCall(played, playbook)
        had = run_virtually(have(incoming, self._today, shop, party, recording, spent), spent)
        return Talk(had.events, recording.both)


class _Filled:
    """A script's caller, as the one who calls on this occasion."""

    def __init__(self, caller: Caller, scene: Scene) -> None:
        self._caller = caller
        self._scene = scene

    def next(self, state: DialogState) -> Line | None:
        line = self._caller.next(state)
        return self._scene.template.line(line, self._scene.occasion) if line is not None else None


def _played(scene: Scene, rng: random.Random) -> list[CallEvent]:
    """The script's call, in which what the company's systems do takes as long as it would."""

    def lasting(body: EventBody) -> EventBody:
        if not isinstance(body, ActionDone | ActionFailed):
            return body
        return body.model_copy(update={"duration_s": action_s(body, scene.about, rng)})

    timed = [Timed(0.0, lasting(body)) for body in scene.bodies]
    return as_events(timed, scene.occasion.call_id, scene.began_at)
