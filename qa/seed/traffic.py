"""Which calls come when: hours and weekdays as a shop knows them, callers who call again, and a change near the end."""

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from qa.seed.chance import chance
from qa.seed.people import who
from qa.seed.template import Who

HOURS = (1, 0.6, 0.4, 0.3, 0.4, 0.8, 2, 5, 12, 20, 24, 22, 17, 16, 18, 19, 18, 15, 11, 9, 7, 5, 3, 2)
"""Calls by the hour, against each other."""
WEEKDAYS = (1.35, 1.15, 1.05, 1.0, 0.95, 0.6, 0.25)
MIX = {
    "order_status": 24.0,
    "return_item": 11.0,
    "refund": 8.0,
    "cancel_order": 6.0,
    "invoice_copy": 5.0,
    "change_address": 4.0,
    "password_reset": 5.0,
    "my_orders": 3.0,
    "change_order": 2.0,
    "product_info": 5.0,
    "complaint": 4.0,
    "call_back": 2.0,
    "person": 4.0,
    "unanswered": 4.0,
    "legal_matter": 0.6,
    "data_deletion": 0.8,
}
"""What calls are about, against each other."""
QUESTION = 1.2
"""The weight of each article."""
AGAIN = 0.13
"""The share of calls after which the same caller calls about the same again."""
SOON = 0.55
"""Of those, the share who do so within a day; the others within a week."""
CALLERS = 0.6
"""So many callers for each call: some call about other things, too."""
CHANGED = 2 / 3
"""From so much of the time on, a new version of the playbook answers."""


@dataclass(frozen=True)
class Coming:
    """A call that comes in."""

    number: int
    call_id: str
    began_at: datetime
    """UTC."""
    who: Who
    intent: str
    late: bool
    """Whether the new version of the playbook answers."""


@dataclass(frozen=True)
class Season:
    """What is asked for: so many calls over so many days, the last of them before `until` (aware)."""

    seed: int
    calls: int
    days: int
    until: datetime
    zone: ZoneInfo


def traffic(season: Season, articles: tuple[str, ...]) -> list[Coming]:
    """All calls, in the order in which they come."""
    rng = chance(season.seed, "traffic")
    mix = {**MIX, **dict.fromkeys(articles, QUESTION)}
    intents, weights = list(mix), list(mix.values())
    people = max(9, int(season.calls * CALLERS))
    wanted: list[tuple[datetime, int, str]] = []
    while len(wanted) < season.calls:
        at, caller = _moment(season, rng), rng.randrange(people)
        intent = rng.choices(intents, weights)[0]
        wanted.append((at, caller, intent))
        while rng.random() < AGAIN and len(wanted) < season.calls:
            hours = rng.uniform(0.3, 23.0) if rng.random() < SOON else rng.uniform(24.0, 160.0)
            at += timedelta(hours=hours)
            if at >= season.until:
                break
            wanted.append((at, caller, intent))
    wanted.sort()
    changed_at = season.until - timedelta(days=season.days * (1 - CHANGED))
    known: dict[int, Who] = {}
    coming = []
    for number, (at, caller, intent) in enumerate(wanted):
        if caller not in known:
            known[caller] = who(chance(season.seed, "caller", caller), caller)
        call_id = f"CA{hashlib.sha256(f'{season.seed}:{number}'.encode()).hexdigest()[:32]}"
        coming.append(Coming(number, call_id, at, known[caller], intent, at >= changed_at))
    return coming


def _moment(season: Season, rng: random.Random) -> datetime:
    """A moment by the patterns of the week and the day."""
    local = season.until.astimezone(season.zone)
    while True:
        day = (local - timedelta(days=rng.randrange(season.days + 1))).date()
        if rng.random() * max(WEEKDAYS) > WEEKDAYS[day.weekday()]:
            continue
        hour = rng.choices(range(24), HOURS)[0]
        moment = datetime.combine(day, time(hour), season.zone) + timedelta(seconds=rng.uniform(0, 3599))
        at = moment.astimezone(UTC).replace(microsecond=rng.randrange(1000) * 1000)
        if season.until - timedelta(days=season.days) <= at < season.until:
            return at
