"""Running calls again: the recorded caller meets today's assistant on a clock that jumps, and the two are compared."""
