"""The values that finding works on."""

from collections.abc import Sequence
from dataclasses import dataclass

from calls.redaction.kinds import Kind, marker

CALLER, ASSISTANT, AGENT = "caller", "assistant", "agent"


@dataclass(frozen=True)
class Utterance:
    """What somebody said or keyed in one go."""

    who: str
    """`caller`, `assistant` or `agent`: a number may be dictated over several utterances of one of them."""
    text: str


@dataclass(frozen=True, order=True)
class Span:
    """Data of a kind at characters `start` to `end` of utterance `at`."""

    at: int
    start: int
    end: int
    kind: Kind


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with a marker in place of each span, which do not overlap."""
    parts, done = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        parts += [text[done : span.start], marker(span.kind)]
        done = span.end
    return "".join([*parts, text[done:]])


def apart(spans: Sequence[Span]) -> list[Span]:
    """The same without overlaps: those that overlap are one, of the kind of the longest."""
    found: list[Span] = []
    for span in sorted(spans):
        last = found[-1] if found else None
        if last is None or last.at != span.at or span.start >= last.end:
            found.append(span)
            continue
        longest = max(last, span, key=lambda one: one.end - one.start)
        found[-1] = Span(last.at, last.start, max(last.end, span.end), longest.kind)
    return found
