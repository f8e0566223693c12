"""What the words of a turn are worth by a lexicon (VADER), in a conversation on business."""

import re

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

FORMULAS = (
    "help want free interested number recommend accept agree share save value important security secure certain"
    " credit safe care pay"
)
"""Words that say what a call is about, or that are plain courtesy. The lexicon hears joy in them."""
_WISH = re.compile(
    r"\b(would|'d|do you|does it|something|anything|looks?|sounds?|is it|was it) like\b", re.IGNORECASE
)


class Lexicon:
    """Valence of words with negation, emphasis, capitals and emojis. Stateless, and safe to use from many threads."""

    def __init__(self) -> None:
        self._analyzer = SentimentIntensityAnalyzer()
        for word in FORMULAS.split():
            self._analyzer.lexicon.pop(word, None)

    def score(self, text: str) -> float:
        """-1 to 1."""
        plain = _WISH.sub(r"\1", text.replace("’", "'"))
        return float(self._analyzer.polarity_scores(plain)["compound"])
