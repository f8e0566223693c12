"""A call becomes a scenario: what `warmline rerun CALL --save-scenario FOLDER` and the console's button do."""

import asyncio
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue
from rich.console import Console
from rich.text import Text

from actions.spec import ActionSpec
from actions.types import Failure
from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    CallEvent,
    CallStarted,
    StreamStarted,
    TurnPlanned,
)
from calls.store import open_store
from dialog.load import load_playbook
from qa.rerun.deeds import until_handed_over
from qa.rerun.run import reachable_then
from qa.rerun.scenario import Answer, Expected, OfCall, Scenario, Turn, as_yaml
from qa.rerun.views import CallView, TurnView, view
from settings import PlaybookSettings

CALLER = "+15550100000"
"""Stands in for the number of who called."""
NAMES = ("Robin Clark", "Alex Morgan", "Jamie Parker", "Chris Taylor")


class SavingError(Exception):
    """A call cannot become the scenario that was asked for; the text says why."""


@dataclass(frozen=True)
class Saved:
    """A scenario of a call."""

    scenario: Scenario
    personal: tuple[str, ...]
    """Names of the fields that may identify the caller."""
    replaced: int
    """How many values were replaced by made-up ones."""


def scenario_of(
    events: Sequence[CallEvent], specs: Mapping[str, ActionSpec], *, keep_personal: bool = False
) -> Saved:
    """The assistant's part of a call as a scenario of text. Pure.

    Without `keep_personal`, what is known to be personal (the number, names, and what actions declare as personal) is
    replaced by made-up values, the same wherever it stands; what else a caller says of themselves nobody can know.
    """
    ours = until_handed_over(events)
    call = view(events)
    started = next((event.body for event in ours if isinstance(event.body, CallStarted)), None)
    known = {} if keep_personal else _stand_ins(ours, specs)
    turns = tuple(
        Turn(caller=_put(_line(turn), known), expect=_expected(turn))
        for turn in call.turns
        if turn.kind != "opening"
    )
    answers = tuple(_replaced(answer, known) for answer in _answers(ours))
    caller = started.caller if started is not None else None
    scenario = Scenario(
        scenario=events[0].call_id,
        caller=known.get(caller, caller) if caller is not None else None,
        opened_at=events[0].at,
        reachable=reachable_then(events),
        turns=turns,
        answers=answers,
        expect=_of_call(call),
    )
    return Saved(scenario, _personal_fields(scenario, specs), len(known))


def save_scenarios(
    call_ids: Sequence[str],
    folder: Path,
    settings: PlaybookSettings,
    console: Console,
    *,
    audio: bool = False,
    keep_personal: bool = False,
) -> list[Path]:
    """Save calls as scenarios into a folder; tells what they hold of the caller. Returns their files."""
    specs = load_playbook(settings.warmline_playbook).actions
    written = []
    for call_id in call_ids:
        events = asyncio.run(_read(settings.store_url, call_id))
        if audio:
            path = save_heard(events, folder, settings.warmline_data_dir)
            console.print(Text(f"{path}: holds the caller's voice and all that was said"), soft_wrap=True)
        else:
            saved = scenario_of(events, specs, keep_personal=keep_personal)
            path = write_scenario(saved, folder)
            fields = ", ".join(saved.personal) or "none"
            told = f"{path}: fields that may identify the caller: {fields}; {saved.replaced} values replaced"
            console.print(Text(told), soft_wrap=True)
        written.append(path)
    return written


