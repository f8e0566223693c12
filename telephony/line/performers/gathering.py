"""`<Gather>`: keys of the party, while something is said."""

import asyncio
from contextlib import suppress

from telephony.line.instructions import Instructions
from telephony.line.performers.sounding import perform_sounding
from telephony.line.stage import Stage
from telephony.line.twiml.verbs import Gather


async def perform_gather(stage: Stage, verb: Gather) -> Instructions | None:
    """Ask the action once something was keyed."""
    keyed = await _keyed(stage, verb)
    if not keyed:
        return None
    return Instructions(url=verb.action, method=verb.method, told=(("Digits", keyed),))


async def _keyed(stage: Stage, verb: Gather) -> str:
    """What the party keys; the first key ends the prompts. Empty where they key nothing."""
    with stage.sound.keys() as keys:
        prompts = asyncio.create_task(_prompt(stage, verb))
        first = asyncio.create_task(keys.get())
        try:
            await asyncio.wait({prompts, first}, return_when=asyncio.FIRST_COMPLETED)
            if prompts.done():
                prompts.result()
            return await _more_keys(verb, keys, first)
        finally:
            prompts.cancel()
            first.cancel()
            await asyncio.wait({prompts})


async def _more_keys(verb: Gather, keys: asyncio.Queue[str], first: asyncio.Task[str]) -> str:
    keyed = ""
    waiting = first
    with suppress(TimeoutError):
        while True:
            async with asyncio.timeout(verb.timeout_s):
                digit = await waiting
            if digit == verb.finish_on:
                break
            keyed += digit
            if len(keyed) == verb.num_digits:
                break
            waiting = asyncio.create_task(keys.get())
    return keyed


async def _prompt(stage: Stage, verb: Gather) -> None:
    for prompt in verb.prompts:
        await perform_sounding(stage, prompt)
