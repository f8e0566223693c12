"""The few numbers that were fitted; docs/decisions/0015-knowledge.md says on what and how.

`python -m bench.knowledge KNOWLEDGE LOGS LABELS --fit` prints those of the directory and of the need again.
"""

DIRECTORY = {"name": 1.08, "meaning": 1.44, "sound": 1.36}
"""Weights of a document of a named thing."""

NEED = {
    "meaning": 2.67,
    "sound": 1.46,
    "named": 2.11,
    "asks": 2.32,
    "tasks": -2.22,
    "whole_tasks": -1.92,
    "wording": 3.52,
}
"""Log-odds that a turn needs knowledge."""
NEED_BIAS = -1.59

BASE = {"question": 5.65, "passage": 5.83, "lexical": 2.12, "sound": 0.31}
"""Log-odds that an article answers a question."""
BASE_BIAS = -6.92
