"""Kept plans: what was asked, what was answered, and what it rests on, whole and sealed.

STORE/plans/<id>/manifest.json   kind, plan of the administration and its hash, loads, what was asked; sealed
                 …               the files of the answer, each named in the manifest by its digest

The id is 64 hexadecimal digits. A plan of work sharing has the id that its answer gives itself; every other one that of
its manifest, in which there is no clock: the same question over the same facts is one plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from piramide.cycle.runs.store import LONGEST_ID, SHORTEST_PREFIX, Store
from piramide.kernel.durable import DRAFT, put, sweep, whole_folder
from piramide.kernel.findings import Place, refuse
from piramide.kernel.sealing import digest_of, digest_of_bytes, seal_of, sealed, unsealed

PLANS: Final = "plans"
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
_KIND: Final = "piramide-plan"


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan as it is kept: its id, its folder and its manifest."""

    id: str
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What it plans: `share`, `forecast`, `production` and so on."""
        return str(self.manifest["kind"])

    def file(self, name: str) -> Path:
        """A file of the plan, which is the one that was kept. Refuses PN025."""
        path = self.folder / name
        kept = self.manifest["files"].get(name)
        try:
            if kept is not None and digest_of(path) == kept:
                return path
        except OSError:
            pass
        raise refuse("PN025", Place(str(path)), self.id)


def keep_plan(
    store: Path, kind: str, asked: Mapping[str, Any], files: Mapping[str, bytes], out: Path | None, plan_id: str = ""
) -> KeptPlan:
    """Keep a plan whole in the store, and the same in a new folder if one is given.

    `asked` is what the plan rests on. Refuses PN015 a folder that holds something, CY018 what cannot be written.
    """
    if out is not None:
        refuse_filled(out)
    digests = {name: digest_of_bytes(content) for name, content in sorted(files.items())}
    manifest = {"format": FORMAT, "made_by": _KIND, "kind": kind, **asked, "files": digests}
    name = plan_id or seal_of(manifest).removeprefix("sha256:")
    manifest["plan"] = name
    content = {**files, MANIFEST: sealed(manifest).encode()}
    Store(store).prepare()
    above = store / PLANS
    try:
        above.mkdir(exist_ok=True)
        sweep(above, DRAFT)
        if not (above / name).is_dir():
            _write(above / name, content)
    except OSError as error:
        if not (above / name).is_dir():  # else somebody kept the same plan in the meantime
            raise refuse("CY018", Place(str(above / name)), problem=error.strerror or str(error)) from error
    if out is not None:
        write_folder(out, content)
    return opened_plan(above / name)


def refuse_filled(out: Path) -> None:
    """Refuse a folder that holds something (PN015)."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise refuse("PN015", Place(str(out)))


def write_folder(out: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder, all of them or none. Refuses CY018."""
    try:
        _write(out, files)
    except OSError as error:
        raise refuse("CY018", Place(str(out)), problem=error.strerror or str(error)) from error


def _write(final: Path, files: Mapping[str, bytes]) -> None:
    with whole_folder(final) as draft:
        for name, content in files.items():
            put(draft / name, content)


def kept_plans(store: Path) -> list[KeptPlan]:
    """Every plan of a store that this version can open, the newest first."""
    above = store / PLANS
    folders = [path for path in above.glob("*") if path.is_dir() and len(path.name) == LONGEST_ID]
    found = [(path.stat().st_mtime_ns, path) for path in folders if (_manifest(path) or {}).get("format") == FORMAT]
    return [opened_plan(path) for _, path in sorted(found, reverse=True)]


def plan_folders(store: Path, prefix: str) -> list[Path]:
    """Folders of kept plans whose id starts with `prefix`."""
    is_hex = len(prefix) >= SHORTEST_PREFIX and set(prefix) <= set("0123456789abcdef")
    return sorted(path for path in (store / PLANS).glob(f"{prefix}*") if path.is_dir()) if is_hex else []


def find_plan(name: str, store: Path, kinds: Iterable[str] = ()) -> KeptPlan:
    """The plan that a folder holds, or whose id starts with `name`; of one of `kinds` if any are given.

    Refuses PN024 none or several, PN025 one that is no more what was kept, PN026 another kind, PN027 another format.
    """
    folder = Path(name)
    if folder.is_dir():
        plan = opened_plan(folder)
    else:
        found = plan_folders(store, name.lower())
        if len(found) != 1:
            raise refuse("PN024", Place(str(store)), name, count=len(found))
        plan = opened_plan(found[0])
    wanted = tuple(kinds)
    if wanted and plan.kind not in wanted:
        raise refuse("PN026", Place(str(plan.folder)), plan.kind, kinds=", ".join(wanted))
    return plan


def opened_plan(folder: Path) -> KeptPlan:
    """The plan of a folder. Refuses PN025 where nothing or something else lies there, PN027 another format."""
    manifest = _manifest(folder)
    if manifest is None or manifest.get("made_by") != _KIND:
        raise refuse("PN025", Place(str(folder / MANIFEST)), folder.name)
    if manifest["format"] != FORMAT:
        raise refuse("PN027", Place(str(folder / MANIFEST)), str(manifest["format"]), known=FORMAT)
    return KeptPlan(str(manifest["plan"]), folder, manifest)


def touched(plan: KeptPlan) -> str:
    """The first file of a plan that is no more what was kept; nothing where all are."""
    for name, kept in plan.manifest["files"].items():
        path = plan.folder / name
        try:
            if digest_of(path) != kept:
                return str(name)
        except OSError:
            return str(name)
    return ""


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        return unsealed((folder / MANIFEST).read_bytes())
    except OSError:
        return None
