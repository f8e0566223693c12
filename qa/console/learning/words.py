"""Codes of learning in words."""

from dialog.knowledge.contradictions import Trouble
from qa.gaps.gap import GapKind, Why
from qa.learning.correction import Kind, State

KINDS = {
    GapKind.ADD: ("Add", "No article is near: write one."),
    GapKind.EDIT: ("Edit", "An article is near and does not say it: add to it."),
    GapKind.CONTRADICTORY: (
        "Contradiction",
        "Agents say something else than the article: find out what is right.",
    ),
    GapKind.DUPLICATE: ("Answered today", "An article answers it by now: add the wordings, or reject it."),
}
WHY = {Why.UNANSWERED: "not answered", Why.WRONG: "answered wrongly"}
TROUBLES = {
    Trouble.EXPIRED: "Expired",
    Trouble.OLD: "Old",
    Trouble.CONTRADICTS: "Contradiction",
    Trouble.SAYS_THE_SAME: "Says the same",
    Trouble.SAME_QUESTION: "Same question",
}
CORRECTIONS = {
    Kind.INTENT: "What was wanted",
    Kind.TRANSCRIPT: "What was said",
    Kind.NEEDLESS_TRANSFER: "Needless hand-over",
    Kind.MISSED_TRANSFER: "A person was due",
    Kind.ANSWER_RIGHT: "The answer was right",
    Kind.ANSWER_WRONG: "The answer was wrong",
}
TEACHES_NOTHING = {
    "known": "the playbook has the sentence already",
    "contradicts_playbook": "in the playbook it means something else: mend it there",
    "overruled": "a newer correction is about the same sentence",
    "unknown_name": "the playbook has no such intent or article any more",
    "too_short": "it holds no word",
    "unsure": "it is not sure what these words mean: correct what was wanted, too",
}
STATES = {State.OPEN: "To be looked at", State.ACCEPTED: "Accepted", State.REJECTED: "Rejected"}
