"""Made-up calls of every kind, as events: the same for the same seed."""

import random
from datetime import UTC, datetime, timedelta

from calls import events as e

NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
"""A Friday afternoon; 16:30 in Berlin."""
INTENTS = ("order_status", "refund", "change_address", "opening_hours", None)
QUEUES = ("support", "returns", "billing")
REASONS = ("asked_for_person", "not_understood", "upset")
OUTCOMES = (
    *("connected", "connected", "connected", "handed_back", "put_through"),
    *("nobody", "caller_gone", "caller_gone", "call_back", "voicemail", "stayed", "failed"),
)
STAGES = ("end_of_turn", "transcript", "plan", "action", "first_audio")


class Story:
    """One call, written down event by event."""

    def __init__(self, dice, number):
        self.dice, self.call_id = dice, f"CA{number:05d}"
        self.number = number
        self.models = random.Random(number)  # noqa: S311
        self.began = NOW - timedelta(seconds=dice.randrange(45 * 86400))
        self.at_s, self.turn, self.events = 0.0, 0, []

    def say(self, body, after_s=1.0):
        self.at_s += after_s
        at = self.began + timedelta(seconds=self.at_s)
        self.events.append(e.CallEvent(call_id=self.call_id, seq=len(self.events) + 1, at=at, body=body))

    def start(self):
        number = self.dice.randrange(70)
        caller = None if self.dice.random() < 0.08 else f"+1555{number:07d}"
        playbook = self.dice.choice(("acme 1", "acme 2"))
        self.say(e.CallStarted(caller=caller, callee="+15550100100", playbook=playbook), 0.0)
        # The same person may call from another telephone, and be known by their customer number only.
        return f"C{self.dice.randrange(60)}" if self.dice.random() < 0.4 else None

    def turns(self, intent, customer):
        for _ in range(self.dice.randrange(1, 6)):
            self.turn += 1
            self.one_turn(intent, customer)

    def one_turn(self, intent, customer):
        dice, turn, start = self.dice, self.turn, self.at_s
        kind = dice.random()
        if kind < 0.8:
            self.say(e.TurnHeard(turn=turn, text="so", confidence=0.9, start_s=start, end_s=start + 2.5))
        elif kind < 0.9:
            self.say(e.TurnKeyed(turn=turn, digits="1", start_s=start, end_s=start + 1))
        else:
            self.say(e.TurnSilent(turn=turn, at_s=start + 5))
        repair = dice.choice(("none", "none", "none", "no_match", "no_input", "correction"))
        more = {"unanswered": "why?"} if dice.random() < 0.1 else {}
        if dice.random() < 0.25:
            more["sources"] = ("returns-policy",)
        identity = {"level": 2, "customer": customer} if customer is not None else {"level": 0}
        more |= self.asks_a_language_model()
        state = {"flow": "f" if dice.random() < 0.1 else None, "about": intent, "identity": identity}
        then = "hang_up" if dice.random() < 0.3 else "listen"
        moment = dice.choice(("hearing", "hearing", "silence"))
        self.say(
            e.TurnPlanned(
                turn=turn,
                moment=moment,
                intent=intent,
                then=then,
                expect="open",
                repair=repair,
                state=state,
                **more,
            ),
            0.1,
        )
        parts = {name: round(dice.uniform(0.01, 0.4), 3) for name in STAGES if dice.random() < 0.8}
        self.say(
            e.TurnAnswered(turn=turn, total_s=round(dice.lognormvariate(-0.6, 0.4), 3), parts=parts), 0.1
        )
        said = self.at_s - 0.4  # it overlaps with the end of the caller's
        cut = dice.random() < 0.15
        self.say(
            e.TurnSaid(turn=turn, text="Yes.", heard="Yes.", start_s=said, end_s=said + 3, interrupted=cut), 3
        )
        if dice.random() < 0.35:
            self.say(e.ActionDone(turn=turn, action="order_status", key=f"k{turn}", duration_s=0.2))

    def asks_a_language_model(self):
        """A few times in a turn, for guesses too; in every tenth call as it was before that was told."""
        dice = self.models
        outcomes = [dice.choice(("proposed", "nothing", "slow")) for _ in range(dice.choice((0, 0, 0, 1, 2)))]
        if self.number % 10:
            for outcome in outcomes:
                read, written = dice.randrange(500, 2000), dice.choice((None, 20, 300))
                tokens = {} if outcome == "slow" else {"tokens_in": read, "tokens_out": written}
                self.say(e.ModelAsked(turn=self.turn, model="local", outcome=outcome, **tokens), 0.0)
        return {"proposed": outcomes[-1]} if outcomes else {}

    def transfer(self, number):
        dice, name = self.dice, f"T{number}"
        outcome = dice.choice(OUTCOMES)
        kind = "cold" if outcome == "put_through" else dice.choice(("warm", "warm", "warm", "consult"))
        if kind == "consult":
            outcome = dice.choice(("consulted", "nobody"))
        self.say(
            e.TransferRequested(
                transfer_id=name, kind=kind, queue=dice.choice(QUEUES), reason=dice.choice(REASONS)
            )
        )
        for leg in range(1, dice.randrange(1, 4)):
            self.say(e.TransferLeg(transfer_id=name, leg=leg, target="Maria", agent="maria", state="ringing"))
            if dice.random() < 0.3:
                self.say(
                    e.TransferLeg(transfer_id=name, leg=leg, target="Maria", state="over", result="declined")
                )
        if dice.random() < 0.8:
            self.say(e.TransferBriefed(transfer_id=name, leg=1, text="Hello.", seconds=dice.randrange(8, 20)))
        if dice.random() < 0.05:
            return None  # the log ends before the transfer did
        wait_s = round(dice.uniform(1, 60), 1)
        talked = outcome in {"connected", "handed_back", "put_through"}
        talk_s = round(dice.uniform(20, 300), 1) if talked else None
        ended = e.TransferEnded(transfer_id=name, outcome=outcome, wait_s=wait_s, talk_s=talk_s)
        self.say(ended, wait_s + (talk_s or 0))
        return outcome

    def after(self, talked):
        dice = self.dice
        if dice.random() < 0.5:
            score = dice.choice((None, 1, 2, 3, 4, 5, 5))
            self.say(e.SurveyAnswered(part="assistant", score=score))
        if talked and dice.random() < 0.5:
            self.say(e.SurveyAnswered(part="agent", score=dice.choice((None, 2, 4, 5))))
        if dice.random() < 0.97:
            reason = dice.choice(("caller", "caller", "assistant", "assistant", "lost", "carrier"))
            self.say(e.CallEnded(reason=reason, duration_s=round(self.at_s + 1, 1)))
            if talked and dice.random() < 0.8:
                told = e.CallDisposed(
                    agent="maria",
                    disposition=dice.choice(("solved", "order_changed", "follow_up", "not_possible")),
                    needless=dice.random() < 0.2,
                )
                self.say(told, dice.choice((20.0, 90.0, 4000.0)))

    def tell(self):
        dice = self.dice
        if dice.random() < 0.03:
            self.start()
            self.say(e.CallQueued(live_calls=8))
            self.say(e.CallEnded(reason="assistant", duration_s=6.0))
            return self.events
        intent, customer = dice.choice(INTENTS), self.start()
        if dice.random() < 0.95:
            self.turns(intent, customer)
        talked = False
        for number in range(dice.choice((0, 0, 0, 1, 1, 2))):
            outcome = self.transfer(number)
            talked |= outcome in {"connected", "handed_back", "put_through"}
            if outcome == "call_back":
                due = self.began + timedelta(hours=20)
                self.say(e.CallBackPromised(promise_id="P", phone="+1555", queue="support", due_at=due))
            if outcome == "voicemail":
                self.say(e.VoicemailLeft(queue="support", text="Call me.", start_s=1, end_s=4))
            if outcome is None:
                break
        self.after(talked)
        return self.events


def stories(seed, calls):
    """So many calls, each a list of events."""
    dice = random.Random(seed)  # noqa: S311
    return [Story(dice, number).tell() for number in range(calls)]


def scored(call_id):
    """What the rules of a scorecard are taken to have given a call: points (or none), and whether it failed."""
    number = int(call_id[2:])
    if number % 3 == 0:
        return None, False
    return (0.0, True) if number % 11 == 0 else (50.0 + number % 50, False)
