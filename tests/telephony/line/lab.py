"""A line for tests: a carrier with legs and a customer's server that are made of memory and loopback."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI, Request, Response

from telephony.line.carrier import Carrier
from telephony.line.config import LineConfig
from telephony.line.leg import LegEnd, LegListener
from telephony.line.rest.routes import EXCEPTION_HANDLERS, add_rest_routes
from telephony.line.sip import SipEdge
from telephony.line.webhooks import Webhooks

ACCOUNT = "AC" + "1" * 32
TOKEN = "0123456789abcdef0123456789abcdef"
NUMBER = "+15550100100"


class FakeLeg:
    """A far end that does what the test says."""

    def __init__(self, party: str = "+15550142000") -> None:
        self.party = party
        self.listener: LegListener | None = None
        self.played: list[bytes] = []
        self.answered = asyncio.Event()
        self.ended = asyncio.Event()
        self.rejected: LegEnd | None = None

    def listen(self, listener: LegListener) -> None:
        self.listener = listener

    async def answer(self) -> None:
        self.answered.set()

    async def reject(self, end: LegEnd) -> None:
        self.rejected = end
        self.end(end)

    async def hang_up(self) -> None:
        self.end(LegEnd.HUNG_UP)

    def send(self, frame: bytes) -> None:
        self.played.append(frame)

    def end(self, end: LegEnd) -> None:
        if not self.ended.is_set():
            self.ended.set()
            if self.listener is not None:
                self.listener.on_ended(end)

    def heard(self) -> bytes:
        return b"".join(self.played)


class FakeDialler:
    """Remembers who was dialled."""

    def __init__(self) -> None:
        self.legs: list[FakeLeg] = []
        self.dialled: list[tuple[str, str, dict[str, str]]] = []
        self.credentials: list[tuple[str, str] | None] = []

    def dial(
        self,
        to: str,
        caller_id: str,
        headers: dict[str, str],
        credentials: tuple[str, str] | None = None,
    ) -> FakeLeg:
        self.credentials.append(credentials)
        self.dialled.append((to, caller_id, headers))
        leg = FakeLeg(to)
        self.legs.append(leg)
        return leg


class Customer:
    """The customer's server: answers with TwiML by path and keeps what it was asked."""

    def __init__(self) -> None:
        self.documents: dict[str, str | Callable[[dict[str, str]], str]] = {}
        self.requests: list[tuple[str, str, dict[str, str], dict[str, str]]] = []
        self.url = ""

    def answer_in(self, app: FastAPI) -> None:
        """Answer everything that `app` has no other route for."""
        app.add_api_route("/{path:path}", self._answer, methods=["GET", "POST"])

    async def _answer(self, path: str, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.requests.append((request.method, "/" + path, form, dict(request.headers)))
        document = self.documents.get("/" + path)
        if callable(document):
            document = document(form)
        if document is None:
            return Response(status_code=404)
        return Response(document, media_type="application/xml")

    def asked(self, path: str) -> list[dict[str, str]]:
        return [form for _, asked, form, _ in self.requests if asked == path]


@contextlib.asynccontextmanager
async def served(app: FastAPI):
    """`app` on a free loopback port; gives its address. Without uvicorn's own loop, whose beat is 0.1 s."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.shutdown()


class Lab:
    """Carrier, customer and REST API together."""

    def __init__(
        self, carrier: Carrier, customer: Customer, dialler: FakeDialler | SipEdge, url: str
    ) -> None:
        self.carrier = carrier
        self.customer = customer
        self.dialler = dialler
        self.url = url

    async def call_in(self, party: str = "+15550142000") -> FakeLeg:
        leg = FakeLeg(party)
        await self.carrier.on_incoming(leg, NUMBER)
        return leg


@contextlib.asynccontextmanager
async def open_lab(*, sip: bool = False):
    """A lab, closed afterwards with all of its calls; with `sip`, real telephones call it and are called."""
    customer = Customer()
    app = FastAPI(exception_handlers=EXCEPTION_HANDLERS)
    async with served(app) as url, Webhooks(TOKEN) as webhooks, contextlib.AsyncExitStack() as stack:
        customer.url = url
        config = LineConfig(
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            number=NUMBER,
            voice_url=f"{url}/voice",
            status_callback_url=f"{url}/status",
            numbers={"+15550199000": "sip:agent@127.0.0.1:5999"},
        )

        async def speak(text: str, _voice: str | None) -> bytes:
            return text.encode() * 160

        carrier = Carrier(config, webhooks, speak, lambda: datetime.now(UTC))
        dialler = SipEdge("127.0.0.1", 0, (43000, 43999), carrier) if sip else FakeDialler()
        carrier.connect(dialler)
        carrier.recordings.base_url = url
        # One server for both sides: the customer answers whatever is no path of the line's.
        add_rest_routes(app, config, carrier)
        customer.answer_in(app)
        if isinstance(dialler, SipEdge):
            await dialler.start()
            stack.push_async_callback(dialler.stop)
        stack.push_async_callback(carrier.stop)
        yield Lab(carrier, customer, dialler, url)


@contextlib.asynccontextmanager
async def talking(leg: FakeLeg, sound: bytes):
    """The far end says the same 160 bytes every 20 ms."""

    async def talk() -> None:
        while True:
            leg.listener.on_audio(sound)
            await asyncio.sleep(0.02)

    speaking = asyncio.create_task(talk())
    try:
        yield
    finally:
        speaking.cancel()
        await asyncio.wait({speaking})


async def until(condition: Callable[[], object], within_s: float = 5.0) -> None:
    """Wait for a condition that something else brings about."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.01)
