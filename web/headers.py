"""The headers that every page carries: what a browser may load, and who may frame it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

RULES = (
    "default-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
)
CONTENT = "content-security-policy"


def policy(style_nonce: str | None = None) -> str:
    """What a page may load: no inline script or style, nothing from other machines.

    `style_nonce` lets in the style of a script of others that brings it as an element; the page sets this as its own
    header, with a new nonce each time.
    """
    styles = () if style_nonce is None else (f"style-src 'self' 'nonce-{style_nonce}'",)
    return "; ".join((*RULES, *styles))


POLICY = policy()
HEADERS = {
    CONTENT: POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
NOT_KEPT = "no-store"
"""Pages show personal data: no cache may keep them."""


class PageHeaders:
    """ASGI middleware that adds them to every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get(CONTENT)
                for name, value in HEADERS.items():
                    headers[name] = value
                if own is not None:
                    headers[CONTENT] = own
                headers.setdefault("cache-control", NOT_KEPT)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
