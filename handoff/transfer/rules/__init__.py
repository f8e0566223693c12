"""The rules of a transfer, one for each event: by who or what the event comes from."""
