"""After the call: how it was for the caller, and what the agent says of it."""
