"""Which packs there are, and what each says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from piramide.methodology.loading import pack_folders
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.read_sections import read_pack_yaml


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack in the list: what its `pack.yaml` says of it."""

    id: str
    label: str
    administration: str
    year: int
    folder: str


def known_packs(folders: Iterable[Path] = ()) -> tuple[PackLine, ...]:
    """Every pack that ships or lies in one of `folders`."""
    lines = []
    for folder in pack_folders(folders).values():
        head, _ = read_pack_yaml(PackFiles(folder))
        lines.append(PackLine(head.id, head.label, head.administration, head.year, str(folder)))
    return tuple(lines)
