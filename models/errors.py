"""What can be wrong with model weights, with stable codes."""

from enum import StrEnum


class ModelFault(StrEnum):
    """What is wrong. Names never change meaning."""

    UNKNOWN_MODEL = "unknown_model"
    MISSING = "missing"
    SIZE = "size"
    SHA256 = "sha256"
    NOT_PREPARED = "not_prepared"


class ModelFileError(Exception):
    """A model's file is not as the catalogue says. The text names the file, the fault and the remedy."""

    def __init__(self, fault: ModelFault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


class CatalogueError(Exception):
    """The catalogue itself breaks a rule. The text names the file, the entry and the field."""
