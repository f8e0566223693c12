"""A telephone in the browser, served by the local line and only by it."""

from telephony.line.phone.router import create_phone_router
from telephony.line.phone.transcripts import SignedTranscripts, TranscriptLine, TranscriptSource

__all__ = ["SignedTranscripts", "TranscriptLine", "TranscriptSource", "create_phone_router"]
