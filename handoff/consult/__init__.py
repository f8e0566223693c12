"""The voice on a human's own leg: tells them of the caller, and takes their keys."""
