"""Bring the catalogues of the site's words up to date: new texts stand in them without words, to be written by hand.

python scripts/gathered_words.py    writes src/piramide/web/*/locale/*/LC_MESSAGES/django.po, and says what is missing
"""

from __future__ import annotations

import os
import sys
import tempfile
from importlib import import_module


def main() -> int:
    """Gather the words; 1 when a text has none, each told with its file."""
    with tempfile.TemporaryDirectory() as folder:  # the settings of the site want one, and nothing is written there
        os.environ["PIRAMIDE_DATA"] = folder
        import_module("piramide.web.boot")
        missing = import_module("piramide.web.messages").gather()
    for path, text in missing:
        sys.stdout.write(f"{path}: {text!r}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
