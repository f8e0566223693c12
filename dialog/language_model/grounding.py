"""Whether a reply says only what the given articles say."""

import re
from collections.abc import Callable
from typing import Any

import snowballstemmer  # type: ignore[import-untyped]

from dialog.grammar.number_words import WRITTEN
from dialog.language_model.request import Drop

MOST_REPLY = 300
"""Characters: what can be listened to."""
GROUNDED = 0.75
"""The share of a reply's content words that must be in the articles."""

_NOT_SPEECH = re.compile(r"[<>{}\[\]`|\\_*#~^=]|https?:|www\.|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]")
_NUMBERS = {name: str(value) for name, value in WRITTEN.items()}
_NUMBERS |= {"hundred": "100", "thousand": "1000", "million": "1000000", "half": "half", "dozen": "12"}
_NUMBERS |= {
    "first": "1",
    "second": "2",
    "third": "3",
    "twice": "2",
    "double": "2",
    "percent": "%",
    "free": "free",
}
_DAYS = "monday tuesday wednesday thursday friday saturday sunday today tomorrow tonight weekend"
_MONTHS = "january february march april june july august september october november december"
_MEASURES = (
    "minute hour day week month year dollar euro pound cent business working midnight noon morning evening"
    " immediately instantly always never every unlimited lifetime anytime"
)
_EXACT = frozenset(f"{_DAYS} {_MONTHS} {_MEASURES}".split())
_PROMISE = re.compile(
    r"\b(?:refund|reimburs|compensat|credit|discount|voucher|coupon|waiv|cancel|replac|guarante|promis|entitl|"
    r"assur|deliver|ship|upgrad|bonus|gift|free|exempt|approv|confirm|arrang|process|book|transfer|pay)\w*",
    re.IGNORECASE,
)
_COMMITS = re.compile(
    r"\b(?:i|we)(?:'ll| will| shall| can| could|'ve| have|'m| am|'re| are)\b(?! (?:open|closed|here))"
    r"|\byou(?:'ll| will)\b.{0,20}\b(?:get|receive|have)\b|\b(?:has|have) been\b|\b(?:is|are) (?:now )?(?:yours|done)\b"
    r"|\b(?:i|we) (?:promise|guarantee|confirm|approve|assure)\b|\b(?:your account|your order|your card)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|without|cannot|unable)\b|n't\b", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*")
_ADDRESS = re.compile(
    r"\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|co|info|example|eu|uk|us|de)\b", re.IGNORECASE
)
_PLAIN = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "if",
        "so",
        "then",
        "than",
        "that",
        "this",
        "these",
        "those",
        "there",
        "here",
        "it",
        "its",
        "it's",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "i",
        "we",
        "you",
        "he",
        "she",
        "they",
        "me",
        "us",
        "him",
        "her",
        "them",
        "my",
        "our",
        "your",
        "his",
        "their",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "with",
        "from",
        "by",
        "as",
        "about",
        "into",
        "out",
        "up",
        "down",
        "over",
        "under",
        "again",
        "do",
        "does",
        "did",
        "done",
        "have",
        "has",
        "had",
        "can",
        "could",
        "will",
        "would",
        "may",
        "might",
        "must",
        "should",
        "shall",
        "i'm",
        "we're",
        "you're",
        "that's",
        "what",
        "which",
        "who",
        "when",
        "where",
        "how",
        "why",
        "all",
        "any",
        "some",
        "each",
        "also",
        "just",
        "only",
        "very",
        "too",
        "yes",
        "please",
        "thank",
        "thanks",
        "sorry",
        "well",
        "sure",
        "okay",
        "of",
        "course",
        "let",
        "know",
        "want",
        "need",
        "like",
        "get",
        "got",
        "go",
        "going",
        "come",
        "back",
        "help",
        "question",
        "ask",
        "tell",
        "say",
        "i'll",
        "we'll",
        "you'll",
        "we've",
        "i've",
        "isn't",
        "aren't",
        "don't",
        "doesn't",
        "can't",
        "won't",
        "not",
        "no",
        "nor",
    ]
)


