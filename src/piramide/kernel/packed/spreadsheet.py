"""A spreadsheet that may be opened at all: one zip of known size, no macros, no links elsewhere, every part whole."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.packed.unfolding import TABLE, TooMuchError, unfolded
from piramide.kernel.packed.weighing import weigh

LARGEST_FILE: Final = 50_000_000

DIGITS: Final = 15
"""Digits that a spreadsheet keeps of a number."""

_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ET.ParseError,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
)
"""What reading a spoiled package may raise."""

_OLE: Final = b"\xd0\xcf\x11\xe0"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Remarkable:
    """Addresses of the cells of one sheet that hold a formula, an error, or a formula that was never computed."""

    formulas: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    uncomputed: tuple[str, ...] = ()


def number_text(value: float) -> str:
    """A number as a pack writes it, with the digits that a spreadsheet shows.

    >>> number_text(1 - 0.7), number_text(40.0), number_text(-0.0)
    ('0.3', '40', '0')
    """
    text = format(Decimal(format(value, f".{DIGITS}g")), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def read_bytes(path: Path) -> bytes:
    """The file. Refuses one that is no XLSX by name (WB001), cannot be read (WB002) or is too large (WB003)."""
    place = Place(str(path))
    if path.suffix.lower() == ".xlsm":
        raise refuse("WB007", place)
    if path.suffix.lower() != ".xlsx":
        raise refuse("WB001", place)
    try:
        if (size := path.stat().st_size) > LARGEST_FILE:
            raise refuse("WB003", place, size=f"{size / 1e6:.0f}", most=LARGEST_FILE // 1_000_000)
        return path.read_bytes()
    except OSError as error:
        raise refuse("WB002", place, problem=error.strerror or "") from error


def inspect(raw: bytes, file: str) -> Mapping[str, Remarkable]:
    """What is remarkable in each sheet by name, once the package is known to be safe to open.

    Refuses what is encrypted (WB005), damaged (WB004), unfolds to too much (WB006), carries macros (WB007) or links to
    other files (WB008).
    """
    place = Place(file)
    if raw.startswith(_OLE):
        raise refuse("WB005", place)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            _refuse_unwanted(package, place)
        whole = unfolded(raw, place, TABLE)
        with zipfile.ZipFile(io.BytesIO(whole)) as package:
            parts = _parts(package, place)
        weigh(whole, place, TABLE)
        return {name: _remarkable(parts[part]) for name, part in _sheets(parts)}
    except Refusal:
        raise
    except TooMuchError as much:
        raise much.refusal("WB006") from much
    except _DAMAGE as error:
        raise refuse("WB004", place) from error
    except (RuntimeError, zipfile.LargeZipFile) as error:  # a part with a password
        raise refuse("WB005", place) from error


def _refuse_unwanted(package: zipfile.ZipFile, place: Place) -> None:
    lowered = [name.lower() for name in package.namelist()]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lowered):
        raise refuse("WB007", place)
    if any("/externallinks/" in name for name in lowered):
        raise refuse("WB008", place)


def _parts(package: zipfile.ZipFile, place: Place) -> dict[str, bytes]:
    """Every XML part, read whole: sizes and check sums are then known to be true."""
    parts = {}
    for entry in package.infolist():
        content = package.read(entry)
        if entry.filename.endswith((".xml", ".rels")):
            # A zero byte: another encoding than UTF-8, in which a DOCTYPE could hide.
            if any(mark in content for mark in (b"<!DOCTYPE", b"<!ENTITY", b"\0")):
                raise refuse("WB004", place)
            parts[entry.filename] = content
    return parts


def _sheets(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Name and part of each worksheet."""
    targets = {
        item.attrib["Id"]: item.attrib["Target"]
        for item in _xml(parts["xl/_rels/workbook.xml.rels"])
        if item.attrib.get("TargetMode") != "External"
    }
    for item in _xml(parts["xl/workbook.xml"]).iter():
        if item.tag.rsplit("}", 1)[-1] == "sheet":
            target = targets[item.attrib[_RELATION]]
            yield item.attrib["name"], target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _xml(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 - parts with a DOCTYPE or an ENTITY were refused before


def _remarkable(content: bytes) -> Remarkable:
    formulas: list[str] = []
    errors: list[str] = []
    uncomputed: list[str] = []
    # The same guard as in _xml: no DOCTYPE, no ENTITY.
    for _, element in ET.iterparse(io.BytesIO(content)):  # noqa: S314
        kind = element.tag.rsplit("}", 1)[-1]
        if kind == "row":
            element.clear()
        if kind != "c" or not len(element):
            continue
        address = element.get("r", "")
        if element.get("t") == "e":
            errors.append(address)
        elif element.find("{*}f") is not None:
            (formulas if element.findtext("{*}v") else uncomputed).append(address)
    return Remarkable(tuple(formulas), tuple(errors), tuple(uncomputed))
