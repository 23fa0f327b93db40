"""`piramide pack list | show | prove | diff`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from piramide.cli import terminal
from piramide.cli.sheet_table import Column, Line, is_narrow, print_sheet
from piramide.cli.texts import say
from piramide.cycle.asked import target_text
from piramide.cycle.files import write_new_beside
from piramide.cycle.plans.adoptions import adoption_of
from piramide.cycle.plans.examining import proofs
from piramide.cycle.plans.known import PackLine, known_packs
from piramide.cycle.plans.packs import changes, open_pack
from piramide.exchange.blank_values import asked_values, blank_values, guide
from piramide.kernel import wording
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.numbers import format_number
from piramide.kernel.periods import parse_period
from piramide.methodology.checks.identities import ProofLine
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Node, Pack, with_ancestors
from piramide.methodology.show import show
from piramide.reports.figures import weight_as_printed
from piramide.reports.labels import labels
from piramide.scoring.plan import refuse_outside


def list_packs(folders: Sequence[Path], *, as_json: bool) -> None:
    """The packs that ship and those in `folders`; since when one is in force that was adopted on the site."""
    lines = [(line, _since(Path(line.folder))) for line in known_packs(folders)]
    if as_json:
        terminal.print_json({"packs": [_line(line, since) for line, since in lines]})
        return
    columns = [("pack", False), (say("answer.year"), True), (say("answer.administration"), False)]
    columns.append((say("answer.label"), False))
    rows = [[p.id, str(p.year), p.administration, p.label] for p, _since in lines]
    if any(since for _line, since in lines):
        columns.append((say("answer.in_force_since"), False))
        rows = [[*row, since.isoformat() if since else ""] for row, (_line, since) in zip(rows, lines, strict=True)]
    terminal.print_table(columns, rows)


def _since(folder: Path) -> date | None:
    """The day from which an adopted plan is in force; a note that cannot be read is told, and hides no pack."""
    try:
        adoption = adoption_of(folder)
    except Refusal as refusal:
        terminal.tell_findings(refusal.findings)
        return None
    return adoption.since if adoption else None


def _line(line: PackLine, since: date | None) -> dict[str, object]:
    told = {"id": line.id, "label": line.label, "administration": line.administration, "year": line.year}
    return told | ({"in_force_since": since.isoformat()} if since else {})


def show_pack(
    name: str, structures: Sequence[str], folders: Sequence[Path], *, demonstration: bool, as_json: bool
) -> None:
    """The tree of each structure."""
    pack = open_pack(name, folders, demonstration=demonstration)
    for structure in structures:
        _refuse_unknown(structure, pack)
    if as_json:
        terminal.print_json(show(pack, tuple(structures)))
        return
    if not pack.sheets:
        terminal.print_text(say("answer.no_structures"))
        return
    pack = in_force(pack)
    names = {version.id: version.label for version in pack.organisation.versions}
    if len(pack.sheets) > 1 and not structures:
        rows = [(key, names[key], say(f"source.{sheet.source}")) for key, sheet in pack.sheets.items()]
        terminal.print_table(
            [(say("answer.structure"), False), (say("answer.label"), False), (say("answer.source"), False)], rows
        )
        return
    for structure in structures or pack.sheets:
        source = say(f"source.{pack.sheets[structure].source}")
        terminal.print_text(f"{names[structure]}  ({structure}, {source})")
        _print_tree(pack.sheets[structure].tree, pack)


def _refuse_unknown(structure: str, pack: Pack) -> None:
    if structure not in pack.sheets:
        near = ", ".join(nearest(structure, sorted(pack.sheets))) or ", ".join(list(pack.sheets)[:5])
        raise refuse("CY013", Place(pack.id), structure, near=near)


def _print_tree(nodes: Sequence[Node], pack: Pack) -> None:
    columns = [Column(say("answer.weight"), is_figure=True), Column(say("answer.source"))]
    columns.append(Column(say("answer.target"), is_figure=True, may_wrap=True))
    narrow = is_narrow()
    lines = _tree_lines(nodes, pack, narrow=narrow)
    print_sheet(say("answer.label"), columns if narrow else [*columns, Column("id")], lines)


def _tree_lines(nodes: Sequence[Node], pack: Pack, *, narrow: bool) -> Iterator[Line]:
    language = labels(wording.current_language())
    for node, above in with_ancestors(nodes):
        printed = weight_as_printed(node.weight, language, in_points=pack.weighs_in_points)
        cells = (printed, say(f"source.{node.weight_source.value}"), _target(node, pack))
        label = f"{node.label}\n{node.id}" if narrow else node.label
        yield Line(len(above), label, cells if narrow else (*cells, node.id))


def _target(node: Node, pack: Pack) -> str:
    """What is asked of a leaf: as printed, a figure, or the condition in words; the rule where none is known."""
    say = labels(wording.current_language())
    return say("status", "not_at_hand") if not node.is_at_hand else target_text(node, pack, say)


def blank(pack: Pack, period: str, structures: Sequence[str], out: Path, *, as_json: bool) -> None:
    """An empty file of values; a file that is there already is not overwritten."""
    for structure in structures:
        _refuse_unknown(structure, pack)
    at = parse_period(period)
    refuse_outside(pack, at)
    asked = asked_values(pack, at, tuple(structures) or tuple(pack.sheets))
    headings = [say(f"answer.{key}") for key in ("label", "unit", "target", "period", "code")]
    write_new_beside(
        out, blank_values(asked), guide(asked, headings, partial(labels(wording.current_language()).word, "unit"))
    )
    if as_json:
        terminal.print_json({"pack": pack.id, "period": str(at), "file": str(out), "rows": len(asked)})
    else:
        terminal.print_text(say("answer.values_written", path=out, guide=out.with_suffix(".md"), rows=len(asked)))


def prove(name: str, identity: str, folders: Sequence[Path], *, as_json: bool) -> None:
    """Stated and recomputed figure of every relation of some identities."""
    lines = proofs(name, identity, folders)
    if as_json:
        terminal.print_json({"pack": name, "relations": [_proof_as_json(line) for line in lines]})
        return
    columns = [("", False), (say("answer.identity"), False), (say("answer.figure"), False)]
    columns += [(say(f"answer.{key}"), True) for key in ("stated", "recomputed", "difference")]
    rows = [
        (
            "✓" if line.holds else "✗",
            line.identity,
            line.subject,
            *_proof_figures(line),
        )
        for line in lines
    ]
    terminal.print_table(columns, rows)
    failing = sum(not line.holds for line in lines)
    terminal.print_text(say("answer.proven", relations=len(lines), failing=failing))


def _proof_figures(line: ProofLine) -> tuple[str, ...]:
    """Stated (or, where nobody printed it, expected), recomputed, difference, with the decimals of the print."""
    stated, recomputed, difference = (
        terminal.shortest(figure)
        if (figure * 10**line.decimals).denominator > 1
        else format_number(figure, line.decimals)
        for figure in (line.stated, line.recomputed, line.difference)
    )
    return stated if line.is_printed else f"{say('answer.expected')} {stated}", recomputed, difference


def _proof_as_json(line: ProofLine) -> dict[str, object]:
    return {
        "identity": line.identity,
        "sentence": line.sentence,
        "subject": line.subject,
        "where": line.where,
        "stated": float(line.stated),
        "recomputed": float(line.recomputed),
        "difference": float(line.difference),
        "holds": line.holds,
    }


def diff(a: str, b: str, folders: Sequence[Path], *, demonstration: bool, as_json: bool) -> None:
    """What changed between two packs."""
    answer = changes(a, b, folders, demonstration=demonstration)
    if as_json:
        terminal.print_json(answer.as_json())
        return
    if not answer.changes:
        terminal.print_text(say("answer.no_changes"))
        return
    for group, items in answer.groups():
        terminal.print_text(say(f"group.{group}").upper())
        for change in items:
            terminal.print_text(f"  {change.sentence()}")
        terminal.print_text()
