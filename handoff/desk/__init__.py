"""The agent desk: what a human sees before, during and after a call that was handed over to them."""
