"""What the year before came to, for the plan of the next: from a kept run, or from a file of values."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.store import Store
from piramide.exchange.next_year import Results
from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import slug
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack
from piramide.scoring.reading import read_values

_SHORT = 8


def results_before(given: str, last: Pack, store: Store) -> Results:
    """Results of the plan `last`: of the run whose id begins with `given`, or the values of the file of that name.

    The act that they rest on names the run, or the file. Of a file the last moment of each node counts. Raises
    `Refusal`: as `open_run` and `read_values` do, NP005 a run of another plan.
    """
    file = Path(given)
    if file.suffix.lower() in {".csv", ".parquet", ".xlsx"}:
        return _of_file(file, last)
    opened = open_run(store, given)
    if opened.pack.id != last.id:
        raise refuse("NP005", Place(opened.run.id[:_SHORT]), opened.pack.id, wanted=last.id)
    values = {
        (structure.id, node.id): node.value.exact
        for structure in opened.scores.structures
        for node in structure.nodes
        if node.value is not None
    }
    name = opened.run.id[:_SHORT]
    return Results(values, f"risultati_{name}", f"Risultati {last.year}, esecuzione {name}", opened.run.id)


def _of_file(file: Path, last: Pack) -> Results:
    values = read_values(file, in_force(last))
    found: dict[tuple[str, str], tuple[int, Fraction]] = {}
    for row in range(len(values)):
        key = (values.structures[row].as_py(), values.indicators[row].as_py())
        moment = int(values.moments[row])
        if values.has_value[row] and moment >= found.get(key, (0, Fraction(0)))[0]:
            found[key] = (moment, values.exact(row))
    act = f"risultati_{slug(file.stem)}"
    return Results(
        {key: value for key, (_, value) in found.items()}, act, f"Risultati {last.year}: {file.name}", file.name
    )
