"""What should follow at once is waited for, on a machine that may be busy with other things."""

import asyncio

import numpy as np

SOON_S = 12.0
"""For what should follow at once: a machine that is busy with other things may take its time."""


async def eventually(true, otherwise, within_s=SOON_S, told=None):
    """Ask until there is an answer, which is returned."""
    try:
        async with asyncio.timeout(within_s):
            while not (answer := await true()):
                await asyncio.sleep(0.06)
            return answer
    except TimeoutError:
        more = f"\n{await told()}" if told is not None else ""
        raise AssertionError(otherwise + more) from None


async def in_time(work, otherwise, within_s=SOON_S):
    try:
        return await asyncio.wait_for(work, within_s)
    except TimeoutError:
        raise AssertionError(otherwise) from None


async def speaks(telephone, otherwise, after=0, told=None):
    """Something is heard there."""

    async def loud():
        return np.abs(telephone.heard()[after:].astype(int)).max(initial=0) > 500

    await eventually(loud, otherwise, told=told)
