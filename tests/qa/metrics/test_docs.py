"""The documentation has every metric with its formula; the example file has every field and is valid."""

from qa.metrics.catalogue import BY_ID, METRICS, SHOWN
from qa.metrics.rules import Costs, Rules
from qa.metrics.rules_file import load_rules
from settings import HOME

DOCS = (HOME / "docs" / "qa-dashboard.md").read_text(encoding="utf-8")
EXAMPLE = HOME / "docs" / "metrics.example.yaml"


def test_every_formula_is_documented_as_the_page_tells_it():
    for metric in SHOWN:
        row = f"| {metric.name} | `{metric.id}` | `{metric.export}` | {metric.formula} |"
        assert row in DOCS, f"docs/qa-dashboard.md lacks or contradicts: {metric.id}"


def test_ids_are_unique_and_so_are_names_in_exports():
    assert len(BY_ID) == len(METRICS)
    assert len({metric.export for metric in METRICS}) == len(METRICS)


def test_the_example_has_every_field():
    rules = load_rules(EXAMPLE)
    assert rules.model_fields_set == set(Rules.model_fields)
    assert rules.costs.model_fields_set == set(Costs.model_fields)
    assert rules.alerts
