"""How long the briefings of labelled conversations last, measured by the real voice, and whether they are proven."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from bench.rehearsal import Played
from bench.report import percentile
from calls.events import TransferRequested
from dialog.playbook import Playbook
from handoff.briefing.briefer import Briefer
from handoff.briefing.ear import MOST_S, MOST_WORDS, spoken
from handoff.consult.speech import MARGIN
from voice.speaking.renderer import Renderer


def briefings_of(played: Sequence[Played], playbook: Playbook, voice: Renderer) -> dict[str, Any]:
    """Seconds with the keys, words before them, and which calls break a rule: of all that were handed over."""
    briefer = Briefer(playbook)
    seconds = cache(lambda sentence: MARGIN * voice.seconds(sentence))
    ears, unproven = {}, []
    for one in played:
        if not any(isinstance(event.body, TransferRequested) for event in one.events):
            continue
        briefing = briefer.build(one.events)
        ears[one.conversation.id] = spoken(briefing, seconds)
        if briefer.problems(briefing, one.events):
            unproven.append(one.conversation.id)
    lasts = [ear.seconds for ear in ears.values()]
    return {
        "briefings": len(ears),
        "p50_s": percentile(lasts, 50),
        "p95_s": percentile(lasts, 95),
        "max_s": max(lasts, default=None),
        "most_words": max((ear.words for ear in ears.values()), default=None),
        "too_long": sorted(
            name for name, ear in ears.items() if ear.seconds > MOST_S or ear.words > MOST_WORDS
        ),
        "unproven": sorted(unproven),
    }
