"""The sentences that sentiment is learnt from."""

from importlib.resources import files

import yaml


def sentences() -> dict[str, tuple[str, ...]]:
    """Sentences by how the caller feels: `angry`, `trouble`, `neutral`, `pleased`."""
    return _read("examples.yaml")


def turns() -> dict[str, tuple[str, ...]]:
    """Turns in the middle of a conversation: `amiss` or `well`."""
    return _read("turns.yaml")


def _read(name: str) -> dict[str, tuple[str, ...]]:
    data = yaml.safe_load(files(__package__).joinpath(name).read_text("utf-8"))
    return {group: tuple(texts) for group, texts in data.items()}
