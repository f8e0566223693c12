"""The phone network: Twilio REST, TwiML, webhooks, media streams."""
