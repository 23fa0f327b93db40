"""The three objective sheets of 2024 stand in the pack as their act prints them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from piramide.kernel.naming import slug
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Node, NodeKind, Pack, WeightSource

SHEETS = ("dcm_milano", "trentino_alto_adige", "dc_risorse_umane")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack without its demonstration layer."""
    return load_pack(shipped_packs() / "inps-2024")


def leaves(nodes: tuple[Node, ...]) -> list[Node]:
    return [leaf for node in nodes for leaf in (leaves(node.children) if node.children else [node])]


def printed(pack: Pack, structure: str) -> dict[str, Node]:
    """Leaves that the sheet prints, without the composites that stand beside them."""
    return {leaf.id: leaf for leaf in leaves(pack.sheets[structure].tree) if leaf.kind is NodeKind.INDICATOR}


def test_it_holds_three_stated_sheets_and_no_other(pack: Pack) -> None:
    assert set(pack.sheets) == set(SHEETS)
    assert {sheet.source for sheet in pack.sheets.values()} == {"stated"}


@pytest.mark.parametrize(
    ("structure", "per_cent"),
    [
        ("dcm_milano", {"valore_istituzionale": 40, "valore_economico": 30, "valore_organizzativo": 30}),
        (
            "trentino_alto_adige",
            {"valore_sociale": 10, "valore_istituzionale": 30, "valore_economico": 30, "valore_organizzativo": 30},
        ),
        (
            "dc_risorse_umane",
            {
                "valore_sociale": 10,
                "valore_istituzionale": 30,
                "valore_economico": 30,
                "valore_ecosistema": 10,
                "valore_organizzativo": 20,
            },
        ),
    ],
)
def test_it_weighs_dimensions_as_printed(pack: Pack, structure: str, per_cent: dict[str, int]) -> None:
    tree = pack.sheets[structure].tree

    assert {node.id: node.weight * 100 for node in tree} == per_cent
    assert {node.weight_source for node in tree} == {WeightSource.STATED}


@pytest.mark.parametrize(
    ("structure", "per_cent"),
    [
        ("dcm_milano", [70, 30, 50, 20, 30, 100]),
        ("trentino_alto_adige", [100, 70, 30, 50, 20, 30, 100]),
        ("dc_risorse_umane", [50, 50, 100, 50, 50, 100, 40, 30, 30]),
    ],
)
def test_it_weighs_sub_dimensions_as_printed(pack: Pack, structure: str, per_cent: list[int]) -> None:
    below = [child for node in pack.sheets[structure].tree for child in node.children]

    assert [node.weight * 100 for node in below] == per_cent


@pytest.mark.parametrize(
    ("structure", "count"), [("dcm_milano", 27), ("trentino_alto_adige", 30), ("dc_risorse_umane", 24)]
)
def test_it_splits_every_sub_dimension_equally_among_its_printed_lines(pack: Pack, structure: str, count: int) -> None:
    lines = printed(pack, structure)
    groups = [group for node in pack.sheets[structure].tree for group in node.children]

    assert len(lines) == count
    assert {line.weight_source for line in lines.values()} == {WeightSource.EQUAL_SPLIT}
    for group in groups:
        inside = [leaf.weight for leaf in group.children if leaf.kind is NodeKind.INDICATOR]
        assert inside == [Fraction(1, len(inside))] * len(inside)


@pytest.mark.parametrize(
    ("node", "milano", "trentino", "personnel"),
    [
        ("indice_deflusso", "1.010", "1.000", "1.013"),
        ("indicatore_produttivita", "50.00", "55.00", "48.85"),
        ("indagine_customer_experience", "3.50", "3.50", "3.50"),
        ("indice_controlli_controllo_processo_produttivo_autocertificazioni", "23", "23", None),
        ("indice_audit", "100", "100", None),
        ("indicatore_redditivita", "2.54", "1.12", None),
        ("costi_totali_punto_omogeneizzato", "148.42", "138.72", None),
        ("indicatore_ritardo_annuale_pagamento_fatture", "0", "0", None),
        ("p_accertamenti", "328588770", "47854645", "4249834748"),
        ("p_incassi_pagamenti", "637535773", "96926071", "7930574518"),
        ("indicatore_fabbisogni_standard", "100.23", "82.18", None),
        ("indicatore_giacenza_ponderata_ricorsi_amministrativi_direzioni_regionali_dcm", "70", "30", None),
        ("riduzione_giacenza_ricorsi_amministrativi_valore_assoluto_valore_nazionale", "83994", "83994", None),
        ("percentuale_domande_invciv_prima_istanza_totale_accolte", "100", "100", "100"),
    ],
)
def test_it_asks_for_the_printed_targets(
    pack: Pack, node: str, milano: str | None, trentino: str | None, personnel: str | None
) -> None:
    for structure, target in zip(SHEETS, (milano, trentino, personnel), strict=True):
        line = printed(pack, structure).get(node)
        assert (line.target if line else None) == (Fraction(target) if target else None)


