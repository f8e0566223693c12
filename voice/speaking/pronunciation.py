"""How a company's own words are said."""

import re
from collections.abc import Mapping


class Pronunciation:
    """Replaces whole written words by how they should be said; case does not matter, longer words go first."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._said = {word.casefold(): said for word, said in words.items()}
        longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        self._words = re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE) if words else None

    def __call__(self, text: str) -> str:
        """`text` for the voice."""
        if self._words is None:
            return text
        return self._words.sub(lambda match: self._said[match[0].casefold()], text)
