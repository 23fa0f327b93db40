"""The files of the chain as identities read them: their own columns, and those that are read from codes and links."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from piramide.kernel.findings import Finding
from piramide.methodology.changes import compare
from piramide.methodology.checks.chain_tables import chain_tables
from piramide.methodology.checks.identities import prove
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Pack
from tests.methodology.chained import chained


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The municipality with a chain, whose second level has two kinds."""
    written = chained(tmp_path / "pack")
    kinds = "kinds: {SP: {label: Specifici, declared: 3}}"
    levels = (written / "chain.yaml").read_text("utf-8").replace("Programma,", f"Programma, declared: 4, {kinds},")
    (written / "chain.yaml").write_text(levels, "utf-8")
    (written / "projects.csv").write_text(
        "structure,id,label,kind,node,scored,start,end,evidence,responsible\n"
        "area_tecnica,lavori_scuola,Nuova scuola,opera,archivio_edilizio_rete,yes,2025-03-01,2026-06-30,,\n"
        "area_servizi,P_2024_12,Nuovo nido,,,,,,,\n",
        "utf-8",
    )
    with (written / "links.csv").open("a", encoding="utf-8") as file:
        file.write("area_servizi,P_2024_12,chain,P2.1,piano,p. 9\narea_servizi,P_2024_12,chain,P2.3,piano,p. 9\n")
    with (written / "aliases.csv").open("a", encoding="utf-8") as file:
        file.write("P 2024_I2,P_2024_12,code,piano,p. 9\n")
    return written


@pytest.fixture
def pack(folder: Path) -> Pack:
    """The pack as loaded."""
    return load_pack(folder)


def rows(pack: Pack, name: str) -> list[dict[str, str]]:
    """Rows of a file by column."""
    table = chain_tables(pack)[name]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_a_pack_without_a_chain_has_none() -> None:
    assert chain_tables(load_pack(find_pack("comune-esempio"))) == {}


def test_levels_stand_with_their_kinds_below_them(pack: Pack) -> None:
    told = [(r["level"], r["kind"], r["declared"], r["listed"]) for r in rows(pack, "chain.yaml")]

    assert told == [("missione", "", "3", "2"), ("programma", "", "4", "4"), ("programma", "SP", "3", "3")]


def test_lines_are_read_by_file(pack: Pack) -> None:
    assert [(r["id"], r["under"], r["number"]) for r in rows(pack, "chain/programmi.csv")] == [
        ("P1.1", "M1", "1"),
        ("P2.1", "M2", "1"),
        ("P2.2", "M1;M2", "2"),
        ("P2.3", "M2", "3"),
    ]


def test_a_link_says_what_is_printed_and_the_level_of_its_line(pack: Pack) -> None:
    misprinted = next(row for row in rows(pack, "links.csv") if row["printed"] == "P2-2")
    goal = next(row for row in rows(pack, "links.csv") if row["kind"] == "sdg")

    assert (misprinted["to"], misprinted["level"], misprinted["line_kind"], misprinted["number"]) == (
        "P2.2",
        "programma",
        "SP",
        "2",
    )
    assert (goal["level"], goal["number"]) == ("", "")


def test_an_entry_says_years_numbers_and_the_lines_above_its_own(pack: Pack) -> None:
    school, nursery = rows(pack, "projects.csv")

    assert (school["start_year"], school["end_year"], school["id_number"]) == ("2025", "2026", "")
    assert (school["programma"], school["programma_number"]) == ("P2.2", "2")
    assert (school["missione_of_programma"], school["missione_of_programma_number"]) == ("M1;M2", "")
    assert (nursery["id_year"], nursery["id_number"]) == ("2024", "12")
    assert (nursery["id_printed"], nursery["id_number_printed"]) == ("P 2024_I2", "I2")
    assert (nursery["programma"], nursery["programma_number"]) == ("P2.1;P2.3", "")
    assert (nursery["missione_of_programma"], nursery["missione_of_programma_number"]) == ("M2", "2")
    assert (nursery["start_year"], nursery["evidence"]) == ("", "")


def found(folder: Path, identity: str) -> list[Finding]:
    """What an identity of the pack finds."""
    (folder / "identities.yaml").write_text(identity, "utf-8")
    return list(prove(load_pack(folder)).findings)


def test_a_finding_points_at_the_row_of_the_file(folder: Path) -> None:
    identity = (
        "- {id: conto, kind: count, sentence: I programmi sono quattro, table: chain/programmi.csv,\n"
        "   stated: {table: chain.yaml, row: missione|, column: declared}}\n"
        "- {id: fine, kind: expression, sentence: Si finisce nell'anno, table: projects.csv,\n"
        "   left: end_year, right: 2025}\n"
    )

    told = {(finding.code, str(finding.place)) for finding in found(folder, identity)}

    assert told == {("PK016", "chain.yaml:3 [declared]"), ("PK014", "projects.csv:2 [end_year]")}


def test_a_letter_in_a_printed_number_is_told_with_the_code_it_stands_for(folder: Path) -> None:
    identity = (
        "- {id: numeri, kind: expression, sentence: Il numero è leggibile, table: projects.csv,\n"
        "   left: id_number_printed, right: id_number, quote: {printed: id_printed, means: id}}\n"
    )

    (finding,) = found(folder, identity)

    assert (finding.code, finding.stated, finding.suggestion) == ("PK011", "P 2024_I2", "P_2024_12")


def test_a_file_that_the_pack_lacks_is_misdeclared(folder: Path) -> None:
    identity = "- {id: somma, kind: count, sentence: Sono due, table: project.csv, stated: {value: 2}}\n"

    (finding,) = found(folder, identity)

    assert (finding.code, finding.fields["near"]) == ("PK010", "projects.csv")


def test_the_difference_of_two_plans_tells_each_kind(pack: Pack) -> None:
    level = pack.chain.levels["programma"]
    kinds = {"SP": replace(level.kinds["SP"], declared=5)}
    changed = replace(
        pack, chain=replace(pack.chain, levels={**pack.chain.levels, "programma": replace(level, kinds=kinds)})
    )

    changes = [(c.group, c.node, c.field, c.before, c.after) for c in compare(pack, changed).changes]

    assert changes == [("chain", "programma.SP", "declared", 3, 5)]