def fault(reply: str, articles: str) -> Drop | None:
    """The first rule that `reply` breaks against the text of the articles it names; None: it may be said."""
    said, given = reply.replace("’", "'").strip(), articles.replace("’", "'")
    rules: tuple[tuple[Drop, Callable[[], bool]], ...] = (
        (Drop.NOT_SPEECH, lambda: bool(said) and not _NOT_SPEECH.search(said)),
        (Drop.TOO_LONG, lambda: len(said) <= MOST_REPLY),
        (Drop.NUMBER, lambda: _counts_alike(said, given)),
        (Drop.NAME, lambda: _knows_names(said, given)),
        (Drop.PROMISE, lambda: not _promises(said, given)),
        (Drop.CONTRADICTED, lambda: _agrees(said, given)),
        (Drop.UNGROUNDED, lambda: _share(said, given) >= GROUNDED),
    )
    for drop, holds in rules:
        if not holds():
            return drop
    return None


def figures(text: str) -> frozenset[str]:
    """Everything in a text that counts or dates: numbers in digits and words, days, months, units, signs of money."""
    found = {number.replace(",", "") for number in _FIGURE.findall(text)}
    found |= set(re.findall(r"[$€£%]", text))
    for token in _TOKEN.findall(text.lower()):
        if token in _NUMBERS:
            found.add(_NUMBERS[token])
        elif token in _EXACT or token.removesuffix("s") in _EXACT:
            found.add(token.removesuffix("s"))
        elif any(sign.isdigit() for sign in token) and not token.isdigit():
            found.add(token)
    return frozenset(found)


def _counts_alike(said: str, given: str) -> bool:
    """All figures of a sentence stand together in one sentence of the articles: the price of another thing is wrong."""
    known = [figures(one) for one in _sentences(given)]
    return all(any(figures(one) <= other for other in [*known, frozenset()]) for one in _sentences(said))


def _sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?;])\s+|\n+", text) if one.strip()]


def _names(text: str) -> set[str]:
    """Words with a capital that do not begin a sentence, and words all in capitals."""
    names = set()
    for match in _TOKEN.finditer(text):
        word, before = match[0], text[: match.start()].rstrip(" \"'(")
        begins = not before or before[-1] in ".!?:;"
        if (
            word[0].isupper()
            and word.lower() not in _PLAIN
            and (not begins or (word.isupper() and len(word) > 1))
        ):
            names.add(word.lower().removesuffix("'s"))
    return names


def _knows_names(said: str, given: str) -> bool:
    known = {word.lower().removesuffix("'s") for word in _TOKEN.findall(given)}
    return _names(said) <= known and _addresses(said) <= _addresses(given)


def _addresses(text: str) -> set[str]:
    return {address.lower().strip(".,;!?") for address in _ADDRESS.findall(text)}


def _promises(said: str, given: str) -> bool:
    """A commitment, or a word of money or doing, that no sentence of the articles makes."""
    lacking = stems(" ".join(_PROMISE.findall(said))) - stems(given)
    ways = {way.lower() for way in _COMMITS.findall(said)} - {way.lower() for way in _COMMITS.findall(given)}
    return bool(lacking or ways)


def _agrees(said: str, given: str) -> bool:
    """Each sentence has a sentence in the articles that shares most with it, and both deny or neither does."""
    sentences = [one for one in _sentences(given) if stems(one)]
    for one in _sentences(said):
        words = stems(one)
        if not words or not sentences:
            continue
        most = max(len(words & stems(other)) for other in sentences)
        nearest = [other for other in sentences if len(words & stems(other)) == most]
        if all((_NO.search(one) is None) is not (_NO.search(other) is None) for other in nearest):
            return False
    return True


def stems(text: str) -> set[str]:
    """The content words of a text, by their stems."""
    # The stemmer holds the word it works on: not one for all threads.
    stemmer: Any = snowballstemmer.stemmer("english")
    tokens = (word for word in _TOKEN.findall(text.lower()) if word not in _PLAIN)
    return {_NUMBERS.get(word) or str(stemmer.stemWord(word)) for word in tokens}


def _share(said: str, given: str) -> float:
    words = stems(said)
    return len(words & stems(given)) / len(words) if words else 0.0
