"""Invented facts, targets and users for the demonstration; only the commands import it."""
