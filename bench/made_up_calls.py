"""Facts of made-up calls by the thousand, for measuring lists. The same seed makes the same calls."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from dialog.reasons import Reason
from qa.facts.types import CallFacts, CallOutcome
from qa.statistics import percentile

DAYS = 60
LINES = 24
"""Of what is said in a call: some 1.3 KB."""
OUTCOMES = {
    CallOutcome.CONTAINED: 58,
    CallOutcome.HANDED_OVER: 20,
    CallOutcome.ABANDONED: 9,
    CallOutcome.ABANDONED_WAITING: 4,
    CallOutcome.CALL_BACK: 3,
    CallOutcome.VOICEMAIL: 2,
    CallOutcome.LOST: 2,
    CallOutcome.REFUSED: 2,
}
SENTENCES = (
    "Hello, where is my parcel",
    "My order number is {number}",
    "It was ordered on the {number} of May",
    "I want my money back",
    "The lamp arrived broken",
    "Your order has shipped and arrives tomorrow",
    "May I have your postcode please",
    "That is not what I said",
    "Can I speak to a person",
    "A refund takes up to five days",
    "Which colours do you have",
    "Let me look that up for you",
    "Thank you, that is all",
    "I moved, my new address is {number} Mill Lane",
)
QUEUES = ("returns", "orders", "account", "payments")


def made_up_calls(
    count: int, until: datetime, intents: Sequence[str], seed: int = 1
) -> Iterator[tuple[CallFacts, str]]:
    """`count` calls in the days before `until`, each with what was said in it."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    for number in range(count):
        yield _call(chance, f"CA{number:032x}", until, intents)


def _call(
    chance: random.Random, call_id: str, until: datetime, intents: Sequence[str]
) -> tuple[CallFacts, str]:
    started = until - timedelta(seconds=chance.uniform(3600, DAYS * 86_400))
    duration = round(chance.lognormvariate(4.8, 0.6), 1)
    (outcome,) = chance.choices(list(OUTCOMES), list(OUTCOMES.values()))
    handed_over = outcome is CallOutcome.HANDED_OVER
    answers = tuple(round(chance.lognormvariate(-0.8, 0.4), 3) for _ in range(chance.randint(2, 14)))
    facts = CallFacts(
        call_id=call_id,
        last_seq=len(answers) * 6,
        started_at=started,
        ended_at=started + timedelta(seconds=duration),
        duration_s=duration,
        direction="inbound",
        caller=f"+1555{chance.randrange(4000):07}",
        playbook="acme 1",
        outcome=outcome,
        intent=chance.choice(intents),
        turns=len(answers),
        no_match=chance.choice((0, 0, 0, 1, 2)),
        confidence=round(chance.betavariate(8, 2), 3),
        sentiment=round(chance.uniform(-0.6, 0.6), 3),
        discontent=round(chance.betavariate(1.2, 5), 3),
        answers_s=answers,
        answer_p50_s=percentile(answers, 50),
        answer_p95_s=percentile(answers, 95),
        action_failures=int(chance.random() < 0.06),
        unanswered=int(chance.random() < 0.1),
        escalation=chance.choice(list(Reason)).value if handed_over else None,
        queue=chance.choice(QUEUES) if handed_over else None,
        agent=f"agent{chance.randrange(20)}" if handed_over else None,
        needless=chance.random() < 0.1 if handed_over else None,
        csat_assistant=chance.choice((None, None, 1, 2, 3, 4, 5, 5)),
        score=round(chance.uniform(40, 100), 1),
        auto_fail=chance.random() < 0.02,
    )
    said = (chance.choice(SENTENCES).format(number=chance.randrange(10_000, 99_999)) for _ in range(LINES))
    return facts, "\n".join(said)
