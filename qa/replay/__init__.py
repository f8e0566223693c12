"""Looking at one call again: from its events to what a page or a terminal shows of it."""
