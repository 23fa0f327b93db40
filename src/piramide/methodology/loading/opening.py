"""The ways into a pack: from its files, or from what was kept when somebody read them before.

    load_pack     the pack of a folder, read from its files
    open_folder   the same, known by the hash of its files

Whoever opens a pack hashes all its files first. Beside the pack stand the programs of its formulas, so that the reader
of SQL need not start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from piramide.kernel.arithmetic import Program
from piramide.kernel.expressions import programs, remember
from piramide.kernel.kept import Kept
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.model import Pack


@dataclass(frozen=True, slots=True)
class Compiled:
    """What is kept of a pack: itself, and the programs of its formulas by their text."""

    pack: Pack
    programs: Mapping[str, Program]


_PACKS: Final = Kept(Compiled, ("kernel", "methodology"))


def load_pack(folder: Path, *, demonstration: bool = False) -> Pack:
    """Read one pack, as printed: overrides are carried, not yet applied, and computed targets are still absent.

    `in_force` gives both for a day. With `demonstration`, the invented layer is merged and marked. Refuses a pack that
    cannot be read, with every fault of the file it stopped at.
    """
    # What checks the files of a pack takes longer to start than a known pack to open.
    from piramide.methodology.loading.assemble import assembled  # noqa: PLC0415

    return assembled(folder, demonstration=demonstration)


def open_folder(folder: Path, *, demonstration: bool = False) -> Pack:
    """The pack of a folder as `load_pack` reads it, with its refusals; one that was read before is not read again."""
    files = PackFiles(folder)
    if not files.has("pack.yaml"):
        return load_pack(folder, demonstration=demonstration)
    digest = files.digest()
    known = _PACKS.of(
        (digest, str(demonstration)),
        lambda: _compiled(folder, demonstration=demonstration),
        lambda found: found.pack.hash == digest,  # not so while somebody writes to the folder
    )
    remember(known.programs)
    return replace(known.pack, root=str(folder), unread=files.unread())


def _compiled(folder: Path, *, demonstration: bool) -> Compiled:
    pack = load_pack(folder, demonstration=demonstration)
    return Compiled(pack, programs(_formulas(pack)))


def _formulas(pack: Pack) -> Iterator[str]:
    """The texts of all formulas of a pack: of indicators, of measures, of targets."""
    yield from (indicator.formula for indicator in pack.indicators.values() if indicator.formula)
    yield from (measure.formula for measure in pack.measures.values() if measure.formula)
    yield from {node.target_rule for sheet in pack.sheets.values() for node in sheet.walk() if node.target_rule}
    yield from {target.target_rule for targets in pack.years.values() for target in targets if target.target_rule}
