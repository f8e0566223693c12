"""Scripts and styles: our own, and those of others that `make setup` has installed. Served under hashed names."""

import hashlib
import json
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

OWN = Path(__file__).with_name("static")
INSTALLED = Path(__file__).with_name("assets")
MANIFEST = "MANIFEST.json"
NEEDED = ("htmx.min.js", "sse.min.js", "uplot.min.css", "uplot.min.js", "wavesurfer.min.js")
"""Files of others that the pages cannot do without."""
PREFIX = "/assets"
FOREVER = "public, max-age=31536000, immutable"
"""A name that holds the content's hash never changes its content."""
WHAT_TO_DO = (
    "Run `make setup` (or `.venv/bin/python scripts/install_web_assets.py`), then start the server again."
)


class AssetsMissingError(Exception):
    """Files that the pages need are not installed, or not as they were installed. The text says what to do."""


@dataclass(frozen=True)
class Asset:
    """One file, as it is served."""

    url: str
    content: bytes
    media_type: str


class Assets:
    """The files of the pages by name. Where some are missing, everything else goes on: see `check`."""

    def __init__(self, files: Mapping[str, bytes], missing: Sequence[str] = ()) -> None:
        self._by_name = {name: _asset(name, content) for name, content in files.items()}
        self._by_url = {asset.url: asset for asset in self._by_name.values()}
        self._missing = tuple(missing)

    @classmethod
    def load(cls, *folders: Path, installed: Path = INSTALLED) -> "Assets":
        """Read our own files, those of `folders`, and the installed ones, whose hashes are checked."""
        files = {
            path.name: path.read_bytes()
            for folder in (OWN, *folders)
            for path in sorted(folder.iterdir())
            if path.is_file()
        }
        manifest = _manifest(installed)
        missing = []
        for name in NEEDED:
            content = _read(installed / name)
            if content is None or hashlib.sha256(content).hexdigest() != manifest.get(name):
                missing.append(name)
            else:
                files[name] = content
        return cls(files, missing)

    def check(self) -> None:
        """Whether pages can be shown.

        Raises:
            AssetsMissingError: they cannot.
        """
        if self._missing:
            raise AssetsMissingError(
                f"The pages' files are missing or altered: {', '.join(self._missing)}. {WHAT_TO_DO}"
            )

    def url(self, name: str) -> str:
        """Where a page finds a file.

        Raises:
            KeyError: there is none of that name.
        """
        return self._by_name[name].url

    def router(self) -> APIRouter:
        """The route that serves them."""
        router = APIRouter()

        @router.get(PREFIX + "/{name}")
        async def asset(name: str) -> Response:
            found = self._by_url.get(f"{PREFIX}/{name}")
            if found is None:
                raise HTTPException(status_code=404, detail="unknown_asset")
            return Response(found.content, media_type=found.media_type, headers={"cache-control": FOREVER})

        return router


def _asset(name: str, content: bytes) -> Asset:
    path = Path(name)
    digest = hashlib.sha256(content).hexdigest()[:16]
    # The platform's own table may call scripts text/plain, which `nosniff` then refuses.
    media_type = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(name)[0]
    return Asset(
        f"{PREFIX}/{path.stem}-{digest}{path.suffix}", content, media_type or "application/octet-stream"
    )


def _manifest(folder: Path) -> dict[str, str]:
    """The sha256 of each installed file."""
    content = _read(folder / MANIFEST)
    if content is None:
        return {}
    return {entry["file"]: entry["sha256"] for entry in json.loads(content)["files"]}


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
