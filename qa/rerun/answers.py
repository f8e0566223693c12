"""What actions answer when a call is run again: what they answered then. Nothing is ever executed."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from actions.authority import check_authority
from actions.errors import ActionError, UnknownActionError
from actions.spec import ActionSpec
from actions.types import ActionRequest, ActionResult, Failure
from calls.events import ActionDone, ActionFailed, ActionRequested, CallEvent

NOT_RECORDED = "not_recorded"
"""The reason that a result gives where the record has no answer to what is asked today."""
LOOK_UP_S = 0.1
"""How long it takes to find that out, as if the company's system had said no."""


@dataclass
class _Answers:
    """The recorded answers to one question, in their order."""

    bodies: list[ActionDone | ActionFailed] = field(default_factory=list)
    given: int = 0


class RecordedActions:
    """Answers from the record of one call by action and arguments, each answer once and in order.

    A look-up that is made more often today than then gets its last answer again; a change does not. Today's rules on
    identity and agreement hold: what they forbid is refused as it would be.
    """

    def __init__(self, events: Iterable[CallEvent], specs: Mapping[str, ActionSpec]) -> None:
        self._specs = specs
        self._answers = _recorded(events)
        self._by_key: dict[str, ActionResult] = {}
        self.missing: list[ActionRequest] = []
        """What was asked today and has no recorded answer."""

    def spec(self, name: str) -> ActionSpec:
        """What today's playbook declares of an action.

        Raises:
            UnknownActionError: nothing.
        """
        try:
            return self._specs[name]
        except KeyError:
            raise UnknownActionError(f"there is no action {name}") from None

    async def run(self, request: ActionRequest) -> ActionResult:
        """The recorded answer, after as long as it took then."""
        known = f"{request.key} {normal(request.action, request.arguments)}"
        if known not in self._by_key:
            self._by_key[known] = self._answer(request)
        result = self._by_key[known]
        await asyncio.sleep(result.duration_s)
        return result

    def _answer(self, request: ActionRequest) -> ActionResult:
        try:
            spec = self.spec(request.action)
            check_authority(spec, request)
        except UnknownActionError:
            return _failed(request, Failure.INVALID)
        except ActionError as error:
            return _failed(request, error.failure)
        body = self._next(request, reads=spec.reads)
        if body is None:
            self.missing.append(request)
            return _failed(request, Failure.UNAVAILABLE, {"reason": NOT_RECORDED}, LOOK_UP_S)
        if isinstance(body, ActionDone):
            return ActionResult(
                action=request.action, key=request.key, data=body.data, duration_s=body.duration_s
            )
        data: dict[str, JsonValue] = {} if body.reason is None else {"reason": body.reason}
        return _failed(request, Failure(body.failure), data, body.duration_s)

    def _next(self, request: ActionRequest, *, reads: bool) -> ActionDone | ActionFailed | None:
        answers = self._answers.get(normal(request.action, request.arguments))
        if answers is None or not answers.bodies:
            return None
        if answers.given >= len(answers.bodies):
            return answers.bodies[-1] if reads else None
        answers.given += 1
        return answers.bodies[answers.given - 1]


def normal(action: str, arguments: Mapping[str, JsonValue]) -> str:
    """What makes a question the same.

    What is empty, the case of letters, spaces and how a number is written make no difference; nor does how sure the
    recogniser was, or what else it may have been.
    """
    return json.dumps(
        [action, {name: _plain(value) for name, value in arguments.items() if value not in (None, "")}],
        sort_keys=True,
    )


def _plain(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return _number(" ".join(value.casefold().split()))
        case bool():
            return value
        case int() | float():
            return _number(str(value))
        case list():
            return _likeliest(value) or [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
    return value


def _likeliest(values: list[JsonValue]) -> JsonValue:
    """Of what something may have been, with how likely each is: the likeliest alone. None for any other list."""
    candidates = [one for one in values if isinstance(one, dict) and one.keys() == {"value", "score"}]
    if not candidates or len(candidates) != len(values):
        return None
    return _plain(max(candidates, key=lambda one: float(str(one["score"])))["value"])


def _number(text: str) -> str:
    """`25.50` as `25.5`; codes that begin with a zero stay as they are."""
    if (text.startswith("0") and not text.startswith("0.")) or len(text) > 15:
        return text
    try:
        return f"{float(text):.10g}"
    except ValueError:
        return text


def _recorded(events: Iterable[CallEvent]) -> dict[str, _Answers]:
    asked: dict[str, str] = {}
    answers: dict[str, _Answers] = {}
    for event in events:
        match event.body:
            case ActionRequested() as body:
                asked[body.key] = normal(body.action, body.arguments)
            case (ActionDone() | ActionFailed()) as body if body.key in asked:
                answers.setdefault(asked[body.key], _Answers()).bodies.append(body)
    return answers


def _failed(
    request: ActionRequest,
    failure: Failure,
    data: dict[str, JsonValue] | None = None,
    duration_s: float = 0.0,
) -> ActionResult:
    return ActionResult(
        action=request.action, key=request.key, data=data or {}, failure=failure, duration_s=duration_s
    )
