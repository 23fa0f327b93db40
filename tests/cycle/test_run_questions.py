"""What whoever publishes a run is asked: parents outside their parts, the nation at its cap (R43)."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.questions import questions_of
from piramide.cycle.runs.store import Store

STANDARD_COST, CLEARANCE = "indicatore_fabbisogni_standard", "indice_deflusso"


def asked(folder: Path, rows: list[str]) -> list[tuple[str, str, str]]:
    """Code, place and message of each question about a run of these values."""
    values = folder / "values.csv"
    header = "structure,indicator,period,value,numerator,denominator"
    values.write_text("\n".join([header, *(f"{row},," if row.count(",") == 3 else row for row in rows), ""]))
    told = CliRunner().invoke(
        app,
        ["score", "inps-2024", "--demonstration", "--period", "2024-Q4", "--json",
         "--values", str(values), "--store", str(folder / "store")],
    )  # fmt: skip
    run = json.loads(told.stdout)["run"]
    opened = open_run(Store(folder / "store"), run)
    found = questions_of(opened)
    noted = [n.id for s in opened.scores.structures for n in s.nodes if "SC116" in n.note and s.id == "nazionale"]
    assert noted == [f.place.cell for f in found if f.code == "CY082"], "said beside the value too"
    assert [f.code for f in found] == [f.code for f in found if f.code in told.output + "CY081 CY082"]
    return [(f.code, str(f.place), f.message("it")) for f in found]


def test_a_nation_far_below_all_its_directorates_is_a_question(tmp_path: Path) -> None:
    rows = [f"{place},{STANDARD_COST},2024-Q4,{value}" for place, value in (("lazio", 82), ("veneto", 137))]

    questions = asked(tmp_path, [*rows, f"nazionale,{STANDARD_COST},2024-Q4,4.14"])

    outside, at_cap = questions
    assert outside[:2] == ("CY081", f"nazionale [{STANDARD_COST}]")
    assert (
        "di Nazionale vale 4,14, fuori da quelli delle strutture che ha sotto, che vanno da 82,00 a 137,00."
        in outside[2]
    )
    assert at_cap[:2] == ("CY082", f"nazionale [{STANDARD_COST}]")


def test_the_mean_is_no_question(tmp_path: Path) -> None:
    rows = [f"{place},{STANDARD_COST},2024-Q4,{value}" for place, value in (("lazio", 82), ("veneto", 118))]

    assert asked(tmp_path, [*rows, f"nazionale,{STANDARD_COST},2024-Q4,100"]) == []


def test_what_a_parent_has_beyond_its_offices_is_a_part_too(tmp_path: Path) -> None:
    offices = [f"{place},{CLEARANCE},2024-Q4,1,10,10" for place in ("prov_padova", "prov_verona")]

    own = asked(tmp_path, [*offices, f"veneto,{CLEARANCE},2024-Q4,1.1,33,30"])
    (none,) = asked(tmp_path, [*offices, f"veneto,{CLEARANCE},2024-Q4,1.1,22,20"])

    assert own == [], "the directorate resolved 13 of 10 by itself"
    assert none[:2] == ("CY081", f"veneto [{CLEARANCE}]")