def write_scenario(saved: Saved, folder: Path) -> Path:
    """Write a scenario of text. Returns its file."""
    notes = (
        "A call as a scenario. Only what stands under `expect` is looked at; add `said` where a wording matters.",
        f"May identify the caller: {', '.join(saved.personal) or 'nothing that is known of'}.",
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{saved.scenario.scenario}.yaml"
    path.write_text(as_yaml(saved.scenario, notes))
    return path


def save_heard(events: Sequence[CallEvent], folder: Path, data_dir: Path) -> Path:
    """Save a call with its sound: the scenario, the record and the recording. Returns the scenario's file.

    Raises:
        SavingError: it has no recording.
    """
    call_id = events[0].call_id
    names = [event.body.recording for event in events if isinstance(event.body, StreamStarted)]
    recording = next((data_dir / name for name in names if name is not None), None)
    if recording is None or not recording.is_file():
        raise SavingError(f"the call {call_id} has no recording: it can be saved as text only")
    call = view(events)
    scenario = Scenario(
        scenario=call_id,
        opened_at=events[0].at,
        recording=f"{call_id}.wav",
        events=f"{call_id}.events.jsonl",
        turns=tuple(
            Turn(turn=turn.number, expect=_expected(turn))
            for turn in call.turns
            if turn.kind in {"spoken", "keyed"}
        ),
        expect=_of_call(call),
    )
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(recording, folder / f"{call_id}.wav")
    (folder / f"{call_id}.events.jsonl").write_text(
        "".join(event.model_dump_json() + "\n" for event in events)
    )
    path = folder / f"{call_id}.yaml"
    path.write_text(as_yaml(scenario, ("A call with its sound as a scenario: it holds the caller's voice.",)))
    return path


def _line(turn: TurnView) -> str:
    if turn.kind == "silent":
        return "[silence]"
    if turn.kind == "keyed":
        return f"[key {turn.text}]"
    # A text begins with a letter: one that began with a bracket would be a directive.
    text = turn.text.lstrip("[# ") or "mhm"
    sure = turn.confidence if turn.confidence is not None else 1.0
    return text if sure >= 0.995 else f"[confidence {sure:.2f}] {text}"


def _expected(turn: TurnView) -> Expected:
    if not turn.planned:
        return Expected()
    told: dict[str, object] = {"intent": turn.intent, "flow": turn.flow}
    if turn.repair != "none":
        told["repair"] = turn.repair
    if turn.actions:
        told["actions"] = tuple(one.action for one in turn.actions)
    if turn.escalation in {"offer", "hand_over"}:
        told["escalation"] = turn.escalation
    if turn.hand_over is not None:
        told["handed_over"] = turn.hand_over
    return Expected.model_validate(told)


def _of_call(call: CallView) -> OfCall:
    done = tuple(sorted({one.action for turn in call.turns for one in turn.actions if one.outcome == "done"}))
    return OfCall(handed_over=call.transfer, done=done)


def _answers(events: Sequence[CallEvent]) -> list[Answer]:
    asked: dict[str, ActionRequested] = {}
    answers = []
    for event in events:
        match event.body:
            case ActionRequested() as body:
                asked[body.key] = body
            case ActionDone() as body if body.key in asked:
                answers.append(
                    Answer(
                        action=body.action,
                        arguments=asked[body.key].arguments,
                        data=body.data,
                        duration_s=body.duration_s,
                    )
                )
            case ActionFailed() as body if body.key in asked:
                answers.append(
                    Answer(
                        action=body.action,
                        arguments=asked[body.key].arguments,
                        failure=Failure(body.failure),
                        reason=body.reason,
                        duration_s=body.duration_s,
                    )
                )
    return answers


# What identifies the caller


def _stand_ins(events: Sequence[CallEvent], specs: Mapping[str, ActionSpec]) -> dict[str, str]:
    """Each personal value that is known, with a made-up one of its shape."""
    found: list[str] = []
    for event in events:
        match event.body:
            case CallStarted(caller=str(caller)):
                found.append(caller)
            case TurnPlanned(entities=entities):
                found += [value for name, value in entities.items() if "name" in name or "mail" in name]
            case ActionRequested() as body:
                found += _personal_values(body.arguments, specs.get(body.action))
            case ActionDone() as body:
                found += _personal_values(body.data, specs.get(body.action))
    made: dict[str, str] = {}
    for value in found:
        if len(value) >= 3 and value not in made:
            made[value] = CALLER if value.startswith("+") else _made_up(value, len(made))
    return made


def _personal_values(values: Mapping[str, JsonValue], spec: ActionSpec | None) -> list[str]:
    names = {*spec.personal, "customer"} if spec is not None else {"customer"}
    return [str(value) for name, value in values.items() if name in names and isinstance(value, str | int)]


def _made_up(value: str, number: int) -> str:
    if "@" in value:
        return f"caller{number}@example.com"
    if any(character.isdigit() for character in value):
        return "".join(
            str((int(one) + 3) % 10) if one.isdecimal() and one.isascii() else one for one in value
        )
    parts = NAMES[number % len(NAMES)].split()
    return " ".join(parts[: max(1, len(value.split()))])


def _put(text: str, known: Mapping[str, str]) -> str:
    """The text with the made-up values, whatever the case of its letters."""
    for value in sorted(known, key=len, reverse=True):
        made = known[value].replace("\\", r"\\")
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", made, text, flags=re.IGNORECASE)
    return text


def _replaced(answer: Answer, known: Mapping[str, str]) -> Answer:
    return answer.model_copy(
        update={"arguments": _put_into(answer.arguments, known), "data": _put_into(answer.data, known)}
    )


def _put_into(value: JsonValue, known: Mapping[str, str]) -> JsonValue:
    match value:
        case str():
            return _put(value, known)
        case list():
            return [_put_into(one, known) for one in value]
        case dict():
            return {name: _put_into(one, known) for name, one in value.items()}
    return value


def _personal_fields(scenario: Scenario, specs: Mapping[str, ActionSpec]) -> tuple[str, ...]:
    """Names, never values."""
    fields = {"caller"} if scenario.caller is not None else set()
    if scenario.turns:
        fields.add("turns.caller")
    for answer in scenario.answers:
        spec = specs.get(answer.action)
        names = {*spec.personal, "customer"} if spec is not None else {"customer"}
        fields |= {f"{answer.action}.{name}" for name in (*answer.arguments, *answer.data) if name in names}
    return tuple(sorted(fields))


async def _read(store_url: str, call_id: str) -> list[CallEvent]:
    async with await open_store(store_url) as store:
        return await store.read(call_id)
