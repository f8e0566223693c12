"""Hearing: voice activity, speech to text, what is no speech at all."""
