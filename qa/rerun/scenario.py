"""A regression scenario: a call that must go as it is written down. One YAML file each.

    scenario: return-of-an-order          # its name
    caller: "+15550100000"                # who calls; may be left out
    opened_at: 2026-01-05T12:00:00+00:00
    reachable: [service]                  # the queues whose people can be rung
    turns:
      - caller: I want to send something back
        expect: {intent: return_order, flow: returns}
      - caller: "[key 4711]"              # as in the scripts of `warmline chat`
        expect: {actions: [shop.order_status], said: ["which item"]}
    answers:                              # what actions answer; nothing is executed
      - {action: shop.order_status, arguments: {order_number: "4711"}, data: {status: shipped}}
    expect: {handed_over: null}           # of the call as a whole

Only what stands under `expect` is looked at. A scenario with `recording` and `events` is heard, not read: the files
beside it hold the caller's sound and the record of then, and `turns` names turns of then by `turn`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError, model_validator

from actions.types import Failure
from authoring.script import Deed, KeysCode, ScriptError, read_line
from calls.events import ActionDone, ActionFailed, ActionRequested, CallEvent, EventBody

FOLDER = "scenarios"
"""Of a playbook."""
BEGAN = datetime(2026, 1, 5, 12, tzinfo=UTC)


class ScenarioError(Exception):
    """A scenario cannot be read or run; the text has a line for each fault: file, field, rule."""


class Strict(BaseModel):
    """Base of all parts of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(Strict):
    """What must come of one turn. What is left out is not looked at; `intent: null` means that none is understood."""

    intent: str | None = None
    flow: str | None = None
    repair: str | None = None
    said: tuple[str, ...] = ()
    """Each must be part of what we say, whatever the case of its letters."""
    actions: tuple[str, ...] | None = None
    """The actions that are asked for in this turn, by name and in any order."""
    escalation: str | None = None
    handed_over: str | None = None
    """The reason of the hand-over that is ordered; null: none is."""


class Turn(Strict):
    """One turn of the caller's."""

    caller: str = ""
    """A line of a script."""
    turn: int | None = None
    """In a scenario with sound: the turn of then."""
    expect: Expected = Expected()


class Answer(Strict):
    """What an action answers."""

    action: str
    arguments: dict[str, JsonValue] = {}
    data: dict[str, JsonValue] = {}
    failure: Failure | None = None
    reason: str | None = None
    duration_s: float = 0.1


class OfCall(Strict):
    """What must come of the whole call."""

    handed_over: str | None = None
    done: tuple[str, ...] | None = None
    """The actions that have had their effect, by name."""


class Scenario(Strict):
    """One scenario."""

    scenario: str
    caller: str | None = None
    opened_at: datetime = BEGAN
    reachable: tuple[str, ...] = ()
    recording: str | None = None
    events: str | None = None
    turns: tuple[Turn, ...]
    answers: tuple[Answer, ...] = ()
    expect: OfCall = OfCall()

    @model_validator(mode="after")
    def _whole(self) -> "Scenario":
        if (self.recording is None) is not (self.events is None):
            raise ValueError("a scenario with sound needs both recording and events")
        if self.opened_at.tzinfo is None:
            raise ValueError("opened_at needs a time zone")
        return self

    @property
    def is_heard(self) -> bool:
        """Whether the caller's sound is played, and not their text read."""
        return self.recording is not None

    def deeds(self) -> tuple[Deed, ...]:
        """What the caller does.

        Raises:
            ScriptError: a line is none of a script's, or needs a text message that nobody gets.
        """
        deeds = []
        for number, turn in enumerate(self.turns, start=1):
            deed = read_line(turn.caller)
            if deed is None or isinstance(deed, KeysCode):
                raise ScriptError(f"turn {number}: the caller must say or key something that stands there")
            deeds.append(deed)
        return tuple(deeds)

    def answer_events(self, call_id: str) -> list[CallEvent]:
        """The answers as the record of a call would have them."""
        bodies: list[EventBody] = []
        for number, one in enumerate(self.answers):
            key = f"{call_id}:{number}"
            bodies.append(ActionRequested(turn=0, action=one.action, key=key, arguments=one.arguments))
            if one.failure is None:
                bodies.append(
                    ActionDone(turn=0, action=one.action, key=key, data=one.data, duration_s=one.duration_s)
                )
            else:
                bodies.append(
                    ActionFailed(
                        turn=0,
                        action=one.action,
                        key=key,
                        failure=one.failure,
                        reason=one.reason,
                        duration_s=one.duration_s,
                    )
                )
        return [
            CallEvent(call_id=call_id, seq=seq, at=self.opened_at, body=body)
            for seq, body in enumerate(bodies, start=1)
        ]


def read_scenarios(folder: Path) -> list[tuple[Path, Scenario]]:
    """All scenarios of a folder and those below it, by name.

    Raises:
        ScenarioError: naming file, field and rule of each fault; or there is no scenario.
    """
    paths = sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")])
    if not paths:
        raise ScenarioError(f"{folder}: there is no scenario (a .yaml file) in it")
    read: list[tuple[Path, Scenario]] = []
    wrong: list[str] = []
    for path in paths:
        try:
            scenario = Scenario.model_validate(yaml.safe_load(path.read_text()))
            if not scenario.is_heard:
                scenario.deeds()
            read.append((path, scenario))
        except ValidationError as error:
            wrong += [
                f"{path}: {'.'.join(map(str, one['loc']))}: {one['msg']}"
                for one in error.errors(include_url=False, include_input=False)
            ]
        except (yaml.YAMLError, ScriptError) as error:
            wrong.append(f"{path}: {error}")
    if wrong:
        raise ScenarioError("\n".join(wrong))
    return read


def as_yaml(scenario: Scenario, notes: Sequence[str]) -> str:
    """The scenario as its file has it, with notes for whoever reads it on top."""
    told = scenario.model_dump(mode="json", exclude_defaults=True)
    told["expect"] = scenario.expect.model_dump(mode="json", exclude_unset=True)
    told["turns"] = [
        {
            **turn.model_dump(mode="json", exclude_defaults=True, exclude={"expect"}),
            "expect": turn.expect.model_dump(mode="json", exclude_unset=True),
        }
        for turn in scenario.turns
    ]
    head = "".join(f"# {note}\n" for note in notes)
    return head + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=110)
