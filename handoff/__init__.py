"""Passing the caller on: escalation, transfer, briefing, roster, the agent desk."""
