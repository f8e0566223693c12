"""Sentiment: how a caller feels about a turn, and whether the conversation goes well for them."""
