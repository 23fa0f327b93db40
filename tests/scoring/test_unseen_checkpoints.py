"""R40: a file that lacks checkpoints is told so once, with the periods to add."""

from __future__ import annotations

from fractions import Fraction

from piramide.methodology.model import Checkpoint, Range
from piramide.scoring.plan import compile_plan
from piramide.scoring.plausible import doubtful_values
from piramide.scoring.score import score_pack, score_plan
from piramide.scoring.unseen import unseen_checkpoints
from tests.scoring.scenes import Scene, indicator, leaf
from tests.scoring.typed import values_from_rows

QUARTERS = tuple(Checkpoint(quarter, None, Fraction(5)) for quarter in ("Q1", "Q2", "Q3", "Q4"))
SCENE = Scene(
    (indicator("x", "threshold", checkpoints=QUARTERS), indicator("y", range=Range(Fraction(1), Fraction(5)))),
    {name: (leaf("x", "0.5"), leaf("y", "0.5", 3)) for name in ("lazio", "umbria")},
)


def test_it_names_the_periods_and_how_many_thresholds_each_leaves_open() -> None:
    pack = SCENE.pack
    rows = [("lazio", "x", "2024-Q1", 1), ("lazio", "x", "2024-Q3", 1), ("umbria", "x", "2024-Q3", 1)]

    (finding,) = unseen_checkpoints(score_plan(compile_plan(pack, "2024-Q3"), values_from_rows(rows, pack)))

    assert finding.code == "SC029"
    assert (
        finding.message("en")
        .split(": ", 1)[1]
        .startswith(
            "2 thresholds lack the value of a checkpoint that is due, and their index stays open: "
            "2024-Q1 (1), 2024-Q2 (2)."
        )
    )


def test_it_says_nothing_of_a_file_that_holds_what_is_due() -> None:
    pack = SCENE.pack
    rows = [(name, "x", f"2024-Q{quarter}", 1) for name in ("lazio", "umbria") for quarter in (1, 2)]

    assert not list(unseen_checkpoints(score_plan(compile_plan(pack, "2024-05"), values_from_rows(rows, pack))))
    assert not list(unseen_checkpoints(score_plan(compile_plan(pack, "2024-Q2"), values_from_rows(rows, pack))))


def test_it_remarks_a_value_that_its_indicator_cannot_have() -> None:
    pack = SCENE.pack
    rows = [("lazio", "y", "2024-Q4", "5.5"), ("umbria", "y", "2024-Q4", "5")]

    (finding,) = doubtful_values(pack, score_pack(pack, values_from_rows(rows, pack), "2024-Q4"))

    assert (finding.code, finding.place.file, finding.fields["range"]) == ("SC038", "lazio", "1 … 5")
