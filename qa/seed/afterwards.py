"""What comes after a made-up call: how it is rated, what the agent says of it, whether a call-back is kept."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from calls.events import CallDisposed, EventBody, SurveyAnswered, TurnPlanned
from qa.seed.handing import Taken
from qa.seed.talks import NOTES

ANSWERS = 0.55
"""The share of callers who answer the survey."""
WORSE = 1.4
"""By so much the new version of the playbook pleases less, where it contains more."""
FIRST_HOUR, LAST_HOUR = 9, 17
"""Call-backs are made from the one to the other, local time."""


def satisfaction(bodies: list[EventBody], worse: bool, handed: bool, rng: random.Random) -> SurveyAnswered:
    """What the caller gives the assistant; None of those who are asked and do not answer."""
    plans = [body for body in bodies if isinstance(body, TurnPlanned)]
    discontent = max((plan.discontent for plan in plans), default=0.0)
    failures = sum(plan.repair in {"no_match", "no_input"} or plan.unanswered is not None for plan in plans)
    mean = 4.4 - 2.2 * discontent - 0.5 * failures - (0.5 if handed else 0.0) - (WORSE if worse else 0.0)
    return SurveyAnswered(part="assistant", score=_score(mean, rng))


def satisfaction_with(taken: Taken, rng: random.Random) -> SurveyAnswered:
    """What the caller gives the agent."""
    mean = taken.agent.liking - (0.0 if taken.solved else 1.3) - min(1.0, taken.wait_s / 120.0)
    return SurveyAnswered(part="agent", score=_score(mean, rng))


def _score(mean: float, rng: random.Random) -> int | None:
    drawn = round(min(5.0, max(1.0, rng.gauss(mean, 0.9))))
    return drawn if rng.random() < ANSWERS else None


def disposed(taken: Taken, intent: str, intents: tuple[str, ...], rng: random.Random) -> CallDisposed:
    """What the agent says of the call. `intents` are those that it may have been instead."""
    codes = ("solved",) if taken.solved else ("follow_up", "passed_on", "not_possible")
    disposition = rng.choice(codes)
    wrong = rng.choices((None, "intent", "facts", "other"), (0.86, 0.07, 0.05, 0.02))[0]
    others = [one for one in intents if one != intent]
    return CallDisposed(
        agent=taken.agent.id or taken.agent.name,
        disposition=disposition,
        note=rng.choice(NOTES[disposition]),
        needless=taken.needless,
        wrong=wrong,
        intended=rng.choice(others) if wrong == "intent" else None,
    )


def next_try(after: datetime, zone: ZoneInfo, rng: random.Random) -> datetime:
    """When a call-back is made: some hours later, while people are there."""
    at = after + timedelta(hours=rng.uniform(0.5, 5.0))
    local = at.astimezone(zone)
    while not FIRST_HOUR <= local.hour < LAST_HOUR or local.weekday() > 4:
        local = (local + timedelta(hours=1)).replace(minute=rng.randrange(60))
    return local.astimezone(after.tzinfo)
