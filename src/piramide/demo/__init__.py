"""Invented facts, targets and users for the demonstration."""
