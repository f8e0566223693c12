"""Reads the operator's rules for the metrics from a YAML file."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from qa.metrics.catalogue import BY_ID
from qa.metrics.rules import Rules


class RulesError(ValueError):
    """A file that cannot be used. The text names the file, the field and the rule."""


def load_rules(path: Path | None) -> Rules:
    """Read the file; without one, the rules that hold by default.

    Raises:
        RulesError: it cannot be read, or breaks a rule.
    """
    if path is None:
        return Rules()
    try:
        rules = Rules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except OSError as error:
        raise RulesError(f"{path}: cannot be read ({error.strerror})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark is not None else str(path)
        raise RulesError(f"{where}: is no YAML") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(map(str, problem["loc"]))
        raise RulesError(f"{path}: {field}: {problem['msg'].removeprefix('Value error, ')}") from error
    for place, alert in enumerate(rules.alerts):
        if alert.metric not in BY_ID:
            raise RulesError(f"{path}: alerts.{place}.metric: is no metric; see docs/qa-dashboard.md")
    return rules
