"""The TwiML of a transfer, and the addresses in it."""

from collections.abc import Callable

from twilio.twiml.voice_response import Connect, Dial, Start, VoiceResponse

from telephony.twiml import TOKEN_PARAMETER

LEG_PATH = "/twilio/leg"
CONFERENCE_PATH = "/twilio/conference"
CALLER_PATH = "/twilio/caller"
CALLED_PATH = "/twilio/called"
HOLD_PATH = "/twilio/hold"
HOLD_SOUND_PATH = "/twilio/hold.wav"
LEG_MEDIA_PATH = "/twilio/leg-media"
TALK_MEDIA_PATH = "/twilio/talk-media"
TRANSFER_PARAMETER = "transfer"
LEG_PARAMETER = "leg"
CALLER_LABEL, AGENT_LABEL = "caller", "agent"
TALK_STREAM = "talk"


class TransferTwiml:
    """Documents for one server: `public_url` without a path, `socket_url` for a path, `issue` a token for a call."""

    def __init__(
        self, public_url: str, socket_url: Callable[[str], str], issue: Callable[[str], str]
    ) -> None:
        self._public_url = public_url.rstrip("/")
        self._socket_url = socket_url
        self._issue = issue

    def leg_url(self, transfer_id: str, leg: int) -> str:
        """Asked for TwiML when a human's leg is answered."""
        return f"{self._public_url}{LEG_PATH}/{transfer_id}/{leg}"

    def leg_status_url(self, transfer_id: str, leg: int) -> str:
        """Told of a human's leg."""
        return f"{self.leg_url(transfer_id, leg)}/status"

    def called_url(self, transfer_id: str) -> str:
        """Asked for TwiML when a caller has answered who is called back."""
        return f"{self._public_url}{CALLED_PATH}/{transfer_id}"

    def called_status_url(self, transfer_id: str) -> str:
        """Told of the leg of a caller who is called back."""
        return f"{self.called_url(transfer_id)}/status"

    def survey_url(self, transfer_id: str, state: str) -> str:
        """Asked what follows a question of the survey."""
        return f"{self._public_url}{CALLER_PATH}/{transfer_id}/survey/{state}"

    def leg_stream(self, transfer_id: str, leg: int, call_sid: str) -> str:
        """Connect a human's leg to a media stream of its own, and ask what to do when that ends."""
        response = VoiceResponse()
        connect = Connect()
        stream = connect.stream(url=self._socket_url(LEG_MEDIA_PATH))
        stream.parameter(name=TOKEN_PARAMETER, value=self._issue(call_sid))
        stream.parameter(name=TRANSFER_PARAMETER, value=transfer_id)
        stream.parameter(name=LEG_PARAMETER, value=str(leg))
        response.append(connect)
        response.redirect(f"{self.leg_url(transfer_id, leg)}/next", method="POST")
        return str(response)

    def leg_waits(self, transfer_id: str, leg: int) -> str:
        """A human's leg waits a second and asks again."""
        response = VoiceResponse()
        response.pause(length=1)
        response.redirect(f"{self.leg_url(transfer_id, leg)}/next", method="POST")
        return str(response)

    def leg_joins(self, transfer_id: str, leg: int) -> str:
        """The human comes into the conference, which begins with that."""
        response = VoiceResponse()
        dial = Dial(action=f"{self.leg_url(transfer_id, leg)}/left", method="POST")
        dial.conference(
            transfer_id,
            start_conference_on_enter=True,
            end_conference_on_exit=True,
            beep="false",
            jitter_buffer_size="small",
            participant_label=AGENT_LABEL,
        )
        response.append(dial)
        return str(response)

    def caller_joins(self, transfer_id: str, call_sid: str, greeting: str | None = None) -> str:
        """The caller comes into the conference; a one-way stream of both sides goes to our record of the call.

        `greeting` is said before, with the carrier's own voice, to a caller whom we have called.
        """
        response = VoiceResponse()
        if greeting is not None:
            response.say(greeting)
        start = Start()
        stream = start.stream(url=self._socket_url(TALK_MEDIA_PATH), track="both_tracks", name=TALK_STREAM)
        stream.parameter(name=TOKEN_PARAMETER, value=self._issue(call_sid))
        stream.parameter(name=TRANSFER_PARAMETER, value=transfer_id)
        response.append(start)
        dial = Dial(action=f"{self._public_url}{CALLER_PATH}/{transfer_id}", method="POST")
        # The conference's events are told to the address that its first participant brings.
        dial.conference(
            transfer_id,
            wait_url=f"{self._public_url}{HOLD_PATH}",
            wait_method="GET",
            start_conference_on_enter=False,
            end_conference_on_exit=True,
            beep="false",
            jitter_buffer_size="small",
            participant_label=CALLER_LABEL,
            status_callback=f"{self._public_url}{CONFERENCE_PATH}/{transfer_id}",
            status_callback_event="start end join leave",
        )
        response.append(dial)
        return str(response)

    def caller_put_through(
        self,
        transfer_id: str,
        address: str,
        caller_id: str,
        timeout_s: float,
        credentials: tuple[str, str] | None = None,
    ) -> str:
        """The caller is connected with a target at once; they hear it ring. `credentials` sign in where it asks."""
        response = VoiceResponse()
        dial = Dial(
            action=f"{self._public_url}{CALLER_PATH}/{transfer_id}",
            method="POST",
            timeout=round(timeout_s),
            answer_on_bridge=True,
            caller_id=caller_id,
        )
        user, password = credentials or (None, None)
        dial.sip(address, username=user, password=password)
        response.append(dial)
        return str(response)

    def hold(self) -> str:
        """What a caller hears who is alone in the conference."""
        response = VoiceResponse()
        response.play(f"{self._public_url}{HOLD_SOUND_PATH}", loop=0)
        return str(response)
