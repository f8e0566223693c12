"""Speaking: text to speech as a stream, and how much of it was heard."""