def test_it_leaves_out_the_line_that_milano_does_not_have(pack: Pack) -> None:
    line = "percentuale_definito_carico_lavoro_primi_accertamenti_aggravamenti_attivita_cic"

    assert line not in printed(pack, "dcm_milano")
    assert line in printed(pack, "trentino_alto_adige")
    assert line in printed(pack, "dc_risorse_umane")


def test_it_names_nodes_after_labels_and_tells_colliding_ones_by_their_sub_dimension(pack: Pack) -> None:
    projects = [name for name in printed(pack, "dc_risorse_umane") if name.startswith("progetti")]

    assert "progetti" in printed(pack, "trentino_alto_adige")
    assert len(projects) == 6
    assert "progetti_impatto_ambientale" in projects
    for structure in ("dcm_milano", "trentino_alto_adige"):
        assert all(name == slug(line.label) for name, line in printed(pack, structure).items())


def test_it_measures_the_projects_of_each_sub_dimension_on_their_own_deliverables(pack: Pack) -> None:
    projects = [line for name, line in printed(pack, "dc_risorse_umane").items() if name.startswith("progetti")]
    definitions = [pack.indicators[line.indicator] for line in projects]

    assert len({definition.formula for definition in definitions}) == 6
    assert {definition.rule.value for definition in definitions} == {"milestone"}
    assert {line.target for line in projects} == {100}


def test_it_maps_every_printed_spelling_of_one_line_to_the_same_node(pack: Pack) -> None:
    spellings = {alias.printed: alias.canonical for alias in pack.aliases}
    lines = {
        slug(spellings.get(text, text))
        for text in (
            "Percentuale domande INVIV in prima istanza/totale accolte",
            "Percentuale domande INVCIIV in prima istanza/totale accolte",
            "Percentuale domande INVCIV in prima istanza/totale accolte",
        )
    }

    assert lines == {"percentuale_domande_invciv_prima_istanza_totale_accolte"}
    assert spellings["REG. TRENINO"] == pack.organisation.on(pack.since)["trentino_alto_adige"].label


def test_it_shows_composites_beside_their_parts_without_weight(pack: Pack) -> None:
    for structure in SHEETS:
        lines = printed(pack, structure)
        beside = [leaf for leaf in leaves(pack.sheets[structure].tree) if leaf.kind is NodeKind.COMPOSITE]
        assert beside
        for leaf in beside:
            composite = pack.indicators[leaf.indicator].composite
            assert composite is not None
            assert leaf.weight == 0
            assert {part.node for part in composite.parts} <= set(lines)
            assert sum(part.share for part in composite.parts) == 1


def test_it_checks_account_1005_at_five_four_three_per_cent_and_then_at_zero(pack: Pack) -> None:
    name = "indicatore_gestione_spesa_corretta_gestione_conto_transitorio_1005"
    first, second, third, last = pack.indicators[name].checkpoints

    assert [point.most for point in (first, second, third, last)] == [Fraction(n, 100) for n in (5, 4, 3, 0)]
    assert last.least == last.most == 0
    assert [point.mandatory for point in (first, second, third, last)] == [False, False, False, True]


def test_it_cites_acts_that_exist_with_their_place(pack: Pack) -> None:
    for sheet in pack.sheets.values():
        for leaf in leaves(sheet.tree):
            assert leaf.citation.act in pack.acts
            assert leaf.citation.place
    for indicator in pack.indicators.values():
        assert indicator.citation.act in pack.acts
        assert indicator.citation.place


def test_it_says_for_every_indicator_who_answers_and_what_its_limits_are(pack: Pack) -> None:
    known = set(pack.organisation.ids())

    for indicator in pack.indicators.values():
        assert indicator.owner in known
        assert all((indicator.definition, indicator.source, indicator.due))
        assert all((indicator.quality.source, indicator.quality.accuracy, indicator.quality.limits))
        assert indicator.formula or indicator.composite


def test_it_offers_the_frame_of_a_sheet_to_the_kinds_that_have_one(pack: Pack) -> None:
    assert set(pack.templates) == {"region", "dcm", "central_directorate"}
    for tree in pack.templates.values():
        assert {leaf.target for leaf in leaves(tree)} == {None}


def test_it_carries_116_production_sites_under_23_directorates(pack: Pack) -> None:
    tree = pack.organisation.on(pack.since)
    directorates = (*tree.of_kind("region"), *tree.of_kind("dcm"))
    sites = [site for directorate in directorates for site in tree.children(directorate.id)]

    assert len(directorates) == 23
    assert len(sites) == 116
    assert {site.kind for site in sites} == {"provincial_office", "metro_branch"}
    assert not any(combined.additive for combined in tree.of_kind("combined"))
