"""What callers of a support line say when they are annoyed: no single word of it is rude."""

import re

ANNOYED = -0.7
"""The most that a turn with such a phrase can score."""
_PHRASES = re.compile(
    r"""
      \b(?:second|third|fourth|fifth|sixth|tenth|hundredth)\ time\b.{0,40}
      \b(?:call|phon|ask|tell|told|explain|happen|say)
    | \b(?:call|phon|ring|rang|ask|told|tell|explain)\w*\b.{0,30}
      \b(?:twice|(?:two|three|four|five|six|ten|many|several|\d+)\ times)\b
    | \bhow\ (?:many\ times|often)\b.{0,20}\b(?:do|must|should|have)\ i\b
    | \b(?:that's|that\ is|this\ is|it's)\ (?:just\ |so\ |absolutely\ |completely\ |totally\ |simply\ )?
      (?:ridiculous|unacceptable|outrageous|a\ joke|a\ disgrace|a\ nightmare|nonsense|pathetic|insane|unbelievable)\b
    | \bnot\ what\ i\ (?:asked|said|meant|wanted)\b
    | \b(?:are\ you|you're\ not|you\ aren't|are\ you\ even)\ (?:even\ |not\ )?listening\b
    | \b(?:i\ (?:just|already)\ (?:told|said|gave)|i've\ (?:just\ |already\ )(?:told|said|given))\b
    | \b(?:waste|wasting|wasted)\b.{0,12}\b(?:my|our)?\ ?time\b
    | \b(?:had|have)\ (?:about\ )?enough\ of\b | \bi've\ had\ (?:enough|it)\b
    | \bsick\ (?:and\ tired\ )?of\b | \bfed\ up\b
    | \bon\ hold\ for\b | \bbeen\ waiting\ for\ (?:over|more|an|hours|half|ages|forever|weeks|months)\b
    | \bmake\ a\ (?:formal\ )?complaint\b | \blosing\ my\ patience\b | \bgoing\ (?:round\ )?in\ circles\b
    | \b(?:you|nobody|no\ one|none\ of\ you)\ (?:never|ever|don't|doesn't|do\ not)
      \ (?:help|listen|understand|call(?:ed)?\ me\ back|answer)
    | \bnever\ (?:buy(?:ing)?|order(?:ing)?|shop(?:ping)?)\b.{0,20}\bagain\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_annoyed(text: str) -> bool:
    """Whether `text` holds a phrase of annoyance."""
    return _PHRASES.search(text.replace("’", "'")) is not None
