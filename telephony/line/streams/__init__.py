"""The carrier's end of media streams."""
