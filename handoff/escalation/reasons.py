"""Why a person takes over, in words for people. The codes stand in `dialog.reasons`, which may not import this."""

from collections.abc import Mapping

from dialog.reasons import Reason

__all__ = ["WORDS", "Reason", "reason_of"]

WORDS: Mapping[Reason, str] = {
    Reason.ASKED_FOR_PERSON: "asked for a person",
    Reason.DANGER: "speaks of danger, fraud or the law",
    Reason.ACTION_FAILED: "a system did not do what it was asked",
    Reason.ACTION_FAILED_TWICE: "the same thing failed twice",
    Reason.TOO_MANY_REPAIRS: "too much had to be asked again",
    Reason.NOT_UNDERSTOOD: "could not be understood",
    Reason.SILENT: "did not answer",
    Reason.NOT_IDENTIFIED: "could not be identified",
    Reason.IDENTITY_LOCKED: "failed too often to show who they are",
    Reason.VALUE_LINE: "the amount is for a person to decide",
    Reason.RESERVED_TOPIC: "the matter is for a person from the start",
    Reason.UPSET: "is upset",
    Reason.RISK: "the call is going badly",
    Reason.FLOW: "the matter ends with a person",
    Reason.FAULT: "a fault in the playbook",
}


def reason_of(code: str | None) -> Reason:
    """The reason of a code; FLOW where none was given, or one that is not known."""
    try:
        return Reason(code or Reason.FLOW)
    except ValueError:
        return Reason.FLOW
