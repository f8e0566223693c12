"""Sends text messages through the carrier's REST API (Twilio Messages, or the local line)."""

import httpx

from telephony.carrier_rest import (
    CarrierRefusedError,
    CarrierRest,
    CarrierUnansweredError,
    CarrierUnreachedError,
    sid_of,
)

TIMEOUT_S = 10.0


class SmsError(Exception):
    """A text message was not sent. The text holds neither number nor words of it."""


class SmsUnansweredError(Exception):
    """The carrier did not answer: the message may have been sent."""


class SmsSender(CarrierRest):
    """Sends from one number of one account. Closed with its connections."""

    def __init__(
        self, account_sid: str, auth_token: str, number: str, base_url: str = "https://api.twilio.com"
    ) -> None:
        super().__init__(account_sid, auth_token, base_url, TIMEOUT_S)
        self._number = number

    async def send(self, to: str, text: str) -> str:
        """Send `text` to an E.164 number. Returns the message's sid.

        Raises:
            SmsError: it was surely not sent.
            SmsUnansweredError: it may have been.
        """
        try:
            answer = await self.post("Messages", {"To": to, "From": self._number, "Body": text})
            if answer.status_code != httpx.codes.CREATED:
                raise CarrierRefusedError(answer.status_code, 0)
            return sid_of(answer)
        except (CarrierRefusedError, CarrierUnreachedError) as error:
            raise SmsError(str(error)) from None
        except CarrierUnansweredError as error:
            raise SmsUnansweredError(str(error)) from None
