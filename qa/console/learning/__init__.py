"""The pages of learning: gaps, corrections, versions."""
