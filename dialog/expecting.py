"""From a question of a flow to what the voice should listen for, and to what a value must be."""

from dialog.grammar.kinds import SlotKind
from dialog.grammar.slots import SlotRule
from dialog.schema.ask import Ask
from dialog.types import DialogState, Expectation, ExpectationKind

KINDS = {
    SlotKind.DIGITS: ExpectationKind.DIGITS,
    SlotKind.PHONE: ExpectationKind.DIGITS,
    SlotKind.YES_NO: ExpectationKind.YES_NO,
    SlotKind.CHOICE: ExpectationKind.CHOICE,
    SlotKind.CODE: ExpectationKind.SPELLED,
}
SPELLED_IN_TROUBLE = frozenset({SlotKind.NAME, SlotKind.EMAIL, SlotKind.POSTCODE})
"""Said as a whole first; letter by letter once that was not understood."""
MOST_HOTWORDS = 12
MOST_NAMES = 20
"""Of the vocabulary: each makes every look for them longer (docs/decisions/0042)."""
NAMED = frozenset({ExpectationKind.OPEN, ExpectationKind.CHOICE})
"""What names may be in: no number, no yes, nothing that is spelled."""


def expectation_for(ask: Ask, state: DialogState, hotwords: tuple[str, ...]) -> Expectation:
    """What comes next when `ask` was put."""
    kind = KINDS.get(ask.wants, ExpectationKind.OPEN)
    if ask.wants in SPELLED_IN_TROUBLE and state.repairs > 1:
        kind = ExpectationKind.SPELLED
    words = (*hotwords, *ask.hotwords, *(text for texts in (ask.choices or {}).values() for text in texts))
    digits = ask.digits.exact if ask.digits is not None else None
    return Expectation(kind=kind, digits=digits, hotwords=words[:MOST_HOTWORDS])


def with_names(expected: Expectation, vocabulary: tuple[str, ...]) -> Expectation:
    """The same, with the names that may be in what is expected."""
    if not vocabulary or expected.kind not in NAMED:
        return expected
    return expected.model_copy(update={"vocabulary": vocabulary[:MOST_NAMES]})


def slot_rule(ask: Ask) -> SlotRule:
    """What a value for `ask` must be."""
    least = ask.digits.least if ask.digits is not None else 1
    most = ask.digits.most if ask.digits is not None else 20
    return SlotRule(
        ask.wants, least=least, most=most, pattern=ask.pattern, choices=ask.choices, when=ask.when
    )
