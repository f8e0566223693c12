"""Hearing and speaking: VAD, turns, speech-to-text, text-to-speech, the pipeline of one call."""
