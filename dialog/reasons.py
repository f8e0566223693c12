"""Why a person takes over: stable codes. `handoff.escalation.reasons` has the words for people."""

from enum import StrEnum


class Reason(StrEnum):
    """One reason. Names never change meaning: they stand in the record of calls."""

    ASKED_FOR_PERSON = "asked_for_person"
    DANGER = "danger"
    """Words of danger, fraud or the law."""
    ACTION_FAILED = "action_failed"
    """The company's systems did not do what was asked of them, and the playbook does not try again."""
    ACTION_FAILED_TWICE = "action_failed_twice"
    TOO_MANY_REPAIRS = "too_many_repairs"
    """The playbook's number of failures in one call is reached, whatever they were about."""
    NOT_UNDERSTOOD = "not_understood"
    """One question in all its wordings got no answer that was understood, or hardly a word was heard well."""
    SILENT = "silent"
    """One question in all its wordings got no answer at all."""
    NOT_IDENTIFIED = "not_identified"
    IDENTITY_LOCKED = "identity_locked"
    VALUE_LINE = "value_line"
    """The amount is the playbook's line or more."""
    RESERVED_TOPIC = "reserved_topic"
    UPSET = "upset"
    RISK = "risk"
    """Several signs together, none of them enough by itself."""
    FLOW = "flow"
    """A flow of the playbook ends with people."""
    FAULT = "fault"
    """A fault in the playbook."""
