"""The catalogue of models: what there is, where it comes from, and what it must look like."""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import CatalogueError, ModelFault, ModelFileError

CATALOGUE = Path(__file__).with_name("catalogue.toml")


class Conversion(StrEnum):
    """What is made of a model's files before they are loaded."""

    MINILM = "minilm"
    """Weights to a CTranslate2 model."""
    PIPER_SPLIT = "piper-split"
    """A Piper voice to its two halves, beside the whole."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Entry):
    """A file inside an installed distribution."""

    package: str
    version: str
    path: str


class ModelFile(_Entry):
    """One file of a model, as it is loaded; joined from its parts where it has several."""

    name: Annotated[str, Field(pattern=r"^[\w.-]+$")]
    size: Annotated[int, Field(gt=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    join: Annotated[tuple[Source, ...], Field(min_length=1)]


class Model(_Entry):
    """One model."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    purpose: str
    licence: str
    hub: str | None = None
    """A repository that holds the same files, for a machine that has them in a hub's cache."""
    convert: Conversion | None = None
    """How the files are turned into what is loaded; None for files that are loaded as they are."""
    file: Annotated[tuple[ModelFile, ...], Field(min_length=1)]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.file)

    @property
    def packages(self) -> list[str]:
        """The distributions that its files come from, as a requirement each."""
        found = {f"{source.package}=={source.version}" for file in self.file for source in file.join}
        return sorted(found)


class Catalogue(_Entry):
    """All models."""

    model: tuple[Model, ...]

    def named(self, name: str) -> Model:
        """The model called `name`.

        Raises:
            ModelFileError: UNKNOWN_MODEL.
        """
        for model in self.model:
            if model.name == name:
                return model
        known = ", ".join(model.name for model in self.model)
        raise ModelFileError(ModelFault.UNKNOWN_MODEL, f"there is no model {name!r}; there are {known}")


def load_catalogue(path: Path = CATALOGUE) -> Catalogue:
    """Read and check a catalogue.

    Raises:
        CatalogueError: naming the file, the entry and the field.
    """
    try:
        return Catalogue.model_validate(tomllib.loads(path.read_text()))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: {error}") from None
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise CatalogueError(f"{path}: {where}: {problem['msg']}") from None
