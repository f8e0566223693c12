"""The rules of the playbook that answers now, read again when it changes."""

from collections.abc import Callable

from loguru import logger

from dialog.playbook import Playbook
from dialog.source import PlaybookError
from qa.privacy.rules import PrivacyRules, read_rules


class LiveRules:
    """Gives the rules. A file that was broken since stays without effect, as the rest of a broken playbook does."""

    def __init__(self, playbook: Callable[[], Playbook]) -> None:
        """Reads them.

        Raises:
            PlaybookError: the file breaks a rule; names file, line, field and rule.
        """
        self._playbook = playbook
        self._version = playbook().version
        self._rules = read_rules(playbook().folder)

    def __call__(self) -> PrivacyRules:
        """The rules of now."""
        now = self._playbook()
        if now.version != self._version:
            self._version = now.version
            try:
                self._rules = read_rules(now.folder)
            except PlaybookError as error:
                logger.bind(problems=len(error.problems)).error(
                    "privacy.yaml is broken: the rules before it hold"
                )
        return self._rules
