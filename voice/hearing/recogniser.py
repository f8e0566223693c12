"""Speech to text for one utterance: Whisper through a short window, with confidence and a guard.

Whisper was trained on 30 s and costs the same for a second of speech. A window of `max(10 s, speech + 1 s)` with
beam 5 costs a fifth of that and is as accurate on telephone calls; only its first seconds are encoded each time
(`voice.hearing.encoder`). A window that is too short makes Whisper repeat itself, so suspicious text is decoded again
at a longer one, and marked unsure if that does not help.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import soxr
from ctranslate2 import StorageView
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from dialog.types import Alternative, Expectation, ExpectationKind, Word
from voice.hearing.encoder import RATE, SHORT_WINDOW_S, Encoder
from voice.hearing.first_sound import WEIGHTS, ListeningHead
from voice.hearing.guard import is_invented, is_suspicious
from voice.hearing.limits import DICTATED, Limits, fits, is_one_word, nearly_fits, words

TELEPHONE_RATE = 8000
LONG_WINDOW_S = 20.0
MAX_SPEECH_S = 29.0
BEAM = 5
TOKENS_PER_S = 7.0
"""People speak fewer than 5 words a second; a token is most of a word."""
EXTRA_TOKENS = 12
FIRST_WORD_TOKENS = 4
LISTENING_SOUND = "mm-hmm"
"""How the sound of somebody who only listens is written, whichever it was."""
MAX_PROMPT_TOKENS = 64
CLEAR = 0.8
"""From this confidence on, no name that the model does not know is in a text: of 120 with one, none reached it."""
MOST_NAME_TOKENS = 120
"""A name that nobody knows takes four to five."""
LIMITED_MARGIN = 1.0
"""How much less probable, in log-probability a token, a text that fits what is expected may be than another."""
DIGIT_MARGIN = 5.0
"""How much less probable, in log-probability, a digit may be than the likeliest first token. Measured: 296 of 300
digits are within it; of 105 other words only those that sound alike, such as "for", "none", "wine" and "heaven"."""

Samples = NDArray[np.int16]
ANYTHING = Expectation()


@dataclass(frozen=True)
class Recognition:
    """What was recognised in one piece of sound. Word times are seconds from its start."""

    text: str
    confidence: float
    """exp of the mean log-probability a token: 0 to 1."""
    no_speech: float
    """Whisper's own probability that nobody speaks: 0 to 1."""
    words: tuple[Word, ...]
    unsure: bool
    language: str
    alternatives: tuple[Alternative, ...] = ()
    """Other texts nearly as likely, likeliest first."""
    align: Callable[[], tuple[Word, ...]] | None = None
    """Finds the words, which takes as long as a third of the decoding; None where `words` has them. Blocks."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that the dialog should see."""
        return not self.text


NOT_HEARD = Recognition(text="", confidence=0.0, no_speech=0.0, words=(), unsure=True, language="en")
"""What stands in for a decoding that failed: somebody spoke, and we do not know what they said."""


@dataclass(frozen=True)
class _Encoded:
    """One utterance behind the encoder."""

    speech: NDArray[np.float32]
    states: StorageView
    seconds: float
    prompt: list[int]


@dataclass(frozen=True)
class _Decoded:
    tokens: list[int]
    text: str
    log_probability: float
    no_speech: float

    @property
    def invented(self) -> bool:
        return not self.text or is_invented(self.no_speech, self.log_probability)

    @property
    def suspicious(self) -> bool:
        return bool(self.text) and is_suspicious(self.text, self.log_probability)


@dataclass(frozen=True)
class Decoding:
    """How thoroughly the final text is looked for."""

    beam: int = BEAM
    window_s: float = SHORT_WINDOW_S
    """What is encoded of an utterance at the first try, with the silence behind it."""


USUAL = Decoding()


class NotWanted(Exception):  # noqa: N818 - no failure: who asked has given up
    """The text is not wanted any more."""


