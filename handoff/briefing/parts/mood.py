"""How the caller feels, by what was judged of their words and voice."""

from dialog.playbook import Playbook
from handoff.briefing.log import Log
from handoff.briefing.types import Fact, Part

UPSET, DISPLEASED, GLAD = -0.4, -0.15, 0.3
"""Of the mood, smoothed over the call, -1 to 1."""
DISSATISFIED, UNSATISFIED = 0.7, 0.5
"""Of the discontent, smoothed over the call, 0 to 1."""
FALL = 0.25
"""A mood that has fallen by this within `WINDOW` turns is getting worse."""
WINDOW = 3


def mood(log: Log, _playbook: Playbook) -> tuple[Fact, ...]:
    """One fact; where there is nothing to say of it, for the desk only."""
    last = log.last
    if last is None:
        return ()
    now = last.body
    lately = [one for one in log.planned if one.body.turn >= now.turn - WINDOW]
    best = max(lately, key=lambda one: one.body.mood)
    falls = best.body.mood - now.mood >= FALL
    events = tuple(sorted({best.seq, last.seq})) if falls else (last.seq,)
    if now.mood <= UPSET or now.discontent >= DISSATISFIED:
        text = "They are upset, and getting more so." if falls else "They are upset."
        return (Fact(part=Part.MOOD, text=text, said=text, short="They are upset.", events=events),)
    if now.mood <= DISPLEASED or now.discontent >= UNSATISFIED or falls:
        text = "They are losing patience." if falls else "They are not happy."
        return (Fact(part=Part.MOOD, text=text, said=text, events=events),)
    text = "They are friendly." if now.mood >= GLAD else "They are calm."
    return (Fact(part=Part.MOOD, text=text, said=text, events=events, silent=True),)
