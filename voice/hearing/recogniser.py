"""Speech to text for one utterance: Whisper through a short window, with confidence and a guard.

Whisper was trained on 30 s and costs the same for a second of speech. A window of `max(10 s, speech + 1 s)` with
beam 5 costs a third of that and is about as accurate on telephone calls; the features must come from audio that
is padded with silence, not from padded features. A window that is too short makes Whisper repeat itself, so
suspicious text is decoded again at a longer one, and marked unsure if that does not help.
"""

import math
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from ctranslate2 import StorageView
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from dialog.types import Word

RATE = 16000
SHORT_WINDOW_S = 10.0
MARGIN_S = 1.0
LONG_WINDOW_S = 20.0
MAX_SPEECH_S = 29.0
BEAM = 5
TOKENS_PER_S = 7.0
"""People speak fewer than 5 words a second; a token is most of a word."""
EXTRA_TOKENS = 12
MAX_COMPRESSION = 2.4
"""Whisper's own limit: text that compresses better than this repeats itself."""
MAX_NO_SPEECH = 0.6
MIN_LOG_PROBABILITY = -1.0
MAX_PROMPT_TOKENS = 64


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

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that the dialog should see."""
        return not self.text


NOT_HEARD = Recognition(text="", confidence=0.0, no_speech=0.0, words=(), unsure=True, language="en")
"""What stands in for a decoding that failed: somebody spoke, and we do not know what they said."""


class Recogniser:
    """Decodes utterances with one loaded model. Holds no call's state, so all calls share it.

    `recognise` blocks for some tenths of a second: call it on a worker thread.
    """

    def __init__(self, model: WhisperModel, language: str = "en") -> None:
        self._model = model
        self._language = language
        self._tokenizer = Tokenizer(
            model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
        )

    def recognise(self, sound: NDArray[np.int16], hotwords: Sequence[str] = ()) -> Recognition:
        """Decode int16 mono 16 kHz, of which the last 29 s are used."""
        speech = sound[-int(MAX_SPEECH_S * RATE) :].astype(np.float32) / 32768.0
        seconds = speech.size / RATE
        first = self._decode(speech, max(SHORT_WINDOW_S, seconds + MARGIN_S), hotwords)
        if not first.unsure:
            return first
        second = self._decode(speech, max(LONG_WINDOW_S, seconds + MARGIN_S), ())
        return second if not second.unsure or second.confidence > first.confidence else first

    def _decode(self, speech: NDArray[np.float32], window_s: float, hotwords: Sequence[str]) -> Recognition:
        seconds = speech.size / RATE
        encoded = self._encode(speech, min(window_s, 30.0))
        prompt = self._prompt(hotwords)
        result = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=BEAM,
            max_length=len(prompt) + int(seconds * TOKENS_PER_S) + EXTRA_TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < self._tokenizer.eot]
        text = self._tokenizer.decode(tokens).strip()
        log_probability = result.scores[0] if tokens else -math.inf
        recognition = Recognition(
            text=text,
            confidence=math.exp(log_probability),
            no_speech=result.no_speech_prob,
            words=(),
            unsure=bool(text) and is_suspicious(text, log_probability),
            language=self._language,
        )
        if not text or is_invented(recognition.no_speech, log_probability):
            return replace(recognition, text="", confidence=0.0, unsure=False)
        return replace(recognition, words=self._align(encoded, tokens, seconds))

    def _encode(self, speech: NDArray[np.float32], window_s: float) -> StorageView:
        padding = max(0, int(window_s * RATE) - speech.size)
        features = self._model.feature_extractor(speech, padding=padding)
        return self._model.encode(features)

    def _prompt(self, hotwords: Sequence[str]) -> list[int]:
        prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        if not hotwords:
            return prompt
        words: list[int] = self._tokenizer.encode(" " + ", ".join(hotwords))
        return [self._tokenizer.sot_prev, *words[:MAX_PROMPT_TOKENS], *prompt]

    def _align(self, encoded: StorageView, tokens: list[int], seconds: float) -> tuple[Word, ...]:
        frames = int(seconds * RATE) // self._model.feature_extractor.hop_length
        aligned = self._model.find_alignment(self._tokenizer, [tokens], encoded, frames)[0]
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


def is_invented(no_speech: float, log_probability: float) -> bool:
    """Whether the text is Whisper's answer to silence rather than something said."""
    return no_speech > MAX_NO_SPEECH and log_probability < MIN_LOG_PROBABILITY / 2


def is_suspicious(text: str, log_probability: float) -> bool:
    """Whether the text repeats itself or is less probable than anything people say."""
    return log_probability < MIN_LOG_PROBABILITY or repeats(text)


def repeats(text: str) -> bool:
    """Whether a phrase comes again and again: as it compresses, or four times one word or three words.

    Digits are left out: "seven seven seven seven" is a number.
    """
    data = text.encode()
    if len(data) > 60 and len(data) / len(zlib.compress(data)) > MAX_COMPRESSION:
        return True
    words = [word.strip(".,!?").lower() for word in text.split()]
    if _longest_run([word for word in words if not _is_number(word)]) >= 4:
        return True
    threes = Counter(zip(words, words[1:], words[2:], strict=False))
    return any(count >= 4 and not all(map(_is_number, three)) for three, count in threes.items())


_NUMBERS = frozenset(
    (
        *("zero", "oh", "o", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        *("double", "triple"),
    )
)


def _is_number(word: str) -> bool:
    return word in _NUMBERS or word.replace("-", "").isdigit()


def _longest_run(words: Sequence[str]) -> int:
    longest = run = 0
    previous = None
    for word in words:
        run = run + 1 if word == previous else 1
        previous = word
        longest = max(longest, run)
    return longest