def always() -> bool:
    """For who waits in any case."""
    return True


class Recogniser:
    """Decodes utterances with one loaded model. Holds no call's state, so all calls share it.

    Its methods block for some tenths of a second: call them on a worker thread.
    """

    def __init__(
        self,
        model: WhisperModel,
        example: Samples | None = None,
        language: str = "en",
        decoding: Decoding = USUAL,
    ) -> None:
        """`example` is any utterance, int16 mono 8 kHz: with it, short ones take half the time to encode."""
        self._model = model
        self._decoding = decoding
        self._encoder = Encoder(model, None if example is None else _wideband(example))
        self._language = language
        self._tokenizer = Tokenizer(
            model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
        )
        self._limits = Limits(self._tokenizer)
        self._listening = ListeningHead.load() if example is not None and WEIGHTS.exists() else None

    def recognise(
        self, sound: Samples, expected: Expectation = ANYTHING, is_wanted: Callable[[], bool] = always
    ) -> Recognition:
        """The final text of int16 mono 8 kHz, of which the last 29 s are used.

        Raises:
            NotWanted: `is_wanted`, asked between the steps, says so.
        """
        speech = _wideband(sound)
        first = self._recognise(speech, self._decoding.window_s, expected, is_wanted)
        if not first.unsure:
            return first
        second = self._recognise(speech, LONG_WINDOW_S, without_hotwords(expected), is_wanted)
        return second if not second.unsure or second.confidence > first.confidence else first

    def glance(
        self, sound: Samples, expected: Expectation = ANYTHING, is_wanted: Callable[[], bool] = always
    ) -> str:
        """A first text of what is still being said: greedy, without word times; empty where it is suspicious.

        Raises:
            NotWanted: `is_wanted`, asked between the steps, says so.
        """
        encoded = self._encode(_wideband(sound), SHORT_WINDOW_S, expected)
        _go_on_if(is_wanted)
        decoded = self._decode(encoded, beam=1)[0]
        return "" if decoded.invented or decoded.suspicious else decoded.text

    def first_word(self, sound: Samples) -> str:
        """What the first sounds of somebody who begins to speak may be: greedy, a few tokens, a guess."""
        encoded = self._encode(_wideband(sound), SHORT_WINDOW_S, ANYTHING)
        if self._listening is not None and self._listening.listens(np.array(encoded.states)[0], sound.size):
            return LISTENING_SOUND
        return self._decode(encoded, beam=1, most_tokens=FIRST_WORD_TOKENS)[0].text

    def first_states(self, sound: Samples) -> NDArray[np.float32]:
        """What the encoder makes of first sounds, shape (states, width)."""
        states: NDArray[np.float32] = np.array(
            self._encode(_wideband(sound), SHORT_WINDOW_S, ANYTHING).states
        )[0]
        return states

    def plain(self, sound: Samples, window_s: float) -> str:
        """The text as the model gives it at some window, unguarded: what benchmarks compare with."""
        return self._decode(self._encode(_wideband(sound), window_s, ANYTHING))[0].text

    def _recognise(
        self,
        speech: NDArray[np.float32],
        window_s: float,
        expected: Expectation,
        is_wanted: Callable[[], bool],
    ) -> Recognition:
        _go_on_if(is_wanted)
        encoded = self._encode(speech, window_s, expected)
        _go_on_if(is_wanted)
        free = self._decode(encoded, self._decoding.beam)
        decoded = self._limited(encoded, free, expected)
        _go_on_if(is_wanted)
        decoded = self._named(encoded, decoded, expected.vocabulary)
        _go_on_if(is_wanted)
        expected_so = fits(decoded.text, expected)
        recognition = Recognition(
            text=decoded.text,
            confidence=math.exp(decoded.log_probability),
            no_speech=decoded.no_speech,
            words=(),
            unsure=decoded.suspicious and not expected_so,
            language=self._language,
            alternatives=_others(free, decoded.text),
        )
        if decoded.invented:
            return replace(recognition, text="", confidence=0.0, unsure=False, alternatives=())
        align = partial(self._align, encoded, decoded.tokens)
        # How sure a number or a yes is depends on its own words, and decides the answer.
        if has_digits(decoded.text) or expected.kind is ExpectationKind.YES_NO:
            return replace(recognition, words=align())
        return replace(recognition, align=align)

    def _limited(self, encoded: _Encoded, free: list[_Decoded], expected: Expectation) -> _Decoded:
        """Where digits or letters are expected: the most probable text that fits, if it is nearly as probable."""
        best = free[0]
        suppressed = self._limits.suppressed(expected.kind)
        if suppressed is None or best.invented or fits(best.text, expected):
            return best
        if expected.digits == 1 and is_one_word(best.text):
            return self._single_digit(encoded, best)
        enough = best.log_probability - LIMITED_MARGIN
        fitting = (one for one in free if one.log_probability >= enough and fits(one.text, expected))
        other = next(fitting, None)
        if other is None and nearly_fits(best.text, expected):
            limited = self._decode(encoded, suppressed=suppressed)
            fitting = (one for one in limited if one.log_probability >= enough and fits(one.text, expected))
            other = next(fitting, None)
        return other or best

    def _named(self, encoded: _Encoded, first: _Decoded, vocabulary: tuple[str, ...]) -> _Decoded:
        """What was heard with the names of `vocabulary` in mind, if one is in it and it is no less probable.

        Prompted with them from the start, the model puts them into anybody's mouth (docs/decisions/0042).
        """
        if not vocabulary or first.invented or math.exp(first.log_probability) >= CLEAR:
            return first
        if has_name(first.text, vocabulary):
            return first
        prompt = self._prompt_of(vocabulary, MOST_NAME_TOKENS)
        other = self._decode(replace(encoded, prompt=prompt), self._decoding.beam)[0]
        if other.suspicious or other.invented or other.log_probability < first.log_probability:
            return first
        return other if has_name(other.text, vocabulary) else first

    def _single_digit(self, encoded: _Encoded, free: _Decoded) -> _Decoded:
        """One word where one digit is expected: the digit that its first token is most likely to be.

        All ways to write a digit count together, and two ways to encode it. Left to itself the model hears a name in
        a lone digit, or writes it twice. Measured on 300 digits over the telephone: 58 % as free text, 97 % so with
        one way to encode it, 98.7 % with two.
        """
        other = self._encoded(self._encoder.encode(encoded.speech, SHORT_WINDOW_S), encoded.speech, ANYTHING)
        views = [self._digit_scores(one) for one in (encoded, other)]
        scores = {digit: sum(view[digit] for view in views) / len(views) for digit in views[0]}
        digit = max(scores, key=lambda one: scores[one])
        if scores[digit] < -DIGIT_MARGIN:
            return free
        tokens = self._tokenizer.encode(" " + digit)
        return _Decoded(tokens, digit, log_probability=min(0.0, scores[digit]), no_speech=free.no_speech)

    def _digit_scores(self, encoded: _Encoded) -> dict[str, float]:
        """How much less likely than the likeliest first token each digit is, in log-probability."""
        result = self._model.model.generate(
            encoded.states,
            [encoded.prompt],
            beam_size=1,
            max_length=len(encoded.prompt) + 1,
            return_logits_vocab=True,
        )[0]
        logits = np.asarray(result.logits[0][0], dtype=np.float64)
        return {
            digit: float(np.logaddexp.reduce(logits[tokens]) - logits.max())
            for digit, tokens in self._limits.digit_tokens.items()
        }

    def _decode(
        self,
        encoded: _Encoded,
        beam: int = BEAM,
        suppressed: list[int] | None = None,
        most_tokens: int | None = None,
    ) -> list[_Decoded]:
        """The texts at the end of the beam, most probable first."""
        if most_tokens is None:
            most_tokens = int(encoded.seconds * TOKENS_PER_S) + EXTRA_TOKENS
        result = self._model.model.generate(
            encoded.states,
            [encoded.prompt],
            beam_size=beam,
            num_hypotheses=beam,
            max_length=len(encoded.prompt) + most_tokens,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            **({} if suppressed is None else {"suppress_tokens": suppressed}),
        )[0]
        return [
            self._decoded(ids, score, result.no_speech_prob)
            for ids, score in zip(result.sequences_ids, result.scores, strict=True)
        ]

    def _decoded(self, ids: list[int], score: float, no_speech: float) -> _Decoded:
        tokens = [token for token in ids if token < self._tokenizer.eot]
        return _Decoded(
            tokens,
            text=self._tokenizer.decode(tokens).strip(),
            log_probability=score if tokens else -math.inf,
            no_speech=no_speech,
        )

    def _encode(self, speech: NDArray[np.float32], window_s: float, expected: Expectation) -> _Encoded:
        encode = self._encoder.whole if expected.kind in DICTATED else self._encoder.encode
        return self._encoded(encode(speech, window_s), speech, expected)

    def _encoded(self, states: StorageView, speech: NDArray[np.float32], expected: Expectation) -> _Encoded:
        return _Encoded(speech, states, speech.size / RATE, self._prompt(expected))

    def _prompt(self, expected: Expectation) -> list[int]:
        return self._prompt_of(expected.hotwords, MAX_PROMPT_TOKENS)

    def _prompt_of(self, texts: Sequence[str], most_tokens: int) -> list[int]:
        prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        if not texts:
            return prompt
        tokens: list[int] = self._tokenizer.encode(" " + ", ".join(texts))
        return [self._tokenizer.sot_prev, *tokens[:most_tokens], *prompt]

    def _align(self, encoded: _Encoded, tokens: list[int]) -> tuple[Word, ...]:
        frames = int(encoded.seconds * RATE) // self._model.feature_extractor.hop_length
        aligned = self._model.find_alignment(self._tokenizer, [tokens], encoded.states, frames)[0]
        return tuple(
            Word(
                text=word["word"].strip(),
                start_s=round(float(word["start"]), 3),
                end_s=round(float(word["end"]), 3),
                probability=round(float(word["probability"]), 4),
            )
            for word in aligned
            if any(character.isalnum() for character in word["word"])
        )


