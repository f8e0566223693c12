"""Who gets reviewed: a random sample that nothing biases, and beside it the calls that went worst, with the reasons."""
