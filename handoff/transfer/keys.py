"""The keys on a human's leg."""

TAKE = "1"
DECLINE = "2"
AGAIN = "9"
VOICE = "0"
