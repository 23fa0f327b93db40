"""How wide an answer may be."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Final

WIDE: Final = 160


def answer_width(otherwise: int = WIDE) -> int:
    """As wide as the terminal (or `$COLUMNS`), `otherwise` when standard output is a file or a pipe."""
    is_told = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return shutil.get_terminal_size().columns if is_told else otherwise
