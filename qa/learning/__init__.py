"""What people corrected becomes training items, and what is learnt from them a version that can be taken back."""
