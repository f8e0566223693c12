"""Looking back: what calls were like, how good they were, and what today's version would make of them."""
