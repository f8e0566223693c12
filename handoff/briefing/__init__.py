"""What a human is told before they take a caller: facts out of the call's events, each proven by them."""
