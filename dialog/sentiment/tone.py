"""What the voice adds to the words."""

from dialog.types import Prosody

USUAL = 1.0
"""Mean standard deviations of excitement up to which a voice is as usual."""
FULL = 3.0
"""From here on it is as excited as counts."""
MOST = 0.35
"""So much an excited voice can take from a score."""
PLEASED = 0.3
"""From this score on, excitement is joy."""


def with_voice(score: float, prosody: Prosody | None) -> float:
    """`score` of the words, -1 to 1, lowered where the voice is louder, higher, livelier and faster than usual.

    A raised voice makes bad words worse and plain words doubtful; it takes nothing from a pleased turn. A low voice
    says nothing: on a telephone, quiet callers are far from the microphone more often than sad.
    """
    if prosody is None or score >= PLEASED:
        return score
    measures = (
        prosody.loudness,
        prosody.loudness,
        prosody.pitch,
        prosody.pitch,
        prosody.pitch_range,
        prosody.rate,
    )
    excited = sum(measures) / len(measures)
    raised = min(1.0, max(0.0, (excited - USUAL) / (FULL - USUAL)))
    share = (PLEASED - score) / (PLEASED + 1.0)
    return max(-1.0, score - MOST * raised * (0.5 + share))
