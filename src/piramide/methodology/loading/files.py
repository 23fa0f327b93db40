"""Reading the files of a pack: nothing outside its folder, nothing huge, UTF-8 only, and its hash."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from piramide.kernel.findings import Place, refuse

LARGEST_FILE = 20_000_000
"""Bytes of the largest file a pack may hold; bigger ones are data, not a method."""

SECTION_FILES = (
    "acts",
    "indicators",
    "measures",
    "parameters",
    "scales",
    "profiles",
    "overrides",
    "tables",
    "identities",
    "sheet",
    "chain",
    "money",
    "reweighting",
    "planning",
)
TOP_LEVEL = (
    "pack.yaml",
    *(f"{name}.yaml" for name in SECTION_FILES),
    "organisation.csv",
    "aliases.csv",
    "history.csv",
    "ladder.csv",
    "links.csv",
    "objective_risks.csv",
    "phases.csv",
    "projects.csv",
    "years.csv",
    "interpretations.md",
)
"""Files that a pack may hold at its top, beside texts for people (`.md`, `.txt`)."""

FOLDERS = (
    "trees/",
    "templates/",
    "targets/",
    "chain/",
    "tables/",
    "values/",
    "facts/",
    "examples/",
    "demonstration/",
)

_TEXTS = (".md", ".txt")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""What no text of an act holds, and what would move the cursor of a terminal."""


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The folder of a pack, read safely. Paths in messages are relative to it."""

    root: Path

    def has(self, relative: str) -> bool:
        """Whether the pack holds this file."""
        return (self.root / relative).is_file()

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Relative paths that match a glob pattern, sorted; hidden files are no part of a pack."""
        found = (p for p in self.root.glob(pattern) if p.is_file() and not p.name.startswith("."))
        return tuple(sorted(p.relative_to(self.root).as_posix() for p in found))

    def text(self, relative: str) -> str:
        """The file as UTF-8 text; refuses what leaves the folder, is too large, empty or in another encoding."""
        path = self.root / relative
        self._refuse_outside(path, relative)
        if (size := path.stat().st_size) > LARGEST_FILE:
            raise refuse("PL003", Place(relative), size=f"{size / 1e6:.0f}", most=LARGEST_FILE // 1_000_000)
        raw = path.read_bytes()
        if not raw.strip():
            raise refuse("PL004", Place(relative))
        return decode(raw, relative)

    def everything(self) -> tuple[str, ...]:
        """Every file that counts for the hash: all but hidden ones and caches.

        Refuses what a copy of the pack could not carry: links out, to folders or to nothing, pipes, odd names.
        """
        return tuple(sorted(self._below("")))

    def _below(self, folder: str) -> Iterator[str]:
        with os.scandir(self.root / folder) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.name.startswith(".") or entry.name == "__pycache__":
                    continue
                relative = f"{folder}{entry.name}"
                if not relative.isprintable():  # bytes that are not UTF-8, control characters
                    raise refuse("PL008", Place(relative.encode(errors="replace").decode()))
                if entry.is_symlink():
                    self._refuse_outside(self.root / relative, relative)
                if entry.is_dir(follow_symlinks=False):
                    yield from self._below(f"{relative}/")
                elif entry.is_file():
                    yield relative
                else:
                    raise refuse("PL007", Place(relative))

    def unread(self) -> tuple[str, ...]:
        """What lies at the top and nothing reads: misspelt names, as a rule. Hidden files and texts for people may."""
        found = []
        for path in sorted(self.root.iterdir()):
            name = f"{path.name}/" if path.is_dir() else path.name
            is_aside = name.startswith((".", "__pycache__", "LICENSE")) or name.lower().endswith(_TEXTS)
            if name not in (*TOP_LEVEL, *FOLDERS) and not is_aside:
                found.append(name)
        return tuple(found)

    def digest(self) -> str:
        """`sha256:` over sorted relative paths and raw bytes, each preceded by its length."""
        total = hashlib.sha256()
        for relative in self.everything():
            path = os.path.join(self.root, relative)  # noqa: PTH118 - a hundred paths, each time a pack is opened
            if (size := os.stat(path).st_size) > LARGEST_FILE:  # noqa: PTH116
                raise refuse("PL003", Place(relative), size=f"{size / 1e6:.0f}", most=LARGEST_FILE // 1_000_000)
            with open(path, "rb") as file:  # noqa: PTH123
                content = file.read()
            for piece in (relative.encode(), content):
                total.update(len(piece).to_bytes(8, "big"))
                total.update(piece)
        return f"sha256:{total.hexdigest()}"

    def _refuse_outside(self, path: Path, relative: str) -> None:
        try:
            if path.resolve().is_relative_to(self.root.resolve()):
                return
        except (OSError, RuntimeError) as error:  # a link that leads to itself
            raise refuse("PL007", Place(relative)) from error
        raise refuse("PL002", Place(relative))


def decode(raw: bytes, name: str) -> str:
    """Bytes as UTF-8 (a byte-order mark is dropped); refuses another encoding and control characters, with line."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse("PL005", Place(name, line), byte=f"0x{raw[error.start]:02x}") from error
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise refuse("PL009", Place(name, line), byte=f"0x{ord(control.group()):02x}")
    return text
