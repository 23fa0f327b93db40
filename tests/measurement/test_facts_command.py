"""`piramide facts` from outside: exit codes, JSON, messages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from piramide.cli import main

PRODUCTS = """product,label,area,line,standard_hours,valid_from
pension,Pensione,benefits,pensions,1.5,2020-01-01
"""
HEADER = "case,entry,day,product,office_of_competence,office_of_work,received_on\n"
GOOD = "a,received,2024-01-10,pension,prov_torino,prov_torino,2024-01-10\n"
WRONG = "b,received,2024-01-10,pension,prov_turin,prov_torino,2024-01-10\n"

Facts = Callable[..., tuple[int, str, str]]


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Facts:
    """Run `piramide facts` in a folder with a catalogue, work and faulty work."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIRAMIDE_STORE", str(tmp_path / "store"))
    Path("products.csv").write_text(PRODUCTS)
    Path("work.csv").write_text(HEADER + GOOD)
    Path("faulty.csv").write_text(HEADER + GOOD + WRONG)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["piramide", "--lang", "en", "facts", *arguments])
        try:
            main.run()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        caught = capsys.readouterr()
        return code, caught.out, caught.err

    return run


def answer(outcome: tuple[int, str, str]) -> Any:  # noqa: ANN401 - JSON
    return json.loads(outcome[1])


def test_it_loads_in_any_order_and_remembers_the_pack(facts: Facts) -> None:
    code, out, err = facts("load", "work=work.csv", "products=products.csv", "--pack", "inps-2024")

    assert (code, err) == (0, "")
    assert "work: load 000001, rows accepted: 1, set aside: 0" in out
    assert json.loads(Path("store/ledger/pack.json").read_text())["pack"] == "inps-2024"


def test_it_chooses_the_largest_administration_by_itself(facts: Facts) -> None:
    assert facts("load", "products=products.csv", "work=work.csv")[0] == 0


def test_it_loads_the_files_of_a_folder_by_name(facts: Facts) -> None:
    Path("work").mkdir()
    Path("work/2024-02.csv").write_text(HEADER + GOOD.replace("2024-01", "2024-02").replace("a,", "b,", 1))
    Path("work/2024-01.csv").write_text(HEADER + GOOD)

    loads = answer(facts("load", "work=work", "products=products.csv", "--pack", "inps-2024", "--json"))["loads"]

    assert [(load["dataset"], load["source"]) for load in loads] == [
        ("products", "products.csv"),
        ("work", "work/2024-01.csv"),
        ("work", "work/2024-02.csv"),
    ]


def test_it_answers_in_json_and_with_exit_code_one_when_rows_are_set_aside(facts: Facts) -> None:
    outcome = facts("load", "products=products.csv", "work=faulty.csv", "--max-rejected", "50%", "--json")

    assert outcome[0] == 1
    work = answer(outcome)["loads"][1]
    assert (work["dataset"], work["load"], work["accepted"], work["rejected"]) == ("work", "000001", 1, 1)
    assert work["reasons"] == {"FA028": 1}
    assert work["findings"][0]["where"] == "faulty.csv:3"
    assert "FA028: faulty.csv:3" in outcome[2]


@pytest.mark.parametrize("share", ["0.4", "49%", "40"])
def test_it_refuses_above_the_limit_with_exit_code_two(facts: Facts, share: str) -> None:
    code, out, err = facts("load", "products=products.csv", "work=faulty.csv", "--max-rejected", share)

    assert (code, out) == (2, "")
    assert "FA010" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["work"], "FA037"),
        (["wrok=work.csv"], "FA001"),
        (["work=missing.csv"], "FA011"),
        (["work=work.csv", "--max-rejected", "many"], "FA039"),
        (["work=work.csv", "--learned-on", "yesterday"], "FA055"),
        (["work=postgresql://localhost/db"], "FA015"),
        (["work=work.csv"], "FA013"),
    ],
)
def test_it_refuses_bad_arguments(facts: Facts, arguments: list[str], said: str) -> None:
    code, out, err = facts("load", *arguments, "--pack", "inps-2024")

    assert (code, out) == (2, "")
    assert said in err


def test_it_says_that_a_source_is_already_there(facts: Facts) -> None:
    facts("load", "products=products.csv", "--pack", "inps-2024")

    code, _, err = facts("load", "products=products.csv")

    assert code == 2
    assert "already there: it is load 000001 of products" in err


def test_it_shows_what_is_there_and_what_is_late(facts: Facts) -> None:
    facts("load", "products=products.csv", "work=work.csv", "--pack", "inps-2024", "--learned-on", "2024-02-01")

    datasets = answer(facts("status", "--json"))["datasets"]

    work = next(one for one in datasets if one["dataset"] == "work")
    assert (work["loads"], work["rows"], work["last_month"]) == (1, 1, "2024-01")
    assert work["last_learned"] == "2024-02-01"
    assert work["late"][:2] == ["2024-02", "2024-03"]
    assert "2024-02 …" in facts("status")[1]


def test_it_shows_that_nothing_is_there(facts: Facts) -> None:
    assert facts("status", "--json")[:2] == (0, '{\n  "datasets": []\n}\n')
    assert "FA050" in facts("check")[1]


