"""The caller's sound is kept only as they have agreed to, in the way that the playbook says."""

import re

from calls.events import StreamStarted, TurnPlanned
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call
from qa.scorecards.rules.telling import told

WORDS = re.compile(r"\brecord(ed|ing|s)?\b", re.IGNORECASE)


def consent(call: Call) -> Finding:
    """`off`: nothing is kept; `stay_on_line`: the caller is told of it; `verbal`: they have said yes."""
    kept = next((one for one in call.of(StreamStarted) if one.body.recording is not None), None)
    if kept is None:
        return not_applicable("Nothing of this call was recorded.")
    recording = Evidence(seq=kept.seq, words="The call is recorded.")
    match call.playbook.head.consent.mode:
        case "off":
            return Finding(Grade.NO, "The playbook does not allow recording.", (recording,))
        case "verbal":
            return _agreed(call, recording)
    return told(call, WORDS, "that the call is recorded")


def _agreed(call: Call, recording: Evidence) -> Finding:
    answers = [one for one in call.of(TurnPlanned) if one.body.state.get("consent") is not None]
    if not answers:
        return Finding(
            Grade.NO, "The caller was recorded and has not answered whether they agree.", (recording,)
        )
    answer = answers[0]
    if answer.body.state["consent"] is True:
        said = Evidence(seq=answer.seq, words="The caller agrees to being recorded.")
        return Finding(Grade.YES, "The caller has agreed to being recorded.", (said,))
    refused = Evidence(seq=answer.seq, words="The caller does not agree to being recorded.")
    return Finding(Grade.NO, "The caller was recorded and has not agreed.", (recording, refused))
