"""Opening and checking packs by the name a user gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from piramide.kernel.findings import Severity
from piramide.measurement.measures.check import check_measures
from piramide.methodology.changes import Changes, compare
from piramide.methodology.checks import CheckReport, ProofLine, examine, proof_lines
from piramide.methodology.loading import find_pack, open_folder, pack_folders
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.read_sections import read_pack_yaml
from piramide.methodology.model import Pack

__all__ = [
    "CheckReport",
    "PackLine",
    "ProofLine",
    "changes",
    "check_report",
    "examined",
    "known_packs",
    "open_pack",
    "proofs",
]


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack in the list: what its `pack.yaml` says of it."""

    id: str
    label: str
    administration: str
    year: int
    folder: str


def open_pack(name: str, folders: Iterable[Path] = (), *, demonstration: bool = False) -> Pack:
    """The pack called `name` (an id, or a folder), as printed."""
    return open_folder(find_pack(name, folders), demonstration=demonstration)


def known_packs(folders: Iterable[Path] = ()) -> tuple[PackLine, ...]:
    """Every pack that ships or lies in one of `folders`."""
    lines = []
    for folder in pack_folders(folders).values():
        head, _ = read_pack_yaml(PackFiles(folder))
        lines.append(PackLine(head.id, head.label, head.administration, head.year, str(folder)))
    return tuple(lines)


def check_report(name: str, folders: Iterable[Path] = (), *, demonstration: bool = False) -> CheckReport:
    """Every finding of a pack that can be read."""
    return examined(open_pack(name, folders, demonstration=demonstration))


def examined(pack: Pack) -> CheckReport:
    """Every finding of a pack."""
    report = examine(pack)
    findings = sorted((*report.findings, *check_measures(pack)), key=lambda f: f.level is Severity.NOTE)
    return replace(report, findings=tuple(findings))


def changes(a: str, b: str, folders: Iterable[Path] = (), *, demonstration: bool = False) -> Changes:
    """What changed from pack `a` to pack `b`."""
    known = tuple(folders)
    return compare(open_pack(a, known, demonstration=demonstration), open_pack(b, known, demonstration=demonstration))


def proofs(name: str, identity: str, folders: Iterable[Path] = ()) -> tuple[ProofLine, ...]:
    """Stated and recomputed figures of the identities of a pack whose id contains `identity`."""
    return proof_lines(open_pack(name, folders), identity)
