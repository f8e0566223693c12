"""The optional language model: it proposes, the flows decide."""
