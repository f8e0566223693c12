"""How the far end answers our INVITE: digest challenges, early media, and every refusal. A peer of bare datagrams."""

import asyncio
import hashlib
import re

import pytest

from telephony.line.call import UNANSWERED_ENDS, CallStatus
from tests.telephony.line.sip.test_edge import Board, Edge, noise

pytestmark = pytest.mark.sip
HERE = "127.0.0.1"


class Peer(asyncio.DatagramProtocol):
    """Answers each INVITE with the next of some responses, and keeps what it is sent."""

    def __init__(self, responses):
        self.responses = list(responses)
        self.requests = []

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        text = data.decode()
        self.requests.append(text)
        if text.startswith("INVITE"):
            for response in self.responses.pop(0):
                self.transport.sendto(answer(text, response, self.port), addr)

    @property
    def port(self):
        return self.transport.get_extra_info("sockname")[1]

    def all(self, method):
        return [text for text in self.requests if text.startswith(method)]


def header(text, name):
    found = re.search(rf"^{name}: (.*?)\r?$", text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else None


def answer(invite, response, port):
    """A response to an INVITE: a status line, more headers, and for 183 and 200 a description of sound."""
    status, extra, with_sound = response
    body = (
        f"v=0\r\no=- 1 1 IN IP4 {HERE}\r\ns=-\r\nc=IN IP4 {HERE}\r\nt=0 0\r\n"
        f"m=audio {port + 1} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
        if with_sound
        else ""
    )
    lines = [
        f"SIP/2.0 {status}",
        *(f"{name}: {header(invite, name)}" for name in ("Via", "From", "Call-ID", "CSeq")),
        f"To: {header(invite, 'To')};tag=peer",
        f"Contact: <sip:peer@{HERE}:{port}>",
        *extra,
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def plain(status):
    return (status, [], False)


@pytest.fixture
async def peer():
    transport, one = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Peer([]), local_addr=(HERE, 0)
    )
    yield one
    transport.close()


@pytest.mark.parametrize(
    ("status", "asks", "answers"),
    [
        ("401 Unauthorized", "WWW-Authenticate", "Authorization"),
        ("407 Proxy Authentication Required", "Proxy-Authenticate", "Proxy-Authorization"),
    ],
)
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_a_challenge_is_answered_and_the_calls_own_headers_go_with_it(
    peer, status, asks, answers, algorithm
):
    challenge = f'{asks}: Digest realm="pbx", nonce="abc", qop="auth", algorithm={algorithm}'
    peer.responses = [[(status, [challenge], False)], [("200 OK", [], True)]]
    async with Edge(Board()) as edge:
        leg = edge.sip.dial(
            f"sip:queue@{HERE}:{peer.port}", "+1555", {"X-Transfer-Id": "t1"}, ("warmline", "secret")
        )
        await asyncio.sleep(0.3)
        assert leg.response_code == 200
        first, second = peer.all("INVITE")
        assert header(second, "X-Transfer-Id") == header(first, "X-Transfer-Id") == "t1"
        assert int(header(second, "CSeq").split()[0]) == int(header(first, "CSeq").split()[0]) + 1
        assert len(peer.all("ACK")) == 2, "the challenge and the answer are each acknowledged"
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', header(second, answers)))
        digest = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[algorithm]

        def hashed(text):
            return digest(text.encode()).hexdigest()

        secret, request = hashed("warmline:pbx:secret"), hashed(f"INVITE:{given['uri']}")
        expected = hashed(f"{secret}:abc:{given['nc']}:{given['cnonce']}:auth:{request}")
        assert given["response"] == expected


async def test_a_wrong_password_is_not_tried_for_ever(peer):
    challenge = 'WWW-Authenticate: Digest realm="pbx", nonce="abc"'
    peer.responses = [[("401 Unauthorized", [challenge], False)]] * 5
    async with Edge(Board()) as edge:
        leg = edge.sip.dial(f"sip:queue@{HERE}:{peer.port}", "+1555", {}, ("warmline", "wrong"))
        await asyncio.sleep(0.3)
        assert leg.response_code == 401
        assert len(peer.all("INVITE")) == 2


async def test_early_media_is_ringing_and_not_an_answer(peer):
    peer.responses = [[plain("100 Trying"), ("183 Session Progress", [], True)]]
    async with Edge(Board()) as edge:
        line = edge.dial(f"sip:queue@{HERE}:{peer.port}", noise(1))
        await asyncio.wait_for(line.ringing.wait(), 10)
        await asyncio.sleep(0.2)
        assert not line.answered.is_set()
        assert line.leg.response_code is None


@pytest.mark.parametrize(
    ("response", "status"),
    [
        ("486 Busy Here", CallStatus.BUSY),
        ("600 Busy Everywhere", CallStatus.BUSY),
        ("603 Decline", CallStatus.BUSY),
        ("480 Temporarily Unavailable", CallStatus.NO_ANSWER),
        ("408 Request Timeout", CallStatus.NO_ANSWER),
        ("404 Not Found", CallStatus.FAILED),
        ("503 Service Unavailable", CallStatus.FAILED),
    ],
)
async def test_every_refusal_has_its_status_and_its_number(peer, response, status):
    peer.responses = [[plain(response)]]
    async with Edge(Board()) as edge:
        line = edge.dial(f"sip:queue@{HERE}:{peer.port}", noise(1))
        await asyncio.wait_for(line.ended.wait(), 10)
        assert UNANSWERED_ENDS[line.end] is status
        assert line.leg.response_code == int(response[:3])
