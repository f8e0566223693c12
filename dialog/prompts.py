"""Sentences that are known before anybody calls, and so can be spoken in advance."""

from collections.abc import Iterable

from dialog import phrasing
from dialog.playbook import Playbook
from dialog.texts import spoken


def first_prompts(playbook: Playbook) -> tuple[str, ...]:
    """Those that are said in any call, whatever it is about."""
    return _known_before(playbook, (one.text for one in spoken(playbook) if one.loc[0] == "prompts"))


def fixed_prompts(playbook: Playbook) -> tuple[str, ...]:
    """All of them: sentences that are the same in every call."""
    texts = tuple(spoken(playbook))
    as_they_stand = (one.text for one in texts if not one.is_template)
    filled = _known_before(playbook, (one.text for one in texts if one.is_template))
    return tuple(dict.fromkeys((*filled, *as_they_stand)))


def _known_before(playbook: Playbook, templates: Iterable[str]) -> tuple[str, ...]:
    """Those that need no more than the brand, filled."""
    brand = {"brand": playbook.head.brand}
    fixed = (one for one in templates if phrasing.names_in(one) <= brand.keys())
    return tuple(dict.fromkeys(phrasing.fill(one, brand) for one in fixed))
