"""What was promised to a caller for later. Shared by the rules on hand-over and resolution."""

from calls.events import ActionDone, CallBackPromised, VoicemailLeft
from qa.scorecards.finding import Evidence
from qa.scorecards.reading import Call

LEFT_FOR_PEOPLE = {"desk.call_back": "a call-back is noted", "desk.leave_message": "a message is left"}
"""Actions of `actions.desk`."""


def promises(call: Call) -> tuple[Evidence, ...]:
    """The events by which people are to see to it later."""
    done = [
        Evidence(seq=one.seq, words=LEFT_FOR_PEOPLE[one.body.action])
        for one in call.of(ActionDone)
        if one.body.action in LEFT_FOR_PEOPLE
    ]
    promised = [Evidence(seq=one.seq, words="a call-back is promised") for one in call.of(CallBackPromised)]
    left = [Evidence(seq=one.seq, words="a message is left") for one in call.of(VoicemailLeft)]
    return tuple(sorted((*done, *promised, *left), key=lambda one: one.seq))
