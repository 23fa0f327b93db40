"""`piramide score`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from piramide.cli import terminal
from piramide.cli.sheet_table import Column, Line, is_narrow, print_sheet
from piramide.cli.texts import say
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, Scored
from piramide.cycle.score import score as score_request
from piramide.cycle.sheet_content import rows_in_words
from piramide.kernel import wording
from piramide.methodology.names import names_of
from piramide.reports.paper import PaperRow
from piramide.reports.sheet import NOT_AT_HAND
from piramide.scoring.money import as_json as money_as_json
from piramide.scoring.money import money_of
from piramide.scoring.result import NodeScore, ScoreTable, StructureScore
from piramide.scoring.score_print import as_json as scores_as_json

__all__ = ["Request", "score"]


def score(request: Request, folders: Sequence[Path], store: Path, *, as_json: bool) -> None:
    """Score, keep the run, and print every structure's index (or one structure's sheet)."""
    scored = score_request(request, list(folders), Store(store))
    terminal.tell_findings(scored.findings)
    if as_json:
        answer = scores_as_json(scored.run_id, scored.scores, names_of(scored.pack))
        money = {"money": money_as_json(money_of(scored.pack, scored.scores))} if scored.pack.money else {}
        terminal.print_json(answer | money)
        return
    if request.demonstration:
        terminal.tell(say("answer.demonstration"))
    if len(scored.scores.structures) == 1:
        _print_sheet(scored, scored.scores.structures[0])
    else:
        _print_structures(scored.scores)
    terminal.print_text(say("answer.run_kept", run=scored.run_id, folder=store))


def _print_structures(scores: ScoreTable) -> None:
    columns = [(say("answer.structure"), False), (say("answer.label"), False), (say("answer.index"), True)]
    columns += [("", False), (say("answer.coverage"), True)]
    rows = [(s.id, s.label, _index(s), _band(s), terminal.share(s.coverage)) for s in scores.structures]
    terminal.print_table(columns, rows)


def _print_sheet(scored: Scored, structure: StructureScore) -> None:
    terminal.print_text(f"{structure.label}: {_standing(structure)}")
    rows = rows_in_words(structure, scored.pack, scored.scores.period, wording.current_language())
    asked = [Column(say("answer.target"), is_figure=True, may_wrap=True)]
    if not (narrow := is_narrow()):
        asked.append(Column(say("answer.value"), is_figure=True, may_wrap=True))
    figures = [Column(say(f"answer.{key}"), is_figure=True) for key in ("gap", "index")]
    columns = [Column(say("answer.weight"), is_figure=True), *asked, *figures, Column(say("answer.status"))]
    if narrow:
        columns[1] = Column(f"{say('answer.target')} / {say('answer.value')}", is_figure=True, may_wrap=True)
    lines = [_line(row, node, narrow=narrow) for row, node in zip(rows, structure.nodes, strict=True)]
    print_sheet(say("answer.label"), columns, lines)


def _line(row: PaperRow, node: NodeScore, *, narrow: bool) -> Line:
    value = "" if node.value is None else row.value
    asked = ("\n".join(filter(None, (row.target, value))),) if narrow else (row.target, value)
    return Line(row.depth, row.label, (row.weight, *asked, row.gap, row.index, _status(row, node)))


def _status(row: PaperRow, node: NodeScore) -> str:
    """The signs of a leaf and its status in words; a group has none."""
    if not row.is_leaf:
        return ""
    words = [node.kind if node.kind == NOT_AT_HAND else node.status, *(["contested"] if node.contested else [])]
    return " ".join((*(mark.sign for mark in row.marks), ", ".join(say(f"status.{word}") for word in words)))


def _standing(structure: StructureScore) -> str:
    """The index, or the partial one with the weight it rests on and the band of the whole."""
    if structure.index is not None or structure.index_measured is None:
        return f"{say('answer.index')} {terminal.index(structure.index)} {_band(structure)}".rstrip()
    partial, covered = _partial(structure), terminal.share(structure.coverage)
    return say("answer.partial", index=partial, coverage=covered, band=_band(structure))


def _index(structure: StructureScore) -> str:
    """The index; in brackets where it is partial."""
    if structure.index is not None or structure.index_measured is None:
        return terminal.index(structure.index)
    return f"({_partial(structure)})"


def _partial(structure: StructureScore) -> str:
    return terminal.index(structure.index_measured, structure.index_low, structure.index_high)


def _band(structure: StructureScore) -> str:
    if structure.index is not None or structure.index_low is None:
        return ""
    low, high = (terminal.index(end, structure.index_measured) for end in (structure.index_low, structure.index_high))
    return say("answer.between", low=low, high=high)
