"""A blank cell of a ruled PDF takes no target but that of a cell which the drawing merges with it, over pages too."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import typst

from piramide.exchange.sheets import SheetImport, import_sheets
from piramide.exchange.sheets.assembling import leaves_of
from piramide.kernel.findings import Finding

HEADER = (
    "AMBITO DI PERFORMANCE",
    "CONTRIBUTO AL VALORE PUBBLICO",
    "SOTTO AMBITI",
    "KPI",
    "RIFERIMENTI",
    "VALORE OBIETTIVO",
)
ACT = "Obiettivi 2024: Determinazione del Direttore Generale N. 28 del 28 febbraio 2024"
NAMES = ("Alfa", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta")


def page_of(
    folder: Path, targets: list[tuple[str, int]], *, height: str = "25cm", heading: bool = False
) -> SheetImport:
    """A printed sheet with one indicator a row; a target is a text and how many rows its cell covers."""
    rows = [*HEADER, "Valore Sociale", "100%", "100%", "Servizi", "", ""]
    cells = [f"[{text}]," for text in rows[len(HEADER) :]]
    names = iter(NAMES)
    for text, span in targets:
        for at in range(span):
            cells += ["[],[],[],", f"[{next(names)}],", "[Obiettivi 2024 - Pag. 9],"]
            cells += [f"table.cell(rowspan: {span})[{text}],"] if at == 0 else []
    head = "".join(f"[{text}]," for text in HEADER)
    head = f"table.header({head})," if heading else head
    source = "\n".join(
        (
            f"#set page(width: 30cm, height: {height}, margin: 1cm)",
            "#set text(size: 8pt)",
            "Obiettivi di performance organizzativa per l'anno 2024\n\nDR Puglia\n",
            f"#table(columns: 6, {head}",
            *cells,
            ")",
            ACT.replace(".", "\\."),
        )
    )
    path = folder / "scheda.pdf"
    path.write_bytes(typst.compile(source.encode()))
    return import_sheets([path])


def targets_of(read: SheetImport) -> dict[str, Fraction | None]:
    return {leaf.label: leaf.target for leaf in leaves_of(read.structures[0].tree)}


def loud(read: SheetImport) -> list[Finding]:
    return [finding for finding in read.findings if finding.code in {"SH013", "SH029"}]


def test_a_blank_cell_is_an_error_with_its_page_and_row(tmp_path: Path) -> None:
    read = page_of(tmp_path, [("5", 1), ("", 1), ("7", 1)])

    assert targets_of(read) == {"Alfa": 5, "Beta": None, "Gamma": 7}
    (finding,) = loud(read)
    assert (finding.code, finding.level.value) == ("SH029", "error")
    assert finding.message("en").startswith(f"{tmp_path}/scheda.pdf:6 [pag. 1 F]: “Beta” has no target"), finding
    assert "«Beta» non ha un valore obiettivo, né suo né di una cella unita." in finding.message("it")


def test_a_merged_cell_holds_for_its_rows_and_no_others(tmp_path: Path) -> None:
    read = page_of(tmp_path, [("5", 3), ("", 1), ("", 1)])

    assert list(targets_of(read).values()) == [5, 5, 5, None, None]
    assert [finding.code for finding in loud(read)] == ["SH029", "SH029"]


def test_the_end_of_a_page_does_not_end_a_merged_cell(tmp_path: Path) -> None:
    for height in ("6.3cm", "6.9cm", "7.5cm"):
        for heading in (False, True):
            read = page_of(tmp_path, [("5", 1), ("6", 6), ("", 1)], height=height, heading=heading)

            assert list(targets_of(read).values()) == [5, 6, 6, 6, 6, 6, 6, None], (height, heading)
            assert [finding.code for finding in loud(read)][-1] == "SH029"


def test_a_page_without_a_merged_cell_at_its_head_takes_nothing_from_the_one_before(tmp_path: Path) -> None:
    for height in ("5.7cm", "6.3cm", "6.9cm", "7.5cm"):
        read = page_of(tmp_path, [("5", 1), ("6", 1), *[("", 1)] * 6], height=height, heading=True)

        assert list(targets_of(read).values()) == [5, 6, *[None] * 6], height
        assert {finding.code for finding in loud(read)} == {"SH029"}
        assert {finding.place.cell for finding in loud(read)} >= {"pag. 2 F"}


def test_one_empty_cell_at_the_head_of_a_page_goes_on_with_a_merged_one_and_says_so(tmp_path: Path) -> None:
    """Nothing in the drawing says whether it is blank: somebody must look."""
    doubtful = []
    for tenths in range(50, 90):
        read = page_of(tmp_path, [("5", 1), ("6", 3), ("7", 1)], height=f"{tenths / 10}cm")
        assert list(targets_of(read).values()) == [5, 6, 6, 6, 7], tenths
        doubtful += [(finding.code, finding.place.cell) for finding in loud(read)]

    assert set(doubtful) == {("SH013", "pag. 2")}
