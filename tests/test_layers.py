"""The modules beside the packages keep to the layers too; import-linter holds the packages."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {path.stem for path in ROOT.glob("*.py")}
ALLOWED = {
    "settings": set(),
    "admission": set(),
    "answer_times": {"voice", "telephony", "calls"},
    "terminal": {"settings"},
    "classifiers": {"dialog", "models", "settings"},
    "thinking": {"dialog"},
    "speculation": {"thinking", "voice", "dialog", "actions"},
    "company": {"thinking", "speculation", "handoff", "dialog"},
    "turn_events": {"dialog", "actions", "calls"},
    "systems": {"dialog", "actions", "telephony", "settings"},
    "holding": {"handoff", "dialog"},
    "people_parts": {"handoff", "voice", "dialog", "telephony", "calls", "settings"},
    "pages": {"people_parts", "company", "qa", "handoff", "dialog", "calls", "settings", "web"},
    "qa_parts": {"people_parts", "company", "qa", "dialog", "telephony", "calls", "settings"},
    "switchboard": {"reception", "handoff", "dialog", "telephony", "calls"},
    "session": {
        "answer_times",
        "company",
        "thinking",
        "speculation",
        "turn_events",
        "holding",
        "handoff",
        "voice",
        "dialog",
        "actions",
        "telephony",
        "models",
        "calls",
        "settings",
    },
    "reception": {
        "holding",
        "handoff",
        "admission",
        "company",
        "turn_events",
        "session",
        "voice",
        "dialog",
        "actions",
        "telephony",
        "models",
        "calls",
        "settings",
    },
    "line_routes": {"telephony", "calls", "settings", "web"},
    "server": ROOMS - {"cli", "demo", "server"},
    "cli": ROOMS - {"cli"},
}


def imported_rooms(module: Path) -> dict[str, int]:
    """The rooms of the house that a file imports, with the line."""
    found = {}
    for node in ast.walk(ast.parse(module.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        found.update({name.split(".")[0]: node.lineno for name in names if name.split(".")[0] in ROOMS})
    return found


def test_every_module_beside_the_packages_has_its_place():
    assert {path.stem for path in ROOT.glob("*.py")} == set(ALLOWED)


@pytest.mark.parametrize("module", sorted(ALLOWED))
def test_imports_go_down_only(module):
    offenders = {
        f"{module}.py:{line} imports {room}"
        for room, line in imported_rooms(ROOT / f"{module}.py").items()
        if room not in ALLOWED[module]
    }
    assert not offenders
