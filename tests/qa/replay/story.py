"""One made-up call with everything that a replay shows, and its recording: a tone wherever somebody speaks."""

from datetime import UTC, datetime, timedelta

import numpy as np

from calls import events as e
from calls.recording import recording_path
from calls.wav import ASSISTANT, CALLER, RATE, Block, StereoWav

CALL = "CAstory"
LEG = "CAleg"
BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LENGTH_S = 40.0
RECORDING = f"recordings/2026/11/02/{CALL}.wav"
LEG_RECORDING = f"recordings/2026/11/02/{LEG}.wav"
GREETING = "Acme support. I'm an automated assistant. How can I help?"
ASKED = "Which order is it?"
NUMBER = "forty seven eleven"
BOOTS = "My boots never came, and I want my money back."
CUT = "Your refund is on its way, and it will be with you in five days."


def state(**more):
    known = {"flow": "refund", "slots": {}, "identity": {"level": 0}, "repairs": 0}
    return {**known, **more}


def planned(turn, moment="hearing", then="listen", **more):
    return e.TurnPlanned(turn=turn, moment=moment, then=then, expect="open", **more)


def words(text, start_s, *probabilities):
    return tuple(
        e.HeardWord(
            text=word, start_s=start_s + place * 0.3, end_s=start_s + place * 0.3 + 0.3, probability=one
        )
        for place, (word, one) in enumerate(zip(text.split(), probabilities, strict=True))
    )


BODIES = (
    (0.0, e.CallStarted(caller="+15550142000", playbook="acme@3", models={"speech_to_text": "base-1"})),
    (0.5, e.StreamStarted(stream_sid="MZ1", recording=RECORDING)),
    (0.6, planned(0, moment="opened", say=(GREETING,), state=state(flow=None))),
    (4.5, e.TurnSaid(turn=0, text=GREETING, heard=GREETING, start_s=0.5, end_s=4.0)),
    (
        9.0,
        e.TurnHeard(
            turn=1,
            text=BOOTS,
            confidence=0.93,
            alternatives=("My books never came, and I want my money back.",),
            start_s=5.0,
            end_s=8.0,
        ),
    ),
    (
        9.0,
        planned(
            1,
            intent="refund",
            confidence=0.91,
            alternatives=(("refund", 0.91), ("order_status", 0.06)),
            certainty=0.88,
            sentiment=-0.3,
            mood=-0.2,
            say=(ASKED,),
            why="refund: ask which_order",
            state=state(),
        ),
    ),
    (
        9.1,
        e.TurnAnswered(
            turn=1,
            total_s=0.62,
            parts={"end_of_turn": 0.3, "plan": 0.02, "first_audio": 0.3, "transcript": 0.1},
        ),
    ),
    (11.2, e.TurnSaid(turn=1, text=ASKED, heard=ASKED, start_s=8.7, end_s=10.5)),
    (14.2, e.TurnHeard(turn=2, text=NUMBER, confidence=0.55, unsure=True, start_s=12.0, end_s=13.5)),
    (
        14.2,
        planned(
            2,
            intent="refund",
            certainty=0.41,
            entities={"order_number": "4711"},
            sentiment=-0.7,
            mood=-0.65,
            then="await_actions",
            why="refund: find_order",
            state=state(slots={"order_number": "4711", "code": "482913"}),
        ),
    ),
    (14.3, e.TurnWords(turn=2, words=words(NUMBER, 12.0, 0.9, 0.3, 0.95))),
    (
        14.3,
        e.ActionRequested(
            turn=2,
            action="shop.refund_order",
            key="CAstory:2:0",
            arguments={"order_number": "4711", "code": "482913"},
        ),
    ),
    (
        15.0,
        e.ActionDone(
            turn=2, action="shop.refund_order", key="CAstory:2:0", data={"amount": 129.0}, duration_s=0.7
        ),
    ),
    (
        15.1,
        planned(2, moment="done", sources=("refund_time",), mood=-0.65, say=(CUT,), state=state(repairs=1)),
    ),
    (
        15.2,
        e.TurnAnswered(
            turn=2, total_s=1.4, parts={"end_of_turn": 0.4, "plan": 0.02, "action": 0.7, "first_audio": 0.28}
        ),
    ),
    (
        17.6,
        e.TurnSaid(
            turn=2, text=CUT, heard="Your refund is on its way,", start_s=14.9, end_s=17.0, interrupted=True
        ),
    ),
    (
        19.0,
        e.TurnHeard(
            turn=3,
            text="I want a person.",
            confidence=0.9,
            heard_of_us="Your refund is on its way,",
            start_s=17.0,
            end_s=18.5,
        ),
    ),
    (19.0, planned(3, repair="no_match", certainty=0.7, mood=-0.65, state=state())),
    (
        19.1,
        e.EscalationJudged(
            turn=3,
            level="hand_over",
            risk=0.82,
            signals={"sentiment": 0.8, "silence": 0.0},
            reasons=("asked_for_person",),
            words="asked for a person",
            weights="w3",
        ),
    ),
    (19.2, e.TransferRequested(transfer_id="T1", queue="returns", reason="asked_for_person")),
    (19.3, e.TransferMoved(transfer_id="T1", phase="holding")),
    (20.5, e.TransferLeg(transfer_id="T1", leg=1, target="Maria", agent="maria", state="ringing")),
    (
        22.5,
        e.TransferLeg(
            transfer_id="T1", leg=1, target="Maria", agent="maria", state="briefing", recording=LEG_RECORDING
        ),
    ),
    (
        22.6,
        e.TransferBriefed(
            transfer_id="T1",
            leg=1,
            text="A caller wants a refund for order 4711.",
            facts=(e.BriefingFact(part="wants", text="a refund", events=(5, 6)),),
            seconds=4.2,
        ),
    ),
    (26.0, e.TransferKeyed(transfer_id="T1", leg=1, key="1")),
    (26.1, e.TransferLeg(transfer_id="T1", leg=1, target="Maria", agent="maria", state="accepted")),
    (26.5, e.TransferMoved(transfer_id="T1", phase="bridged")),
    (30.5, e.TalkHeard(who="agent", text="Hello, this is Maria.", confidence=0.95, start_s=27.0, end_s=29.0)),
    (33.5, e.TalkHeard(who="caller", text="Finally.", confidence=0.9, start_s=30.0, end_s=31.0)),
    (39.0, e.TransferEnded(transfer_id="T1", outcome="connected", wait_s=7.0, talk_s=12.0)),
    (40.5, e.CallEnded(reason="people", duration_s=40.5)),
    (95.0, e.CallDisposed(agent="maria", disposition="solved")),
)
"""Seconds after the call's beginning, and what happened. The recording begins half a second later."""


