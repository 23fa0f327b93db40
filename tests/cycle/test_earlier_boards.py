"""Plans kept before they stated what pages show: their pages show what they showed."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from piramide.cycle.plans.earlier_boards import with_boards
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.cycle.verification.verify import verify
from piramide.methodology.boards import Boards
from piramide.methodology.loading import find_pack, load_pack

SHIPPED = ("inps-2020", "inps-2021", "inps-2024")


def written_before(name: str, folder: Path) -> Path:
    """A shipped plan as it was written before plans had boards."""
    shutil.copytree(find_pack(name), folder)
    for path, section in (("pack.yaml", r"(?m)^boards:\n(?:[ ]+.*\n)+"), ("measures.yaml", r", expected_of: \w+")):
        if (folder / path).is_file():
            text = (folder / path).read_text(encoding="utf-8")
            (folder / path).write_text(re.sub(section, "", text), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_plan_does_not_say_is_what_the_shipped_one_says(name: str, tmp_path: Path) -> None:
    shipped, before = load_pack(find_pack(name)), load_pack(written_before(name, tmp_path / name))
    assert before.boards == Boards()

    found = with_boards(before)

    assert found.boards == shipped.boards != Boards()
    assert {m.id: m.expected_of for m in found.measures.values()} == {
        m.id: m.expected_of for m in shipped.measures.values()
    }
    assert with_boards(shipped) is shipped


def test_a_plan_that_says_something_says_all_of_it() -> None:
    own = replace(load_pack(find_pack("inps-2024")), boards=Boards(peers="regional"))

    assert with_boards(own) is own


def test_a_board_of_what_a_plan_does_not_have_is_not_taken() -> None:
    shipped = load_pack(find_pack("inps-2024"))
    measures = {name: one for name, one in shipped.measures.items() if name != "pensions_quality"}

    found = with_boards(replace(shipped, boards=Boards(), measures=measures)).boards

    assert found.quality == Boards().quality
    assert (found.map, found.spending) == (shipped.boards.map, shipped.boards.spending)


def test_a_plan_of_another_administration_is_left_alone() -> None:
    own = load_pack(find_pack("inps-2024"))

    assert with_boards(replace(own, hash="", boards=Boards(), administration="Regione")).boards == Boards()


def test_the_sheet_of_an_earlier_run_names_its_cluster_and_the_run_verifies(tmp_path: Path) -> None:
    values = find_pack("inps-2024") / "demonstration" / "values" / "2024.csv"
    folder, store = written_before("inps-2024", tmp_path / "inps-2024"), Store(tmp_path / "store")
    request = Request(str(folder), values, "2024-Q4", structures=("piemonte",), demonstration=True)
    run = score(request, [], store).run_id

    write_sheet_of_run(store, run, "piemonte", tmp_path / "scheda.md", "it")

    place = load_pack(folder).organisation.history("piemonte")[-1]
    assert f" · Cluster {place.clusters['economic']}" in (tmp_path / "scheda.md").read_text(encoding="utf-8")
    assert verify(store, run).verified
