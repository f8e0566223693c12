"""A call as escalation sees it: turn by turn, without a dialog."""

from calls.events import (
    ActionDone,
    ActionFailed,
    TransferEnded,
    TransferRequested,
    TurnHeard,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
)
from dialog.sentiment.mood import smooth
from handoff.escalation.watch import EscalationWatch
from handoff.escalation.weights import read_weights

WEIGHTS = read_weights()


class Course:
    """Tells the events of a call, and keeps what is judged."""

    def __init__(self, weights=WEIGHTS, **state):
        self.watch = EscalationWatch(weights)
        self.events = []
        self.state = {"flow": None, "step": None, "slots": {}, **state}
        self.turn = 0
        self.mood = 0.0
        self.discontent = 0.0
        self.judgement = None

    @property
    def level(self):
        return self.judgement.event.level if self.judgement is not None else "normal"

    @property
    def told(self):
        """What the dialog is told, as its level."""
        escalated = self.judgement.escalated if self.judgement is not None else None
        return escalated.level if escalated is not None else None

    def tell(self, body):
        self.events.append(body)
        judgement = self.watch.noted(body)
        if judgement is not None:
            self.judgement = judgement
            self.events.append(judgement.event)
        return judgement

    def says(self, text="hello there", confidence=0.95, unsure=False, cuts_in=False, **planned):
        self.turn += 1
        self.tell(
            TurnHeard(
                turn=self.turn,
                text=text,
                confidence=confidence,
                unsure=unsure,
                start_s=0.0,
                end_s=1.0,
                heard_of_us="So" if cuts_in else None,
            )
        )
        return self.decides("hearing", **planned)

    def is_silent(self, **planned):
        self.turn += 1
        self.tell(TurnSilent(turn=self.turn, at_s=0.0))
        return self.decides("silence", repair="no_input", **planned)

    def decides(self, moment, then="listen", repair="none", sentiment=0.0, discontent=0.0, **more):
        state = {key: more.pop(key) for key in ("flow", "step", "slots", "identity") if key in more}
        self.state = {**self.state, **state}
        if moment == "hearing":
            self.mood = smooth(self.mood, sentiment)
            self.discontent = smooth(self.discontent, discontent)
        return self.tell(
            TurnPlanned(
                turn=self.turn,
                moment=moment,
                then=then,
                expect="open",
                repair=repair,
                sentiment=sentiment,
                mood=self.mood,
                discontent=self.discontent,
                state=self.state,
                **more,
            )
        )

    def fails(self, action="shop.orders", failure="unavailable"):
        self.tell(ActionFailed(turn=self.turn, action=action, key="k", failure=failure, duration_s=0.1))

    def succeeds(self, action="shop.orders"):
        self.tell(ActionDone(turn=self.turn, action=action, key="k", duration_s=0.1))

    def is_cut_off(self):
        self.tell(TurnSaid(turn=self.turn, text="So", heard="S", start_s=0.0, end_s=0.1, interrupted=True))

    def is_transferred(self, outcome="nobody"):
        self.tell(TransferRequested(transfer_id="T1", queue="support", reason="risk"))
        self.tell(TransferEnded(transfer_id="T1", outcome=outcome, wait_s=3.0))
