"""What we have said and how much of it was heard: the ledger of our own sentences."""

from dataclasses import dataclass, field

from telephony.media.playout import RATE, Played

SAMPLES_PER_CHARACTER = RATE / 15
"""Our voice speaks about 15 characters a second."""


@dataclass(frozen=True)
class Said:
    """One sentence that has been heard, or the part of it. Times are seconds on the call's axis."""

    text: str
    heard: str
    start_s: float
    end_s: float
    interrupted: bool


@dataclass(frozen=True)
class Unsaid:
    """A sentence that the caller cut off."""

    text: str
    """All of it, as it was rendered."""
    rest: str
    """The words that were not heard."""
    from_sample: int
    """How much of its sound was heard, 8 kHz."""


@dataclass
class _Utterance:
    text: str
    """The words that are to be heard: all of `whole`, or what an interruption left of it."""
    whole: str
    from_sample: int
    samples: int = 0
    played: int = 0
    start_sample: int | None = None
    end_sample: int = 0


@dataclass
class SaidLedger:
    """Follows each sentence from queue to ear."""

    _open: dict[int, _Utterance] = field(default_factory=dict)
    _leaving: set[int] = field(default_factory=set)
    _next: int = 0
    _last: str = ""

    def queue(self, text: str) -> int:
        """Take a sentence; returns its number."""
        return self._add(_Utterance(text, text, from_sample=0))

    def resume(self, unsaid: Unsaid) -> int:
        """Take a sentence that goes on where it was cut off; returns its number."""
        return self._add(_Utterance(unsaid.rest, unsaid.text, unsaid.from_sample))

    def _add(self, utterance: _Utterance) -> int:
        self._next += 1
        self._open[self._next] = utterance
        return self._next

    def rendered(self, utterance: int, samples: int) -> None:
        """The sentence is this long when spoken."""
        if utterance in self._open:
            self._open[utterance].samples = samples

    def skip(self, utterance: int) -> list[Said]:
        """The sentence has no sound: nothing of it will be played."""
        self._open.pop(utterance, None)
        self._leaving.discard(utterance)
        return []

    def played(self, played: Played) -> Said | None:
        """A piece was heard. Returns the sentence when that completes it."""
        utterance = self._open.get(played.utterance)
        if utterance is None:
            return None
        if utterance.start_sample is None:
            utterance.start_sample = played.at_sample
        utterance.played += played.pcm.size
        utterance.end_sample = played.at_sample + played.pcm.size
        if not played.last:
            return None
        del self._open[played.utterance]
        self._last = utterance.text
        self._leaving.discard(played.utterance)
        return _said(utterance, interrupted=False)

    def interrupt(self) -> list[Unsaid]:
        """The caller cut in: what is open now will not be finished. Returns its sentences."""
        cut_off = [
            _unsaid(utterance) for number, utterance in self._open.items() if number not in self._leaving
        ]
        self._leaving.update(self._open)
        return cut_off

    def cleared(self) -> list[Said]:
        """What was cut off will not go on. Returns the parts that were heard, in order."""
        gone = [self._open.pop(number) for number in sorted(self._leaving) if number in self._open]
        self._leaving.clear()
        return [_said(utterance, interrupted=True) for utterance in gone if utterance.played]

    @property
    def lately(self) -> str:
        """What we are saying, and the sentence before."""
        return " ".join((self._last, *(utterance.text for utterance in self._open.values())))

    @property
    def idle(self) -> bool:
        """Whether every sentence has been heard or dropped."""
        return not self._open.keys() - self._leaving

    @property
    def speaking(self) -> str | None:
        """What the caller has heard of the sentence that they are hearing now."""
        for utterance in self._open.values():
            if utterance.played:
                return heard_part(utterance.text, utterance.played, utterance.samples)
        return "" if self._open else None


def heard_part(text: str, played: int, samples: int) -> str:
    """The words of `text` that fit the played share of its sound, cut at a word: an estimate.

    `samples` is 0 while the sentence is still being rendered: then its length is estimated too.
    """
    samples = samples or round(len(text) * SAMPLES_PER_CHARACTER)
    if played >= samples:
        return text
    cut = text[: round(len(text) * played / samples)]
    if len(cut) < len(text) and not text[len(cut)].isspace():
        cut = cut.rpartition(" ")[0]
    return cut.strip()


def _unsaid(utterance: _Utterance) -> Unsaid:
    heard = heard_part(utterance.text, utterance.played, utterance.samples) if utterance.played else ""
    rest = utterance.text[len(heard) :].strip()
    return Unsaid(utterance.whole, rest, utterance.from_sample + utterance.played)


def _said(utterance: _Utterance, *, interrupted: bool) -> Said:
    start = utterance.start_sample or 0
    heard = heard_part(utterance.text, utterance.played, utterance.samples) if interrupted else utterance.text
    return Said(
        text=utterance.text,
        heard=heard,
        start_s=round(start / RATE, 3),
        end_s=round(utterance.end_sample / RATE, 3),
        interrupted=interrupted,
    )
