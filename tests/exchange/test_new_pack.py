"""A pack is started from a skeleton or from last year's, whole or not at all."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from piramide.exchange.new_pack import new_pack
from piramide.kernel.findings import Refusal
from piramide.methodology.checks.report import examine
from piramide.methodology.loading import find_pack, load_pack, pack_folders


def refused(name: str, folder: Path, base: Path | None = None, year: int = 0) -> str:
    """The code of the refusal."""
    with pytest.raises(Refusal) as caught:
        new_pack(name, folder, base, year)
    return caught.value.findings[0].code


def test_it_starts_from_a_skeleton_that_checks_clean(tmp_path: Path) -> None:
    pack = load_pack(new_pack("ente-2026", tmp_path, None, 0))

    assert (pack.id, pack.year, pack.since, pack.until) == ("ente-2026", 2026, date(2026, 1, 1), date(2027, 1, 1))
    assert [finding.message() for finding in examine(pack).findings] == []


def test_it_takes_the_year_it_is_given(tmp_path: Path) -> None:
    assert load_pack(new_pack("ente", tmp_path, None, 2027)).until == date(2028, 1, 1)


@pytest.mark.parametrize("name", sorted(pack_folders()))
def test_it_starts_the_year_after_a_shipped_pack(name: str, tmp_path: Path) -> None:
    base = load_pack(find_pack(name))

    pack = load_pack(new_pack("nuovo", tmp_path, find_pack(name), 0))

    assert (pack.id, pack.year, pack.since) == ("nuovo", base.year + 1, date(base.year + 1, 1, 1))
    assert pack.indicators.keys() == base.indicators.keys()
    assert pack.sheets.keys() == base.sheets.keys()
    left = {path.name for path in (tmp_path / "nuovo").iterdir()}
    assert not left & {"demonstration", "values", "examples"}


def test_it_changes_only_id_year_validity_and_the_year_of_the_label(tmp_path: Path) -> None:
    folder = new_pack("comune-2030", tmp_path, find_pack("comune-esempio"), 2030)

    before, after = (((f / "pack.yaml").read_text("utf-8")).splitlines() for f in (find_pack("comune-esempio"), folder))
    assert [line for line in after if line not in before] == [
        "id: comune-2030",
        "label: Piano della performance 2030",
        "year: 2030",
        "validity: {from: 2030-01-01, until: 2031-01-01}",
    ]
    assert len(before) == len(after)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (
            "validity: {from: 2025-01-01, until: 2026-01-01}",
            "validity:\n  from: 2025-01-01\n  # un anno\n  until: 2026-01-01",
        ),
        ("id: comune-esempio", '"id": comune-esempio'),
        ("year: 2025", "year:    2025   # esercizio"),
    ],
)
def test_it_dates_a_pack_however_it_is_laid_out(written: str, instead: str, tmp_path: Path) -> None:
    base = Path(shutil.copytree(find_pack("comune-esempio"), tmp_path / "base"))
    text = (base / "pack.yaml").read_text("utf-8")
    (base / "pack.yaml").write_text(text.replace(written, instead), "utf-8")

    pack = load_pack(new_pack("nuovo", tmp_path, base, 0))

    assert instead in (base / "pack.yaml").read_text("utf-8")
    assert (pack.id, pack.year, pack.until) == ("nuovo", 2026, date(2027, 1, 1))


@pytest.mark.parametrize("name", ["", "Comune 2026", "../fuori", "comune/2026", "-comune", "città"])
def test_it_refuses_a_name_that_is_no_id(name: str, tmp_path: Path) -> None:
    assert refused(name, tmp_path) == "NP001"


def test_it_refuses_a_folder_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "ente-2026").mkdir()

    assert refused("ente-2026", tmp_path) == "NP002"


def test_it_does_not_guess_the_year(tmp_path: Path) -> None:
    assert refused("ente", tmp_path) == "NP003"


def test_it_refuses_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert refused("ente-2026", tmp_path / "file" / "sotto") == "NP004"


@pytest.mark.parametrize("year", [1200, 9999])
def test_it_leaves_nothing_behind_when_it_refuses(year: int, tmp_path: Path) -> None:
    assert refused("ente", tmp_path, None, year) == "PL032"
    assert list(tmp_path.iterdir()) == []


def test_it_refuses_a_broken_pack_to_start_from(tmp_path: Path) -> None:
    base = Path(shutil.copytree(find_pack("comune-esempio"), tmp_path / "base"))
    (base / "trees" / "comune.csv").write_text("a\n", "utf-8")

    assert refused("nuovo", tmp_path, base) == "PL020"
    assert not (tmp_path / "nuovo").exists()
