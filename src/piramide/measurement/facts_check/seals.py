"""The seals of the ledger: every file that is kept is the one that was kept, every load follows the one before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from piramide.kernel.findings import Finding, Place, Refusal
from piramide.kernel.sealing import digest_of
from piramide.measurement.contract import contracts
from piramide.measurement.ledger.store import (
    CASE_MARKS,
    CASES,
    CODES,
    FILES,
    FLOWS,
    MANIFEST,
    OPEN_CASES,
    SEALED_SINCE,
    Codes,
    Ledger,
    Load,
    follows,
    read_manifest,
)

_MAY_GO = frozenset({FLOWS, OPEN_CASES, CASES, CASE_MARKS})
"""Files that are made again from the entries, and may not be there."""


def check_seals(ledger: Ledger) -> Iterator[Finding]:
    """Everything in the ledger that is not as it was kept, file by file, read in full; and since when it is sealed."""
    try:
        codes = ledger.codes()
        ledger.pack_name()
    except Refusal as refusal:
        yield from refusal.findings
        codes = None
    for dataset in contracts():
        found = list(check_chain(ledger, dataset, codes))
        yield from found
        if any(finding.code == "FA074" for finding in found):
            codes = None  # said once


def check_chain(ledger: Ledger, dataset: str, codes: Codes | None, last: str = "") -> Iterator[Finding]:
    """What is not as it was kept in the loads of a dataset, up to the load `last` where one is named."""
    folder = ledger.folder / dataset
    previous: Load | None = None
    late: Load | None = None
    for path in sorted(p for p in folder.iterdir() if p.name.isdigit()) if folder.is_dir() else []:
        if last and path.name > last:
            break
        try:
            load = Load(path.name, path, read_manifest(path))
        except Refusal as refusal:
            yield from refusal.findings
            return
        if not follows(previous, load):
            yield Finding("FA072", Place(str(path / MANIFEST)), fields={"load": load.id})
            return
        yield from _files(load)
        if codes is not None and not codes.agrees(load.manifest[CODES]):
            yield Finding("FA074", Place(str(ledger.folder / "codes.json")), dataset, {"load": load.id})
            codes = None
        late = load if SEALED_SINCE in load.manifest else late
        previous = load
    if late is not None:
        fields = {"load": late.id, "day": date.fromisoformat(late.manifest[SEALED_SINCE])}
        yield Finding("FA075", Place(str(folder)), dataset, fields)


def _files(load: Load) -> Iterator[Finding]:
    for name, kept in load.manifest[FILES].items():
        path = load.folder / name
        if path.is_file():
            if _digest(path) != kept:
                yield Finding("FA071", Place(str(path)), fields={"load": load.id})
        elif name not in _MAY_GO:
            yield Finding("FA018", Place(str(path)))


def _digest(path: Path) -> str:
    try:
        return digest_of(path)
    except OSError:
        return ""
