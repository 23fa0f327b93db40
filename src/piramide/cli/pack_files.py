"""`piramide pack new | export | import`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.results_before import results_before
from piramide.cycle.runs.store import Store
from piramide.exchange.new_pack import new_pack
from piramide.exchange.workbook import export_workbook, import_workbook
from piramide.kernel.findings import Place, findings_as_json, refuse
from piramide.methodology.loading import find_pack, load_pack


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new pack begins from: another (`base`) and what that came to (`results`: a run of `store`, or a file)."""

    base: str = ""
    year: int = 0
    results: str = ""
    store: Path = Path()


def new(pack: str, given: Beginning, packs: Sequence[Path], *, as_json: bool) -> None:
    """Start a pack in the first of `packs`, else here, with the results of the base where they are given."""
    start = find_pack(given.base, [known for known in packs if known.is_dir()]) if given.base else None
    if given.results and start is None:
        raise refuse("NP006", Place("--results"), given.results)
    came = results_before(given.results, load_pack(start), Store(given.store)) if given.results and start else None
    folder = new_pack(pack, packs[0] if packs else Path(), start, given.year, came)
    written = load_pack(folder)
    if as_json:
        answer = {"pack": written.id, "hash": written.hash, "year": written.year, "folder": str(folder)}
        terminal.print_json(answer)
        return
    terminal.print_text(say("answer.pack_written", pack=written.id, year=written.year, folder=folder))


def export(pack: str, file: Path, packs: Sequence[Path], *, as_json: bool) -> None:
    """Write a pack as a workbook."""
    done = export_workbook(find_pack(pack, packs), file)
    if as_json:
        findings = findings_as_json(done.findings)
        terminal.print_json(
            {"pack": done.pack, "hash": done.hash, "file": str(done.file), "sheets": done.sheets, "findings": findings}
        )
        return
    terminal.print_text(say("answer.pack_exported", sheets=done.sheets, path=done.file))
    if done.findings:
        terminal.print_findings(done.findings)


def import_(file: Path, out: Path | None, *, as_json: bool) -> None:
    """Write the pack that a workbook holds."""
    done = import_workbook(file, out)
    if as_json:
        answer = {"pack": done.pack, "hash": done.hash, "year": done.year, "folder": str(done.folder)}
        findings = findings_as_json(done.findings)
        terminal.print_json(answer | {"changed": list(done.changed), "findings": findings})
        return
    terminal.print_text(say("answer.pack_written", pack=done.pack, year=done.year, folder=done.folder))
    changed = say("answer.pack_changed", files=", ".join(done.changed))
    terminal.print_text(changed if done.changed else say("answer.pack_unchanged"))
    if done.findings:
        terminal.print_findings(done.findings)
