"""Kept runs in memory, for who answers many questions about the same ones: each is read once and never changes."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from piramide.cycle.runs import results
from piramide.cycle.runs.exact_kept import results_of
from piramide.cycle.runs.open_run import OpenRun, open_run
from piramide.cycle.runs.standing import Standing
from piramide.cycle.runs.store import Run, Store
from piramide.kernel.figure import Figure, preview
from piramide.kernel.findings import Refusal
from piramide.kernel.node_fields import FIELDS, Type
from piramide.kernel.periods import parse_period
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.result import NOTHING, ScoreTable, StructureScore
from piramide.scoring.value_table import values_of_rows
from piramide.scoring.values import Values

Item = TypeVar("Item")
FIGURES: Final = tuple(one.name for one in FIELDS if one.type is Type.FIGURE and one.is_on_pages)
"""Columns that pages ask for."""
MOST_OPENED: Final = 4
"""Runs kept with their method, at 13 MB each for a nation: the newest, the one before it, and two that are compared."""
MOST_FIGURES: Final = 128
"""Runs whose figures are kept, at a third of 2 MB each for a nation: months and quarters of eight years."""
MOST_PLANS: Final = 2
"""Plans laid out that a process remembers: of runs on which somebody tries values."""
OUTLINE = ("structure", "id", "parent", "kind", "label", "indicator", "unit")


@dataclass(frozen=True, slots=True)
class RunFigures:
    """The figures of a run: `rows` finds the row of (structure, node; node empty for the whole sheet).

    Indices on 100, gaps and coverage fractions. `places` gives for each column the place of every row among `doubles`,
    -1 where there is none, and `texts` the exact number of each double as `p/q`, null where none is kept: what several
    rows and columns say stands once. `notes` are by row.
    """

    rows: Mapping[tuple[str, str], int]
    places: Mapping[str, npt.NDArray[np.int32]]
    doubles: npt.NDArray[np.float64]
    texts: pa.StringArray
    statuses: tuple[str, ...]
    notes: Mapping[int, str]

    def figure(self, name: str, structure: str, node: str = "") -> Figure | None:
        """One figure, `None` where there is none or the run lacks the node."""
        row, places = self.rows.get((structure, node)), self.places.get(name)
        if row is None or places is None or (place := int(places[row])) < 0:
            return None
        found, text = float(self.doubles[place]), self.texts[place].as_py()
        return preview(found) if text is None else Figure(found, text)

    def note(self, structure: str, node: str) -> str:
        """What is kept beside a figure; nothing for most."""
        return self.notes.get(self.rows.get((structure, node), -1), "")

    def standing(self, structure: str, node: str = "") -> Standing:
        """Where a structure or one of its nodes stands."""
        index = self.figure("index", structure, node)
        return Standing(
            index=index,
            partial=self.figure("index_measured", structure, node) if index is None else None,
            low=self.figure("index_low", structure, node),
            high=self.figure("index_high", structure, node),
            coverage=self.figure("coverage", structure, node) or NOTHING,
        )


@dataclass(frozen=True, slots=True, eq=False)
class RunValues:
    """The values that a run kept: its `rows` as text, and what they say by the rules of today.

    `read` is `None` where today's rules refuse one of them.
    """

    rows: pa.Table
    read: Values | None


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A node as a run knows it, without figures; `node` is empty for the structure itself, `parent` at the top."""

    structure: str
    node: str
    parent: str
    kind: str
    label: str
    indicator: str
    unit: str


@dataclass(frozen=True, slots=True)
class RunOutline:
    """What a run scored: of each structure its own row and those of its nodes, parents first, as on paper."""

    structures: dict[str, OutlineRow]
    nodes: dict[str, tuple[OutlineRow, ...]]


