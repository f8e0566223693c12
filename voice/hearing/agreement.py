"""What successive partial texts agree on: the words that will probably stay."""

from dataclasses import dataclass, field


@dataclass
class LocalAgreement:
    """The longest beginning that two successive partials of one turn share (Liu et al. 2020, local agreement)."""

    _last: list[str] = field(default_factory=list)

    def add(self, text: str) -> str:
        """Take the next partial text. Returns the agreed beginning, as the newer one writes it."""
        words = text.split()
        agreed = []
        for word, before in zip(words, self._last, strict=False):
            if _plain(word) != _plain(before):
                break
            agreed.append(word)
        self._last = words
        return " ".join(agreed)


def _plain(word: str) -> str:
    return word.strip(".,!?…").lower()
