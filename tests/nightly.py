"""How much of a random test is run: a little in every test run, all of it at night (PIRAMIDE_NIGHTLY=1)."""

from __future__ import annotations

import os


def rounds(usual: int, nightly: int) -> int:
    """So many rounds, or as many as there is time for at night."""
    return nightly if os.environ.get("PIRAMIDE_NIGHTLY") == "1" else usual
