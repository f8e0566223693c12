"""Keys the caller presses, gathered into one turn: a state machine without a clock."""

from dataclasses import dataclass

from dialog.types import Expectation, ExpectationKind

BETWEEN_KEYS_S = 2.5
"""After this long without a key the number is taken to be complete."""
SINGLE_KEY_S = 0.4
"""Where no number is expected one key is an answer; a second within this time still belongs to it."""


@dataclass
class Keypad:
    """Gathers the keys of one call."""

    keys: str = ""
    start_s: float = 0.0
    end_s: float = 0.0

    def press(self, key: str, at_s: float, expectation: Expectation) -> str | None:
        """Take a key. Returns the whole entry if this completes it: the expected number of digits, or `#`."""
        if not self.keys:
            self.start_s = at_s
        self.end_s = at_s
        if key == "#" and self.keys:
            return self.take()
        self.keys += key
        if expectation.kind is ExpectationKind.DIGITS and len(self.keys) == expectation.digits:
            return self.take()
        return None

    def patience_s(self, expectation: Expectation) -> float:
        """How long to wait for the next key."""
        return BETWEEN_KEYS_S if expectation.kind is ExpectationKind.DIGITS else SINGLE_KEY_S

    def take(self) -> str:
        """End the entry."""
        keys, self.keys = self.keys, ""
        return keys
