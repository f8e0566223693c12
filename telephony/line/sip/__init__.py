"""The local line's SIP edge: real telephones call in and are called, on the loopback interface."""

from telephony.line.sip.edge import SipEdge

__all__ = ["SipEdge"]
