"""Doing things in the company's systems: registry, ledger, connectors, the demo shop."""
