"""Watches a call from the outside: no change without the caller's yes to exactly it, and without who they are.

It shares no code with what decides. It knows what was said to the caller, what the caller did, what actions came back
with, and what `actions.yaml` declares.
"""

from num2words import num2words

from dialog.types import Done, Hearing, Resumed

WORDS = dict(
    zip(
        "0123456789",
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        strict=True,
    )
)
SURE = 0.55
PLAIN_YES = frozenset({"yes", "yes please", "yeah sure", "yes yes do it", "that's right"})
YES_KEYS = frozenset({"1", "1#"})
MOST_BETWEEN = 6
"""So many sentences of ours may lie between the read-back and the yes: `take your time`, `yes or no?`."""


class Watcher:
    """One call."""

    def __init__(self, playbook):
        self._specs = playbook.actions
        self._undoes = {
            step.act.action: step.act.undo.action
            for flow in playbook.flows.values()
            for step in flow.steps.values()
            if step.act is not None and step.act.undo is not None
        }
        self._heard = []
        self._done = []
        self._asked = {}
        self.level = 0
        self.customer = None
        self.changes = []

    def saw(self, moment, plan):
        """One moment and what was decided.

        Raises:
            AssertionError: something is changed that must not be.
        """
        if isinstance(moment, Done):
            self._came_back(moment.result)
        for request in plan.act:
            spec = self._specs[request.action]
            if self._is_asked_again(moment, request):
                continue
            self._asked[request.key] = request
            assert request.authority.identity <= self.level, "it claims more than the caller has shown"
            assert spec.identity <= self.level, f"{request.action} needs level {spec.identity}"
            if spec.identity:
                assert request.authority.customer == self.customer, "it is another customer's"
                assert request.arguments.get("customer") in (None, self.customer), "it is another customer's"
            if spec.needs_confirmation:
                self._check_agreed(moment, request)
                self.changes.append(request.action)
        if plan.say:
            self._heard.append(" ".join(plan.say))
        assert plan.state.identity.level <= self.level, "the state claims more than the caller has shown"

    def _is_asked_again(self, moment, request):
        """Whether a call that was cut off only asks what became of a request: the same key has no second effect."""
        return isinstance(moment, Resumed) and self._asked.get(request.key) == request

    def _came_back(self, result):
        asked = self._asked.get(result.key)
        if asked is None or result.failure is not None:
            return
        self._done.append(asked)
        grants = self._specs[asked.action].grants
        level, customer = result.data.get("level"), result.data.get("customer")
        if grants is not None and isinstance(level, int) and self.customer in (None, customer):
            self.level, self.customer = max(self.level, min(level, grants)), customer

    def _check_agreed(self, moment, request):
        if isinstance(moment, Done) and moment.result.failure is not None:
            assert any(self._undoes.get(done.action) == request.action for done in self._done), (
                f"after a failure only what was done is taken back, not {request.action}"
            )
            return
        assert isinstance(moment, Hearing), (
            f"{request.action} follows from {moment.kind}, and not from a caller's yes"
        )
        spoken = (
            moment.text.lower().strip(" .!") in PLAIN_YES and moment.confidence >= SURE and not moment.unsure
        )
        assert spoken or moment.keyed in YES_KEYS, (
            f"{moment.text or moment.keyed} is no yes to {request.action}"
        )
        told = " ".join(self._heard[-MOST_BETWEEN:])
        for part in self._targets(request):
            assert part in told, f"{request.action}: the caller was not told {part}"

    @staticmethod
    def _targets(request):
        """What the caller must have heard of a change: its target and its amount."""
        arguments = request.arguments
        if "order_number" in arguments:
            yield " ".join(WORDS[one] for one in arguments["order_number"])
        if "postcode" in arguments:
            yield from (WORDS[one] for one in arguments["postcode"])
        if "amount" in arguments:
            yield from _spoken_amount(arguments["amount"])
        for name in ("street", "city"):
            if name in arguments:
                yield str(arguments[name])
        if "text" in arguments:
            yield str(arguments["text"])[:100]


def _spoken_amount(amount):
    euros, cents = divmod(round(float(amount) * 100), 100)
    yield f"{num2words(euros)} euros"
    if cents:
        yield num2words(cents)
