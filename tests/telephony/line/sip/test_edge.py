"""Real telephones call in and are called, over real SIP and RTP on the loopback interface."""

import asyncio
import importlib.util
import socket

import numpy as np
import pytest

from demo.sip.baresip_phone import BaresipTelephone
from demo.sip.own_phone import OwnTelephone
from demo.sip.telephone import CallRefusedError
from telephony.line.inbox import Inbox
from telephony.line.leg import LegEnd
from telephony.line.sip import SipEdge
from telephony.line.ticker import Ticker
from telephony.media import ulaw
from tests.sound import RATE, contains

pytestmark = pytest.mark.sip
HERE = "127.0.0.1"


@pytest.fixture(params=["baresip", "own"])
def telephone(request):
    """A class of telephones: the independent peer where it can be had, and our own."""
    if request.param == "own":
        return OwnTelephone
    if importlib.util.find_spec("baresip") is None:
        pytest.skip("there is no baresip for this platform")
    return BaresipTelephone


class Board:
    """Answers what comes in and plays it a sound of its own; also listens to what it has dialled."""

    def __init__(self, sound=None, refuse=None):
        self.sound = sound if sound is not None else np.zeros(0, np.int16)
        self.refuse = refuse
        self.lines = []
        self.rang = asyncio.Event()

    async def on_incoming(self, leg, to):
        line = Line(leg, to, self.sound)
        self.lines.append(line)
        self.rang.set()
        leg.listen(line)
        if self.refuse is not None:
            await leg.reject(self.refuse)
        elif self.refuse is None and self.sound is not None:
            await leg.answer()
            line.start()


