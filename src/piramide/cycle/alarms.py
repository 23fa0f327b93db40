"""Integrity alarms over the ledger of a store: what stands out in a period, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.periods import Period, parse_period
from piramide.measurement.alarms import registry
from piramide.measurement.alarms.evidence import Evidence, Examined
from piramide.measurement.alarms.facts import Facts
from piramide.measurement.engines.configuration import read_configuration
from piramide.measurement.engines.engine import Query
from piramide.measurement.engines.opening import engine_of
from piramide.measurement.fold.catalogue import read_catalogue
from piramide.measurement.ledger.store import Ledger, Load
from piramide.methodology.loading.csv_text import read_csv


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: a period, a file of clusters (structure, cluster) if any, what had been learned by a day."""

    period: str
    clusters: Path | None = None
    known_on: str = ""
    engine: str = ""


@dataclass(frozen=True, slots=True)
class PeriodAlarms:
    """What every alarm heard in a period."""

    period: Period
    alarms: tuple[Examined, ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence, the rarest first."""
        return registry.rarest_first(self.alarms)

    @property
    def by_chance(self) -> float:
        """How many times alarms would ring were nothing wrong anywhere."""
        return sum(examined.by_chance for examined in self.alarms)

    def as_json(self) -> dict[str, object]:
        """Period, expected number of false alarms, and each alarm."""
        answer: dict[str, object] = {"period": str(self.period), "by_chance": self.by_chance}
        return answer | {"alarms": [examined.as_json() for examined in self.alarms]}


def alarms(request: Request, store: Path) -> PeriodAlarms:
    """Run every alarm over the work that the ledger holds in a period.

    Raises `Refusal`: AL090 no work in the period, AL091 a file of clusters that cannot be read, AL092 a structure in
    it that the ledger does not know.
    """
    Store(store).check()
    period = parse_period(request.period)
    ledger = Ledger(store)
    known_on = _day(request.known_on) if request.known_on else None
    loads = ledger.loads("work", known_on)
    if not any(_touches(load, period) for load in loads):
        raise refuse("AL090", Place(str(store)), period=str(period))
    structures = dict(enumerate(ledger.codes().structures))
    clusters = read_clusters(request.clusters, tuple(structures.values())) if request.clusters else {}
    deadlines = _deadlines(ledger, period, known_on)
    with engine_of(read_configuration(store, request.engine)) as engine:
        files = {"entries": [load.proven_entries for load in loads if load.manifest["accepted"]]}
        facts = Facts(lambda text: engine.run(Query(text, files)), structures, deadlines, clusters)
        return PeriodAlarms(period, registry.examine(facts, period))


def read_clusters(file: Path, known: tuple[str, ...]) -> dict[str, str]:
    """Cluster of each structure, from a CSV with the columns structure and cluster."""
    sheet = read_csv(_text(file), str(file), ("structure", "cluster"), ())
    for row in sheet.rows:
        if row.required("structure") not in known:
            near = ", ".join(nearest(row["structure"], known))
            raise refuse("AL092", row.place("structure"), row["structure"], nearest=near)
    return {row["structure"]: row.required("cluster") for row in sheet.rows}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", "") or "UTF-8"
        raise refuse("AL091", Place(str(file)), problem=problem) from error


def _touches(load: Load, period: Period) -> bool:
    """Whether a load holds rows of the period."""
    first, last = load.first_day, load.last_day
    return first is not None and last is not None and first < period.end and last >= period.start


def _deadlines(ledger: Ledger, period: Period, known_on: date | None) -> dict[int, int]:
    """Standard days of each product on the last day of the period."""
    day = period.end - timedelta(days=1)
    versions = read_catalogue(ledger, known_on).to_pylist()
    return {v["product"]: v["standard_days"] for v in versions if v["since"] <= day < v["until"] and v["standard_days"]}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refuse("CY010", Place("--known-on"), given=text) from error
