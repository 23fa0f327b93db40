"""The work of a month shared among the offices of a plan: posed from the store, solved, and kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.cycle.planning.forecasting import FORECAST, basis_of, look_ahead
from piramide.cycle.planning.kept import KeptPlan, find_plan, keep_plan, refuse_filled
from piramide.cycle.planning.opening import Opened, Source, checked_month, day_known, month_before, open_state
from piramide.cycle.planning.people import competence_of, people_ahead
from piramide.cycle.planning.sharing import SHARE, SharedPlan, solved
from piramide.kernel.findings import Place, refuse
from piramide.kernel.progress import Progress
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.standing_rows import standing_rows
from piramide.planning.share.posing import Asked, Month, posed
from piramide.planning.state import of_12_months
from piramide.planning.targets import Families

SHARING_PLAN: Final = "sharing_plan"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MonthRequest:
    """The month to share; the plan whose receipts hold (else a forecast is made); rules beside those of the pack."""

    source: Source
    month: str
    plan: str = ""
    worst_first: bool = False
    lot: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class MonthShared:
    """The plan of a month, and where it is kept."""

    shared: SharedPlan
    kept: KeptPlan


def share_month(request: MonthRequest, out: Path | None, progress: Progress) -> MonthShared:
    """Share what waits at the end of the month before and what comes in the month, and keep the plan.

    Refuses what `open_state`, `people_ahead` and the problem refuse, PN015 a folder that holds something, PN029 a plan
    without that month, PN049 no plan named.
    """
    if out is not None:
        refuse_filled(out)
    if not request.source.pack:
        raise refuse("PN049", Place("PACK"))
    month = checked_month(request.month, "--month")
    opened = open_state(request.source, month_before(month), progress)
    raw = pose(opened, month, request, progress)
    shared = solved(raw, month, request.seconds)
    files = shared.files()
    asked = basis_of(opened) | {"month": month, "receipts_of": request.plan}
    kept = keep_plan(request.source.store, SHARE, asked, files, out, str(shared.answer["plan"]))
    return MonthShared(shared, kept)


def pose(opened: Opened, month: str, request: MonthRequest, progress: Progress) -> bytes:
    """The problem of a month, as the text that is solved and kept."""
    families, planning = opened.families(), opened.pack.planning
    people = people_ahead(opened, (month,))
    received = receipts_of(opened, month, request, progress)
    lot = float(planning.lot.value or 0) if request.lot is None else request.lot
    cap = planning.change_cap.value
    asked = Asked(
        worst_first=request.worst_first,
        lot=lot,
        protected=[office for office in planning.protected if office in opened.names],
        change_at_most=None if cap is None else float(cap),
        last_month=_lent_before(opened, families, month),
    )
    state = opened.state
    return posed(
        Month(
            month=month,
            offices=state.offices,
            families=families,
            targets=opened.targets(families),
            hours=people.hours.hours[:, 0],
            points_per_hour=people.productivity.points_per_hour,
            workload=np.maximum(state.pending_points[..., -1], 0.0) + received,
            received=received,
            received_12_months=of_12_months(state.incoming_points),
            can=competence_of(opened, families, month),
            default_can=planning.is_competent,
        ),
        asked,
    )


def receipts_of(opened: Opened, month: str, request: MonthRequest, progress: Progress) -> Floats:
    """Points by hand that come in a month, [office, line]: of a kept plan, else of a forecast."""
    if not request.plan:
        return look_ahead(opened, month, 1, (), progress).forecast.received_points[..., 0]
    plan = find_plan(request.plan, opened.store, (FORECAST,))
    offices = {name: at for at, name in enumerate(opened.names)}
    lines = {line: at for at, line in enumerate(opened.state.lines)}
    found = np.full((len(offices), len(lines)), np.nan)
    text = plan.file("forecast.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        is_cell = row["structure"] in offices and row["line"] in lines
        if is_cell and row["month"] == month and row["measure"] == "received_points":
            found[offices[row["structure"]], lines[row["line"]]] = float(row["mean"])
    if np.isnan(found).all():
        raise refuse("PN029", Place("--plan"), plan.id, month=month)
    known: Floats = np.nan_to_num(found)
    return known


def _lent_before(opened: Opened, families: Families, month: str) -> Mapping[tuple[str, str], float]:
    """Points that each office lent of each family in the month before, as its sharing plan says."""
    of_line = zip(opened.state.lines, families.of_line.tolist(), strict=True)
    family = {line: families.families[at] for line, at in of_line}
    lent: dict[tuple[str, str], float] = {}
    rows: list[dict[str, Any]] = standing_rows(Ledger(opened.store), SHARING_PLAN, day_known(opened.known_on))
    for row in rows:
        if row["month"] == month_before(month) and row["line"] in family and row["provider"] in opened.names:
            cell = (row["provider"], family[row["line"]])
            lent[cell] = lent.get(cell, 0.0) + float(row["points"])
    return lent
