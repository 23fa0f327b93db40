"""How far long work is: whoever does it calls a function, and may be given one that tells nobody."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is."""

Steps = Callable[[int, int], None]
"""The same of work that is one thing: how much is done, how much there is."""


def silent(*_told: object) -> None:
    """Tell nobody."""
