"""Assignments: the sheets that an act gives to the structures of a plan, kept whole and sealed, and which holds when.

STORE/assignments/<id>/manifest.json   act, plan, first day, and each sheet by its hash; sealed
                       sheets/         one `<structure>.pdf` each
                       signed.pdf      the signed document, where there is one

The id is the seal of the manifest, in which there is no clock: the same act over the same sheets is one folder, however
often it is asked for and wherever it was stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from piramide.cycle.plans.objectives.content import objectives_sheet
from piramide.cycle.runs.store import LONGEST_ID, Store
from piramide.kernel.durable import DRAFT, put, sweep, whole_folder
from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.progress import Progress
from piramide.kernel.sealing import digest_of, digest_of_bytes, seal_of, sealed, unsealed
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack
from piramide.reports.objectives.markdown import markdown
from piramide.reports.objectives.pdf import pdf

ASSIGNMENTS: Final = "assignments"
_KIND: Final = "piramide-assignment-1"
_MANIFEST: Final = "manifest.json"
_SHEETS: Final = "sheets"
_SIGNED: Final = "signed.pdf"


@dataclass(frozen=True, slots=True)
class AssignmentAct:
    """The act: its number, day, body and protocol number, and the day from which the objectives hold.

    `signed` is the signed document (a PDF), if there is one, and `signed_by` who signed it.
    """

    number: str
    day: date
    holds_from: date
    issuer: str = ""
    protocol: str = ""
    signed: bytes = b""
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class KeptAssignment:
    """An assignment as it is kept: its id, its folder, and by structure the digest of what each sheet asks."""

    id: str
    folder: Path
    sheets: Mapping[str, str]

    def sheet(self, structure: str) -> bytes:
        """The sheet of a structure, as it was kept. Refuses CY102 one that is no more that."""
        return _kept(self.folder, f"{_SHEETS}/{structure}.pdf")

    def signed(self) -> bytes:
        """The signed document. Refuses CY102 where there is none, or it is no more what was kept."""
        return _kept(self.folder, _SIGNED)


@dataclass(frozen=True, slots=True)
class Held:
    """A sheet that was assigned: by its assignment, from a day; `order` tells which of one day was issued later."""

    assignment: str
    since: date
    order: int


def holding_on(day: date, sheets: Iterable[Held]) -> Held | None:
    """The sheet that holds on a day: the last that began by then; before the first of them, that first one."""
    ordered = sorted(sheets, key=lambda one: (one.since, one.order))
    return next((one for one in reversed(ordered) if one.since <= day), ordered[0] if ordered else None)


def asked_of(pack: Pack, structures: Iterable[str], day: date) -> dict[str, str]:
    """By structure, the digest of what its sheet asks from a day, whatever the name of the plan that asks it.

    Two plans whose sheets of a structure have one digest ask the same of it. Refuses CY100 a day outside the plan,
    RP007 a structure without a sheet, RP008 one that nobody knows.
    """
    if not pack.since <= day < pack.until:
        raise refuse("CY100", Place(pack.id), pack.id, day=day, since=pack.since, until=pack.until)
    held = in_force(pack, day)
    return {name: _digest(held, name, day) for name in structures}


def _digest(held: Pack, structure: str, day: date) -> str:
    sheet = replace(objectives_sheet(held, structure, day), plan="", basis="")
    return digest_of_bytes(markdown(sheet))


def keep_assignment(
    store: Store, pack: Pack, structures: Mapping[str, str], act: AssignmentAct, progress: Progress
) -> KeptAssignment:
    """Print and keep the sheets of `structures` (with the digests that `asked_of` gives): all of them, or none.

    The same act over the same sheets is kept once. Refuses what `asked_of` refuses, CY101 what cannot be written.
    """
    held = in_force(pack, act.holds_from)
    body = _body(pack, structures, act)
    name = seal_of(body).removeprefix("sha256:")
    store.prepare()
    above = store.root / ASSIGNMENTS
    final = above / name
    try:
        above.mkdir(exist_ok=True)
        sweep(above, DRAFT)
        if not final.is_dir():
            with whole_folder(final) as draft:
                files = {}
                for count, structure in enumerate(structures):
                    progress(structure, count, len(structures))
                    content = pdf([objectives_sheet(held, structure, act.holds_from)])
                    put(draft / _SHEETS / f"{structure}.pdf", content)
                    files[f"{_SHEETS}/{structure}.pdf"] = digest_of_bytes(content)
                if act.signed:
                    put(draft / _SIGNED, act.signed)
                    files[_SIGNED] = digest_of_bytes(act.signed)
                put(draft / _MANIFEST, sealed({**body, "files": files}))
    except OSError as error:
        if not final.is_dir():  # else somebody kept the same one in the meantime
            raise refuse("CY101", Place(str(above)), problem=error.strerror or str(error)) from error
    return kept_assignment(store.root, name)


def _body(pack: Pack, structures: Mapping[str, str], act: AssignmentAct) -> dict[str, Any]:
    """What an assignment says, before its sheets are printed: its id is the seal of this."""
    return {
        "kind": _KIND,
        "plan": pack.id,
        "plan_hash": pack.hash,
        "year": pack.year,
        "act": {
            "number": act.number,
            "day": act.day.isoformat(),
            "issuer": act.issuer,
            "protocol": act.protocol,
            "signed": digest_of_bytes(act.signed) if act.signed else "",
            "signed_by": act.signed_by,
        },
        "holds_from": act.holds_from.isoformat(),
        "sheets": dict(structures),
    }


def kept_assignment(root: Path, name: str) -> KeptAssignment:
    """The assignment with an id. Refuses CY102 one that is not there or whose manifest is no more what was kept."""
    folder = root / ASSIGNMENTS / name
    body = _manifest(folder)
    return KeptAssignment(name, folder, {str(key): str(value) for key, value in body["sheets"].items()})


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    try:
        body = unsealed(path.read_bytes())
    except OSError:
        body = None
    if body is None or seal_of({k: v for k, v in body.items() if k != "files"}) != f"sha256:{folder.name}":
        raise refuse("CY102", Place(str(path)), folder.name)
    return body


def _kept(folder: Path, name: str) -> bytes:
    wanted = _manifest(folder)["files"].get(name)
    try:
        content = (folder / name).read_bytes()
    except OSError:
        content = b""
    if wanted is None or f"sha256:{hashlib.sha256(content).hexdigest()}" != wanted:
        raise refuse("CY102", Place(str(folder / name)), folder.name)
    return content


def assignment_folders(root: Path, prefix: str = "") -> list[Path]:
    """The folders of the assignments whose id starts with `prefix`, in the order of the ids."""
    above = root / ASSIGNMENTS
    if not set(prefix.lower()) <= set("0123456789abcdef") or len(prefix) > LONGEST_ID or not above.is_dir():
        return []
    return sorted(path for path in above.glob(f"{prefix.lower()}*") if path.is_dir() and not path.name.startswith("."))


def touched_assignments(root: Path, prefix: str = "") -> Iterator[Finding]:
    """The first file of every assignment that is not the one that was kept, or that nobody kept."""
    for folder in assignment_folders(root, prefix):
        try:
            _prove(folder)
        except Refusal as refusal:
            yield from refusal.findings


def _prove(folder: Path) -> None:
    files = _manifest(folder)["files"]
    for name, wanted in sorted(files.items()):
        path = folder / name
        if not path.is_file() or digest_of(path) != wanted:
            raise refuse("CY102", Place(str(path)), folder.name)
    known = {_MANIFEST, *files}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and str(path.relative_to(folder)) not in known:
            raise refuse("CY102", Place(str(path)), folder.name)
