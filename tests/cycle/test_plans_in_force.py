"""Which plan is in force on a day is read from the folder of adopted plans alone, and only of what was adopted."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from piramide.cycle.plans.adoptions import Adoption, is_noted, note_adoption
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.plans.plans_in_force import PlansInForce, plans_in_force
from piramide.methodology.loading import shipped_packs

FIRST, SECOND, THIRD = "inps-2021", "inps-2021-giugno", "inps-2021-settembre"
NOON = datetime(2021, 5, 20, 12, tzinfo=UTC)


def put(folder: Path, name: str) -> str:
    """Write a plan into the folder, under a name of its own; its hash."""
    shutil.copytree(shipped_packs() / FIRST, folder / name)
    file = folder / name / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(f"id: {FIRST}", f"id: {name}"), encoding="utf-8")
    return open_pack(str(folder / name)).hash


def adopt(folder: Path, name: str, since: date, at: datetime = NOON) -> None:
    """Write a plan into the folder and note its adoption."""
    assert note_adoption(folder, Adoption(name, put(folder, name), since, at))


def known(folder: Path) -> PlansInForce:
    """What the folder says."""
    return plans_in_force(FIRST, folder)


def test_the_first_plan_holds_until_an_adopted_one_takes_its_place(tmp_path: Path) -> None:
    adopt(tmp_path, THIRD, date(2021, 9, 1))
    adopt(tmp_path, SECOND, date(2021, 6, 1))
    found = known(tmp_path)

    in_force = [found.on(date(2021, month, 1)).id for month in range(1, 13)]
    assert in_force == [FIRST] * 5 + [SECOND] * 3 + [THIRD] * 4
    assert found.on(date(1990, 1, 1)).id == FIRST
    assert [found.of(period).id for period in ("2021-05", "2021-Q2", "2021-Q4")] == [FIRST, SECOND, THIRD]
    assert found.line_with(SECOND) == {FIRST, SECOND, THIRD}
    assert found.line_with("altro") == {"altro"}
    assert found.left_out == ()


def test_of_two_of_one_day_the_one_adopted_later_holds(tmp_path: Path) -> None:
    adopt(tmp_path, SECOND, date(2021, 6, 1), NOON + timedelta(days=1))
    adopt(tmp_path, THIRD, date(2021, 6, 1), NOON)

    assert known(tmp_path).on(date(2021, 6, 1)).id == SECOND


def test_a_folder_of_nothing_and_no_folder_leave_the_first(tmp_path: Path) -> None:
    put(tmp_path, SECOND)  # written and never adopted

    for folder in (tmp_path, tmp_path / "nowhere"):
        assert [plan.pack.id for plan in known(folder).plans] == [FIRST]


def test_what_was_touched_after_its_adoption_is_not_in_force(tmp_path: Path) -> None:
    adopt(tmp_path, SECOND, date(2021, 6, 1))
    with (tmp_path / SECOND / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("# dopo\n")
    found = known(tmp_path)

    assert found.on(date(2021, 12, 31)).id == FIRST
    assert [refusal.findings[0].code for refusal in found.left_out] == ["CY091"]
    assert SECOND in str(found.left_out[0])


def written(pack: str = SECOND, since: str = "2021-06-01", at: str = NOON.isoformat()) -> str:
    """A note as somebody might write it by hand."""
    return json.dumps({"pack": pack, "hash": "sha256:0", "in_force_since": since, "adopted_at": at})


NO_NOTES = ["", "[]", "null", f'{{"pack": "{SECOND}"}}', "\xff",
            written(pack="altro"), written(since="ieri"), written(at="2021-05-20T12:00:00")]  # fmt: skip


@pytest.mark.parametrize("text", NO_NOTES)
def test_a_note_that_cannot_be_read_puts_nothing_in_force(tmp_path: Path, text: str) -> None:
    adopt(tmp_path, SECOND, date(2021, 6, 1))
    adopt(tmp_path, THIRD, date(2021, 9, 1))
    (tmp_path / f"{SECOND}.adopted.json").write_text(text, encoding="latin-1")
    found = known(tmp_path)

    assert [plan.pack.id for plan in found.plans] == [FIRST, THIRD]
    assert [refusal.findings[0].code for refusal in found.left_out] == ["CY090"]
    assert f"{SECOND}.adopted.json" in str(found.left_out[0])


def test_a_plan_whose_folder_is_gone_is_left_out(tmp_path: Path) -> None:
    adopt(tmp_path, SECOND, date(2021, 6, 1))
    shutil.rmtree(tmp_path / SECOND)

    assert [plan.pack.id for plan in known(tmp_path).plans] == [FIRST]
    assert len(known(tmp_path).left_out) == 1


def test_what_is_noted_is_never_noted_otherwise(tmp_path: Path) -> None:
    adopt(tmp_path, SECOND, date(2021, 6, 1))

    assert is_noted(tmp_path, SECOND)
    assert not is_noted(tmp_path, THIRD)
    assert not note_adoption(tmp_path, Adoption(SECOND, "sha256:0", date(2021, 1, 1), NOON))
    assert known(tmp_path).on(date(2021, 6, 1)).id == SECOND
    assert known(tmp_path).on(date(2021, 5, 31)).id == FIRST
