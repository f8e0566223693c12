"""The record of a call: events, log, store, recording. Knows nobody."""
