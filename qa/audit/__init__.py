"""The audit before automating: what months of tickets or calls are about, and what of it an answer alone would do."""
