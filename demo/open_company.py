"""The demo company as it is at noon on a working day: a copy of its playbook whose queues are always open.

A demo or a test runs at any hour, and must find people there. Outside targets are left out: there is no such PBX here.
"""

import shutil
from pathlib import Path
from typing import Any

import yaml

ACME = Path(__file__).resolve().parent.parent / "playbooks" / "acme"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {day: ["00:00-12:00", "12:00-23:59"] for day in DAYS}


def open_company(folder: Path, **limits: float) -> Path:
    """Copy the demo company into `folder`, with other limits for its queues. Returns the playbook's folder."""
    playbook = folder / "acme"
    shutil.copytree(ACME, playbook, dirs_exist_ok=True)
    file = playbook / "queues.yaml"
    queues: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    queues["hours"] = ALWAYS
    for queue in queues["queues"].values():
        queue.pop("hours", None)
        queue["targets"] = []
        if limits:
            queue["limits"] = {**queue.get("limits", {}), **limits}
    file.write_text(yaml.safe_dump(queues, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return playbook
