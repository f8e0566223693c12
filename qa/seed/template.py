"""A rehearsed call as a template: who calls, when, and about which order is filled in wherever it was said or kept."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter

from actions.shop.seed import ORDERS
from actions.types import fingerprint
from calls.events import ActionRequested, EventBody, TransferRequested
from dialog.phrasing import spell, spoken_date
from qa.seed.caller import CODE
from qa.seed.rehearsal import PLAYED_AT, Played
from qa.seed.script import Line, Script

BODIES: TypeAdapter[list[EventBody]] = TypeAdapter(list[EventBody])
OPEN, CLOSE = "\ue000", "\ue001"
"""Around the name of what is to be filled in: characters of private use, which no call contains."""
BLANK = re.compile(f"{OPEN}([^{CLOSE}]+){CLOSE}")
ALONE = {"customer": "customer", "promise_id": "promise"}
"""Fields of results and states that hold an id, and its blank."""
DAYS = range(-90, 60)
"""The shop's dates lie so far around the day of the call."""
SPOKEN = {spoken_date((PLAYED_AT.date() + timedelta(days=days)).isoformat()): days for days in DAYS}
WRITTEN = {(PLAYED_AT.date() + timedelta(days=days)).isoformat(): days for days in DAYS}
DATE = re.compile("|".join((*map(re.escape, SPOKEN), r"20\d\d-\d\d-\d\d")))


@dataclass(frozen=True)
class Who:
    """The caller of one call."""

    phone: str | None
    """E.164; None: withheld."""
    customer: str
    name: str
    email: str
    postcode: str
    orders: tuple[str, ...]
    """Four digits each."""


@dataclass(frozen=True)
class Occasion:
    """One call, as far as its conversation depends on it."""

    call_id: str
    who: Who
    code: str
    opened_at: str
    """The company's local time, ISO 8601."""
    playbook: str

    @property
    def day(self) -> date:
        """The day of the call, as the company has it."""
        return date.fromisoformat(self.opened_at[:10])


class Template:
    """One rehearsed call with blanks."""

    def __init__(self, played: Played) -> None:
        self.script: Script = played.script
        self.hands_over = any(isinstance(body, TransferRequested) for body in played.bodies)
        playbook = played.bodies[0].model_dump()["playbook"]
        self._blanks = dict(_blanks(played, playbook))
        self._pattern = re.compile("|".join(sorted(self._blanks, key=len, reverse=True)))
        documents = [_with_blanks(body.model_dump(mode="json"), self._left_blank) for body in played.bodies]
        text = json.dumps(documents, ensure_ascii=False)
        requests = [body for body in played.bodies if isinstance(body, ActionRequested)]
        asked = [one for one in json.loads(text) if one["name"] == "action.requested"]
        self._requests: list[tuple[str, str]] = []
        """Of each change: its action, and what it was asked, with blanks."""
        for number, (request, document) in enumerate(zip(requests, asked, strict=True)):
            text = text.replace(fingerprint(request.action, request.arguments), _blank(f"print:{number}"))
            self._requests.append((request.action, json.dumps(document["arguments"], ensure_ascii=False)))
        self._parts = BLANK.split(text)

    def filled(self, occasion: Occasion) -> list[EventBody]:
        """The bodies of the call's events, in order."""
        value = _Values(occasion)
        for number, (action, arguments) in enumerate(self._requests):
            asked = json.loads(_filled(BLANK.split(arguments), value))
            value.known[f"print:{number}"] = fingerprint(action, asked)
        return BODIES.validate_json(_filled(self._parts, value))

    def line(self, line: Line, occasion: Occasion) -> Line:
        """What the script's caller does, as the caller of this occasion does it: with their own name, number, order."""
        value = _Values(occasion)
        text, keys = (_filled(BLANK.split(self._left_blank(one)), value) for one in (line.text, line.keys))
        return replace(line, text=text, keys=keys)

    def _left_blank(self, text: str) -> str:
        text = self._pattern.sub(lambda found: _blank(_name_of(self._blanks, found[0])), text)
        return DATE.sub(_date_blank, text)


class _Values:
    """What goes into the blanks of one call."""

    def __init__(self, occasion: Occasion) -> None:
        who = occasion.who
        self._day = occasion.day
        self.known: dict[str, str] = {
            "call": occasion.call_id,
            "phone": who.phone or "",
            "customer": who.customer,
            "name": who.name,
            "email": who.email,
            "postcode": who.postcode,
            "postcode:spelled": spell(who.postcode),
            "code": occasion.code,
            "code:spelled": spell(occasion.code),
            "promise": hashlib.sha256(f"{occasion.call_id}:promise".encode()).hexdigest()[:32],
            "opened": occasion.opened_at,
            "playbook": occasion.playbook,
        }
        for number, order in enumerate(who.orders):
            self.known |= {f"order:{number}": order, f"order:{number}:spelled": spell(order)}

    def __call__(self, name: str) -> str:
        found = self.known.get(name)
        if found is None:
            kind, days = name.split(":")
            day = (self._day + timedelta(days=int(days))).isoformat()
            found = spoken_date(day) if kind == "spoken" else day
            self.known[name] = found
        return found


def _filled(parts: list[str], value: Callable[[str], str]) -> str:
    return "".join(value(part) if index % 2 else part for index, part in enumerate(parts))


def _blank(name: str) -> str:
    return f"{OPEN}{name}{CLOSE}"


def _blanks(played: Played, playbook: str) -> Iterator[tuple[str, str]]:
    """Patterns of what is to be left blank, each with the blank's name."""
    yield re.escape(played.call_id), "call"
    yield re.escape(playbook), "playbook"
    yield re.escape(f"{PLAYED_AT.astimezone():%Y}-11-25T12:00:00"), "opened"
    yield _number(CODE), "code"
    yield re.escape(spell(CODE)), "code:spelled"
    if played.caller is not None:
        yield re.escape(played.caller), "phone"
    persona = played.script.persona
    if persona is None:
        return
    yield re.escape(persona.name), "name"
    yield re.escape(persona.email), "email"
    yield _number(persona.postcode), "postcode"
    yield re.escape(spell(persona.postcode)), "postcode:spelled"
    theirs = (order for order in ORDERS if order.customer == persona.id)
    for number, order in enumerate(theirs):
        yield _number(order.number), f"order:{number}"
        yield re.escape(spell(order.number)), f"order:{number}:spelled"


def _number(digits: str) -> str:
    return rf"(?<!\d){digits}(?!\d)"


def _name_of(blanks: Mapping[str, str], found: str) -> str:
    return next(name for pattern, name in blanks.items() if re.search(pattern, found))


def _date_blank(found: re.Match[str]) -> str:
    days = SPOKEN.get(found[0])
    if days is not None:
        return _blank(f"spoken:{days}")
    days = WRITTEN.get(found[0])
    return _blank(f"written:{days}") if days is not None else found[0]


def _with_blanks(value: Any, left_blank: Callable[[str], str]) -> Any:
    """The same with blanks in all texts, also for the ids that cannot be told from other numbers by themselves."""
    if isinstance(value, str):
        return left_blank(value)
    if isinstance(value, list):
        return [_with_blanks(one, left_blank) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _blank(ALONE[key]) if key in ALONE and inner else _with_blanks(inner, left_blank)
        for key, inner in value.items()
    }
