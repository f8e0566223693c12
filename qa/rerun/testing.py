"""What `warmline test` does: runs a playbook's scenarios and tells which did not go as written."""

import json
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.text import Text

from authoring.command import ready_encoder
from authoring.script import Deed, Keys, Says
from authoring.text_call import People, TextCall
from calls.events import CallEvent
from calls.wav import RecordingError
from classifiers import load_stand_ins, minds_of
from dialog.load import load_playbook
from dialog.minds import word_minds
from dialog.plan import Dialog
from handoff.escalation.watch import EscalationWatch
from handoff.escalation.weights import read_weights
from qa.rerun.answers import RecordedActions
from qa.rerun.expecting import missed, missed_in_call
from qa.rerun.pairing import paired
from qa.rerun.run import Call, run_again
from qa.rerun.scenario import FOLDER, Scenario, ScenarioError, read_scenarios
from qa.rerun.sound import read_recording
from qa.rerun.views import view
from qa.virtual.costs import Spent
from qa.virtual.loop import run_virtually
from qa.virtual.today import EVERY_DAY, Today, read_models
from settings import ClassifierSettings
from thinking import Thinking

CALL = "scenario"
EVENTS = TypeAdapter(CallEvent)


@dataclass(frozen=True)
class Result:
    """How one scenario went."""

    scenario: str
    path: Path
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything was as it must be."""
        return not self.faults


def run_scenarios(
    folder: Path | None,
    playbook: Path,
    models: Path | None,
    console: Console,
    *,
    junit: Path | None = None,
    json_lines: bool = False,
) -> bool:
    """Run all scenarios of a folder, without one those of the playbook; print a line each. Returns whether all pass.

    Raises:
        ScenarioError, ModelsError, PlaybookError, ModelFileError, ClassifierSettingError: with what to mend.
    """
    scenarios = read_scenarios(folder or playbook / FOLDER)
    choice = read_models(models) if models is not None else EVERY_DAY
    results = []
    today: Today | None = None
    thinking: Thinking | None = None
    for path, scenario in scenarios:
        if scenario.is_heard:
            today = today or Today(playbook, choice)
            faults = heard_faults(scenario, path.parent, today)
        else:
            thinking = thinking or _thinking(playbook)
            faults = read_faults(scenario, thinking)
        results.append(Result(scenario.scenario, path, faults))
        _print(results[-1], console, json_lines=json_lines)
    if junit is not None:
        write_junit(results, junit)
    if not json_lines:
        failed = sum(not result.passed for result in results)
        console.print(Text(f"{len(results)} scenarios, {failed} failed."))
    return all(result.passed for result in results)


def read_faults(scenario: Scenario, thinking: Thinking) -> tuple[str, ...]:
    """Run one scenario of text. Returns what is not as it must be."""
    events = run_virtually(_read(scenario, thinking), Spent())
    call = view(events)
    faults = []
    for number, turn in enumerate(scenario.turns, start=1):
        found = next((one for one in call.turns if one.number == number and one.kind != "opening"), None)
        faults += [f"turn {number}: {fault}" for fault in missed(turn.expect, found)]
    return (*faults, *missed_in_call(scenario.expect, call))


async def _read(scenario: Scenario, thinking: Thinking) -> list[CallEvent]:
    actions = RecordedActions(scenario.answer_events(CALL), thinking.dialog.playbook.actions)
    people = People(scenario.reachable, EscalationWatch(read_weights()))
    call = TextCall(thinking, actions, CALL, scenario.caller, scenario.opened_at, people=people)
    await call.open()
    for deed in scenario.deeds():
        if call.finished or call.handed is not None:
            break
        await _do(call, deed)
    call.close()
    return list(call.events)


async def _do(call: TextCall, deed: Deed) -> None:
    match deed:
        case Says(text, confidence):
            await call.say(text, confidence)
        case Keys(keys):
            await call.key(keys)
        case _:
            await call.silence()


def heard_faults(scenario: Scenario, folder: Path, today: Today) -> tuple[str, ...]:
    """Run one scenario with sound. Returns what is not as it must be.

    Raises:
        ScenarioError: a file beside it cannot be read.
    """
    call = read_call(scenario, folder)
    rerun, _ = run_again(call, today)
    now = view(rerun.events)
    pairs = paired(view(call.events).turns, now.turns, rerun.released)
    by_turn = {number: pair.now for pair in pairs for number in pair.numbers if pair.now is not None}
    faults = []
    for turn in scenario.turns:
        found = by_turn.get(turn.turn) if turn.turn is not None else None
        faults += [f"turn {turn.turn}: {fault}" for fault in missed(turn.expect, found)]
    return (*faults, *missed_in_call(scenario.expect, now))


def read_call(scenario: Scenario, folder: Path) -> Call:
    """The recorded call of a scenario with sound.

    Raises:
        ScenarioError: a file is missing or cannot be read.
    """
    events, recording = folder / str(scenario.events), folder / str(scenario.recording)
    try:
        lines = [EVENTS.validate_json(line) for line in events.read_text().splitlines() if line]
        if not recording.is_file():
            raise ScenarioError(f"{recording} does not exist")
        return Call(tuple(lines), read_recording(recording))
    except OSError as error:
        raise ScenarioError(f"{events}: {error.strerror or error}") from None
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        raise ScenarioError(f"{events}: {'.'.join(map(str, problem['loc']))}: {problem['msg']}") from None
    except RecordingError as error:
        raise ScenarioError(str(error)) from None


def write_junit(results: list[Result], path: Path) -> None:
    """The results as continuous-integration servers read them."""
    failed = sum(not result.passed for result in results)
    suite = ET.Element("testsuite", name="warmline", tests=str(len(results)), failures=str(failed))
    for result in results:
        case = ET.SubElement(suite, "testcase", name=result.scenario, file=str(result.path))
        if not result.passed:
            failure = ET.SubElement(case, "failure", message=result.faults[0])
            failure.text = "\n".join(result.faults)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _thinking(folder: Path) -> Thinking:
    """The dialog with the models that are there: without the prepared ones, only words are understood."""
    playbook = load_playbook(folder)
    encoder = ready_encoder()
    if encoder is None:
        return Thinking(Dialog(playbook, word_minds(playbook)))
    return Thinking(Dialog(playbook, minds_of(playbook, encoder, load_stand_ins(ClassifierSettings()))))


def _print(result: Result, console: Console, *, json_lines: bool) -> None:
    if json_lines:
        told = {"scenario": result.scenario, "passed": result.passed, "faults": result.faults}
        console.out(json.dumps(told), highlight=False)
        return
    mark, style = ("✔", "green") if result.passed else ("✖", "red")
    console.print(Text.assemble((mark, style), f" {result.scenario}"), soft_wrap=True)
    for fault in result.faults:
        console.print(Text(f"    {fault}"), soft_wrap=True)
