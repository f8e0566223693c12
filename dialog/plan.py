"""Decides what to do next. `Dialog.plan` is a pure function of state and moment: no clock, no I/O, no memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from loguru import logger

from actions.types import ActionRequest
from calls.redaction.kinds import Kind
from dialog.answers import Answers, Knowledge
from dialog.commands import Commands
from dialog.doubts import Doubts
from dialog.draft import Draft, changed
from dialog.escalating import Escalations
from dialog.expecting import with_names
from dialog.flow import Flows
from dialog.happenings import Happenings
from dialog.holding import Holding, HoldReply, Waited
from dialog.language_model.request import ModelRequest
from dialog.mood import judged, moved, replied
from dialog.playbook import Playbook
from dialog.prompts import first_prompts, fixed_prompts
from dialog.reasons import Reason
from dialog.repair import NO_INPUT, Repairs
from dialog.signals import signals, understood
from dialog.turns import Turns
from dialog.types import (
    DialogState,
    Hearing,
    Moment,
    Plan,
    Silence,
)
from dialog.understand import Classifier, Feelings, Meaning, Understander
from dialog.values import FlowError


@dataclass(frozen=True)
class Minds:
    """What a dialog understands with: built once for a playbook, used by all calls."""

    classifier: Classifier
    knowledge: Knowledge | None = None
    feelings: Feelings | None = None


@dataclass(frozen=True)
class CallerFacts:
    """What the session knows of a caller before they speak. It goes into the state, and so into the record."""

    valued: bool = False
    """The company would rather hand them over too early than too late."""
    called_lately: bool = False
    """The same number called within the last seven days."""


UNKNOWN_CALLER = CallerFacts()


class Dialog:
    """The dialog of one playbook. Holds no call's state and is safe to use from many threads."""

    def __init__(self, playbook: Playbook, minds: Minds) -> None:
        self._playbook = playbook
        self._feelings = minds.feelings
        self._flows = Flows(playbook)
        self._answers = Answers(playbook, minds.knowledge, self._flows.fill)
        self._understander = Understander(playbook, minds.classifier, minds.feelings)
        self._doubts = Doubts(playbook, self._flows)
        self._repairs = Repairs(playbook, self._flows)
        self._commands = Commands(playbook, self._flows)
        escalations = Escalations(playbook, self._flows)
        self._happenings = Happenings(playbook, self._flows, self._commands, escalations)
        self._turns = Turns(
            playbook,
            self._flows,
            self._answers,
            self._repairs,
            self._commands,
            self._doubts,
            escalations,
        )
        self._holding = Holding(playbook, self._understander)

    @property
    def playbook(self) -> Playbook:
        """What it talks by."""
        return self._playbook

    @property
    def playbook_version(self) -> str:
        """Name and version of the playbook."""
        return self._playbook.version

    @property
    def first_prompts(self) -> tuple[str, ...]:
        """Those of them that are said in any call, whatever it is about."""
        return first_prompts(self._playbook)

    @property
    def fixed_prompts(self) -> tuple[str, ...]:
        """Sentences that are the same in every call, which can be spoken in advance."""
        return fixed_prompts(self._playbook)

    def may_record(self, state: DialogState) -> bool:
        """Whether the call's sound may be kept now."""
        mode = self._playbook.head.consent.mode
        return mode == "stay_on_line" or (mode == "verbal" and state.consent is True)

    def private(self, state: DialogState) -> Kind | None:
        """What the caller is privately asked for now; None where their answer may be kept."""
        flow = self._playbook.flows.get(state.flow or "")
        step = flow.steps.get(state.step or "") if flow is not None else None
        return step.ask.private if step is not None and step.ask is not None else None

    def speed(self, plan: Plan) -> float:
        """How fast a plan is spoken, relative to the voice's own pace."""
        voice = self._playbook.head.voice
        return voice.speed * (voice.slow_speed if plan.slow else 1.0)

    def start(
        self,
        call_id: str,
        caller_number: str | None,
        opened_at: datetime,
        reachable: Iterable[str] = (),
        facts: CallerFacts = UNKNOWN_CALLER,
    ) -> DialogState:
        """The state of a call that has not begun; an `opened_at` with a time zone is told in the company's.

        `reachable`: the queues whose people can be rung now; `renewed` tells of changes.
        """
        if opened_at.tzinfo is not None:
            opened_at = opened_at.astimezone(ZoneInfo(self._playbook.queues.timezone))
        return DialogState(
            playbook=self.playbook_version,
            call_id=call_id,
            caller_number=caller_number,
            opened_at=opened_at.replace(tzinfo=None).isoformat(timespec="seconds"),
            reachable=tuple(sorted(reachable)),
            valued=facts.valued,
            called_lately=facts.called_lately,
        )

    def renewed(self, state: DialogState, reachable: Iterable[str]) -> DialogState:
        """The state after people have come or gone: `reachable` are the queues whose people can be rung now."""
        return changed(state, reachable=tuple(sorted(reachable)))

    def on_hold(self, state: DialogState, hearing: Hearing, waiting: Waited) -> HoldReply:
        """What a caller who waits for a person wants, and what they are told. The state stays as it is."""
        return self._holding.reply(state, hearing, waiting)

    def hold_words(self, state: DialogState, waiting: Waited) -> tuple[str, ...]:
        """The word that a caller on hold hears every half minute."""
        return self._holding.words(state, waiting)

    def call_back(self, call_id: str, caller_number: str, opened_at: datetime) -> tuple[ActionRequest, ...]:
        """What to do so that a caller who found no free line is called back."""
        state = self.start(call_id, caller_number, opened_at)
        return self._flows.enter(state, self._playbook.head.busy_flow).act

    def model_request(self, state: DialogState, hearing: Hearing) -> ModelRequest | None:
        """What a language model is asked about a turn that was not understood; None where it should not be."""
        rules = self._playbook.head.model
        if self.private(state) is not None:
            return None  # what is said now is for the action alone
        if not hearing.text or hearing.unsure or not (rules.understand or rules.phrase):
            return None
        ask = self._flows.ask(state)
        return ModelRequest(
            caller_text=hearing.text,
            turns=tuple(("caller", text) for text in state.heard),
            open_question=self._flows.question(state) or None,
            slots=(ask.slot,) if ask is not None and not ask.yes_no else (),
            flows={
                intent.flow: self._flows.title(intent.flow)
                for intent in self._playbook.intents.values()
                if intent.flow is not None
            },
            articles=self._answers.near(state, hearing.text),
            persona=self._playbook.head.persona.style,
            understand=rules.understand,
            phrase=rules.phrase,
            budget_s=rules.budget_s,
        )

    def plan(self, state: DialogState, moment: Moment) -> Plan:
        """What to do now. The same state and moment give the same plan."""
        if isinstance(moment, Hearing | Silence):
            state = changed(state, turn=state.turn + 1)
        try:
            return self._decide(state, moment)
        except FlowError as error:
            logger.bind(call=state.call_id).error("the playbook cannot go on: {}", error)
            left = changed(state, offered=None, agreed=None, pending=(), after_undo=None, doubt=None)
            return self._finish(state, self._repairs.give_up(left, "a fault in the playbook", Reason.FAULT))

    def _decide(self, state: DialogState, moment: Moment) -> Plan:
        match moment:
            case Hearing():
                return self._hear(state, moment)
            case Silence() if state.finding_queue:
                return self._finish(state, self._commands.some_person(state), repair=NO_INPUT)
            case Silence() if not state.pending:
                quiet = changed(state, offer=None)
                return self._finish(state, self._repairs.no_input(quiet), repair=NO_INPUT)
        return self._finish(state, self._happenings.take(state, moment))

    def _hear(self, state: DialogState, hearing: Hearing) -> Plan:
        state = changed(state, handed=None)
        meaning = self._understander.understand(hearing, self._turns.asked(state))
        private = self.private(state)
        state, dissatisfaction = judged(moved(state, meaning, private), self._feelings, hearing.prosody)
        state, meaning = self._doubts.settled(state, meaning)
        state = self._turns.with_topic(state, meaning)
        draft, repair = self._turns.respond(state, hearing, meaning)
        draft = self._turns.with_feeling(draft, meaning)
        return self._finish(state, draft, meaning, repair, dissatisfaction=dissatisfaction)

    def _finish(
        self,
        before: DialogState,
        draft: Draft,
        meaning: Meaning | None = None,
        repair: str = "none",
        dissatisfaction: float | None = None,
    ) -> Plan:
        said = " ".join(draft.say) or before.last_said
        state = replied(changed(draft.state, last_said=said, expect=draft.expect), draft.say)
        return Plan(
            say=draft.say,
            act=draft.act,
            expect=with_names(draft.expect, self._playbook.head.vocabulary),
            then=draft.then,
            hand_over=draft.order,
            slow=state.slow,
            state=state,
            understanding=understood(draft, meaning),
            signals=signals(draft, meaning, dissatisfaction, repair),
            why=draft.why or _place(state),
        )


def _place(state: DialogState) -> str:
    return f"{state.flow}: {state.step}" if state.flow is not None else "open question"
