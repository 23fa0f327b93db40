"""The small datasets, one CSV each: rows of text in the columns of their contract, defaults written out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from piramide.demo.facts.ahead import competence_rows, sharing_plan_rows, staff_plan_rows, working_hours_rows
from piramide.demo.facts.catalogue import product_rows
from piramide.demo.facts.expected import budget_rows
from piramide.demo.facts.money import balance_rows, cost_rows, ieep_rows, payment_rows, spending_rows
from piramide.demo.facts.oversight import appeal_rows, audit_rows, litigation_rows, quality_rows
from piramide.demo.facts.people import headcount_rows, staff_rows
from piramide.demo.facts.plan_year import BESIDE
from piramide.demo.facts.projects import project_rows, property_rows
from piramide.demo.facts.rows import Row
from piramide.demo.facts.tally import Tally
from piramide.demo.facts.voices import survey_rows
from piramide.demo.facts.world import World
from piramide.kernel.durable import whole_file
from piramide.kernel.progress import Progress, silent
from piramide.measurement.contract import contract


def _products(world: World) -> list[Row]:
    return product_rows(world.lines, world.products, world.hours, world.years)


DATASETS: Final[Mapping[str, Callable[[World], Iterable[Row]]]] = {
    "products": _products,
    "staff": staff_rows,
    "headcounts": headcount_rows,
    "costs": cost_rows,
    "balances": balance_rows,
    "spending": spending_rows,
    "ieep": ieep_rows,
    "payments": payment_rows,
    "quality_samples": quality_rows,
    "appeals": appeal_rows,
    "audit_actions": audit_rows,
    "litigation": litigation_rows,
    "projects": project_rows,
    "properties": property_rows,
    "survey_answers": survey_rows,
    "working_hours": working_hours_rows,
    "staff_plan": staff_plan_rows,
    "competences": competence_rows,
    "sharing_plan": sharing_plan_rows,
}


def write_datasets(world: World, seen: Tally, folder: Path, progress: Progress = silent) -> dict[Path, int]:
    """Write every small dataset, expected values from what was seen of the work; the number of rows by file."""
    rows = {name: make(world) for name, make in DATASETS.items()} | {"budgets": budget_rows(world, seen)}
    counts = {}
    for done, (name, made) in enumerate(rows.items()):
        progress(name, done, len(rows))
        further = BESIDE[name](world) if name in BESIDE else ()
        counts[folder / f"{name}.csv"] = _write(folder, name, chain(made, further))
    return counts


def _write(folder: Path, dataset: str, rows: Iterable[Row]) -> int:
    columns = contract(dataset).columns
    defaults = {column.name: column.default for column in columns}
    count = 0
    with whole_file(folder / f"{dataset}.csv") as draft, draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in columns], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(defaults | row)
            count += 1
    return count
