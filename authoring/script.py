"""What the caller does in a text conversation, line by line.

A line is what the caller says. `#` begins a comment, and in brackets stands what is not said:

    [key 4711]              the caller presses keys
    [silence]               the caller says nothing for as long as we wait
    [code]                  the caller keys in the digits of the text message that we have sent last
    [confidence 0.4] hello  the recogniser is this sure of what was said, 0 to 1
"""

import re
from dataclasses import dataclass

DIRECTIVE = re.compile(r"\[\s*(?P<name>\w+)\s*(?P<value>[^\]]*?)\s*\]\s*(?P<rest>.*)")
KEYS = re.compile(r"[0-9*#]+")


class ScriptError(ValueError):
    """A line that is none of these; the text names line and rule."""


@dataclass(frozen=True)
class Says:
    """The caller says something."""

    text: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Keys:
    """The caller presses keys."""

    keys: str


@dataclass(frozen=True)
class Silent:
    """The caller says nothing."""


@dataclass(frozen=True)
class KeysCode:
    """The caller keys in the code that was sent to them."""


Deed = Says | Keys | Silent | KeysCode


def read_script(text: str, name: str = "script") -> tuple[Deed, ...]:
    """The lines of a script.

    Raises:
        ScriptError: with all lines that are wrong.
    """
    deeds: list[Deed] = []
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            deed = read_line(line)
        except ScriptError as error:
            wrong.append(f"{name}:{number}: {error}")
            continue
        deeds += [deed] if deed is not None else []
    if wrong:
        raise ScriptError("\n".join(wrong))
    return tuple(deeds)


def read_line(line: str) -> Deed | None:
    """One line; None for a comment or an empty line.

    Raises:
        ScriptError: a directive that does not exist, or with a wrong value.
    """
    line = line.strip()
    if not line or line.startswith("#"):
        return None
    if not line.startswith("["):
        return Says(line)
    told = DIRECTIVE.fullmatch(line)
    if told is None:
        raise ScriptError("a directive must be written like [key 1]")
    return _directive(told["name"], told["value"], told["rest"])


def _directive(name: str, value: str, rest: str) -> Deed:
    if name == "confidence":
        return Says(_needed(rest, "what is said"), _confidence(value))
    if rest:
        raise ScriptError(f"nothing may follow [{name}]")
    match name:
        case "key":
            if not KEYS.fullmatch(value):
                raise ScriptError("[key] needs keys of 0-9, * and #")
            return Keys(value)
        case "silence":
            return Silent()
        case "code":
            return KeysCode()
        case _:
            raise ScriptError(f"there is no [{name}]: there are key, silence, code and confidence")


def _confidence(value: str) -> float:
    try:
        confidence = float(value)
    except ValueError:
        confidence = -1.0
    if not 0.0 <= confidence <= 1.0:
        raise ScriptError("[confidence] needs a number from 0 to 1")
    return confidence


def _needed(rest: str, what: str) -> str:
    if not rest:
        raise ScriptError(f"[confidence] needs {what} behind it")
    return rest
