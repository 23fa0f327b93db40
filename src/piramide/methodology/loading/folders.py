"""Where packs are: those that ship, and those in folders that somebody names."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from importlib import resources
from pathlib import Path

from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import nearest


def shipped_packs() -> Path:
    """Folder of the packs that ship with the product."""
    return Path(str(resources.files("piramide.packs")))


def pack_folders(extra: Iterable[Path] = ()) -> dict[str, Path]:
    """Folders of known packs by id: those of `extra` folders first, then those that ship; refuses what is no folder."""
    found: dict[str, Path] = {}
    for parent in (*extra, shipped_packs()):
        if not parent.is_dir():
            raise refuse("PL018", Place(str(parent)))
        for marker in sorted(parent.glob("*/pack.yaml")):
            if not marker.parent.name.startswith("."):  # a draft that a killed process left
                found.setdefault(marker.parent.name, marker.parent)
    return found


def find_pack(name: str, extra: Iterable[Path] = ()) -> Path:
    """Folder of the pack called `name`, which may also be the path of a folder; refuses an unknown one."""
    folders = pack_folders(extra)
    if name in folders:
        return folders[name]
    with suppress(OSError, ValueError):  # no path can be called so
        if name and Path(name).is_dir():
            return Path(name)
    near = ", ".join(nearest(name, sorted(folders))) or ", ".join(sorted(folders))
    raise refuse("PL000", Place(), name, near=near)
