"""The way to a language model: any endpoint that speaks OpenAI's chat completions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Self

import openai
from openai import AsyncOpenAI

from dialog.language_model.completion import Completion, DeclinedError, completion_of, text_of
from dialog.language_model.prompt import messages
from dialog.language_model.proposal import WrongFormError, check, parse, schema
from dialog.language_model.request import Consultation, ModelRequest, Outcome
from dialog.types import Proposal

MOST_TOKENS = 400
NO_SCHEMA = {400, 404, 422, 501}
"""What servers answer that do not know `response_format: json_schema`."""
DECLINES = {401, 403, 429, 451}
MOST_BODY = 64_000
"""Bytes of a whole response: a larger one would hold up every call of this process while it is read."""


@asynccontextmanager
async def opened(base_url: str, model: str, api_key: str) -> AsyncIterator["LanguageModel | None"]:
    """The model that the settings name; None where they name none."""
    if not base_url:
        yield None
        return
    async with LanguageModel(base_url, model, api_key) as one:
        yield one


class LanguageModel:
    """Asks one model, over one pool of connections and without retries. Safe for many calls at once."""

    def __init__(self, base_url: str, model: str, api_key: str = "none") -> None:
        """`base_url` up to and with `/v1`; `api_key` may be anything where the server wants none."""
        self.model = model
        self._client = AsyncOpenAI(base_url=base_url, api_key=api_key, max_retries=0)
        self._takes_schema = True

    async def consult(self, request: ModelRequest) -> tuple[Proposal | None, Consultation]:
        """What the model proposes and may be used, None where there is nothing, and what came of asking.

        Takes no longer than the request's budget; raises only if cancelled.
        """
        try:
            async with asyncio.timeout(request.budget_s):
                completion = await self._ask(request)
        except (TimeoutError, openai.APITimeoutError):
            return None, self._failed(Outcome.SLOW, f"no answer within {request.budget_s:g} s")
        except openai.APIStatusError as error:
            outcome = Outcome.REFUSED if error.status_code in DECLINES else Outcome.ABSENT
            return None, self._failed(outcome, f"status {error.status_code}")
        except (openai.APIConnectionError, _BrokenOffError):
            return None, self._failed(Outcome.ABSENT, "the connection failed")
        except WrongFormError as error:
            return None, self._failed(Outcome.WRONG, str(error))
        proposal, consultation = self._checked(completion, request)
        return proposal, replace(
            consultation,
            model=completion.told_model or self.model,
            tokens_in=completion.tokens_in,
            tokens_out=completion.tokens_out,
        )

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _failed(self, outcome: Outcome, detail: str) -> Consultation:
        """Nothing came that could tell what it took."""
        return Consultation(outcome, detail=detail, model=self.model)

    def _checked(self, completion: Completion, request: ModelRequest) -> tuple[Proposal | None, Consultation]:
        try:
            commands, reply, sources = parse(text_of(completion))
        except DeclinedError as error:
            return None, Consultation(Outcome.REFUSED, detail=str(error))
        except WrongFormError as error:
            return None, Consultation(Outcome.WRONG, detail=str(error))
        checked = check(commands, reply, sources, request, self.model)
        outcome = Outcome.NOTHING if checked.proposal is None else Outcome.PROPOSED
        return checked.proposal, Consultation(outcome, checked.dropped)

    async def _ask(self, request: ModelRequest) -> Completion:
        """The answer; with a schema where the server takes one."""
        if self._takes_schema:
            try:
                return await self._complete(request, _schema_format(request))
            except openai.APIStatusError as error:
                if error.status_code not in NO_SCHEMA:
                    raise
                completion = await self._complete(request, {"type": "json_object"})
                self._takes_schema = False
                return completion
        return await self._complete(request, {"type": "json_object"})

    async def _complete(self, request: ModelRequest, form: dict[str, Any]) -> Completion:
        completions: Any = self._client.chat.completions
        async with completions.with_streaming_response.create(
            model=self.model,
            messages=messages(request),
            response_format=form,
            temperature=0.0,
            max_tokens=MOST_TOKENS,
        ) as response:
            return completion_of(await _body(response.iter_bytes()))


class _BrokenOffError(Exception):
    """The server went away within its response."""


def _schema_format(request: ModelRequest) -> dict[str, Any]:
    return {
        "type": "json_schema",
        "json_schema": {"name": "proposal", "strict": True, "schema": schema(request)},
    }


async def _body(chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    try:
        async for chunk in chunks:
            body += chunk
            if len(body) > MOST_BODY:
                break
    except Exception as error:
        # The transport belongs to a library of the client's choice, and so do its errors.
        raise _BrokenOffError(type(error).__name__) from error
    if len(body) > MOST_BODY:
        raise WrongFormError(f"a response has at most {MOST_BODY} bytes, this one has more")
    return bytes(body)
