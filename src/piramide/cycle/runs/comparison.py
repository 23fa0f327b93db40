"""Compare two kept runs: which inputs changed, which values, which scores moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from piramide.cycle.runs import results
from piramide.cycle.runs.measured_from import kept_with
from piramide.cycle.runs.moves import Move, moves
from piramide.cycle.runs.opened_runs import OpenedRuns
from piramide.cycle.runs.store import Run

_HEAD: Final = ("pack", "period", "as_of", "known_on", "tried_on", "structures", "demonstration")
_INPUTS: Final = ("method", "values", "organisation", "code")
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class InputChange:
    """An input that is not the same: its name, what it was and what it is; a `load` is told by its dataset."""

    name: str
    before: str
    after: str
    dataset: str = ""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A scored value that is not the same, as written; empty where a run has none."""

    structure: str
    indicator: str
    before: str
    status_before: str
    after: str
    status_after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from the run `before` to the run `after`.

    `moved` has the largest change first, those of partial indices marked; `compared` counts indices complete in both.
    """

    before: Run
    after: Run
    inputs: tuple[InputChange, ...]
    values: tuple[ValueChange, ...]
    moved: tuple[Move, ...]
    compared: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare_runs(runs: OpenedRuns, before: str, after: str) -> Comparison:
    """Compare two runs of the store by their ids; refuses what opening a run refuses."""
    old, new = runs.run(before), runs.run(after)
    every = moves(runs.outline(new.id), runs.figures(new.id), runs.figures(old.id), with_partial=True)
    names_before, names_after = runs.outline(old.id).structures, runs.outline(new.id).structures
    return Comparison(
        before=old,
        after=new,
        inputs=tuple(_input_changes(old, new)),
        values=tuple(_value_changes(old, new)),
        moved=tuple(move for move in every if abs(move.change) > _NOTHING),
        compared=sum(not move.is_partial for move in every),
        only_before=tuple(names_before[name].label for name in names_before if name not in names_after),
        only_after=tuple(names_after[name].label for name in names_after if name not in names_before),
    )


def _input_changes(old: Run, new: Run) -> Iterator[InputChange]:
    before, after = _inputs(old), _inputs(new)
    for name in dict.fromkeys((*before, *after)):
        pair = before.get(name, ""), after.get(name, "")
        if pair[0] != pair[1]:
            kind, _, dataset = name.partition(" ")
            yield InputChange(kind, *pair, dataset)


def _inputs(run: Run) -> dict[str, str]:
    """Every input of a run by name, as text."""
    found = {name: _text(run.manifest.get(name, "")) for name in _HEAD}
    found |= {name: _text(run.manifest["inputs"].get(name, "")) for name in _INPUTS}
    made = kept_with(run.folder)
    return found | ({f"load {dataset}": load for dataset, load in made.loads.items()} if made else {})


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _value_changes(old: Run, new: Run) -> Iterator[ValueChange]:
    before, after = _values(old), _values(new)
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key, ("", "")), after.get(key, ("", ""))
        if was != now:
            yield ValueChange(*key, *was, *now)


def _values(run: Run) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Value and status of every row of the period that a run scored."""
    table = results.read(run.values_file).select(["structure", "indicator", "period", "value", "status"])
    period = results.moment_text(run.manifest["period"])
    return {
        (row["structure"], row["indicator"]): (row["value"] or "", row["status"] or "")
        for row in table.to_pylist()
        if row["period"] == period
    }
