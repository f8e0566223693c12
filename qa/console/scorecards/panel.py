"""The scorecard of a call: what the rules say, what people say, and a form for who has not said it yet."""

from collections.abc import Mapping
from typing import Any

from qa.console.panels import Viewing
from qa.facts.fold import facts_of
from qa.scorecards.agreement import Trust
from qa.scorecards.reviews import Reviews
from qa.scorecards.scoring import Answer
from qa.scorecards.seeing import after_disputes, may_dispute, shown
from qa.scorecards.values import Evaluation, ScorerKind
from web.accounts import Account, Role

PIECE = "qa/scorecards/_card.html"


class ScorecardPanel:
    """On the page of a call (`qa.console.panels.Panel`), and on a page of its own."""

    name = "scorecard"
    title = "Scorecard"

    def __init__(self, reviews: Reviews) -> None:
        self._reviews = reviews

    async def render(self, viewing: Viewing) -> str:
        """Its HTML."""
        return await self.card(viewing)

    async def card(
        self,
        viewing: Viewing,
        notice: str = "",
        problems: Mapping[str, str] | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> str:
        """The same, after something was done."""
        known = facts_of(viewing.events)
        if known is None:
            return ""
        kept = await self._reviews.store.of_call(viewing.call_id)
        sessions = await self._reviews.store.sessions(viewing.call_id)
        disputes = await self._reviews.store.disputes_of([viewing.call_id])
        seen = shown(kept, sessions, viewing.account.person_id)
        form = self._reviews.form
        of_now = [one for one in seen if (one.form, one.version) == (form.form.name, form.version)]
        own = next((one for one in of_now if one.scorer == viewing.account.person_id), None)
        rules = self._reviews.automatic(known, viewing.events)
        agreement = await self._reviews.agreement()
        values: dict[str, Any] = {
            "form": form,
            "call_id": viewing.call_id,
            "csrf": viewing.csrf,
            "rules": rules,
            "own": own,
            "others": [
                after_disputes(one, form.form, disputes)
                for one in of_now
                if one.kind is ScorerKind.HUMAN and one.submitted_at is not None and one is not own
            ],
            "older": [one for one in seen if one not in of_now and one.submitted_at is not None],
            "disputes": disputes,
            "given": _given(own, fields),
            "scores": _scores(viewing.account) and (own is None or own.submitted_at is None),
            "disputing": may_dispute(viewing.account, known),
            "blind": any(viewing.account.person_id in one.reviewers for one in sessions),
            "suggestions": {
                one.id for one in form.form.questions if agreement.trust(one.id) is not Trust.TRUSTED
            },
            "words_of": words_of,
            "disputable": _disputable([one for one in of_now if one.kind is ScorerKind.HUMAN]),
            "notice": notice,
            "problems": problems or {},
        }
        return viewing.piece(PIECE, **values)


def shown_value(answer: Answer) -> str:
    """An answer as the value of a field."""
    if answer.not_applicable:
        return "-"
    if answer.number is not None:
        return f"{answer.number:g}"
    return answer.option or answer.text or ""


def words_of(question: Any, answer: Answer | None) -> str:
    """An answer in words."""
    if answer is None:
        return "not answered"
    if answer.not_applicable:
        return "does not apply"
    option = question.option(answer.option)
    return option.text if option is not None else shown_value(answer)


def _given(own: Evaluation | None, fields: Mapping[str, str] | None) -> dict[str, str]:
    """The values of the fields: what was just sent, else the draft."""
    if fields is not None:
        return {name.removeprefix("a."): value for name, value in fields.items() if name.startswith("a.")}
    return {one.question: shown_value(one) for one in own.answers} if own is not None else {}


def _scores(account: Account) -> bool:
    return account.has(Role.ANALYST, Role.SUPERVISOR)


def _disputable(humans: list[Evaluation]) -> list[tuple[str, str]]:
    """Evaluations whose answers may be disputed: an id (empty: the rules') and whose they are."""
    return [("", "the rules"), *((one.evaluation_id, one.scorer) for one in humans if one.submitted_at)]
