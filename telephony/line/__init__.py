"""The local line: a Twilio-compatible carrier on this machine, with real SIP and a browser phone."""
