"""The words around the figures: the headline, the status, what is said of what is missing or cut."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from piramide.reports.headline import headline
from piramide.reports.labels import labels
from piramide.reports.paper_rows import header_levels
from piramide.reports.sheet import Loss, SheetReport, SheetRow
from piramide.reports.status import marks
from piramide.reports.worded import MOST, worded

ITALIAN = labels("it")
LEAF = SheetRow(kind="indicator", label="Indice di Deflusso", value=1, target=1, gap=0, status="measured")


def complete(report: SheetReport, index: str, *losses: Loss) -> SheetReport:
    return replace(report, index=Fraction(index), index_measured=Fraction(index), coverage=1, losses=losses)


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        ("101.2", "DCM Milano è a 101,2: 1,2 punti sopra l'obiettivo di 100."),
        ("98.75", "DCM Milano è a 98,8: 1,2 punti sotto l'obiettivo di 100."),
        ("100", "DCM Milano è a 100,0: esattamente sull'obiettivo."),
        ("100.04", "DCM Milano è a 100,04: 0,04 punti sopra l'obiettivo di 100."),
        ("99.96", "DCM Milano è a 99,96: 0,04 punti sotto l'obiettivo di 100."),
    ],
)
def test_the_headline_adds_up_as_printed(milano: SheetReport, index: str, sentence: str) -> None:
    assert headline(complete(milano, index), ITALIAN).startswith(sentence)


def test_a_partial_index_reads_apart_from_its_band(milano: SheetReport) -> None:
    partial = replace(milano, index=None, index_measured=Fraction("97.72"))
    paper = worded(replace(partial, index_low=Fraction("97.68"), index_high=Fraction("101.4")), ITALIAN)

    assert (paper.index, paper.band) == ("97,72", "tra 97,68 e 101,40")
    assert "è a 97,72" in paper.sentence
    assert "tra 97,68 e 101,40" in paper.sentence


def test_a_row_below_its_target_reads_so_however_near_it_is(milano: SheetReport) -> None:
    gap = Fraction("-0.00003")
    row = next(row for row in milano.rows if row.is_leaf and row.index is not None)
    near = replace(row, gap=gap, gap_raw=gap, index=100 * (1 + gap))
    paper = worded(replace(milano, rows=(near,)), ITALIAN)

    assert paper.rows[0].gap == "−0,003%"
    assert paper.rows[0].index == "99,997"
    assert paper.rows[0].marks[0].sign == "▼"


def test_the_headline_names_the_largest_loss(milano: SheetReport) -> None:
    told = headline(complete(milano, "99", Loss("A", Fraction("-0.25")), Loss("B", Fraction("-0.75"))), ITALIAN)

    assert told.endswith("2 indicatori su 27 tolgono punti, più di tutti «B» (−0,75 punti).")


def test_the_headline_counts_a_single_loss_as_one(milano: SheetReport) -> None:
    told = headline(complete(milano, "99", Loss("A", -1)), ITALIAN)

    assert told.endswith("Un solo indicatore su 27 toglie punti: «A» (−1,00 punti).")


def test_the_headline_says_that_nothing_is_lost(milano: SheetReport) -> None:
    assert headline(complete(milano, "101"), ITALIAN).endswith("Nessun indicatore toglie punti.")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (replace(LEAF, gap=Fraction(1, 50)), ["favorevole"]),
        (replace(LEAF, gap=Fraction(-1, 50)), ["sfavorevole"]),
        (replace(LEAF, gap=Fraction(1, 10**12)), ["in linea"]),
        (replace(LEAF, gap=None, value=None, status="missing"), ["non misurato"]),
        (replace(LEAF, gap=None, value=None, status="not_applicable"), ["non applicabile"]),
        (replace(LEAF, gap=None, value=None, status="not_started"), ["non avviato"]),
        (replace(LEAF, gap=Fraction(1, 50), status="estimated"), ["favorevole", "stimato"]),
        (replace(LEAF, gap=Fraction(-1, 2), status="adjusted"), ["sfavorevole", "rettificato"]),
        (replace(LEAF, contested=True), ["in linea", "contestato"]),
        (replace(LEAF, gap=None), []),
        (replace(LEAF, kind="dimension"), []),
    ],
)
def test_a_status_is_said_in_words(row: SheetRow, words: list[str]) -> None:
    assert [mark.word for mark in marks(row, ITALIAN)] == words


def test_no_two_directions_share_a_sign() -> None:
    rows = [replace(LEAF, gap=gap) for gap in (Fraction(1, 10), Fraction(-1, 10), 0)]

    assert len({marks(row, ITALIAN)[0].sign for row in rows}) == 3


def test_the_printed_points_are_those_of_the_total(milano: SheetReport) -> None:
    paper = worded(milano, ITALIAN)

    points = sum(Fraction(row.contribution) for row in milano.rows if row.is_leaf and row.contribution is not None)
    assert paper.total_points == "+1,53"
    assert round(float(points), 2) == 1.53


def test_a_partial_index_stands_in_brackets_and_the_legend_says_why(milano: SheetReport) -> None:
    paper = worded(milano, ITALIAN)

    economic = next(row for row in paper.rows if row.label == "Valore Economico")
    assert economic.index == "(104,8)"
    assert paper.total_index == "(101,7)"
    assert any("parentesi: parziale" in line for line in paper.legend)


def test_the_legend_explains_each_letter_beside_a_weight_and_no_other(milano: SheetReport) -> None:
    legend = " ".join(worded(milano, ITALIAN).legend)

    assert "u = parti uguali" in legend
    assert "r = " not in legend


def test_a_gap_beyond_the_cap_shows_both(milano: SheetReport) -> None:
    row = next(row for row in worded(milano, ITALIAN).rows if row.raw_gap)

    assert (row.gap, row.raw_gap, row.bar, row.at_cap) == ("+50,00%", "(+55,71%)", 0.5, True)


def test_the_losses_that_are_not_listed_are_counted_and_summed(milano: SheetReport) -> None:
    losses = tuple(Loss(f"Indicatore {place}", Fraction(-1, 4)) for place in range(MOST + 3))

    paper = worded(replace(milano, losses=losses), ITALIAN)

    assert len(paper.losses) == MOST
    assert paper.other_losses == "Altri indicatori sotto l'obiettivo: 3, in tutto −0,75 punti."


def test_a_plan_that_lets_no_gap_count_has_a_scale_all_the_same(milano: SheetReport) -> None:
    paper = worded(replace(milano, cap=Fraction(0)), labels("it"))

    assert {row.bar for row in paper.rows} == {None, 0.0}
    assert paper.strip.ends == ("99", "101")


def test_the_scale_of_the_bars_is_told_by_the_cap_of_the_plan(milano: SheetReport) -> None:
    told = [worded(replace(milano, cap=Fraction(cap)), labels("it")).gap_scale for cap in ("0.5", "0.3", "1.25")]

    assert told == ["−50% … 0 … +50%", "−30% … 0 … +30%", "−125% … 0 … +125%"]


def test_what_the_cap_wastes_is_said(milano: SheetReport) -> None:
    assert worded(milano, ITALIAN).wasted.startswith("Oltre il limite dello scostamento vanno persi 1,00 punti")


def test_a_target_in_words_is_printed_as_the_act_prints_it(milano: SheetReport) -> None:
    rows = worded(milano, ITALIAN).rows

    assert next(
        row.target for row in rows if row.label == "Indicatore di gestione della spesa - Fabbisogni economici"
    ) == ("SMVP - Par. 6.2.10")


def test_only_what_the_columns_do_not_tell_is_explained(milano: SheetReport) -> None:
    explained = [label for label, _ in worded(milano, ITALIAN).explanations]

    assert "Indice di Deflusso" not in explained
    assert "Indicatore giacenza ponderata ricorsi amministrativi Direzioni regionali/DCM" in explained


def test_an_explanation_does_not_repeat_its_label(milano: SheetReport) -> None:
    row = replace(LEAF, status="estimated", explanation="Indice di Deflusso vale 1,02.", weight=1)

    assert worded(replace(milano, rows=(row,)), ITALIAN).explanations == (("Indice di Deflusso", "Vale 1,02."),)


def test_a_note_that_most_rows_share_is_said_once(milano: SheetReport) -> None:
    rows = tuple(replace(row, note="inventato" if row.is_leaf else "") for row in milano.rows)
    rows = (*rows[:-1], replace(rows[-1], note="rilevato a mano"))

    paper = worded(replace(milano, rows=rows), ITALIAN)

    assert [row.note for row in paper.rows if row.note] == ["rilevato a mano"]
    assert paper.notes[-1] == "Nota comune agli altri indicatori: inventato."


def test_a_group_without_points_has_those_of_its_leaves(milano: SheetReport) -> None:
    silent = tuple(row if row.is_leaf else replace(row, contribution=None) for row in milano.rows)

    paper = worded(replace(milano, rows=silent), ITALIAN)

    assert [row.points for row in paper.rows] == [row.points for row in worded(milano, ITALIAN).rows]


@pytest.mark.parametrize(
    ("depths", "levels"),
    [
        ((0, 1, 2), [2, 3, 0]),
        ((0, 0, 0), [0, 0, 0]),
        ((0, 3, 1, 2), [2, 0, 3, 0]),
        ((0, 4, 5), [2, 3, 0]),
    ],
)
def test_only_a_group_with_rows_under_it_heads_them(depths: tuple[int, ...], levels: list[int]) -> None:
    groups = [replace(LEAF, kind="line", depth=depth) for depth in depths[:-1]]

    assert header_levels((*groups, replace(LEAF, depth=depths[-1]))) == levels


def test_a_word_that_only_the_pack_knows_is_printed_as_it_is(milano: SheetReport) -> None:
    rows = (replace(milano.rows[2], kind="strategic_area", unit="kilo_watt"),)

    assert worded(replace(milano, rows=rows), ITALIAN).rows[0].kind == "strategic area"
