"""Times of day: `half past two`, `14:30`, `three in the afternoon`, `in two hours`."""

import re
from datetime import datetime, timedelta

from dialog.grammar.number_words import number_at, words_of

HALF_DAY = 12
FIRST_MORNING_HOUR = 7
"""Without a word about it, 7 to 11 are mornings and 12 to 6 afternoons: the hours in which people do business."""
LIKELY, UNLIKELY = 0.75, 0.25
NAMED = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})\b")
MORNING = re.compile(r"\ba\.?\s?m\b|\bin the morning\b|\bmorning\b", re.IGNORECASE)
AFTERNOON = re.compile(
    r"\bp\.?\s?m\b|\bin the (?:afternoon|evening)\b|\bafternoon\b|\bevening\b|\btonight\b|\bat night\b",
    re.IGNORECASE,
)
AFTER_OR_BEFORE = re.compile(
    r"\b(half|quarter|\w+(?:[ -]\w+)?(?: minutes?)?) (past|after|to|before|till) (\w+)\b", re.IGNORECASE
)
SOON = re.compile(
    r"\bin (half an hour|an hour and a half|an hour|\w+(?:[ -]\w+)? (?:hours?|minutes?))\b", re.IGNORECASE
)


def times_in(text: str, now: datetime, *, strict: bool) -> list[tuple[str, float]]:
    """Times as `14:30` with scores. Not `strict`: only with a clock's words, such as `half past` or `pm`."""
    lowered = text.lower().replace("’", "'").replace("o'clock", "oclock")
    for word, value in NAMED.items():
        if re.search(rf"\b{word}\b", lowered):
            return [(value, 1.0)]
    soon = SOON.search(lowered)
    if soon:
        wait = _wait(soon[1])
        if wait is not None:
            later = now + wait
            return [(f"{later:%H:%M}", 0.9)]
    hour, minute, clear = _clock(lowered, strict=strict)
    if hour is None or hour > 23 or minute > 59:
        return []
    halves = bool(MORNING.search(lowered)), bool(AFTERNOON.search(lowered))
    if not (strict or clear or any(halves)):
        return []
    return _with_half(hour, minute, *halves, said="0" if re.search(r"\b0\d[:.]?", lowered) else "")


def _with_half(
    hour: int, minute: int, morning: bool, afternoon: bool, *, said: str
) -> list[tuple[str, float]]:
    if hour > HALF_DAY or hour == 0 or said:
        return [(f"{hour:02}:{minute:02}", 1.0)]
    early, late = hour % HALF_DAY, hour % HALF_DAY + HALF_DAY
    if morning is not afternoon:
        return [(f"{early if morning else late:02}:{minute:02}", 1.0)]
    first, second = (early, late) if FIRST_MORNING_HOUR <= hour < HALF_DAY else (late, early)
    return [(f"{first:02}:{minute:02}", LIKELY), (f"{second:02}:{minute:02}", UNLIKELY)]


def _clock(text: str, *, strict: bool) -> tuple[int | None, int, bool]:
    """Hour, minute, and whether a clock's words were used."""
    written = CLOCK.search(text)
    if written:
        return int(written[1]), int(written[2]), ":" in written[0]
    for relation in AFTER_OR_BEFORE.finditer(text):
        hour = _value(relation[3])
        away = {"half": 30, "quarter": 15}.get(relation[1].split()[-1])
        if away is None:
            away = _value(relation[1].replace("minutes", "").replace("minute", "").strip())
        if hour is None or away is None or not 0 < away < 60 or not 0 < hour <= 24:
            continue
        if relation[2] in {"past", "after"}:
            return hour % 24, away, True
        return (hour - 1) % 24 or HALF_DAY, 60 - away, True
    return _in_words(text, strict=strict)


def _in_words(text: str, *, strict: bool) -> tuple[int | None, int, bool]:
    words = words_of(text.replace("oclock", " oclock "), sound_alikes=False)
    for at in range(len(words)):
        hour = number_at(words, at)
        if hour is None or hour.ordinal:
            continue
        if hour.value in {30, 15, 45} and not strict:
            continue
        if 100 <= hour.value < 2400 and (words[at].isdigit() or "hundred" in words[at : hour.end]):
            return hour.value // 100, hour.value % 100, False
        if hour.value > 24:
            continue
        rest = words[hour.end :]
        if rest[:1] == ["oclock"]:
            return hour.value, 0, True
        if rest[:1] in (["oh"], ["o"]) and len(rest) > 1:
            minute = number_at(rest, 1)
            return hour.value, minute.value if minute is not None and minute.value < 10 else 0, False
        minute = number_at(words, hour.end)
        if minute is not None and 10 <= minute.value < 60:
            return hour.value, minute.value, False
        return hour.value, 0, False
    return None, 0, False


def _value(text: str) -> int | None:
    words = words_of(text)
    number = number_at(words, 0) if words else None
    if number is None and len(words) > 1:
        number = number_at(words, 1)
    return number.value if number is not None else None


def _wait(text: str) -> timedelta | None:
    if text == "half an hour":
        return timedelta(minutes=30)
    if text.startswith("an hour"):
        return timedelta(minutes=90 if "half" in text else 60)
    count = 2 if "couple" in text else _value(text)
    if count is None:
        return None
    return timedelta(hours=count) if "hour" in text else timedelta(minutes=count)
