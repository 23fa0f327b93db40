"""A sheet in the terminal reads as on paper, and fits the width of the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from piramide.methodology.loading import find_pack

Command = Callable[..., Any]
DEMONSTRATION = find_pack("inps-2024") / "demonstration" / "values" / "2024.csv"
MILANO = ("--structure", "dcm_milano")


@pytest.fixture
def scored(piramide: Command, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """The sheet of DCM Milano as a terminal of some width shows it."""

    def shown(width: int) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        told: str = piramide("score", "inps-2024", "--values", DEMONSTRATION, "--period", "2024", *MILANO).out
        return told

    return shown


def words(text: str) -> str:
    """The text with its blanks drawn together."""
    return " ".join(text.split())


@pytest.mark.parametrize("width", [80, 100, 160])
def test_a_scored_sheet_fits(scored: Callable[[int], str], width: int) -> None:
    lines = scored(width).splitlines()

    table = lines[1:-1]  # between the sentence on the index and that on the run
    assert len(table) > 30
    assert max(map(len, table)) <= width
    assert all("…" not in line for line in table)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_a_tree_fits(piramide: Command, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))

    lines = piramide("pack", "show", "inps-2024", *MILANO).out.splitlines()

    assert max(map(len, lines)) <= width
    assert words("".join(lines)).count("indice_deflusso") == 1


def test_it_prints_figures_with_their_units_and_decimals(scored: Callable[[int], str]) -> None:
    told = scored(160)

    assert "328.588.770 €" in told
    assert "148,42 €/punto" in told
    assert "770,000" not in told
    assert "Scostamento 0" in told
    assert "20%" in told
    assert "20,00%" not in told
    assert "▼ misurato" in told
    assert "measured" not in told


def test_it_says_a_missing_value_in_words(piramide: Command, values: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")

    told = piramide(
        "score", "comune-esempio", "--values", values, "--period", "2025", "--structure", "area_tecnica"
    ).out

    (line,) = [line for line in told.splitlines() if "Buche riparate" in line]
    assert "○ mancante" in line


def test_a_tree_tells_sources_and_conditions_in_words(piramide: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")

    told = piramide("pack", "show", "inps-2024", *MILANO).out

    assert "DCM Milano  (dcm_milano, stampato)" in told
    assert "parti uguali" in told
    assert "al più 0" in told
    assert "Scostamento 0" in told
    assert "equal_split" not in told
    assert "threshold" not in told
