"""What has to be said beside a leaf's figures, as codes with their fields; most leaves have nothing to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from piramide.kernel.note import note
from piramide.kernel.statuses import WITH_VALUE
from piramide.methodology.model import RuleKind
from piramide.scoring.arrays import Positions
from piramide.scoring.cells import CURRENT
from piramide.scoring.rules.kinds import is_made_of_parts
from piramide.scoring.rules.threshold import share_met
from piramide.scoring.scored import Scored
from piramide.scoring.values import moment_of

RELATIVE_GAPS: Final = frozenset({RuleKind.GAP_UP, RuleKind.GAP_DOWN, RuleKind.ZERO_GAP})
"""Rules whose gap at the cap may be a slip; a threshold that is not met is an answer."""


def notes_of(scored: Scored) -> dict[int, str]:
    """Notes by cell: what stands in for a missing value, whose it is, which checkpoints lack one, the file's own."""
    said: defaultdict[int, list[str]] = defaultdict(list)
    for kind in (
        _file_notes,
        _due,
        _policies,
        _sources,
        _judged,
        _checkpoints,
        _targets,
        _scales,
        _composites,
        _phases,
        _at_cap,
    ):
        for cell, text in kind(scored):
            said[cell].append(text)
    return {cell: " ".join(texts) for cell, texts in said.items()}


def _file_notes(scored: Scored) -> Iterator[tuple[int, str]]:
    rows = scored.readings.rows[CURRENT]
    for cell in np.flatnonzero(rows >= 0).tolist():
        if typed := scored.values.notes[rows[cell]].as_py():
            yield cell, typed


def _due(scored: Scored) -> Iterator[tuple[int, str]]:
    for cell, item in enumerate(scored.plan.cells.items):
        if item.not_due:
            yield cell, note(item.not_due)


def _policies(scored: Scored) -> Iterator[tuple[int, str]]:
    readings, items = scored.readings, scored.plan.cells.items
    for cell in np.flatnonzero(readings.filled_from).tolist():
        yield cell, note("SC101", moment=str(moment_of(readings.filled_from[cell])))
    for cell in np.flatnonzero(readings.is_worst & ~readings.known[CURRENT]).tolist():
        if not is_made_of_parts(items[cell].indicator):
            yield cell, note("SC102")


def _sources(scored: Scored) -> Iterator[tuple[int, str]]:
    readings, items = scored.readings, scored.plan.cells.items
    rows = readings.rows[CURRENT]
    shared = [bool(cell.shared_from) and cell.shared_from != cell.structure for cell in items]
    for cell in np.flatnonzero(np.array(shared, np.bool_) & (rows >= 0)).tolist():
        owner = scored.values.structures[rows[cell]].as_py()
        named = items[cell].shared_from
        if owner == named:
            yield cell, note("SC104", structure=named)
        elif readings.own_row[cell]:
            yield cell, note("SC103", structure=named)


def _judged(scored: Scored) -> Iterator[tuple[int, str]]:
    """How many checkpoints of a threshold that has several due are met, of those known."""
    group, rows = scored.plan.cells.checkpoints, scored.readings.rows
    counted: dict[int, list[int]] = {}
    several = np.bincount(group.owners, ~group.is_free) > 1
    for at in np.flatnonzero(several[group.owners] & ~group.is_free).tolist():
        owner, moment = int(group.owners[at]), int(group.moments[at])
        if scored.readings.known[moment, owner]:
            found = counted.setdefault(owner, [0, 0])
            found[0] += share_met(group.points[at], scored.values.exact(int(rows[moment, owner]))) == 1
            found[1] += 1
    for owner, (met, known) in counted.items():
        yield owner, note("SC115", met=met, known=known)


def _checkpoints(scored: Scored) -> Iterator[tuple[int, str]]:
    group, plan = scored.plan.cells.checkpoints, scored.plan
    absent: defaultdict[int, list[str]] = defaultdict(list)
    for place in np.flatnonzero(~scored.readings.known[group.moments, group.owners]).tolist():
        moment = plan.moments[group.moments[place]]
        absent[int(group.owners[place])].append(moment.checkpoint or str(moment))
    for cell, names in absent.items():
        if scored.gaps.share[cell] > 0 or scored.readings.known[CURRENT, cell]:
            yield cell, note("SC118", checkpoints=names)


def _targets(scored: Scored) -> Iterator[tuple[int, str]]:
    silent = {RuleKind.REPORT_ONLY, RuleKind.THRESHOLD}
    for cell in _known_without_gap(scored).tolist():
        if scored.plan.cells.items[cell].indicator.rule not in silent:
            item = scored.plan.cells.items[cell]
            if item.node is not None and item.node.awaits is not None:
                yield cell, note("SC113", parameter=item.node.awaits.label, day=item.node.awaits.since.isoformat())
            else:
                yield cell, note("SC112" if item.looks_back else "SC106")


def _known_without_gap(scored: Scored) -> Positions:
    due = np.array([not cell.not_due for cell in scored.plan.cells.items], np.bool_)
    return np.flatnonzero(scored.readings.known[CURRENT] & ~scored.gaps.scored & due)


def _scales(scored: Scored) -> Iterator[tuple[int, str]]:
    for group in scored.plan.cells.bands:
        values = scored.gaps.values[group.cells, 0]
        outside = (values < group.edges[0]) | (values > group.edges[-1])
        for cell in group.cells[outside & scored.readings.known[CURRENT, group.cells]].tolist():
            yield cell, note("SC109")


def _composites(scored: Scored) -> Iterator[tuple[int, str]]:
    items, known = scored.plan.cells.items, scored.readings.known[CURRENT]
    for group in scored.plan.cells.composites:
        ends = [*group.starts[1:].tolist(), len(group.parts)]
        for cell, start, end in zip(group.cells.tolist(), group.starts.tolist(), ends, strict=True):
            parts = group.parts[start:end].tolist()
            absent = [part for part in parts if scored.statuses[part] >= len(WITH_VALUE)]
            names = [items[part].node.label if (items[part].node) else items[part].key for part in absent]
            if known[cell]:
                yield cell, note("SC107")
            elif absent and scored.gaps.scored[cell]:
                yield cell, note("SC111", parts=names)
            elif absent:
                yield cell, note("SC108", parts=names)


def _phases(scored: Scored) -> Iterator[tuple[int, str]]:
    """Phases that are due and have no figure."""
    group, items = scored.plan.cells.phases, scored.plan.cells.items
    places = iter(group.parts.tolist())
    for cell in group.cells.tolist():
        told = [(phase, scored.statuses[next(places)]) for phase in items[cell].phases]
        if absent := [phase.label for phase, status in told if status >= len(WITH_VALUE)]:
            yield cell, note("SC125", phases=absent)


def _at_cap(scored: Scored) -> Iterator[tuple[int, str]]:
    """A value at the top of the tree whose gap is at its cap is a question (R43)."""
    plan, tree = scored.plan, scored.plan.organisation
    tops = {name for name, structure in tree.structures.items() if not structure.parent and tree.children(name)}
    gaps = np.abs(scored.gaps.raw[:, 0])
    for cell in np.flatnonzero(scored.gaps.scored).tolist():
        item = plan.cells.items[cell]
        cap, is_relative = item.indicator.cap, item.indicator.rule in RELATIVE_GAPS
        if item.structure in tops and is_relative and cap and gaps[cell] >= float(cap):
            yield cell, note("SC116")