class _Recent(Generic[Item]):
    """The last `most` items asked for, each made once even when several threads ask for it together.

    Who asks for one that is being made waits for that one; all others are answered meanwhile.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[Hashable, Item] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Item]) -> Item:
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._items:  # somebody else has made it meanwhile
                    return self._items[key]
            try:
                item = make()
                self._keep(key, item)
            finally:
                with self._lock:
                    self._making.pop(key, None)
            return item

    def _keep(self, key: Hashable, item: Item) -> None:
        with self._lock:
            self._items[key] = item
            while len(self._items) > self._most:
                self._items.popitem(last=False)


class OpenedRuns:
    """The runs of one store, shared by the threads of a server.

    `opened` runs (method, values and scores) are large and few are kept; `figures` are small and many are.
    Raises what `open_run` refuses: CY001, CY002, CY004 to CY007, CY019, CY071 for a run that was touched, also since.
    """

    def __init__(self, store: Store, *, most_opened: int = MOST_OPENED, most_figures: int = MOST_FIGURES) -> None:
        """Serve the runs of `store`."""
        self.store = store
        self._opened: _Recent[OpenRun] = _Recent(most_opened)
        self._figures: _Recent[RunFigures] = _Recent(most_figures)
        self._outlines: _Recent[RunOutline] = _Recent(most_opened)
        self._plans: _Recent[Plan] = _Recent(MOST_PLANS)
        self._values: _Recent[RunValues] = _Recent(MOST_PLANS)

    def run_ids(self) -> tuple[str, ...]:
        """Ids of the runs the store keeps, in no meaningful order; none when nothing was ever kept."""
        folder = self.store.root / "runs"
        if not folder.is_dir():
            return ()
        return tuple(sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")))

    def run(self, run_id: str) -> Run:
        """The run with its manifest."""
        return self.store.run(run_id)

    def opened(self, run_id: str) -> OpenRun:
        """The run with its method, values and scores."""
        self.store.run(run_id)  # whatever is remembered, one that was touched is not shown
        return self._opened.get(run_id, lambda: open_run(self.store, run_id))

    def plan(self, run_id: str) -> Plan:
        """The plan of a run laid out for all the structures that it scored, to try other values on."""
        opened = self.opened(run_id)
        structures = tuple(structure.id for structure in opened.scores.structures)
        period = parse_period(opened.scores.period)
        return self._plans.get(opened.run.id, lambda: compile_plan(opened.pack, period, structures, opened.as_of))

    def values(self, run_id: str) -> RunValues:
        """The values of a run as the rules of today read them, to put others in their place."""
        run = self.store.run(run_id, with_pack=False)
        return self._values.get(run.id, lambda: _values(self.opened(run.id)))

    def scored(self, run_id: str, structure: str) -> StructureScore | None:
        """The scored sheet of one structure without the method, `None` where the run has none: much quicker to read."""
        run = self.store.run(run_id, with_pack=False)
        table = results_of(run.folder, structure)
        scores = results.from_table(table, run.manifest["pack"], run.manifest["period"]).structures
        return scores[0] if scores else None

    def scores(self, run_id: str) -> ScoreTable:
        """Every scored sheet without the method; not kept in memory."""
        run = self.store.run(run_id, with_pack=False)
        return results.from_table(results_of(run.folder), run.manifest["pack"], run.manifest["period"])

    def figures(self, run_id: str) -> RunFigures:
        """The figures of a run, without its method."""
        run = self.store.run(run_id, with_pack=False)
        return self._figures.get(run_id, lambda: figures_of(results_of(run.folder)))

    def outline(self, run_id: str) -> RunOutline:
        """What a run scored, without its method and without figures: a tenth of the time of opening it."""
        run = self.store.run(run_id, with_pack=False)
        return self._outlines.get(run_id, lambda: _outline(run))


def _values(opened: OpenRun) -> RunValues:
    rows = results.read(opened.run.values_file).combine_chunks()
    try:
        return RunValues(rows, values_of_rows(rows, opened.printed, opened.run.id[:8]))
    except Refusal:
        return RunValues(rows, None)


def _outline(run: Run) -> RunOutline:
    table = results.read(run.results_file)
    columns = [[cell or "" for cell in table.column(name).to_pylist()] for name in OUTLINE]
    structures: dict[str, OutlineRow] = {}
    nodes: dict[str, list[OutlineRow]] = {}
    for cells in zip(*columns, strict=True):
        row = OutlineRow(*cells)
        if row.node:
            nodes[row.structure].append(row)
        else:
            structures[row.structure] = row
            nodes[row.structure] = []
    return RunOutline(structures, {name: tuple(rows) for name, rows in nodes.items()})


def figures_of(table: pa.Table) -> RunFigures:
    """The figures of a table of results, of a kept run or of one that is only tried."""
    told = [name for name in FIGURES if name in table.column_names]  # what an older run does not keep is nothing
    columns, exact = [_doubles(table, name) for name in told], [_texts(table, name) for name in told]
    places, doubles, texts = _told_once(columns, exact)
    statuses = tuple(_shared(table.column("status")))
    notes = {row: text for row, text in enumerate(table.column("note").to_pylist()) if text}
    return RunFigures(_rows_of(table), dict(zip(told, places, strict=True)), doubles, texts, statuses, notes)


def _doubles(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = table.column(name).cast("float64").to_numpy()
    return found


def _texts(table: pa.Table, name: str) -> pa.ChunkedArray:
    """The exact numbers of a column; nothing where a run keeps none."""
    kept = f"{name}{results.EXACT}"
    if kept in table.column_names:
        return table.column(kept)
    return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])


def _told_once(
    columns: Sequence[npt.NDArray[np.float64]], exact: Sequence[pa.ChunkedArray]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64], pa.StringArray]:
    """The places of each cell of columns, then the doubles and the texts that stand there, each pair once."""
    doubles = np.concatenate(columns)
    texts = pa.chunked_array([chunk for column in exact for chunk in column.chunks], pa.string()).combine_chunks()
    coded = texts.dictionary_encode(null_encoding="encode")
    _numbers, which = np.unique(doubles.view(np.int64), return_inverse=True)
    pairs = which.astype(np.int64) * max(1, len(coded.dictionary)) + coded.indices.to_numpy()
    _pairs, first, found = np.unique(pairs, return_index=True, return_inverse=True)
    places = found.reshape(len(columns), -1).astype(np.int32)
    places[np.isnan(doubles).reshape(places.shape)] = -1
    return places, doubles[first], texts.take(pa.array(first))


class _Rows(dict[tuple[str, str], int]):
    """Rows by structure and node: most runs of a plan have the same, which are then kept once."""

    __slots__ = ("__weakref__",)


_ROWS: Final[WeakValueDictionary[bytes, _Rows]] = WeakValueDictionary()


def _rows_of(table: pa.Table) -> _Rows:
    structures, nodes = (_shared(table.column(name)) for name in ("structure", "id"))
    key = hashlib.blake2b("\0".join((*structures, *nodes)).encode(), digest_size=16).digest()
    if (known := _ROWS.get(key)) is not None:
        return known
    return _ROWS.setdefault(key, _Rows((pair, row) for row, pair in enumerate(zip(structures, nodes, strict=True))))


def _shared(column: pa.ChunkedArray) -> list[str]:
    """The texts of a column, empty for none; the same text is one object in all runs, as names repeat in each."""
    return [sys.intern(text or "") for text in column.to_pylist()]
