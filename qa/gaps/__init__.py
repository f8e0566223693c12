"""Questions that were not or badly answered, put together, and what became of them."""
