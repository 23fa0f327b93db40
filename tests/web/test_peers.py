"""Who is compared with whom is one rule: rankings, movers and funnels group structures alike."""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation

from piramide.cycle.runs.opened_runs import OutlineRow
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Pack
from piramide.web.results.groups import kind_groups, peers


def grouped(pack: Pack) -> dict[str, list[str]]:
    """The groups of the pages, of every structure of the plan."""
    tree = pack.organisation.on(pack.since)
    rows = [OutlineRow(s.id, "", "", s.kind, s.label, "", "") for s in tree.structures.values()]
    with translation.override("it"):
        return peers(rows, tree, pack)


def test_they_are_the_groups_of_the_funnel_clusters_first_then_kinds() -> None:
    pack = load_pack(find_pack("inps-2024"))
    tree = pack.organisation.on(pack.since)
    found = grouped(pack)

    for names in found.values():
        assert len({pack.boards.peers_of(tree[name]) for name in names}) == 1
    assert sorted(name for names in found.values() for name in names) == sorted(tree.structures)
    assert list(found) == [
        "Istituto", *(f"Cluster {letter}" for letter in "ABCD"), "Direzioni provinciali", "Filiali metropolitane",
        "Direzioni centrali", "Uffici centrali", "Coordinamenti generali", "Raggruppamenti",
    ]  # fmt: skip
    assert [len(found[name]) for name in ("Direzioni provinciali", "Filiali metropolitane")] == [104, 12]


def test_without_a_scheme_to_compare_by_all_of_a_kind_are_compared() -> None:
    pack = load_pack(find_pack("inps-2024"))
    found = grouped(replace(pack, boards=replace(pack.boards, peers="")))

    assert not any(label.startswith("Cluster") for label in found)
    assert len(found["Direzioni regionali"]) == 20
    assert len(found["Direzioni di coordinamento metropolitano"]) == 3


def test_nobody_is_lost_where_a_pack_calls_two_kinds_alike() -> None:
    pack = load_pack(find_pack("inps-2024"))
    tree = pack.organisation.on(pack.since)
    renamed = replace(tree, structures={k: replace(s, kind=f"own_{s.kind}") for k, s in tree.structures.items()})
    rows = [OutlineRow(s.id, "", "", s.kind, s.label, "", "") for s in renamed.structures.values()]
    alike = replace(pack, structure_kinds={s.kind: "Ufficio" for s in renamed.structures.values()})

    with translation.override("it"):
        found = peers(rows, renamed, alike)
    assert sorted(name for names in found.values() for name in names) == sorted(tree.structures)
    assert next(iter(found)) == "Ufficio"


def test_what_is_listed_together_is_not_for_that_compared() -> None:
    pack = load_pack(find_pack("inps-2024"))
    tree = pack.organisation.on(pack.since)
    rows = [OutlineRow(s.id, "", "", s.kind, s.label, "", "") for s in tree.structures.values()]

    assert len({label: names for _kind, label, names in kind_groups(rows, pack)}["Sedi del territorio"]) == 116
