"""Telling how far the generation is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with the dataset, how many files of it are done and how many there are."""