def test_it_checks_with_exit_code_one_when_the_balance_does_not_close(facts: Facts) -> None:
    facts("load", "products=products.csv", "work=work.csv", "--pack", "inps-2024")
    Path("totals.csv").write_text(
        "structure,line,month,opening,received,resolved,closing\nprov_torino,pensions,2024-01,0,1,0,2\n"
    )

    outcome = facts("check", "--control", "totals.csv", "--json")

    assert outcome[0] == 1
    assert [finding["code"] for finding in answer(outcome)["findings"]] == ["FA040", "FA041"]


def test_it_draws_no_bar_where_nobody_looks(facts: Facts, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from piramide.cli.main import run; run()", "facts", "load"]

    done = subprocess.run(
        [*command, "products=products.csv", "--pack", "inps-2024"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    )

    assert done.stderr == ""


@pytest.fixture
def folder(facts: Facts) -> Path:
    """A folder as an administration exports it: files named after datasets, months of work in a folder of their own."""
    folder = Path("export")
    (folder / "work").mkdir(parents=True)
    (folder / "products.csv").write_text(PRODUCTS)
    (folder / "work/2024-02.csv").write_text(HEADER + GOOD.replace("2024-01", "2024-02").replace("a,", "b,", 1))
    (folder / "work/2024-01.csv").write_text(HEADER + GOOD)
    (folder / "readme.txt").write_text("not facts")
    return folder


def loaded(outcome: tuple[int, str, str]) -> list[tuple[str, str]]:
    return [(load["dataset"], load["source"]) for load in answer(outcome)["loads"]]


def test_it_loads_whatever_of_a_folder_is_named_after_a_dataset(facts: Facts, folder: Path) -> None:
    assert loaded(facts("load", str(folder), "--pack", "inps-2024", "--json")) == [
        ("products", "export/products.csv"),
        ("work", "export/work/2024-01.csv"),
        ("work", "export/work/2024-02.csv"),
    ]


@pytest.mark.usefixtures("folder")
def test_it_sums_up_a_folder_by_dataset(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = facts("load", "export", "--pack", "inps-2024")

    assert (code, err) == (0, "")
    assert "2024-01-10   2024-02-10" in out
    assert out.endswith("Loads: 3; rows accepted: 3, set aside: 0; sources already there: 0.\n")


def test_it_names_the_facts_of_a_folder_that_no_dataset_is_named_after(facts: Facts, folder: Path) -> None:
    (folder / "lavorazioni.csv").write_text(HEADER + GOOD)

    code, _, err = facts("load", "export", "--pack", "inps-2024")

    assert code == 0
    assert "export/lavorazioni.csv" in err


def test_it_passes_over_what_of_a_folder_is_already_there(facts: Facts, folder: Path) -> None:
    facts("load", "export", "--pack", "inps-2024")
    (folder / "work/2024-03.csv").write_text(HEADER + GOOD.replace("2024-01", "2024-03").replace("a,", "c,", 1))

    outcome = facts("load", "export", "--json")

    assert loaded(outcome) == [("work", "export/work/2024-03.csv")]
    assert len(answer(outcome)["already_there"]) == 3


@pytest.mark.usefixtures("folder")
def test_it_refuses_a_folder_that_is_all_there_already(facts: Facts) -> None:
    facts("load", "export", "--pack", "inps-2024")

    code, out, err = facts("load", "export")

    assert (code, out) == (2, "")
    assert "FA060" in err


def test_it_says_what_of_a_folder_was_loaded_before_a_refusal(facts: Facts, folder: Path) -> None:
    (folder / "work/2024-02.csv").write_text("case;day\n1;2\n")
    code, out, err = facts("load", "export", "--pack", "inps-2024")

    assert (code, out) == (2, "")
    assert "FA009" in err
    assert "kept: export/products.csv, export/work/2024-01.csv" in err

    (folder / "work/2024-02.csv").write_text(HEADER + GOOD.replace("2024-01", "2024-02").replace("a,", "b,", 1))
    assert loaded(facts("load", "export", "--json")) == [("work", "export/work/2024-02.csv")]


@pytest.mark.parametrize(("argument", "said"), [("nothing", "FA058"), ("work=nothing", "FA059")])
def test_it_refuses_a_folder_without_facts(facts: Facts, argument: str, said: str) -> None:
    Path("nothing").mkdir()

    code, out, err = facts("load", argument)

    assert (code, out) == (2, "")
    assert said in err


def test_it_remembers_the_pack_of_a_load_that_stopped_midway(facts: Facts) -> None:
    facts("load", "products=products.csv", "work=missing_columns.csv", "--pack", "inps-2024")
    Path("half.csv").write_text("case\n1\n")

    facts("load", "products=products.csv", "work=half.csv", "--pack", "inps-2024")

    assert json.loads(Path("store/ledger/pack.json").read_text())["pack"] == "inps-2024"


def test_measure_names_the_datasets_that_it_misses(
    facts: Facts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts("load", "products=products.csv", "work=work.csv", "--pack", "inps-2024")
    argv = ["piramide", "--lang", "en", "measure", "inps-2024", "--period", "2024-01", "--out", "values.csv", "--json"]
    monkeypatch.setattr(sys, "argv", argv)

    with pytest.raises(SystemExit, match="0"):
        main.run()

    missed = json.loads(capsys.readouterr().out)["not_loaded"]
    assert "staff" in missed
    assert "work" not in missed
