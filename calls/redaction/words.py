"""Words with times, and the data that they are part of. Pure."""

from collections.abc import Sequence

from calls.events import HeardWord
from calls.redaction.kinds import marker
from calls.redaction.talk import Span

Place = tuple[int, int, HeardWord]
"""Where a word stands in its text, from and to."""


def placed(text: str, words: Sequence[HeardWord]) -> list[Place] | None:
    """Where each word stands; None where they are not the words of the text, or there are none."""
    found: list[Place] = []
    lowered, at = text.lower(), 0
    for word in words:
        plain = word.text.strip().lower()
        start = lowered.find(plain, at)
        if start < 0:
            return None
        at = start + len(plain)
        found.append((start, at, word))
    return found or None


def stretch(places: Sequence[Place] | None, span: Span) -> tuple[float, float] | None:
    """When the words of a span were said, from and to in seconds; None where nobody can tell."""
    inside = [word for start, end, word in places or () if start < span.end and span.start < end]
    if not inside:
        return None
    return min(word.start_s for word in inside), max(word.end_s for word in inside)


def without(text: str, words: Sequence[HeardWord], spans: Sequence[Span]) -> tuple[HeardWord, ...]:
    """The words with one marker in place of those of each span; none where nobody can tell which those are."""
    places = placed(text, words)
    if places is None:
        return ()
    kept: list[HeardWord] = []
    told: set[Span] = set()
    for start, end, word in places:
        span = next((one for one in spans if start < one.end and one.start < end), None)
        if span is None:
            kept.append(word)
        elif span not in told:
            told.add(span)
            start_s, end_s = stretch(places, span) or (word.start_s, word.end_s)
            kept.append(
                HeardWord(text=marker(span.kind), start_s=start_s, end_s=end_s, probability=word.probability)
            )
    return tuple(kept)
