"""Model weights: catalogue, verification, preparation, loading."""
