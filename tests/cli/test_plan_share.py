"""`piramide plan share` and `piramide verify` of its plan."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from piramide.planning.share.answer import plan_id
from tests.cli.conftest import Command
from tests.planning.share_problems import by_hand


def written(folder: Path, **rules: object) -> Path:
    path = folder / "problem.json"
    path.write_text(json.dumps(by_hand(**rules)), encoding="utf-8")
    return path


@pytest.fixture
def plan(piramide: Command, tmp_path: Path) -> Path:
    """The folder of a plan that was kept."""
    out = tmp_path / "plan"
    assert piramide("plan", "share", "--problem", written(tmp_path), "--out", out).code == 0
    return out


def test_it_answers_as_its_contract_says(piramide: Command, tmp_path: Path) -> None:
    answer = piramide("plan", "share", "--problem", written(tmp_path), "--json")

    assert answer.code == 0
    assert answer.json["stages"][1] == {"name": "outside", "value": 10.0, "bound": 10.0}
    assert answer.json["moves"][0] == {
        "from": "a", "to": "b", "family": "x", "points": 20.0, "hours": 20.0, "rung": "region"
    }  # fmt: skip
    assert answer.json["offices"][0] == {
        "id": "a", "need": 80.0, "free": 0.0, "lent": 0.0, "helped": 30.0, "over": {"g": 0.0}, "days_over": 0.0
    }  # fmt: skip
    assert answer.json["own"][0] == {"office": "a", "family": "x", "points": 50.0}
    assert "a" in answer.json["prices"][0]["sentence"]
    assert len(answer.json["plan"]) == 64


def test_the_same_problem_has_the_same_plan_in_every_language(piramide: Command, tmp_path: Path) -> None:
    problem = written(tmp_path, protected=["b"])
    italian = piramide("--lang", "it", "plan", "share", "--problem", problem, "--json")
    english = piramide("--lang", "en", "plan", "share", "--problem", problem, "--json")

    assert italian.json["plan"] == english.json["plan"]
    assert italian.json["relaxations"] != english.json["relaxations"]


def test_targets_that_cannot_be_met_are_code_1_and_say_what_would_have_to_give(
    piramide: Command, tmp_path: Path
) -> None:
    answer = piramide("--lang", "en", "plan", "share", "--problem", written(tmp_path, protected=["b"]))

    assert answer.code == 1
    assert "The target of “g” at “a” would have to rise by 5 points, that is 2.5 days." in answer.out
    assert "If “b”, which is protected, lent 5 points" in answer.out


def test_worst_first_is_said_and_verified(piramide: Command, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    piramide("plan", "share", "--problem", written(tmp_path, protected=["b"], worst_first=True), "--out", out)

    assert json.loads((out / "share.json").read_text(encoding="utf-8"))["stages"][0]["name"] == "worst_days"
    assert piramide("verify", out).code == 0


def test_a_kept_plan_is_whole_and_verified(piramide: Command, plan: Path) -> None:
    assert sorted(path.name for path in plan.iterdir()) == ["moves.csv", "problem.json", "share.json"]
    assert (plan / "moves.csv").read_text(encoding="utf-8").splitlines() == [
        "provider,receiver,line,month,pieces,points,decided_by",
        "b,a,x,2025-01,,20.0,",
        "c,a,x,2025-01,,10.0,",
    ]
    assert piramide("verify", plan).code == piramide("verify", plan / "share.json").code == 0


def test_a_plan_with_lots_is_kept_and_verified(piramide: Command, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    answer = piramide("plan", "share", "--problem", written(tmp_path, lot=15), "--time", "20", "--out", out)
    kept = json.loads((out / "share.json").read_text(encoding="utf-8"))

    assert answer.code == 0
    assert (kept["status"], kept["optimality_gap"]) == ("optimal", 0.0)
    assert kept["bound"] == pytest.approx(195.55)
    assert "lot" in {rule["rule"] for rule in kept["rules"]}
    assert piramide("verify", out).code == 0
    kept["moves"][0].update(points=14.0, hours=14.0)
    kept["moves"][1].update(points=16.0, hours=16.0)
    kept["plan"] = plan_id((out / "problem.json").read_bytes(), kept)
    (out / "share.json").write_text(json.dumps(kept), encoding="utf-8")
    assert piramide("verify", out).code == 1


def test_the_solver_says_nothing_on_standard_output(tmp_path: Path) -> None:
    start = [sys.executable, "-c", "from piramide.cli.main import run; run()", "plan", "share", "--json", "--problem"]
    answer = subprocess.run([*start, written(tmp_path, lot=15)], check=True, capture_output=True, text=True)

    assert json.loads(answer.stdout)["status"] == "optimal"


def test_where_no_plan_holds_the_rules_it_is_code_1_and_says_what_would_have_to_give(
    piramide: Command, tmp_path: Path
) -> None:
    last = [{"office": "b", "family": "x", "points": 40}]
    out = tmp_path / "plan"
    problem = written(tmp_path, change_at_most=5, last_month=last)
    answer = piramide("--lang", "en", "plan", "share", "--problem", problem, "--out", out)

    assert answer.code == 1
    assert "No plan holds all the rules." in answer.out
    assert "“b” would have to be free to change by 15 points more for any plan to be possible." in answer.out
    assert piramide("verify", out).code == 0


def spoil(plan: Path, part: str) -> None:
    """Change one part of a plan and seal it again, as somebody would who knows how."""
    answer: dict[str, Any] = json.loads((plan / "share.json").read_text(encoding="utf-8"))
    if part == "moves":
        answer["moves"][0]["points"] = 21.0
    elif part == "stages":
        answer["stages"][1]["value"] = 9.0
    elif part == "certificate":  # another plan of the same problem, a worse one, whole but for its proof
        answer["moves"][0].update(points=19.0, hours=19.0)
        answer["moves"][1].update(points=11.0, hours=11.0)
        answer["own"][1]["points"], answer["own"][2]["points"] = 41.0, 34.0
        answer["stages"][1]["value"], answer["stages"][2]["value"] = 11.0, 19.0
    if part == "plan":
        answer["moves"][0]["hours"] = 1.0
    else:
        answer["plan"] = plan_id((plan / "problem.json").read_bytes(), answer)
    (plan / "share.json").write_text(json.dumps(answer), encoding="utf-8")


@pytest.mark.parametrize("part", ["plan", "moves", "stages", "certificate"])
def test_a_plan_that_was_changed_is_not_verified(piramide: Command, plan: Path, part: str) -> None:
    spoil(plan, part)
    answer = piramide("verify", plan, "--json")

    assert (answer.code, answer.json["difference"]) == (1, part)


@pytest.mark.parametrize("raw", ["[]", "{", '{"plan": 1}', '{"plan": "x", "stages": 3}'])
def test_what_is_no_plan_is_never_verified(piramide: Command, plan: Path, raw: str) -> None:
    (plan / "share.json").write_text(raw, encoding="utf-8")

    assert piramide("verify", plan).code in {1, 2}


def test_a_folder_that_holds_something_is_left_alone(piramide: Command, plan: Path) -> None:
    before = (plan / "share.json").read_bytes()
    answer = piramide("plan", "share", "--problem", plan / "problem.json", "--out", plan)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("PN015")
    assert (plan / "share.json").read_bytes() == before


def test_a_problem_that_cannot_be_keeps_nothing(piramide: Command, tmp_path: Path) -> None:
    answer = piramide("plan", "share", "--problem", written(tmp_path, lot=1000), "--out", tmp_path / "plan")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("PN018")
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    "option", [("--time", "0"), ("--time", "-1"), ("--time", "nan"), ("--month", "2025-01"), ("--lot", "5")]
)
def test_other_options_are_refused_beside_a_problem(piramide: Command, tmp_path: Path, option: tuple[str, str]) -> None:
    assert piramide("plan", "share", "--problem", written(tmp_path), *option).code == 2


def test_no_problem_is_no_plan(piramide: Command, tmp_path: Path) -> None:
    assert piramide("plan", "share").code == 2
    assert piramide("plan", "share", "--problem", tmp_path / "none.json").err.startswith("PN001")
    assert piramide("plan", "share", "--problem", tmp_path).err.startswith("PN001")


def test_the_commands_start_without_the_solver() -> None:
    heavy = {"highspy", "ortools", "pandas", "piramide.planning"}
    code = f"import sys, piramide.cli.main; print({heavy} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert answer.stdout == "set()\n"
