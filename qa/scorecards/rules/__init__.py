"""Rules that answer a scorecard's questions from the events of a call: pure, one a file.

A rule says yes, partly or no, with the events that show it, or that it does not apply and why.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from qa.scorecards.finding import Finding, Grade
from qa.scorecards.reading import Call
from qa.scorecards.rules.brevity import brevity
from qa.scorecards.rules.briefing_true import briefing_true
from qa.scorecards.rules.consent import consent
from qa.scorecards.rules.dead_air import dead_air
from qa.scorecards.rules.disclosure import disclosure
from qa.scorecards.rules.disposed import disposed
from qa.scorecards.rules.effort import effort
from qa.scorecards.rules.empathy import empathy
from qa.scorecards.rules.grounded import grounded
from qa.scorecards.rules.hand_over import hand_over
from qa.scorecards.rules.no_card_data import no_card_data
from qa.scorecards.rules.read_back import read_back
from qa.scorecards.rules.resolved import resolved
from qa.scorecards.rules.right_intent import right_intent
from qa.scorecards.rules.talk_over import talk_over
from qa.scorecards.rules.verification import verification

VERSION = "2"
"""Goes up when any rule answers differently: scores of two versions are not compared."""


class RuleName(StrEnum):
    """One rule. Names never change meaning: they stand in forms."""

    DISCLOSURE = "disclosure"
    CONSENT = "consent"
    VERIFICATION = "verification"
    NO_CARD_DATA = "no_card_data"
    RIGHT_INTENT = "right_intent"
    GROUNDED = "grounded"
    RESOLVED = "resolved"
    HAND_OVER = "hand_over"
    EFFORT = "effort"
    BREVITY = "brevity"
    DEAD_AIR = "dead_air"
    TALK_OVER = "talk_over"
    READ_BACK = "read_back"
    EMPATHY = "empathy"
    DISPOSED = "disposed"
    BRIEFING_TRUE = "briefing_true"


RULES: Mapping[RuleName, Callable[[Call], Finding]] = {
    RuleName.DISCLOSURE: disclosure,
    RuleName.CONSENT: consent,
    RuleName.VERIFICATION: verification,
    RuleName.NO_CARD_DATA: no_card_data,
    RuleName.RIGHT_INTENT: right_intent,
    RuleName.GROUNDED: grounded,
    RuleName.RESOLVED: resolved,
    RuleName.HAND_OVER: hand_over,
    RuleName.EFFORT: effort,
    RuleName.BREVITY: brevity,
    RuleName.DEAD_AIR: dead_air,
    RuleName.TALK_OVER: talk_over,
    RuleName.READ_BACK: read_back,
    RuleName.EMPATHY: empathy,
    RuleName.DISPOSED: disposed,
    RuleName.BRIEFING_TRUE: briefing_true,
}
ALL_OR_NOTHING = frozenset(
    {
        RuleName.DISCLOSURE,
        RuleName.CONSENT,
        RuleName.VERIFICATION,
        RuleName.NO_CARD_DATA,
        RuleName.RIGHT_INTENT,
        RuleName.READ_BACK,
    }
)
"""Rules that never answer "partly"."""
GIVES: Mapping[RuleName, tuple[Grade, ...]] = {
    name: (Grade.YES, Grade.NO) if name in ALL_OR_NOTHING else (Grade.YES, Grade.PARTLY, Grade.NO)
    for name in RuleName
}
"""What each may answer: a question that uses it needs options of these ids."""
