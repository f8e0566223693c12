"""Whether the caller was told something before their matter was gone into. Shared by the rules that ask it."""

import re

from calls.events import TurnSaid
from qa.scorecards.finding import Finding, Grade, not_applicable
from qa.scorecards.reading import Call, quoted

ENGLISH = "en"


def told(call: Call, words: re.Pattern[str], what: str) -> Finding:
    """Whether one of our sentences says it, by what the caller has heard of it. `what`: "that ..."."""
    if call.playbook.head.language != ENGLISH:
        return not_applicable("The words that would tell it are known for English only.")
    said = call.of(TurnSaid)
    if not said:
        return not_applicable("Nothing was said to the caller.")
    heard = next((one for one in said if words.search(one.body.heard)), None)
    if heard is not None:
        return Finding(Grade.YES, f"The caller was told {what}.", (quoted(heard.seq, heard.body.heard),))
    begun = next((one for one in said if one.body.interrupted and words.search(one.body.text)), None)
    if begun is not None:
        return Finding(
            None, f"The caller cut in before they heard {what}.", (quoted(begun.seq, begun.body.text),)
        )
    return Finding(Grade.NO, f"Nobody told the caller {what}.", (quoted(said[0].seq, said[0].body.heard),))
