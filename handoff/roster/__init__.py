"""Warmline's own agents: who they are, whether they are there, and who is rung next."""
