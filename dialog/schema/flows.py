"""`flows.yaml` and `flows/*.yaml`: flows and their steps."""

from typing import Annotated, Literal

from pydantic import Field, RootModel, model_validator

from actions.spec import ActionName
from dialog.parts import Condition, Ladder, Name, Text
from dialog.reasons import Reason
from dialog.schema.ask import Ask
from dialog.schema.part import Part

END = "end"
HANG_UP = "hang_up"
TARGETS = frozenset({END, HANG_UP})
"""Where a `go` may lead besides a step or a flow: back to an open question, or to the end of the call."""


class Otherwise(Part):
    """What follows a failure."""

    say: Text
    go: Name
    undo: bool = False
    """First take back what this flow has done before."""
    most: Annotated[int, Field(ge=1, le=10)] = 1
    """From this many times on, the step's `exhausted` takes the place of `go`."""


class Declined(Part):
    """What follows when the caller does not agree."""

    say: Text
    go: Name = END


class Undo(Part):
    """The action that takes back what a step has done."""

    action: ActionName
    arguments: Annotated[dict[str, str], Field(alias="with")] = {}


class Act(Part):
    """Do something in the company's systems."""

    action: ActionName
    arguments: Annotated[dict[str, str], Field(alias="with")] = {}
    heard: dict[str, Name] = {}
    """Arguments that get all that was heard for a slot, attempt by attempt, and not only its likeliest value."""
    save: Name
    confirm: Text | None = None
    """The read-back and the question: what the caller agrees to. Required where the action needs confirmation."""
    declined: Declined | None = None
    skip_without: Name | None = None
    otherwise_say: Text | None = None
    """Said when the action is skipped; the flow ends there."""
    failed: dict[str, Otherwise]
    exhausted: Name | None = None
    undo: Undo | None = None
    anew: bool = False
    """Done again each time the flow comes here. Without it, the same change asked twice in a call is one change."""

    @model_validator(mode="after")
    def _knows_what_then(self) -> "Act":
        if "otherwise" not in self.failed:
            raise ValueError("failed needs an entry otherwise")
        if any(one.most > 1 for one in self.failed.values()) and self.exhausted is None:
            raise ValueError("needs exhausted: where it goes after the most tries")
        if (self.skip_without is None) is not (self.otherwise_say is None):
            raise ValueError("skip_without and otherwise_say need each other")
        if (self.confirm is None) is not (self.declined is None):
            raise ValueError("confirm and declined need each other")
        if any(name in self.arguments for name in self.heard):
            raise ValueError("an argument is in with or in heard, not in both")
        return self


class Choose(Part):
    """Say what belongs to a value."""

    by: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_.]*$")]
    say: Annotated[dict[str, Text], Field(min_length=1)]
    otherwise: Text | None = None


class Case(Part):
    """One way to go on."""

    when: Condition
    go: Name
    say: Text | None = None


class HandOver(Part):
    """Pass the caller to a person of a queue, or ask one."""

    queue: Name
    reason: Text
    code: Reason = Reason.FLOW
    """What kind of reason it is."""
    say: Text | None = None
    kind: Literal["warm", "cold", "consult"] = "warm"
    """`warm`: a human is briefed first; `cold`: put through at once; `consult`: a human answers a question with yes or
    no while the caller holds, and the flow goes on."""
    question: Text | None = None
    """Of a consultation: what the human is asked."""
    save: Name | None = None
    """Of a consultation: the name of the answer, which is true, false, or null where nobody answered."""

    @model_validator(mode="after")
    def _asks_or_passes(self) -> "HandOver":
        consults = self.kind == "consult"
        if (self.question is not None) is not consults or (self.save is not None) is not consults:
            raise ValueError("kind consult needs question and save, and nothing else has them")
        return self


class Step(Part):
    """One step of a flow.

    Exactly one of `ask`, `identify`, `act`, `branch`, `choose`, `say`, `hand_over`, or only `go`.
    """

    ask: Ask | None = None
    identify: Annotated[int, Field(ge=1, le=3)] | None = None
    """Make sure that the caller is identified at this level; skipped when they are."""
    act: Act | None = None
    branch: Annotated[tuple[Case, ...], Field(min_length=1)] | None = None
    """The first case that is true; when none is, `go`, or the next step."""
    choose: Choose | None = None
    say: Text | None = None
    hand_over: HandOver | None = None
    go: Name | None = None
    """Where it goes on; without, to the next step, and after the last to an open question."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Step":
        parts = (self.ask, self.identify, self.act, self.branch, self.choose, self.say, self.hand_over)
        done = sum(one is not None for one in parts)
        if done > 1 or (done == 0 and self.go is None):
            raise ValueError(
                "needs exactly one of ask, identify, act, branch, choose, say and hand_over, or only go"
            )
        return self


class Flow(Part):
    """One flow: its steps in order."""

    title: Text
    """What the caller is doing here, after "back to": `your return`."""
    wants: Ladder | None = None
    """What a human is told that the caller wants, after "Wants": `to cancel order {{ cancel_number | spell }}`.

    The first whose values are known is told; the last is the shortest. Without it, the title stands for it."""
    steps: Annotated[dict[Name, Step], Field(min_length=1)]


class FlowsFile(RootModel[dict[Name, Flow]]):
    """`flows.yaml`, and every file of `flows/`."""
