"""Reads the forms of the carrier's requests: signed, and good once."""

from fastapi import HTTPException, Request
from loguru import logger

from telephony.signature import SIGNATURE_HEADER, SignatureCheck, path_and_query
from telephony.tokens import SeenRequests

IDEMPOTENCY_HEADER = "i-twilio-idempotency-token"


class SignedForms:
    """The forms that come to one router."""

    def __init__(self, check: SignatureCheck) -> None:
        self._check = check
        self._seen = SeenRequests()

    async def read(self, request: Request, *, repeatable: bool = False) -> dict[str, str]:
        """The form of a signed request; 403 for any other, and for one that has come before."""
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        if not self._check.webhook(path_and_query(request.url), form, request.headers.get(SIGNATURE_HEADER)):
            raise refused(request, form, "bad_signature")
        if not repeatable:
            self._refuse_repeated(request, form)
        return form

    def first(self, what: str) -> bool:
        """Whether this has not been seen before; from now on it has."""
        return self._seen.first(what)

    def _refuse_repeated(self, request: Request, form: dict[str, str]) -> None:
        token = request.headers.get(IDEMPOTENCY_HEADER)
        if token and not self._seen.first(f"{request.url.path} {token}"):
            raise refused(request, form, "repeated")


def refused(request: Request, form: dict[str, str], code: str) -> HTTPException:
    """403, and a line that names the parameters but none of their values."""
    logger.bind(path=request.url.path, parameters=sorted(form), code=code).warning("request refused")
    return HTTPException(status_code=403, detail=code)


def required(form: dict[str, str], name: str) -> str:
    """A field of the form; 400 where it is missing."""
    value = form.get(name)
    if not value:
        raise HTTPException(status_code=400, detail=f"{name} is required.")
    return value
