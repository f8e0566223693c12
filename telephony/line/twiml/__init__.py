"""TwiML as the carrier reads it."""
