"""How tests ask for actions."""

from datetime import UTC, datetime, timedelta

from actions.types import ActionRequest, Authority, fingerprint

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Now:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.at = START

    def __call__(self):
        return self.at

    def move(self, **by):
        self.at += timedelta(**by)


async def no_pause(_seconds):
    """Waits for nothing."""


def request(action, key="CA1:1:x", *, who="1", level=1, agreed=True, **arguments):
    """A request by somebody who is identified and has agreed."""
    return ActionRequest(
        action=action,
        arguments=arguments,
        key=key,
        authority=Authority(
            identity=level,
            customer=who,
            agreed=fingerprint(action, arguments) if agreed else None,
        ),
    )
