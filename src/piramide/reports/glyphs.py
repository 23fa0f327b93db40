"""Characters that the fonts of the PDF have; what they lack is drawn as a mark and named with its row.

One character never costs the document: it is replaced and said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import typst

from piramide.kernel.findings import Finding
from piramide.kernel.symbols import code_point, plain_symbols

MARK: Final = "\ufffd"
"""What stands for a character that cannot be drawn."""

_PROBE: Final = b'#set document(title: "-")\n#set text(font: "Libertinus Serif")\n#sys.inputs.text'
_STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]


def drawn(data: Any) -> Any:  # noqa: ANN401 - texts, lists and mappings of any depth
    """The same data with texts that the PDF can draw."""
    if isinstance(data, str):
        return _drawn(data)
    if isinstance(data, Mapping):
        return {key: drawn(value) for key, value in data.items()}
    return [drawn(item) for item in data] if isinstance(data, list | tuple) else data


def undrawable(data: Mapping[str, Any], sheet: str) -> Iterator[Finding]:
    """A remark (RP006) for each character of a worded sheet that is replaced, with the first row that holds it."""
    seen: set[str] = set()
    for where, text in _texts(data, ""):
        for character in dict.fromkeys(plain_symbols(text)):
            if character not in seen and not _is_drawable(character):
                seen.add(character)
                fields = {"character": code_point(character), "sheet": sheet, "text": _drawn(text)[:80]}
                yield Finding("RP006", subject=code_point(character), fields=fields | {"row": _drawn(where)[:80]})


def _texts(data: Any, row: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Every text with the label of the row that it stands in; its id where the label cannot be drawn."""
    if isinstance(data, str):
        yield row, data
    elif isinstance(data, Mapping):
        names = [data[key] for key in ("label", "node") if isinstance(data.get(key), str) and data[key]]
        name = next((text for text in names if all(map(_is_drawable, plain_symbols(text)))), (*names, row)[0])
        for value in data.values():
            yield from _texts(value, name)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from _texts(item, row)


def _drawn(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _is_drawable(c) else MARK for c in plain_symbols(text))


@cache
def _is_drawable(character: str) -> bool:
    """Whether the fonts that the PDF is set in have a character, and its standards admit it."""
    if character in "\n\t" or (character.isascii() and character.isprintable()):
        return True
    compiler = typst.Compiler(_PROBE, ignore_system_fonts=True, sys_inputs={"text": f"a{character}"})
    try:
        compiler.compile(format="pdf", pdf_standards=_STANDARDS)
    except typst.TypstError:
        return False
    return True
