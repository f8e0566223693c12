"""Stands before the servers, as a load balancer does: passes every connection on to the one that lives."""

import asyncio
from contextlib import suppress


class Balancer:
    """One port for several servers. All connections go to the first of `targets` (host, port) that answers."""

    def __init__(self, port):
        self.port = port
        self.targets = []
        self._server = None
        self._passing = set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    async def _pass(self, reader, writer):
        self._passing.add(task := asyncio.current_task())
        try:
            for port in self.targets:
                try:
                    there = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    continue
                # Either side's end is the end: a server that was killed leaves no connection half open.
                ways = [
                    asyncio.create_task(_copy(reader, there[1])),
                    asyncio.create_task(_copy(there[0], writer)),
                ]
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()
                    there[1].close()
                return
        finally:
            self._passing.discard(task)
            writer.close()


async def _copy(reader, writer):
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
