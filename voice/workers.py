"""Where the speech models run: threads shared by all calls, so that nothing blocks the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Worker:
    """One thread for one model. Work waits its turn, first come first served."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do `work` on the thread. Cancelling takes it out of the queue unless it has begun."""
        future = self._threads.submit(work, *args, **kwargs)
        return await asyncio.wrap_future(future)

    def stop(self) -> None:
        """Let the running work finish and take no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
