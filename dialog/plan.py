"""Decides what to do next. `Dialog.plan` is a pure function of state and moment: no clock, no I/O, no memory."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from loguru import logger

from actions.types import ActionRequest, ActionResult
from calls.redaction.kinds import Kind
from dialog import phrasing
from dialog.answers import Answers, Knowledge
from dialog.commands import Commands
from dialog.doubts import LASTING, Doubts
from dialog.draft import HELD, Draft, changed
from dialog.escalating import Escalations
from dialog.expecting import slot_rule
from dialog.flow import Flows
from dialog.holding import Holding, HoldReply, Waited
from dialog.language_model.request import ModelRequest
from dialog.mood import judged, moved, replied
from dialog.places import ANYTHING_ELSE, CLOSING
from dialog.playbook import Playbook
from dialog.proposals import Proposals
from dialog.reasons import Reason
from dialog.repair import Repairs
from dialog.returning import Returning
from dialog.schema import Command
from dialog.signals import signals, understood
from dialog.texts import spoken
from dialog.types import (
    DialogState,
    Done,
    Escalated,
    HandedBack,
    Hearing,
    Moment,
    Next,
    Opened,
    Plan,
    Resumed,
    Silence,
    Waiting,
)
from dialog.understand import Asked, Classifier, Feelings, Meaning, Understander
from dialog.values import FlowError

NO_MATCH = "no_match"
NO_INPUT = "no_input"
REPEAT = "repeat"
CORRECTION = "correction"
DOUBT = "doubt"
NOT_SURE = 0.55
"""An agreement heard with less confidence than this is asked for again before anything is changed."""
UPSET = -0.5
"""From this sentiment down a turn gets a word of empathy."""
MOST_OF_A_NO = 6
"""A no of up to so many words wants nothing more; `no, listen, …` wants to be listened to."""
CALM_TURNS = 3
"""So many turns lie between two words of empathy."""


Happening = Opened | Resumed | Silence | Waiting | Done | HandedBack | Escalated
Answered = tuple[Draft, str]
"""What is decided, and what kind of repair it is: `none`, `no_match`, `repeat`, `correction`, `doubt`."""


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
        self._proposals = Proposals(playbook, self._flows)
        self._returning = Returning(playbook, self._flows)
        self._escalations = Escalations(playbook, self._flows)
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
        said = (one.text for one in spoken(self._playbook) if one.loc[0] == "prompts")
        return self._known_before(said)

    @property
    def fixed_prompts(self) -> tuple[str, ...]:
        """Sentences that are the same in every call, which can be spoken in advance."""
        texts = tuple(spoken(self._playbook))
        as_they_stand = (one.text for one in texts if not one.is_template)
        filled = self._known_before(one.text for one in texts if one.is_template)
        return tuple(dict.fromkeys((*filled, *as_they_stand)))

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
        return self._finish(state, self._happened(state, moment))

    # Moments

    def _happened(self, state: DialogState, moment: Happening) -> Draft:
        """What the caller has no part in."""
        match moment:
            case Opened():
                return self._opened(state)
            case Resumed():
                return self._resumed(state)
            case Silence():
                return self._commands.one_moment(state)
            case Waiting():
                return self._commands.still_acting(state)
            case Done(result=result):
                return self._done(state, result)
            case HandedBack() | Escalated():
                return self._of_people(state, moment)

    def _of_people(self, state: DialogState, moment: HandedBack | Escalated) -> Draft:
        """What comes from people, or leads to them."""
        if isinstance(moment, HandedBack):
            return self._returning.back(state, moment)
        return self._escalations.take(state, moment)

    def _opened(self, state: DialogState) -> Draft:
        consent = self._playbook.head.consent
        asked = (consent.ask,) if consent.mode == "verbal" and consent.ask is not None else ()
        said = (self._flows.fill(state, text) for text in (*self._playbook.prompts.opening, *asked))
        draft = self._flows.waiting(state, *said, why="greeting")
        return replace(draft, expect=self._commands.expect_consent()) if asked else draft

    def _resumed(self, state: DialogState) -> Draft:
        """Apologise, and go on: wait for the actions that were under way, or put the open question again."""
        prompts = self._playbook.prompts
        sorry = self._flows.fill(state, prompts.resumed)
        if state.handed is not None:
            held = self._flows.without_lost(state)
            return Draft(held, (sorry,), expect=HELD, then=Next.HAND_OVER, order=state.handed)
        if state.pending and state.flow is not None:
            return self._flows.resume(state).saying(sorry)
        state = self._flows.without_lost(state)
        question = self._flows.question(state) or self._flows.fill(state, prompts.resumed_question)
        return self._flows.waiting(state, sorry, question, why="resumed")

    def _done(self, state: DialogState, result: ActionResult) -> Draft:
        left = tuple(request for request in state.pending if request.key != result.key)
        if len(left) == len(state.pending):
            return self._flows.waiting(state, why="nobody waits for this action")
        return self._flows.done(changed(state, pending=left), result)

    def _hear(self, state: DialogState, hearing: Hearing) -> Plan:
        state = changed(state, handed=None)
        meaning = self._understander.understand(hearing, self._asked(state))
        private = self.private(state)
        state, dissatisfaction = judged(moved(state, meaning, private), self._feelings, hearing.prosody)
        state, meaning = self._doubts.settled(state, meaning)
        state = self._with_topic(state, meaning)
        draft, repair = self._respond(state, hearing, meaning)
        draft = self._with_feeling(draft, meaning)
        return self._finish(state, draft, meaning, repair, dissatisfaction=dissatisfaction)

    def _respond(self, state: DialogState, hearing: Hearing, meaning: Meaning) -> Answered:
        """What to do about a turn, and what kind of repair it is."""
        before = self._before_all_else(state, meaning)
        if before is not None:
            return before
        state = changed(state, pending=(), after_undo=None)
        if self._commands.asks_consent(state):
            consented = self._commands.consent(state, meaning)
            if consented is not None:
                return consented, "none"
            state = changed(state, consent=False)  # who does not answer has not agreed
        state, about_person = self._about_person(state, meaning)
        if about_person is not None:
            return about_person, "none"
        instead = self._instead(state, meaning)
        if instead is not None:
            return instead, "none"
        if meaning.command is not None:
            return self._commands.do(state, meaning), REPEAT if meaning.command is Command.REPEAT else "none"
        found = (
            self._in_flow(state, meaning) if state.flow is not None else self._between_flows(state, meaning)
        )
        return found or self._not_understood(state, hearing, meaning)

    def _about_person(self, state: DialogState, meaning: Meaning) -> tuple[DialogState, Draft | None]:
        """An answer to our question which person they need, or whether they want one."""
        if state.finding_queue:
            draft = self._commands.which_person(state, meaning)
            lasts = meaning.command in LASTING
            return changed(state, finding_queue=lasts), draft
        return self._escalations.answered(state, meaning)

    def _with_topic(self, state: DialogState, meaning: Meaning) -> DialogState:
        """The state that knows what the call is about, if this turn says it."""
        topic = meaning.intent or meaning.topic
        intent = self._playbook.intents.get(topic or "")
        names_matter = intent.flow is not None if intent is not None else topic in self._playbook.articles
        return changed(state, about=topic) if names_matter and not meaning.is_doubtful else state

    def _before_all_else(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """Danger is a person's at once; while we act, nothing else is begun."""
        if meaning.danger:
            rules = self._playbook.escalation
            queue = rules.danger_queue or rules.default_queue
            left = changed(state, pending=())
            why = "the caller speaks of danger"
            return self._flows.hand_over(left, queue, why, code=Reason.DANGER), "none"
        if state.pending and meaning.command is not Command.PERSON:
            return self._commands.one_moment(state), "none"
        return None

    def _not_understood(self, state: DialogState, hearing: Hearing, meaning: Meaning) -> Answered:
        """What a language model makes of it; otherwise we say that we do not know, or ask again."""
        proposed = self._proposals.take(state, hearing, self._commands)
        if proposed is not None:
            return proposed, "none"
        gap = self._answers.gap(state, meaning)
        if gap is not None:
            return self._repairs.no_answer(state, gap), NO_MATCH
        if self._flows.asks_agreement(state):
            return self._repairs.no_match(state), NO_MATCH  # what was read back still waits for its yes or no
        state = self._flows.not_answered(state, meaning.heard)
        return self._repairs.no_match(self._flows.without_offer(state)), NO_MATCH

    # In a flow

    def _instead(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """An answer of another kind than the open question's value: "send it again" is no "say that again"."""
        if meaning.found or meaning.command not in {None, Command.REPEAT, Command.THANKS}:
            return None
        return self._flows.instead(state, meaning.text)

    def _in_flow(self, state: DialogState, meaning: Meaning) -> Answered | None:
        if self._flows.asks_agreement(state):
            answered = self._agreement(state, meaning)
        elif self._flows.reads_back(state):
            answered = self._read_back(state, meaning)
        else:
            answered = self._answered(state, meaning)
        if answered is not None:
            return answered
        if meaning.corrects:
            corrected = self._flows.correct(state, meaning.heard)
            if corrected is not None:
                return corrected.because("a value is corrected"), CORRECTION
        return self._digression(state, meaning)

    def _agreement(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """To a change of something: only a plain yes that was heard well is one."""
        if meaning.corrects or (meaning.reply is False and not meaning.plain):
            corrected = self._flows.correct(state, meaning.heard)
            if corrected is not None:
                return corrected.because("a value is corrected"), CORRECTION
        if meaning.reply is True and meaning.plain:
            if meaning.confidence < NOT_SURE:
                return self._repairs.no_match(state), NO_MATCH
            return self._flows.confirm(state), "none"
        if meaning.reply is False and meaning.intent is None:
            return self._flows.decline(state), "none"
        return None

    def _read_back(self, state: DialogState, meaning: Meaning) -> Answered | None:
        if meaning.found and meaning.found[0].value != state.offered:
            answered = self._flows.answer(self._flows.without_offer(state), meaning.found, meaning.heard)
            return answered, CORRECTION
        if meaning.reply is True or meaning.found:
            return self._flows.confirm(state), "none"
        if meaning.reply is False:
            second = self._flows.refuse(state)
            if second is not None:
                return second, CORRECTION
            return self._repairs.no_match(self._flows.without_offer(state)), CORRECTION
        return None

    def _answered(self, state: DialogState, meaning: Meaning) -> Answered | None:
        ask = self._flows.ask(state)
        if ask is None:
            return None
        if ask.yes_no:
            return (
                (self._flows.reply(state, yes=meaning.reply), "none") if meaning.reply is not None else None
            )
        if not meaning.found:
            return None
        if meaning.corrects:
            corrected = self._flows.correct(state, meaning.heard)
            if corrected is not None and self._flows.ask(corrected.state) is not ask:
                return corrected.because("an earlier value is corrected"), CORRECTION
        return self._flows.answer(state, meaning.found, meaning.heard), "none"

    def _digression(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """Not an answer: another question first, another flow instead, or nothing we understand."""
        answer = self._answers.to(state, meaning)
        if answer is not None:
            draft = self._flows.waiting(
                state, *answer.say, self._flows.question(state), why="a question in between"
            )
            return replace(draft, sources=answer.sources, certainty=answer.certainty), "none"
        before = self._before_any_flow(state, meaning)
        if before is not None:
            return before
        flow = self._flow_of(meaning)
        return self._another_flow(state, flow, meaning) if flow is not None else None

    def _another_flow(self, state: DialogState, flow: str, meaning: Meaning) -> Answered | None:
        """A wish in the middle of a flow."""
        if flow == state.flow:
            return self._asked_again(state)
        if meaning.switches or self._ends_here(state, flow):
            return self._flows.enter(state, flow, meaning.heard), "none"
        return self._flows.digress(state, flow, meaning.heard).because(f"{flow} in between"), "none"

    def _asked_again(self, state: DialogState) -> Answered | None:
        """The wish that is under way, once more: our question stands. The second time it was not understood."""
        if state.repairs:
            return None
        question = self._flows.question(state)
        return self._flows.waiting(changed(state, repairs=1), question, why="the wish under way"), "none"

    def _ends_here(self, state: DialogState, flow: str) -> bool:
        """Whether going back makes no sense: nothing of the flow has been answered, or it is the person's."""
        people = {self._playbook.head.person_flow, self._playbook.head.last_resort_flow}
        return state.flow in people or flow in people or any(one.flow == flow for one in state.stack)

    # Between flows

    def _between_flows(self, state: DialogState, meaning: Meaning) -> Answered | None:
        agenda = tuple(name for name in meaning.more if name != meaning.intent)
        answer = self._answers.to(state, meaning)
        if answer is not None:
            return self._answer_and_more(state, answer, agenda), "none"
        before = self._before_any_flow(state, meaning)
        if before is not None:
            return before
        flow = self._flow_of(meaning)
        if flow is not None:
            return self._flows.enter(changed(state, agenda=agenda), flow, meaning.heard), "none"
        if meaning.found and state.last_flow is not None:
            draft = self._flows.enter(state, state.last_flow, meaning.heard)
            return draft.because("another value for the last flow"), CORRECTION
        return self._reply_to_anything_else(state, meaning)

    def _answer_and_more(self, state: DialogState, answer: Draft, agenda: tuple[str, ...]) -> Draft:
        """An answer, then what else was asked in the same breath."""
        after = changed(state, step=ANYTHING_ELSE, repairs=0)
        more = [self._answers.of_intent(after, intent) for intent in agenda]
        said = (*answer.say, *(one.say[0] for one in more if one is not None))
        sources = (*answer.sources, *(source for one in more if one is not None for source in one.sources))
        flow = next(
            (self._playbook.intents[one].flow for one in agenda if one in self._playbook.intents), None
        )
        if flow is not None:
            also = self._flows.fill(after, self._playbook.prompts.also, title=self._flows.title(flow))
            draft = self._flows.enter(after, flow).first_saying(*said, also)
        else:
            offer = "" if said[-1].endswith("?") else self._flows.anything_else(after)
            draft = self._flows.waiting(after, *said, offer, why="a question answered")
        return replace(draft, sources=sources, certainty=answer.certainty)

    def _reply_to_anything_else(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """Neither a question nor a wish: a yes, a no, or nothing we understand."""
        wants_no_more = meaning.reply is False and len(meaning.text.split()) <= MOST_OF_A_NO
        if state.step == CLOSING or (wants_no_more and state.step == ANYTHING_ELSE):
            return self._commands.goodbye(state), "none"
        if meaning.reply is True and state.step == ANYTHING_ELSE:
            after = changed(state, repairs=0)
            ahead = self._flows.fill(after, self._playbook.prompts.go_ahead)
            return self._flows.waiting(after, ahead, why="wants more"), "none"
        return None

    # What the caller means

    def _asked(self, state: DialogState) -> Asked:
        now = state.opened_at
        ask = self._flows.ask(state)
        if state.offer is not None:
            rule = slot_rule(ask) if ask is not None and not ask.yes_no else None
            return Asked(rule, reply=True, strict=rule is not None, now=now)
        if self._flows.asks_agreement(state):
            intents = self._playbook.intents.items()
            wish = frozenset(name for name, intent in intents if intent.flow == state.flow)
            return Asked(reply=True, wish=wish, now=now)
        if state.doubt is not None:
            rule = slot_rule(ask) if ask is not None else None
            return Asked(rule, reply=True, wish=frozenset({state.doubt.intent}), strict=True, now=now)
        if ask is not None:
            reply = ask.yes_no or self._flows.reads_back(state)
            return Asked(slot_rule(ask), reply=reply, strict=True, now=now)
        last = self._flows.first_ask(state.last_flow) if state.last_flow is not None else None
        reply = state.step == ANYTHING_ELSE or self._commands.asks_consent(state)
        return Asked(slot_rule(last) if last is not None else None, reply=reply, now=now)

    def _known_before(self, templates: Iterable[str]) -> tuple[str, ...]:
        """Those that need no more than the brand, filled."""
        brand = {"brand": self._playbook.head.brand}
        fixed = (one for one in templates if phrasing.names_in(one) <= brand.keys())
        return tuple(dict.fromkeys(phrasing.fill(one, brand) for one in fixed))

    def _flow_of(self, meaning: Meaning) -> str | None:
        intent = self._playbook.intents.get(meaning.intent or "")
        return intent.flow if intent is not None else None

    def _before_any_flow(self, state: DialogState, meaning: Meaning) -> Answered | None:
        """A doubtful wish is asked back, and one that is left to people goes to them."""
        doubt = self._doubts.raised(state, meaning)
        if doubt is not None:
            return doubt, DOUBT
        reserved = self._reserved(state, meaning)
        return (reserved, "none") if reserved is not None else None

    def _reserved(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """A matter that the playbook leaves to people from the start."""
        queue = self._playbook.escalation.reserved.get(meaning.intent or "")
        if queue is None:
            return None
        why = f"{meaning.intent} is for a person"
        return self._flows.hand_over(state, queue, why, code=Reason.RESERVED_TOPIC)

    def _with_feeling(self, draft: Draft, meaning: Meaning) -> Draft:
        """A word of empathy first, to somebody who is upset and has not just had one."""
        state = draft.state
        lately = state.soothed_at is not None and state.turn - state.soothed_at < CALM_TURNS
        leaves = draft.then in {Next.HANG_UP, Next.HAND_OVER}
        if meaning.sentiment > UPSET or lately or not draft.say or leaves:
            return draft
        soothed = draft.having(soothed_at=state.turn)
        return soothed.first_saying(self._flows.vary(state, self._playbook.prompts.empathy))

    # The plan

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
            expect=draft.expect,
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
