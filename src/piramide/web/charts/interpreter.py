"""Vega's expression interpreter as a script of its own: with it charts need no `eval`, which the site's policy refuses.

The package offers a module that imports another by its bare name, which browsers resolve only with an inline map. The
one import is read from the global that Vega leaves, and the one export becomes a global.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from piramide.kernel.durable import write_whole

FOLDER: Final = "vega-made"
FILE: Final = "interpreter.js"
_IMPORT = re.compile(r"^import (\{[^}]+\}) from 'vega-util';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export \{ (\w+) as expressionInterpreter \};\n(?://# sourceMappingURL=.*\n?)?", re.MULTILINE)


def made_folder(data: Path) -> Path:
    """Where what is made for browsers lies, before it is gathered."""
    return data / "made" / FOLDER


def make_interpreter(assets: Path, data: Path) -> bool:
    """Write the script from the installed package; whether there is one. Without it charts stay pictures."""
    module = assets / "vega-interpreter" / "build" / "vega-interpreter.js"
    if not module.is_file():
        return False
    text, imports = _IMPORT.subn(r"const \1 = vega;\n", module.read_text(encoding="utf-8"))
    text, exports = _EXPORT.subn(r"globalThis.vegaInterpreter = \1;\n", text)
    if (imports, exports) != (1, 1):
        return False
    folder = made_folder(data)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE, f'(() => {{\n"use strict";\n{text}}})();\n')
    return True
