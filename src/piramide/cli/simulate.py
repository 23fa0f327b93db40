"""`piramide simulate`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.simulate import Request, draw, simulate_packs
from piramide.kernel import wording
from piramide.kernel.figure import Figure
from piramide.reports import figures
from piramide.reports.labels import labels
from piramide.scoring.money import in_whole_cents, in_words
from piramide.scoring.result import Worth
from piramide.scoring.simulation import Cause, Side, Simulation, StructureChange, kind_in_words, scheme_in_words
from piramide.scoring.simulation import as_json as simulation_as_json

MOST_CAUSES = 2


def simulate(request: Request, folders: Sequence[Path], picture: Path | None, *, as_json: bool) -> None:
    """Compare two methods, print who gains and who loses, and draw it if asked."""
    answer = simulate_packs(request, folders)
    terminal.tell_findings(answer.findings)
    if picture is not None and any(s.change is not None for s in answer.structures):
        draw(answer, picture, wording.current_language())
    if as_json:
        terminal.print_json(simulation_as_json(answer))
        return
    if request.demonstration:
        terminal.tell(say("answer.demonstration"))
    _print_structures(answer)
    _print_groups(answer)
    _print_drivers(answer)
    _print_money(answer)
    if picture is not None:
        terminal.print_text(say("answer.written", path=picture))


def _print_structures(answer: Simulation) -> None:
    columns = [(say("answer.structure"), False), (say("answer.base"), True), (say("answer.other"), True)]
    columns += [(say("answer.change"), True), (say("answer.because"), False)]
    columns += [(say("answer.coverage"), True)]
    moved = [s for s in answer.structures if s.change is None or s.side]
    ranked = sorted(moved, key=lambda s: -(s.change or 0))
    rows = [
        (
            s.label,
            _index(s.base, s.base_side),
            _index(s.other, s.other_side),
            _signed(s.change),
            _causes(s.because) if s.change is not None else _bands(s),
            _coverage(s) if s.partial else "",
        )
        for s in ranked
    ]
    if rows:
        terminal.print_table(columns, rows)
    terminal.print_text(say("answer.still", count=len(answer.structures) - len(moved)))
    if partial := sum(s.partial for s in answer.structures):
        terminal.print_text(say("answer.partial_apart", count=partial))


def _index(index: Figure | None, side: Side | None) -> str:
    """An index; in brackets where it misses a leaf, as `score` writes it."""
    text = terminal.index(index)
    return f"({text})" if index is not None and side is not None and side.coverage < 1 else text


def _coverage(change: StructureChange) -> str:
    """The share of the weight that each method knows."""
    sides = (change.base_side, change.other_side)
    return " / ".join("–" if side is None else terminal.share(side.coverage) for side in sides)


def _bands(change: StructureChange) -> str:
    """Where the whole index lies under each method that misses a leaf."""
    return "; ".join(
        f"{name} {say('answer.between', low=terminal.index(side.index_low), high=terminal.index(side.index_high))}"
        for name, side in ((say("answer.base"), change.base_side), (say("answer.other"), change.other_side))
        if side is not None and side.index_low is not None and side.coverage < 1
    )


def _print_groups(answer: Simulation) -> None:
    columns = [(say("answer.group"), False), (say("answer.structures"), True), (say("answer.gainers"), True)]
    columns += [(say("answer.losers"), True), (say("answer.unchanged"), True), (say("answer.mean_change"), True)]
    rows = [
        (
            f"{scheme_in_words(g.scheme)} {g.group}".strip(),
            str(g.structures),
            str(g.gainers),
            str(g.losers),
            str(g.unchanged),
            _signed(g.mean),
        )
        for g in answer.groups
    ]
    terminal.print_table(columns, rows)


def _print_drivers(answer: Simulation) -> None:
    columns = [(say("answer.driver"), False), (say("answer.kind"), False), (say("answer.structures"), True)]
    columns += [(say("answer.gainers"), True), (say("answer.losers"), True), (say("answer.mean_change"), True)]
    rows = [
        (d.label, kind_in_words(d.kind), str(d.structures), str(d.gainers), str(d.losers), _signed(d.mean))
        for d in answer.drivers
    ]
    if rows:
        terminal.print_table(columns, rows)


def _print_money(answer: Simulation) -> None:
    """What each sum earns under either method."""
    columns = [(say("answer.sum"), False), (say("answer.structure"), False)]
    columns += [(say("answer.base"), True), (say("answer.other"), True)]
    rows = [
        (one.label, one.structure, _earned(one.base, one.unit), _earned(one.other, one.unit)) for one in answer.money
    ]
    if rows:
        terminal.print_table(columns, rows)


def _earned(side: Worth | None, unit: str) -> str:
    if side is None or side.earned is None:
        return "–"
    return in_words(in_whole_cents(side.earned), unit, wording.current_language())


def _signed(change: Figure | None) -> str:
    return "–" if change is None else figures.moved(change, labels(wording.current_language()))


def _causes(causes: Sequence[Cause]) -> str:
    return "; ".join(
        f"{cause.label} ({kind_in_words(cause.kind)}) {_signed(cause.change)}" for cause in causes[:MOST_CAUSES]
    )
