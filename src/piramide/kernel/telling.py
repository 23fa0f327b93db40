"""Telling how far long work is: whoever does it calls a function, and may be given one that tells nobody."""

from __future__ import annotations


def silent(*_told: object) -> None:
    """Tell nobody."""
