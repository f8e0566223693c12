"""Writes a starter playbook, and the JSON Schemas that help editors with it."""

import json
import re
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dialog.json_schema import schemas
from settings import HOME

STARTER = HOME / "playbooks" / "starter"
STARTER_NAME, STARTER_BRAND, STARTER_DAY = "my_company", "My Company", "2026-01-01"
"""What stands in the starter and is replaced."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
BRAND = re.compile(r"[^\"\\{}\n\r\t]{1,60}")
SCHEMA_FOLDER = "schema"
SCHEMA_LINE = "# yaml-language-server: $schema={path}\n"


class InitError(Exception):
    """A starter cannot be written there, or not under that name; the text says which rule is broken."""


def write_starter(
    folder: Path, console: Console, today: date, name: str | None = None, brand: str | None = None
) -> None:
    """Write the starter playbook into `folder`, and say what to do next.

    Raises:
        InitError: the folder has something in it, or name or brand break their rules.
    """
    name = name if name is not None else _name_from(folder.resolve().name)
    brand = brand if brand is not None else name.replace("_", " ").title()
    _refuse(folder, name, brand)
    for source in sorted(STARTER.rglob("*")):
        target = folder / source.relative_to(STARTER)
        if source.suffix not in {".yaml", ".md"}:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        head = _schema_line(source) if source.suffix == ".yaml" else ""
        target.write_text(head + _own(source.read_text("utf-8"), name, brand, today), "utf-8")
    write_schemas(folder / SCHEMA_FOLDER)
    console.print(Text(_next_steps(folder, brand)), soft_wrap=True)


def _refuse(folder: Path, name: str, brand: str) -> None:
    if folder.exists() and not folder.is_dir():
        raise InitError(f"{folder} is a file: give a folder that does not exist or is empty")
    if folder.exists() and any(folder.iterdir()):
        raise InitError(f"{folder} has something in it: give a folder that does not exist or is empty")
    if not NAME.fullmatch(name):
        raise InitError("--name must be lower-case letters, digits and _, and begin with a letter")
    if not BRAND.fullmatch(brand) or not brand.strip():
        raise InitError('--brand must have 1 to 60 characters, none of them one of " \\ { }')


def _name_from(folder: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", folder.lower()).strip("_")[:60]
    return plain if NAME.fullmatch(plain) else STARTER_NAME


def _own(text: str, name: str, brand: str, today: date) -> str:
    """The starter's text with the company's own name and the day on which it was written."""
    replaced = {STARTER_NAME: name, STARTER_BRAND: brand, STARTER_DAY: today.isoformat()}
    return re.sub("|".join(map(re.escape, replaced)), lambda match: replaced[match[0]], text)


def _schema_line(source: Path) -> str:
    """For editors: where the schema of a file is, from where the file is."""
    place = source.relative_to(STARTER)
    kind = "flows" if place.parent.name == "flows" else place.stem
    up = "../" * (len(place.parts) - 1)
    return SCHEMA_LINE.format(path=f"{up}{SCHEMA_FOLDER}/{kind}.json")


def _next_steps(folder: Path, brand: str) -> str:
    return f"""{brand} has a playbook in {folder}. Next:

  warmline chat {folder}     talk to it: "when are you open?", "how long does delivery take?", "agent"
  warmline check {folder}    see what could be better

  flows.yaml     what the assistant does, step by step
  intents.yaml   what callers want, in their own words
  knowledge/     what it knows
  actions.yaml   your systems: put your addresses in

To answer the phone with it, set WARMLINE_PLAYBOOK={folder} and run `warmline serve`."""


def write_schemas(folder: Path) -> list[Path]:
    """Write one JSON Schema for each kind of file into `folder`. Returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind, schema in schemas().items():
        path = folder / f"{kind}.json"
        path.write_text(json.dumps(schema, indent=2) + "\n", "utf-8")
        paths.append(path)
    return paths
