"""What Whisper writes that nobody said: answers to silence, and phrases that go round and round."""

import zlib
from collections import Counter
from collections.abc import Sequence

MAX_COMPRESSION = 2.4
"""Whisper's own limit: text that compresses better than this repeats itself."""
MAX_NO_SPEECH = 0.6
MIN_LOG_PROBABILITY = -1.0
DOUBTFUL = 0.5
"""Below this confidence, 0 to 1, a text is as likely wrong as right."""


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
