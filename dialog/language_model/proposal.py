"""The form of a language model's answer, and what of it may be used."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dialog.language_model.grounding import fault
from dialog.language_model.request import Drop, ModelRequest
from dialog.types import Proposal, ProposedCommand

MOST_COMMANDS = 4
MOST_ANSWER = 8_000
"""Characters of JSON; more is no answer to what was asked."""


class WrongFormError(ValueError):
    """The answer is not in the form that was asked for; the text says which rule it breaks."""


@dataclass(frozen=True)
class Checked:
    """What may be used, and why the rest may not."""

    proposal: Proposal | None
    dropped: tuple[Drop, ...]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    commands: list[ProposedCommand] = Field(max_length=16)
    reply: str | None
    sources: list[str] = Field(max_length=16)


def schema(request: ModelRequest) -> dict[str, Any]:
    """The JSON Schema of an answer, in the strict subset: every key required, no other keys."""
    kinds = ["person", "cancel", "repeat", "nothing"]
    kinds += ["start_flow"] if request.understand and request.flows else []
    kinds += ["set_slot"] if request.understand and request.slots else []
    kinds += ["answer"] if request.phrase and request.articles else []
    command = _object(
        kind={"type": "string", "enum": kinds},
        flow=_one_of(request.flows if request.understand else ()),
        slot=_one_of(request.slots if request.understand else ()),
        value={"type": ["string", "null"]},
    )
    articles = list(request.articles) if request.phrase else []
    source: dict[str, Any] = {"type": "string", "enum": articles} if articles else {"type": "string"}
    return _object(
        commands={"type": "array", "items": command},
        reply={"type": ["string", "null"]},
        sources={"type": "array", "items": source},
    )


def parse(text: str) -> tuple[tuple[ProposedCommand, ...], str | None, tuple[str, ...]]:
    """Commands, reply and sources of an answer; a fence of Markdown around it is taken off.

    Raises:
        WrongFormError: it is too long, not JSON, or has other keys or types. The text names no content.
    """
    if len(text) > MOST_ANSWER:
        raise WrongFormError(f"an answer has at most {MOST_ANSWER} characters, this one has {len(text)}")
    bare = re.sub(r"^\s*```(?:json)?\s*|\s*```\s*$", "", text)
    try:
        answer = _Answer.model_validate_json(bare)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise WrongFormError(f"{place or 'the answer'}: {first['type']}") from None
    except (RecursionError, json.JSONDecodeError) as error:
        raise WrongFormError(f"the answer: {type(error).__name__}") from None
    return tuple(answer.commands), answer.reply, tuple(answer.sources)


def check(
    commands: Sequence[ProposedCommand],
    reply: str | None,
    sources: Sequence[str],
    request: ModelRequest,
    model: str,
) -> Checked:
    """What of a parsed answer stays within what `request` allows. A proposal has at least one command or a reply."""
    dropped = [Drop.TOO_MANY] if len(commands) > MOST_COMMANDS else []
    said, why = _reply(reply, sources, request)
    dropped += [why] if why else []
    kept = []
    for command in commands[:MOST_COMMANDS]:
        reason = _fault(command, request, answered=said is not None)
        if reason is None:
            kept.append(_bare(command))
        else:
            dropped.append(reason)
    kept = [command for command in dict.fromkeys(kept) if command.kind != "nothing"]
    if said is not None and all(command.kind != "answer" for command in kept):
        said = None
    if not kept:
        return Checked(None, tuple(dropped))
    used = tuple(dict.fromkeys(sources)) if said is not None else ()
    return Checked(Proposal(commands=tuple(kept), reply=said, sources=used, model=model[:80]), tuple(dropped))


def was_said(value: str, text: str) -> bool:
    """Whether a value stands in the caller's own words: the same words in a row, or the same letters and digits."""
    wanted, words = _words(value), _words(text)
    if not wanted:
        return False
    rows = [words[start : start + len(wanted)] for start in range(len(words))]
    if wanted in rows:
        return True
    joined = "".join(wanted)
    return any(_runs_into(words[start:], joined) for start in range(len(words)))


def _runs_into(words: Sequence[str], joined: str) -> bool:
    """Whether the first few whole words, written together, are `joined`: a code read out in groups."""
    run = ""
    for word in words:
        run += word
        if not joined.startswith(run):
            return False
        if run == joined:
            return True
    return False


def _reply(
    reply: str | None, sources: Sequence[str], request: ModelRequest
) -> tuple[str | None, Drop | None]:
    if reply is None or not reply.strip():
        return None, None
    if not request.phrase:
        return None, Drop.NOT_ALLOWED
    if not sources:
        return None, Drop.NO_SOURCE
    if any(source not in request.articles for source in sources):
        return None, Drop.UNKNOWN_ARTICLE
    reason = fault(reply, "\n".join(request.articles[source] for source in sources))
    return (reply.strip(), None) if reason is None else (None, reason)


def _fault(command: ProposedCommand, request: ModelRequest, *, answered: bool) -> Drop | None:
    match command.kind:
        case "start_flow" | "set_slot" if not request.understand:
            return Drop.NOT_ALLOWED
        case "start_flow":
            return None if command.flow in request.flows else Drop.UNKNOWN_FLOW
        case "set_slot" if command.slot not in request.slots:
            return Drop.UNKNOWN_SLOT
        case "set_slot":
            return None if was_said(command.value or "", request.caller_text) else Drop.NOT_SAID
        case "answer":
            return None if answered else Drop.NO_ANSWER
        case _:
            return None


def _bare(command: ProposedCommand) -> ProposedCommand:
    """Only the fields that belong to its kind."""
    match command.kind:
        case "start_flow":
            return ProposedCommand(kind="start_flow", flow=command.flow)
        case "set_slot":
            return ProposedCommand(kind="set_slot", slot=command.slot, value=(command.value or "").strip())
        case _:
            return ProposedCommand(kind=command.kind)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower().replace("'", "").replace("’", ""))


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _one_of(names: Sequence[str] | Any) -> dict[str, Any]:
    names = list(names)
    return {"type": ["string", "null"], "enum": [*names, None]} if names else {"type": "null"}
