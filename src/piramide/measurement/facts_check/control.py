"""The balance against control totals: opening + received − resolved = closing, there and in the ledger.

Cases reopened count as resolved once less. A structure is compared with all that stands below it on the last day of
the month, a line with its products.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from piramide.kernel.findings import Finding, Place, Severity, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.organisation import Organisation
from piramide.measurement.contract import WORK, Column, ColumnType, Contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.blocks import header_names, text_blocks
from piramide.measurement.loading.cells import Faults, typed_cells
from piramide.measurement.loading.csv_rows import read_rows
from piramide.measurement.loading.work_rows import RECEIVED, REOPENED, RESOLVED

QUANTITIES: Final = ("opening", "received", "resolved", "closing")
_FIGURES: Final = tuple(Column(name, ColumnType.INTEGER, f"The {name} of the month.") for name in QUANTITIES)


def _totals_contract(scope: str) -> Contract:
    keys = (
        Column("structure", ColumnType.CODE, "The structure."),
        Column(scope, ColumnType.CODE, "The line or product; empty for all.", required=False),
        Column("month", ColumnType.MONTH, "The month."),
    )
    return Contract("control", "", "", ("structure", scope, "month"), (*keys, *_FIGURES), "month")


@dataclass(frozen=True, slots=True)
class Total:
    """One line of the control totals."""

    line: int
    structure: str
    scope: str
    month: int
    figures: dict[str, int]


def check_balance(path: Path, ledger: Ledger, organisation: Organisation) -> Iterator[Finding]:
    """Control totals that do not close, and figures of the ledger that are not theirs."""
    scope, totals = read_totals(path)
    facts = _Flows.of(ledger, scope)
    for total in totals:
        figures = total.figures
        place = Place(str(path), total.line)
        if unknown := facts.unknown(total, scope, organisation, place):
            yield unknown
            continue
        subject = f"{total.structure}, {total.scope or '*'}"
        closing = figures["opening"] + figures["received"] - figures["resolved"]
        if closing != figures["closing"]:
            stated, difference = str(figures["closing"]), str(figures["closing"] - closing)
            yield Finding("FA040", place, subject, figures, stated, str(closing), difference)
        found = facts.figures(total, organisation)
        for name in QUANTITIES:
            if found[name] != figures[name]:
                difference = str(figures[name] - found[name])
                fields = {"quantity": name}
                yield Finding("FA041", place, subject, fields, str(figures[name]), str(found[name]), difference)


def read_totals(path: Path) -> tuple[str, list[Total]]:
    """Whether the totals are by `line` or by `product`, and the totals."""
    try:
        with path.open("rb") as file:
            blocks = text_blocks(file.read, str(path))
            names = header_names(next(blocks), str(path))
            scope = "product" if "product" in names else "line"
            of = _totals_contract(scope)
            missing = [name for name in of.names if name not in names and name != scope]
            if missing or set(names) - set(of.names):
                odd = ", ".join([*missing, *sorted(set(names) - set(of.names))])
                raise refuse("FA053", Place(str(path), 1), problem=odd)
            totals = [total for block in blocks for total in _totals(read_rows(block, names, of), of, scope, path)]
    except OSError as error:
        raise refuse("FA011", Place(str(path)), problem=error.strerror or str(error)) from error
    except pa.ArrowInvalid as error:
        raise refuse("FA053", Place(str(path)), problem=str(error).splitlines()[0]) from error
    return scope, totals


def _totals(raw: Any, of: Contract, scope: str, path: Path) -> Iterator[Total]:  # noqa: ANN401 - rows as read
    faults = Faults(len(raw.lines))
    cells = typed_cells(raw, of, faults)
    wrong = [*(line for line, _ in raw.broken), *raw.lines[~faults.sound].tolist()]
    if wrong:
        name = faults.columns[int(faults.which.max())] if not faults.sound.all() else ""
        raise refuse("FA053", Place(str(path), int(wrong[0])), problem=name or "?")
    rows = pa.table({name: cells[name] for name in of.names}).to_pylist()
    for line, row in zip(raw.lines.tolist(), rows, strict=True):
        yield Total(line, row["structure"], row[scope], row["month"], {name: row[name] for name in QUANTITIES})


@dataclass(frozen=True, slots=True)
class _Flows:
    """Received and resolved (less reopened) of the ledger by structure, line or product, month."""

    structure: np.ndarray[Any, Any]
    scope: np.ndarray[Any, Any]
    month: np.ndarray[Any, Any]
    received: np.ndarray[Any, Any]
    resolved: np.ndarray[Any, Any]
    scopes: frozenset[str]

    @classmethod
    def of(cls, ledger: Ledger, scope: str) -> _Flows:
        """Add the ledger up."""
        codes = ledger.codes()
        names = _scopes(ledger, scope)
        keys = ["competence", "product", "month"]
        parts = [_added_up(batch) for batch in ledger.entries(WORK, [*keys, "kind", "sign"]) if batch.num_rows]
        sums = [("received", "sum"), ("resolved", "sum")]
        if not parts:
            none = np.array([])
            return cls(none, none, none, none, none, frozenset(names.values()))
        table = pa.concat_tables(parts).group_by(keys).aggregate(sums)
        structure = np.array(codes.structures, dtype=object)[table["competence"].to_numpy()]
        return cls(
            structure,
            np.array([names.get(product, "") for product in table["product"].to_pylist()], dtype=object),
            table["month"].to_numpy(),
            table["received_sum"].to_numpy(),
            table["resolved_sum"].to_numpy(),
            frozenset(names.values()),
        )

    def unknown(self, total: Total, scope: str, organisation: Organisation, place: Place) -> Finding | None:
        """Why a line of the totals is of nothing that the ledger can hold; `None` when it is of something."""
        if total.structure not in organisation.ids():
            near = ", ".join(nearest(total.structure, organisation.ids()))
            return Finding("FA028", place, total.structure, {"near": near}, severity=Severity.ERROR)
        if total.scope and total.scope not in self.scopes:
            fields = {"scope": scope, "near": ", ".join(nearest(total.scope, sorted(self.scopes)))}
            return Finding("FA077", place, total.scope, fields)
        return None

    def figures(self, total: Total, organisation: Organisation) -> dict[str, int]:
        """The four figures of the ledger for one line of the totals."""
        day = date((total.month + 1) // 12, (total.month + 1) % 12 + 1, 1) - timedelta(days=1)
        below = {total.structure, *(s.id for s in organisation.on(day).descendants(total.structure))}
        chosen = np.isin(self.structure, list(below))
        if total.scope:
            chosen &= self.scope == total.scope
        before, now = chosen & (self.month < total.month), chosen & (self.month == total.month)
        opening = int(self.received[before].sum() - self.resolved[before].sum())
        received, resolved = int(self.received[now].sum()), int(self.resolved[now].sum())
        closing = opening + received - resolved
        return {"opening": opening, "received": received, "resolved": resolved, "closing": closing}


def _added_up(batch: pa.RecordBatch) -> pa.Table:
    sign = batch["sign"].cast(pa.int64())
    of_kind = {kind: pc.multiply(pc.equal(batch["kind"], kind).cast(pa.int64()), sign) for kind in _KINDS}
    columns = {name: batch[name] for name in ("competence", "product", "month")}
    columns["received"] = of_kind[RECEIVED]
    columns["resolved"] = pc.subtract(of_kind[RESOLVED], of_kind[REOPENED])
    added = pa.table(columns).group_by(list(columns)[:3]).aggregate([("received", "sum"), ("resolved", "sum")])
    return added.rename_columns([name.removesuffix("_sum") for name in added.column_names])


_KINDS: Final = (RECEIVED, RESOLVED, REOPENED)


def _scopes(ledger: Ledger, scope: str) -> dict[int, str]:
    """Line or name of each product, by its position; the latest version of a product decides its line."""
    if scope == "product":
        return dict(enumerate(ledger.codes().products))
    rows: list[dict[str, Any]] = []
    for load in ledger.loads("products"):
        rows += pq.read_table(load.proven_entries, columns=["product", "line", "valid_from", "sign"]).to_pylist()
    stated = sorted((row for row in rows if row["sign"] > 0), key=lambda row: row["valid_from"])
    return {row["product"]: row["line"] for row in stated}
