"""Asterisk, a real PBX: unpacked by `scripts/unpack_asterisk`, configured here, on the loopback interface only."""

import asyncio
import contextlib
import os
import socket
import string
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

from demo.ports import free_ports
from telephony.line.sources import own_music

USER, PASSWORD = "warmline", "a-test-needs-no-secret"
READY_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 5.0
MODULES = """
res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip res_pjsip_pubsub res_pjsip_session
res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_header_funcs res_pjsip_authenticator_digest
res_pjsip_endpoint_identifier_ip res_rtp_asterisk res_timing_timerfd res_musiconhold chan_pjsip pbx_config
app_dial app_queue app_stack app_verbose bridge_simple bridge_native_rtp codec_ulaw format_pcm func_callerid
"""
"""No more than the queues need: each module more is slower to start."""
ENDPOINT = """
type=endpoint
disallow=all
allow=ulaw
direct_media=no
dtmf_mode=rfc4733
media_address=127.0.0.1
bind_rtp_to_media_address=yes
"""
CONFIG = {
    "asterisk.conf": """
[directories]
astetcdir => $folder/etc
astmoddir => $modules
astvarlibdir => $folder/lib
astdbdir => $folder/lib
astkeydir => $folder/lib
astdatadir => $data
astagidir => $folder/lib
astspooldir => $folder/lib
astrundir => $folder/run
astlogdir => $folder/log
[options]
verbose = 3
""",
    "modules.conf": "[modules]\nautoload=no\n$load",
    "logger.conf": "[logfiles]\nmessages => verbose,notice,warning,error\n",
    "rtp.conf": "[general]\nrtpstart=$rtp_first\nrtpend=$rtp_last\n",
    "musiconhold.conf": "[default]\nmode=files\ndirectory=$folder/music\n",
    # Who calls is known by where they are, and must sign in.
    "pjsip.conf": """
[udp]
type=transport
protocol=udp
bind=127.0.0.1:$port
[warmline]$endpoint
context=from-warmline
auth=warmline
[warmline]
type=auth
auth_type=userpass
username=$user
password=$password
[warmline]
type=identify
endpoint=warmline
match=127.0.0.1
$members
""",
    "queues.conf": "[general]\n$queues",
    # The id of the transfer goes on to the member's telephone: only a pre-dial routine can give it headers.
    "extensions.conf": """
[from-warmline]
$extensions
[pass-on]
exten => s,1,Set(PJSIP_HEADER(add,X-Transfer-Id)=$${TRANSFER})
 same => n,Return()
""",
}
MEMBER = """
[$name]$endpoint
context=nowhere
aors=$name
[$name]
type=aor
contact=$address
"""
QUEUE = """
[$name]
strategy=rrmemory
timeout=30
retry=1
joinempty=yes
$member
"""
EXTENSION = """
exten => $name,1,Set(__TRANSFER=$${PJSIP_HEADER(read,X-Transfer-Id)})
 same => n,Verbose(1,queue $name has transfer $${TRANSFER})
$answer
 same => n,Queue($name,b(pass-on^s^1))
 same => n,Hangup()
"""


@dataclass(frozen=True)
class PbxQueue:
    """A queue of the PBX, at `sip:NAME@127.0.0.1:PORT`."""

    name: str
    member: str | None = None
    """The SIP address of its one member; None where nobody is there, and callers hear music."""
    answers_first: bool = False
    """Whether the PBX answers before a member does."""


@dataclass
class Pbx:
    """A running one."""

    port: int
    folder: Path
    _log: Path = field(init=False)

    def __post_init__(self):
        self._log = self.folder / "log" / "messages"

    def address(self, queue):
        return f"sip:{queue}@127.0.0.1:{self.port}"

    @property
    def told(self):
        """What it has written of its calls."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""


def unpacked():
    """The folder that Asterisk was unpacked into; None where it was not."""
    folder = Path(os.environ.get("WARMLINE_ASTERISK") or user_cache_path("warmline") / "asterisk")
    return folder if (folder / "usr" / "sbin" / "asterisk").is_file() else None


@contextlib.asynccontextmanager
async def open_pbx(root, folder, queues):
    """A PBX with these queues, in a process of its own that keeps all of its files in `folder`."""
    (port,) = free_ports(1, socket.SOCK_DGRAM)
    libraries = next(root.glob("usr/lib/*-linux-gnu"))
    _configure(folder, root, libraries / "asterisk" / "modules", port, queues)
    # By its own loader, because its C library is newer than this system's may be: no chroot, and so no root.
    process = await asyncio.create_subprocess_exec(
        str(next(root.glob("usr/lib64/ld-linux-*"))),
        "--library-path",
        str(libraries),
        str(root / "usr/sbin/asterisk"),
        "-f",
        "-C",
        str(folder / "etc" / "asterisk.conf"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    pbx = Pbx(port, folder)
    try:
        await _until_it_answers(pbx, process)
        yield pbx
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_TIMEOUT_S)
            except TimeoutError:
                process.kill()
                await process.wait()


def _configure(folder, root, modules, port, queues):
    for name in ("etc", "lib", "run", "log", "music"):
        (folder / name).mkdir(parents=True)
    (folder / "music" / "hold.ulaw").write_bytes(own_music())
    (rtp_first,) = free_ports(1, socket.SOCK_DGRAM)
    rtp_first = min(rtp_first, 65000)
    extensions, members, entries = "", "", ""
    for queue in queues:
        member = f"member => PJSIP/{queue.name}-member" if queue.member else ""
        answer = " same => n,Answer()" if queue.answers_first else ""
        entries += _filled(QUEUE, name=queue.name, member=member)
        extensions += _filled(EXTENSION, name=queue.name, answer=answer)
        if queue.member:
            members += _filled(MEMBER, name=f"{queue.name}-member", endpoint=ENDPOINT, address=queue.member)
    values = {
        "folder": folder,
        "data": root / "usr/share/asterisk",
        "modules": modules,
        "load": "".join(f"load={name}.so\n" for name in MODULES.split()),
        "port": port,
        "rtp_first": rtp_first,
        "rtp_last": rtp_first + 200,
        "endpoint": ENDPOINT,
        "user": USER,
        "password": PASSWORD,
        "members": members,
        "queues": entries,
        "extensions": extensions,
    }
    for name, template in CONFIG.items():
        (folder / "etc" / name).write_text(_filled(template, **values))


def _filled(template, **values):
    return string.Template(template).substitute(values)


async def _until_it_answers(pbx, process):
    """By its answer to OPTIONS: the port is open before the rest is."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
        asks.setblocking(False)
        asks.bind(("127.0.0.1", 0))
        here = f"127.0.0.1:{asks.getsockname()[1]}"
        request = (
            f"OPTIONS sip:pbx@127.0.0.1:{pbx.port} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKready\r\n"
            f"From: <sip:test@{here}>;tag=ready\r\nTo: <sip:pbx@127.0.0.1:{pbx.port}>\r\nCall-ID: ready\r\n"
            f"CSeq: 1 OPTIONS\r\nContact: <sip:test@{here}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        async with asyncio.timeout(READY_TIMEOUT_S):
            while True:
                if process.returncode is not None:
                    raise RuntimeError(f"Asterisk ended with {process.returncode}: {pbx.told[-2000:]}")
                await loop.sock_sendto(asks, request.encode(), ("127.0.0.1", pbx.port))
                with contextlib.suppress(TimeoutError, OSError):
                    if await asyncio.wait_for(loop.sock_recv(asks, 4096), 0.5):
                        return
