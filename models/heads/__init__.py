"""Heads: small classifiers over sentence vectors, trained here and called without scikit-learn."""

from models.heads.head import Head, HeadError, Judgement, train_head

__all__ = ["Head", "HeadError", "Judgement", "train_head"]
