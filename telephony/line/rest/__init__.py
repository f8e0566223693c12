"""Twilio's REST API, on this machine."""
