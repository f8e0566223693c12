"""One call's media stream: messages, protocol, sound in and out, and what was really heard."""