def story(bodies=BODIES, call_id=CALL):
    return [
        e.CallEvent(call_id=call_id, seq=number, at=BEGAN + timedelta(seconds=at_s), body=body)
        for number, (at_s, body) in enumerate(bodies, 1)
    ]


def seq_of(kind, **fields):
    """The number of the first event of a kind with these fields."""
    return next(
        one.seq
        for one in story()
        if isinstance(one.body, kind)
        and all(getattr(one.body, name) == value for name, value in fields.items())
    )


def write_recordings(data_dir):
    """The caller's tone is 400 Hz, ours and the agent's 800 Hz, at the times of the sentences."""
    spans = [
        (one.body.start_s, one.body.end_s, CALLER if _is_callers(one.body) else ASSISTANT)
        for one in story()
        if getattr(one.body, "end_s", None) is not None
    ]
    path = recording_path(data_dir, CALL, BEGAN.date())
    write_tones(path, LENGTH_S, spans)
    write_tones(recording_path(data_dir, LEG, BEGAN.date()), 6.0, [(0.5, 4.7, ASSISTANT)])
    return path


def write_tones(path, length_s, spans):
    both = np.zeros((round(length_s * RATE), 2), np.int16)
    for start_s, end_s, channel in spans:
        first, last = round(start_s * RATE), round(end_s * RATE)
        at = np.arange(last - first) / RATE
        both[first:last, channel] = (16000 * np.sin(2 * np.pi * 400 * (channel + 1) * at)).astype(np.int16)
    file = StereoWav(path)
    Block(0, both).put(file)
    file.commit()
    file.close()


def _is_callers(body):
    return isinstance(body, e.TurnHeard) or getattr(body, "who", "") == "caller"
