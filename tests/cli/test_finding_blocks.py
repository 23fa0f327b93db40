"""Findings in the terminal: blocks of lines as wide as it is, notes counted unless asked for."""

from __future__ import annotations

import pytest

from piramide.cli.finding_text import block, counts
from piramide.kernel import wording
from piramide.kernel.findings import Finding, Place, Severity

SLIP = Finding(
    "PK012",
    Place("tables/ieep_2020.csv", 12, "obiettivo_2020"),
    "IEEP 2020: I.E.E.P. MINORI USCITE, U (obiettivo 2020)",
    {
        "sentence": "Ogni voce IEEP 2020 è la somma con segno delle sue componenti",
        "cause": "swapped digits",
        "fits_all": "1964562022",
        "satisfied": 3,
        "line": "572",
    },
    "1946562022",
    "1964562023",
    "-18000001",
    "swapped digits",
)


@pytest.fixture(autouse=True)
def italian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_chosen", ["it"])


def test_it_tells_place_figures_and_reason_in_lines_of_their_own() -> None:
    where, rest, *reason = block(SLIP, 110)

    assert (
        where
        == "✗ PK012  tables/ieep_2020.csv:12 · riga 572 del documento · IEEP 2020: I.E.E.P. MINORI USCITE, U (obiettivo"
    )
    assert rest == "  2020)"
    assert reason == [
        "  stampato 1.946.562.022 · ricalcolato 1.964.562.023 · differenza −18.000.001",
        "  Regola: Ogni voce IEEP 2020 è la somma con segno delle sue componenti. Causa probabile: due cifre adiacenti",
        "  scambiate. Con 1.964.562.022 tornano tutte e 3 le relazioni in cui entra la cifra.",
    ]


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, block(SLIP, width))) <= width


def test_a_finding_without_figures_is_its_sentence_under_its_place() -> None:
    place = Place("tables/sisco_cv.csv", 6, "label")
    finding = Finding("PK025", place, "D.C.M. ROMA", {"canonical": "DCM Roma", "times": 1})

    first, *rest = block(finding, 160)

    assert first == "· PK025  tables/sisco_cv.csv:6"
    assert " ".join(rest).strip().startswith("è stampato «D.C.M. ROMA» per «DCM Roma»")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place("scheda.xlsx", 5, "F5"), "scheda.xlsx:5 [F5]"),
        (Place("scheda.xlsx", 5, "Foglio 1 F5"), "scheda.xlsx:5 [Foglio 1 F5]"),
        (Place("pacchetto.xlsx", 0, "acts!B3"), "pacchetto.xlsx [acts!B3]"),
        (Place("pack.yaml", 0, "boards.spending"), "pack.yaml [boards.spending]"),
        (Place("tables/a.csv", 12, "obiettivo_2020"), "tables/a.csv:12"),
        (Place("pack.yaml", 3, "acts.piano"), "pack.yaml:3"),
    ],
)
def test_a_cell_of_a_spreadsheet_is_named(place: Place, said: str) -> None:
    finding = Finding("SH029", place, "Alfa", {"indicator": "Alfa"})

    assert block(finding, 160)[0].partition("SH029  ")[2] == said


def test_one_is_told_in_the_singular() -> None:
    warnings = [Finding("PK012", severity=Severity.WARNING)] * 2

    assert counts([SLIP, *warnings]) == "1 errore, 2 avvisi, 0 note."
