"""What caller and human say to each other once they are connected: recorded, and written down for desk and QA."""