def without_hotwords(expected: Expectation) -> Expectation:
    """`expected` without its hotwords, which can lead decoding astray."""
    return expected.model_copy(update={"hotwords": ()})


def _others(decoded: list[_Decoded], text: str) -> tuple[Alternative, ...]:
    """What else it may have been. Case and punctuation make no other text."""
    seen = {tuple(words(text))}
    others = []
    for one in decoded:
        said = tuple(words(one.text))
        if said and said not in seen:
            seen.add(said)
            others.append(Alternative(text=one.text, confidence=round(math.exp(one.log_probability), 4)))
    return tuple(others)


def has_name(text: str, vocabulary: Sequence[str]) -> bool:
    """Whether one of the names is in it, whole."""
    said = f" {' '.join(words(text))} "
    return any(f" {' '.join(words(name))} " in said for name in vocabulary)


def has_digits(text: str) -> bool:
    """Whether there is a number in it."""
    return any(character.isdigit() for character in text)


def _go_on_if(is_wanted: Callable[[], bool]) -> None:
    if not is_wanted():
        raise NotWanted


def _wideband(sound: Samples) -> NDArray[np.float32]:
    """The telephone's sound as Whisper wants it.

    Doubled in one go and steeply: what a short filter lets through above 4 kHz costs three words in a hundred.
    """
    speech = sound[-int(MAX_SPEECH_S * TELEPHONE_RATE) :].astype(np.float32) / 32768.0
    wide: NDArray[np.float32] = soxr.resample(speech, TELEPHONE_RATE, RATE, quality="HQ")
    return wide
