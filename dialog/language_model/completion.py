"""A chat completion as it comes from a provider: its text, and what it says that the answer took. Pure."""

from typing import Any

from pydantic import BaseModel, ValidationError

from dialog.language_model.proposal import WrongFormError

MOST_TOKENS_TOLD = 10_000_000
"""A larger count is no count: no model reads so much at once."""
LONGEST_NAME = 100
"""Characters of a model's name."""


class DeclinedError(Exception):
    """The model says that it will not answer."""


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class Completion(BaseModel):
    """What is read of a response. A provider that tells its name or its counts wrongly has still answered."""

    choices: list[_Choice]
    model: Any = None
    usage: Any = None

    @property
    def told_model(self) -> str | None:
        """The model's name as the provider has it, often with its version; None where that is no name."""
        name = self.model
        usable = isinstance(name, str) and 0 < len(name) <= LONGEST_NAME and name.isprintable()
        return name if usable else None

    @property
    def tokens_in(self) -> int | None:
        """How many tokens were read; None where no count is told."""
        return self._count("prompt_tokens")

    @property
    def tokens_out(self) -> int | None:
        """How many tokens were written, those of hidden reasoning included; None where no count is told."""
        return self._count("completion_tokens")

    def _count(self, name: str) -> int | None:
        told = self.usage.get(name) if isinstance(self.usage, dict) else None
        if not isinstance(told, int) or isinstance(told, bool):
            return None
        return told if 0 <= told <= MOST_TOKENS_TOLD else None


def completion_of(body: bytes) -> Completion:
    """The response as a completion.

    Raises:
        WrongFormError: it is none.
    """
    try:
        return Completion.model_validate_json(body)
    except ValidationError as error:
        raise WrongFormError(f"the response: {error.errors(include_input=False)[0]['type']}") from None


def text_of(completion: Completion) -> str:
    """The content of the first choice.

    Raises:
        WrongFormError: there is no text, or it was cut off.
        DeclinedError: the model refused, or a filter stopped it.
    """
    if not completion.choices:
        raise WrongFormError("the response has no choices")
    first = completion.choices[0]
    if first.message.refusal or first.finish_reason == "content_filter":
        raise DeclinedError("the model declined")
    if first.finish_reason == "length":
        raise WrongFormError("the answer was cut off")
    if first.message.content is None:
        raise WrongFormError("the message has no text")
    return first.message.content