class Line:
    """The carrier's side of one call."""

    def __init__(self, leg, to, sound):
        self.leg, self.to = leg, to
        self.frames = [sound[at : at + 160] for at in range(0, sound.size // 160 * 160, 160)]
        self.inbox = Inbox()
        self.heard = []
        self.digits = []
        self.ringing, self.answered, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.end = None
        self.ticker = Ticker(self.tick)

    def start(self):
        self.ticker.start()

    def tick(self):
        self.heard.append(ulaw.decode(self.inbox.take()))
        frame = self.frames.pop(0) if self.frames else np.zeros(160, np.int16)
        self.leg.send(ulaw.encode(frame))

    def on_ringing(self):
        self.ringing.set()

    def on_answered(self):
        self.answered.set()
        self.start()

    def on_audio(self, frame):
        self.inbox.put(frame)
        self.ticker.follow()

    def on_digit(self, digit):
        self.digits.append(digit)

    def on_ended(self, end):
        self.end = end
        self.ended.set()
        self.closing = asyncio.ensure_future(self.ticker.stop())


class Edge:
    """An edge with its board."""

    def __init__(self, board):
        self.board = board
        self.sip = SipEdge(HERE, 0, (42000, 42999), board)

    async def __aenter__(self):
        await self.sip.start()
        return self

    async def __aexit__(self, *_):
        await self.sip.stop()

    @property
    def address(self):
        return f"sip:+15550100100@{HERE}:{self.sip.port}"

    def dial(self, to, sound, headers=None):
        leg = self.sip.dial(to, "+15550100100", headers or {})
        line = Line(leg, to, sound)
        leg.listen(line)
        return line


def noise(seed, seconds=2.0):
    """A sound like no other, after a second in which both ends find their beat."""
    loud = np.random.default_rng(seed).normal(0, 3000, int(seconds * RATE)).astype(np.int16)
    return np.concatenate([np.zeros(RATE, np.int16), loud])


MOSTLY = 0.8
"""A machine that stalls for some frames loses them on the way, as a network does; another sound is below 0.1."""


def likeness(heard, sent):
    """How much of `sent` is in `heard`, as it is after µ-law."""
    return contains(heard, ulaw.decode(ulaw.encode(sent)))


async def test_both_hear_each_other_and_keys_arrive(telephone):
    async with Edge(Board(noise(1))) as edge, telephone("+15550142000") as phone:
        await phone.dial(edge.address)
        line = edge.board.lines[0]
        assert line.leg.party == "+15550142000"
        assert line.to == "+15550100100"
        phone.play(noise(2))
        await phone.played()
        for key in "4#7":
            await phone.press(key)
            await asyncio.sleep(0.3)
        await asyncio.sleep(0.5)
        await phone.hang_up()
        await line.ended.wait()
        assert line.end is LegEnd.HUNG_UP
        assert likeness(np.concatenate(line.heard), noise(2)) > MOSTLY
        assert likeness(phone.heard(), noise(1)) > MOSTLY
        assert line.digits == ["4", "#", "7"]


async def test_we_call_out_with_a_header_and_keys_go_both_ways(telephone):
    async with Edge(Board()) as edge, telephone("agent") as phone:
        line = edge.dial(phone.address, noise(3), {"X-Warmline-Test": "a\r\nEvil: b"})
        incoming = await asyncio.wait_for(phone.incoming(), 10)
        assert "15550100100" in incoming.caller
        assert incoming.headers.get("X-Warmline-Test", "").startswith("a")
        assert "Evil" not in incoming.headers
        await phone.answer()
        await asyncio.wait_for(line.answered.wait(), 10)
        line.leg.audio.press("5")
        await asyncio.sleep(3.4)
        await line.leg.hang_up()
        await asyncio.wait_for(phone.ended.wait(), 10)
        assert likeness(phone.heard(), noise(3)) > MOSTLY
        assert phone.digits == ["5"]


async def test_the_far_end_is_busy(telephone):
    async with Edge(Board()) as edge, telephone("agent") as phone:
        line = edge.dial(phone.address, noise(3))
        await asyncio.wait_for(phone.incoming(), 10)
        await phone.reject()
        await asyncio.wait_for(line.ended.wait(), 10)
        assert line.end is LegEnd.BUSY


async def test_we_take_a_ringing_call_back(telephone):
    async with Edge(Board()) as edge, telephone("agent") as phone:
        line = edge.dial(phone.address, noise(3))
        await asyncio.wait_for(line.ringing.wait(), 10)
        await line.leg.hang_up()
        await asyncio.wait_for(phone.ended.wait(), 10)
        assert line.end is LegEnd.HUNG_UP


@pytest.mark.parametrize(("refuse", "code"), [(LegEnd.BUSY, "486"), (LegEnd.NOT_FOUND, "404")])
async def test_we_refuse(refuse, code):
    async with Edge(Board(refuse=refuse)) as edge, OwnTelephone("+15550142000") as phone:
        with pytest.raises(CallRefusedError):
            await phone.dial(edge.address)


async def test_two_calls_at_once_never_mix(telephone):
    async with (
        Edge(Board(noise(1))) as edge,
        telephone("+15550000001") as one,
        telephone("+15550000002") as other,
    ):
        await asyncio.gather(one.dial(edge.address), other.dial(edge.address))
        one.play(noise(11))
        other.play(noise(22))
        await asyncio.gather(one.played(), other.played())
        await asyncio.sleep(0.3)
        lines = {line.leg.party: np.concatenate(line.heard) for line in edge.board.lines}
        await asyncio.gather(one.hang_up(), other.hang_up())
    assert likeness(lines["+15550000001"], noise(11)) > MOSTLY
    assert likeness(lines["+15550000002"], noise(22)) > MOSTLY
    assert likeness(lines["+15550000001"], noise(22)) < 0.1
    assert likeness(lines["+15550000002"], noise(11)) < 0.1


def invite(port, body, call_id="c1", media=HERE):
    text = body.replace("HOST", media)
    return (
        f"INVITE sip:+15550100100@{HERE} SIP/2.0\r\nVia: SIP/2.0/UDP {HERE}:{port};branch=z9hG4bK{call_id}\r\n"
        f"From: <sip:+1555@{HERE}>;tag=1\r\nTo: <sip:+15550100100@{HERE}>\r\nCall-ID: {call_id}\r\n"
        f"CSeq: 1 INVITE\r\nContact: <sip:+1555@{HERE}:{port}>\r\nMax-Forwards: 70\r\n"
        f"Content-Type: application/sdp\r\nContent-Length: {len(text)}\r\n\r\n{text}"
    ).encode()


PCMU = "v=0\r\no=- 1 1 IN IP4 HOST\r\ns=-\r\nc=IN IP4 HOST\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"
OPUS = PCMU.replace("RTP/AVP 0", "RTP/AVP 96") + "a=rtpmap:96 opus/48000/2\r\n"


class Datagrams:
    """A far end that speaks raw datagrams."""

    def __init__(self, edge):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HERE, 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]
        self.to = (HERE, edge.sip.port)

    async def send(self, data, wait_s=0.3):
        """Sends, and returns the first lines of what comes back."""
        self.socket.sendto(data, self.to)
        await asyncio.sleep(wait_s)
        lines = []
        while True:
            try:
                lines.append(self.socket.recv(4096).split(b"\r\n")[0].decode())
            except BlockingIOError:
                return lines


@pytest.mark.parametrize("media", [OPUS, PCMU.replace("HOST", "192.0.2.1"), "v=0\r\n"])
async def test_sound_that_we_cannot_take_or_that_goes_elsewhere_is_refused(media):
    async with Edge(Board()) as edge:
        far_end = Datagrams(edge)
        assert any("488" in line for line in await far_end.send(invite(far_end.port, media)))


async def test_garbage_does_not_disturb_a_call():
    async with Edge(Board(noise(1, 1.0))) as edge, OwnTelephone("+15550142000") as phone:
        await phone.dial(edge.address)
        far_end = Datagrams(edge)
        for data in (b"", b"\0" * 400, b"INVITE", b"SIP/2.0 999 x\r\n\r\n", b"BYE sip:x SIP/2.0\r\n\r\n"):
            await far_end.send(data, 0.02)
        await asyncio.sleep(2.2)
        assert likeness(phone.heard(), noise(1, 1.0)) > MOSTLY


async def test_an_invite_sent_twice_is_one_call():
    async with Edge(Board()) as edge:
        far_end = Datagrams(edge)
        await far_end.send(invite(far_end.port, PCMU))
        await far_end.send(invite(far_end.port, PCMU))
        assert len(edge.board.lines) == 1


async def test_a_refusal_is_acknowledged():
    async with Edge(Board()) as edge:
        far_end = Datagrams(edge)
        line = edge.dial(f"sip:agent@{HERE}:{far_end.port}", noise(1))
        await asyncio.sleep(0.2)
        request = far_end.socket.recv(4096).decode()
        kept = [
            one for one in request.split("\r\n") if one.startswith(("Via", "From", "To", "Call-ID", "CSeq"))
        ]
        refusal = "SIP/2.0 486 Busy Here\r\n" + "\r\n".join(kept) + "\r\nContent-Length: 0\r\n\r\n"
        assert any(one.startswith("ACK") for one in await far_end.send(refusal.encode()))
        assert line.end is LegEnd.BUSY
