"""Twilio's signatures on webhooks and on media-stream upgrades.

Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security. The URL is built from the configured
public address, never from the request, because proxies rewrite what a request says about itself.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import URL
from twilio.request_validator import RequestValidator

SIGNATURE_HEADER = "x-twilio-signature"


class SignatureCheck:
    """Checks that requests come from the carrier that holds the account's auth token."""

    def __init__(self, auth_token: str, public_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._public_url = public_url.rstrip("/")

    def webhook(self, path_and_query: str, params: Mapping[str, str], signature: str | None) -> bool:
        """Whether a form POST (or a GET with empty `params`) to `path_and_query` is signed."""
        return self._signed(self._public_url + path_and_query, params, signature)

    def upgrade(self, path: str, signature: str | None) -> bool:
        """Whether a WebSocket upgrade to `path` is signed: GET, no parameters, the exact ws(s) address."""
        address = self.socket_url(path)
        return any(self._signed(url, {}, signature) for url in (address, address + "/"))

    def socket_url(self, path: str) -> str:
        """The public ws(s) address of `path`."""
        parts = urlsplit(self._public_url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        return urlunsplit((scheme, parts.netloc, path, "", ""))

    def _signed(self, url: str, params: Mapping[str, str], signature: str | None) -> bool:
        if not signature:
            return False
        return bool(self._validator.validate(url, dict(params), signature))


def path_and_query(url: URL) -> str:
    """The part of a request's address that is signed as it came."""
    return url.path + (f"?{url.query}" if url.query else "")
