"""Measure: fold what is new, then compute every indicator value of a period, rolled up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from piramide.kernel.findings import Finding, Place, refuse, refuse_if_errors
from piramide.kernel.periods import Moment, Period
from piramide.kernel.progress import Progress
from piramide.measurement.cube.cube import Cube, cube_of
from piramide.measurement.engines.configuration import read_configuration
from piramide.measurement.engines.opening import engine_of
from piramide.measurement.fold.fold import Folded, fold, prepare, waiting_loads
from piramide.measurement.fold.groups import prepare_groups
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.measures.groups import group_rules
from piramide.measurement.measures.of_nodes import of_nodes
from piramide.measurement.measures.plan import plans
from piramide.measurement.pinned import PinnedLedger, last_loads
from piramide.measurement.values.figures import Measured, groups_apart
from piramide.measurement.values.groups import GroupCubes
from piramide.measurement.values.guard import outside_their_parts
from piramide.measurement.values.indicators import IndicatorValue, collected_by_hand, indicator_values
from piramide.measurement.values.phases import PROJECTS, phase_values
from piramide.measurement.values.rows import measured_rows
from piramide.measurement.values.tree import tree_of
from piramide.methodology.model import Pack


@dataclass(frozen=True, slots=True)
class Scope:
    """What is measured: the structures (all when empty) of a pack, at a period, in the organisation of a day.

    `known_on` takes only what had been learned by that day; `last_loads`, the last load of each dataset, only what was
    there then (all when nothing is given); `engine` wins over the configuration of the store.
    """

    pack: Pack
    period: Period
    as_of: date
    known_on: date | None = None
    structures: tuple[str, ...] = ()
    engine: str = ""
    last_loads: Mapping[str, str] | None = None

    def ledger(self, store: Path) -> Ledger:
        """The ledger of a store, as far as it counts."""
        return Ledger(store) if self.last_loads is None else PinnedLedger(store, self.last_loads)


@dataclass(frozen=True, slots=True)
class Measurement:
    """Values of a period; the engine that folded, how many loads were new, what people collect by hand.

    `loads` names for each dataset, the catalogue of products included, the last load that counts; `not_loaded` are
    the datasets that the measures of the pack read and of which nothing is there; `findings` say what was passed over
    and what was mended.
    """

    values: tuple[IndicatorValue, ...]
    engine: str
    folded: int
    by_hand: tuple[str, ...]
    loads: dict[str, str]
    not_loaded: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> pa.Table:
        """The values as the rows that are scored."""
        return measured_rows(self.values)


@dataclass(frozen=True, slots=True)
class Fold:
    """The datasets under their plans, how many loads were new, the engine, files of the cube that had been touched."""

    folded: tuple[Folded, ...]
    count: int
    engine: str
    damaged: tuple[Path, ...] = ()

    def remarks(self) -> Iterator[Finding]:
        """What was mended on the way."""
        return (Finding("ME022", Place(str(path))) for path in self.damaged)


def measure(store: Path, scope: Scope, progress: Progress) -> Measurement:
    """Measure a period.

    Raises `Refusal`: ME0xx for measures, ledger or engine that cannot be used; ME042 for a parent's value outside
    those of its parts (R43).
    """
    if scope.last_loads is None:
        scope = replace(scope, last_loads=last_loads(Ledger(store), scope.known_on))
    of_phases = tuple(phase_values(scope.ledger(store), scope.pack, scope.structures, moments_of(scope.period)))
    loads = dict(scope.last_loads or {})
    if scope.pack.phases and not any(measure.dataset for measure in scope.pack.measures.values()):
        return Measurement(of_phases, "", 0, (), loads, _not_loaded(scope.pack, loads))
    new = fold_new(store, scope, progress)
    folded = new.folded
    measured = measured_at(store, scope, folded, moments_of(scope.period))
    refuse_if_errors(outside_their_parts(measured, scope.structures))
    values = (*indicator_values(measured, scope.structures), *of_phases)
    by_hand = collected_by_hand(scope.pack, measured)
    findings = (*groups_apart(measured), *new.remarks())
    return Measurement(values, new.engine, new.count, by_hand, loads, _not_loaded(scope.pack, loads), findings)


def _not_loaded(pack: Pack, loads: Mapping[str, str]) -> tuple[str, ...]:
    """Datasets that measures read, without any load that counts."""
    read = {measure.dataset for measure in pack.measures.values() if measure.dataset}
    read |= {PROJECTS} if pack.phases else set()
    return tuple(sorted(read - loads.keys()))


def fold_new(store: Path, scope: Scope, progress: Progress) -> Fold:
    """Fold the loads that are not in the cube yet; the engine is opened only when there are any."""
    ledger = scope.ledger(store)
    configuration = read_configuration(store, scope.engine)
    added_up, rules = plans(scope.pack, ledger.proven_codes()), group_rules(scope.pack)
    folded, groups = prepare(ledger, added_up, scope.known_on), prepare_groups(ledger, rules, scope.known_on)
    if not folded and not groups:
        raise refuse("ME013", subject=", ".join(dict.fromkeys([*added_up, *(r.dataset for r in rules.values())])))
    waiting = waiting_loads([*folded, *groups.values()])
    if not waiting:
        return Fold(folded, 0, configuration.engine)
    damaged = tuple(path for item, load, _ in waiting if (path := item.folder.damaged(load.id)))
    with engine_of(configuration) as engine:
        fold(engine, waiting, progress)
        return Fold(folded, len(waiting), engine.name, damaged)


def measured_at(
    store: Path,
    scope: Scope,
    folded: Sequence[Folded],
    moments: tuple[Moment, ...],
    *,
    month_by_month: bool = False,
) -> Measured:
    """Figures of every measure at some moments, from the cube; `month_by_month` keeps apart what no window needs."""
    codes = Ledger(store).codes()
    files = {item.plan.dataset: item.every_file() if month_by_month else item.files(moments) for item in folded}
    cubes = {dataset: cube_of(found, len(codes.structures), moments) for dataset, found in files.items()}
    rules = group_rules(scope.pack)
    groups = GroupCubes(rules, prepare_groups(scope.ledger(store), rules, scope.known_on), codes.structures)
    used = {int(office) for cube in cubes.values() for office in _offices(cube)} | groups.offices()
    tree = tree_of(scope.pack.organisation, scope.as_of, codes.structures, used)
    by_name = {item.plan.dataset: item for item in folded}
    plans_by_name = {name: item.plan for name, item in by_name.items()}
    differing = of_nodes(scope.pack.measures)
    return Measured(scope.pack, plans_by_name, cubes, tree, moments, by_name, differing, groups)


def moments_of(period: Period) -> tuple[Moment, ...]:
    """The quarters of the year that have ended before the period, which rules that look back read, and its moment."""
    earlier = [moment for moment in period.quarter_checkpoints() if moment < period.moment]
    return (*earlier, period.moment)


def _offices(cube: Cube) -> Sequence[int]:
    columns = (np.asarray(cube.table[name]) for name in ("competence", "work"))
    offices: list[int] = np.unique(np.concatenate(list(columns))).tolist()
    return offices
