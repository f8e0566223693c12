"""The company's systems in a made-up call that is really had: they answer as they did when its script was played."""

from collections import Counter
from collections.abc import Sequence

from actions.spec import ActionSpec
from actions.types import ActionRequest, ActionResult, Failure
from calls.events import ActionDone, ActionFailed, CallEvent
from dialog.playbook import Playbook
from qa.rerun.answers import RecordedActions


class ShopOfOneCall:
    """Knows what the script asks for, and nothing else: a number that was misheard is nobody's order.

    Who is found by weak items (a name, a date) is found by what sounds like them, which the record of a script cannot
    tell: whoever asks who it is gets the next answer to that question, whatever was heard.
    """

    def __init__(self, played: Sequence[CallEvent], playbook: Playbook) -> None:
        """`played` is the script's call; what took how long is told there."""
        self._recorded = RecordedActions(played, playbook.actions)
        self._results = [body for one in played if isinstance(body := one.body, ActionDone | ActionFailed)]
        self._asked: Counter[str] = Counter()

    def spec(self, name: str) -> ActionSpec:
        """What the playbook declares of an action.

        Raises:
            UnknownActionError: nothing.
        """
        return self._recorded.spec(name)

    async def run(self, request: ActionRequest) -> ActionResult:
        """The answer, after as long as it takes."""
        before = len(self._recorded.missing)
        result = await self._recorded.run(request)
        if len(self._recorded.missing) == before:
            return result
        return self._unknown(request)

    def _unknown(self, request: ActionRequest) -> ActionResult:
        spec = self.spec(request.action)
        failure = Failure.NOT_FOUND if spec.reads else Failure.UNAVAILABLE
        unknown = ActionResult(action=request.action, key=request.key, failure=failure, duration_s=0.1)
        return (self._who(request) or unknown) if spec.grants else unknown

    def _who(self, request: ActionRequest) -> ActionResult | None:
        answers = [one for one in self._results if one.action == request.action]
        if not answers:
            return None
        body = answers[min(self._asked[request.action], len(answers) - 1)]
        self._asked[request.action] += 1
        if isinstance(body, ActionDone):
            return ActionResult(action=body.action, key=request.key, data=body.data)
        return ActionResult(action=body.action, key=request.key, failure=Failure(body.failure))
