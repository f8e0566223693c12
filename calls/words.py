"""Handing over, and what comes after it, in words: for the timeline, the terminal and the browser phone. Pure."""

from calls.events import (
    CallBackDialled,
    CallBackPromised,
    CallBackTried,
    CallDisposed,
    CallRedacted,
    EscalationJudged,
    EventBody,
    SurveyAnswered,
    TransferBriefed,
    TransferEnded,
    TransferKeyed,
    TransferLeg,
    TransferMoved,
    TransferRequested,
    VoicemailLeft,
)

NORMAL = "normal"
LEVELS = {
    "watch": "It may not go well",
    "offer": "A person should be offered",
    "hand_over": "A person should take over",
}
"""By the level of `escalation.judged`."""
KINDS = {
    "warm": "To be handed over to {queue}",
    "cold": "To be put through to {queue}",
    "consult": "To be asked: {queue}",
    "call_back": "To be called back by {queue}",
}
PHASES = {
    "holding": "The caller is on hold",
    "bridged": "Caller and agent are connected",
}
"""The phases that legs do not tell."""
LEG_STATES = {
    "ringing": "{who}'s telephone rings",
    "briefing": "{who}'s telephone was answered",
    "accepted": "{who} has taken the call",
}
LEG_RESULTS = {
    "declined": "{who} declined",
    "busy": "{who} is busy",
    "no_answer": "{who} did not answer",
    "no_key": "{who} pressed no key",
    "unreachable": "{who} could not be reached",
    "hung_up": "{who} hung up",
    "taken": "{who} was too late",
    "withdrawn": "{who} is not needed any more",
    "answered": "{who} has answered the question",
}
"""By why a leg is over, of `handoff.transfer.types.LegResult`; one that was finished is told by the transfer's end."""
OUTCOMES = {
    "connected": "The talk is over",
    "handed_back": "Back to the assistant",
    "put_through": "The caller was put through",
    "consulted": "The question is answered",
    "nobody": "Nobody took it",
    "stayed": "The caller would rather stay with the assistant",
    "call_back": "The caller would rather be called back",
    "voicemail": "The caller would rather leave a message",
    "caller_gone": "The caller has hung up",
    "agent_gone": "The agent was lost",
    "failed": "The hand-over failed",
    "not_reached": "The caller was not reached",
}
"""By the outcome of a transfer."""
KEYS = {"1": "yes", "2": "no", "9": "the briefing again", "0": "the caller's own voice"}
TRIES = {
    "kept": "The call-back is kept",
    "no_agent": "Call-back: no agent took it",
    "no_answer": "Call-back: the caller did not answer",
    "busy": "Call-back: the caller's telephone was busy",
    "failed": "Call-back: it failed",
    "given_up": "Call-back: tried too often, people must see to it",
}
"""By the result of `callback.tried`."""
WRONG = {
    "intent": "what the caller wanted",
    "facts": "facts",
    "identity": "who the caller is",
    "other": "something",
}


def told(body: EventBody) -> str | None:
    """One event in words, without a full stop; None for those that say nothing to a reader, or are no part of this."""
    return _decided(body) or _transfer(body) or _left(body) or _rated(body) or _redacted(body)


def _redacted(body: EventBody) -> str | None:
    match body:
        case CallRedacted():
            what = ", ".join(readable(kind) for kind in body.kinds)
            seconds = sum(span.end_s - span.start_s for span in body.spans)
            return _with(f"Redacted: {what}", f"{seconds:.1f} s of sound made silent" if body.spans else "")
    return None


def _decided(body: EventBody) -> str | None:
    match body:
        case EscalationJudged() if body.level != NORMAL:
            why = body.words or ", ".join(readable(reason) for reason in body.reasons)
            return _with(LEVELS.get(body.level, readable(body.level)), why, f"risk {body.risk:.0%}")
        case TransferRequested():
            what = KINDS.get(body.kind, KINDS["warm"]).format(queue=body.queue)
            return _with(what, body.question or body.words or readable(body.reason))
    return None


def _transfer(body: EventBody) -> str | None:
    match body:
        case TransferMoved():
            return PHASES.get(body.phase)
        case TransferLeg() if body.recording is None:
            return _leg(body)
        case TransferBriefed():
            return f"Briefing of {body.seconds:.0f} s: {body.text}"
        case TransferKeyed():
            where = " on the desk" if body.where == "desk" else ""
            return _with(
                f"The agent keys {body.key}{where}", KEYS.get(body.key, ""), readable(body.reason or "")
            )
        case TransferEnded():
            times = [f"{body.wait_s:.0f} s on hold"] if body.wait_s else []
            times += [f"{body.talk_s:.0f} s of talk"] if body.talk_s is not None else []
            return _with(OUTCOMES.get(body.outcome, readable(body.outcome)), ", ".join(times))
    return None


def _leg(body: TransferLeg) -> str | None:
    if body.state == "placed":
        return (
            f"{body.target} is rung" if body.sid is None else None
        )  # told again with the carrier's name for it
    words = LEG_RESULTS.get(body.result or "") if body.state == "over" else LEG_STATES.get(body.state)
    return words.format(who=body.target) if words is not None else None


def _left(body: EventBody) -> str | None:
    match body:
        case CallBackPromised():
            by = f"Call-back promised to {body.phone}, by {body.queue}, from {body.due_at:%Y-%m-%d %H:%M} UTC on"
            return _with(by, body.reason)
        case CallBackDialled():
            return "The caller is called back"
        case CallBackTried():
            return TRIES.get(body.result, f"Call-back: {readable(body.result)}")
        case VoicemailLeft():
            return f"Message for {body.queue or 'anybody'}: “{body.text}”"
    return None


def _rated(body: EventBody) -> str | None:
    match body:
        case SurveyAnswered():
            return f"Survey on the {body.part}: {'no answer' if body.score is None else f'{body.score} of 5'}"
        case CallDisposed():
            return _disposed(body)
    return None


def _disposed(body: CallDisposed) -> str:
    wrong = f"the assistant got {WRONG.get(body.wrong, body.wrong)} wrong" if body.wrong is not None else ""
    if wrong and body.intended is not None:
        wrong += f", it was {readable(body.intended)}"
    parts = (body.note, "the hand-over was needless" if body.needless else "", wrong)
    return _with(f"{body.agent} says: {readable(body.disposition)}", "; ".join(one for one in parts if one))


def readable(code: str) -> str:
    """A code as words: `asked_for_person` is "asked for person"."""
    return code.replace("_", " ").replace(".", " ")


def _with(text: str, *details: str) -> str:
    told_of = ", ".join(one for one in details if one)
    return f"{text}: {told_of}" if told_of else text
