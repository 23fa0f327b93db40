"""The tree of structures keeps its history, and amounts roll up in the tree of any day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from piramide.kernel.findings import Finding, Place, Refusal
from piramide.kernel.organisation import Organisation, Structure, check

BEFORE, AFTER = date(2023, 6, 30), date(2024, 6, 30)
NEW_YEAR = date(2024, 1, 1)


def structure(structure_id: str, parent: str = "", **more: object) -> Structure:
    return Structure(id=structure_id, label=structure_id.title(), kind="region", parent=parent, **more)  # type: ignore[arg-type]


@pytest.fixture
def organisation() -> Organisation:
    """A nation that in 2024 moves Novara, renames Bari, merges Asti and Alba into Langhe and splits Roma."""
    return Organisation(
        (
            structure("nazionale"),
            structure("piemonte", "nazionale"),
            structure("lombardia", "nazionale"),
            structure("nord_ovest", "nazionale", additive=False),
            structure("novara", "piemonte", until=NEW_YEAR),
            structure("novara", "lombardia", since=NEW_YEAR),
            structure("asti", "piemonte", until=NEW_YEAR, succeeded_by=("langhe",)),
            structure("alba", "piemonte", until=NEW_YEAR, succeeded_by=("langhe",)),
            structure("langhe", "piemonte", since=NEW_YEAR),
            structure("roma", "nazionale", until=NEW_YEAR, succeeded_by=("roma_est", "roma_ovest")),
            structure("roma_est", "nazionale", since=NEW_YEAR),
            structure("roma_ovest", "nazionale", since=NEW_YEAR),
            Structure("bari", "Bari", "dcm", "nazionale", until=NEW_YEAR),
            Structure("bari", "Bari e Barletta", "dcm", "nazionale", since=NEW_YEAR),
        )
    )


def test_it_moves_a_structure_and_remembers_where_it_was(organisation: Organisation) -> None:
    assert organisation.on(BEFORE)["novara"].parent == "piemonte"
    assert organisation.on(AFTER)["novara"].parent == "lombardia"
    assert organisation.on(NEW_YEAR)["novara"].parent == "lombardia"
    assert organisation.on(NEW_YEAR - timedelta(days=1))["novara"].parent == "piemonte"


def test_it_renames_a_structure_and_remembers_its_names(organisation: Organisation) -> None:
    assert [version.label for version in organisation.history("bari")] == ["Bari", "Bari e Barletta"]
    assert organisation.on(BEFORE)["bari"].label == "Bari"


def test_it_walks_the_tree_of_a_day(organisation: Organisation) -> None:
    tree = organisation.on(AFTER)

    assert [s.id for s in tree.descendants("nazionale")] == [
        "piemonte",
        "langhe",
        "lombardia",
        "novara",
        "roma_est",
        "roma_ovest",
        "bari",
    ]
    assert tree.ancestors("novara") == ("lombardia", "nazionale")
    assert [s.id for s in tree.children("nazionale", additive_only=False)][2] == "nord_ovest"
    assert [s.id for s in tree.of_kind("dcm")] == ["bari"]
    assert "asti" not in tree


def test_it_follows_merges_and_splits_in_both_directions(organisation: Organisation) -> None:
    assert organisation.standing_for("asti", AFTER) == ("langhe",)
    assert organisation.standing_for("langhe", BEFORE) == ("asti", "alba")
    assert organisation.standing_for("roma", AFTER) == ("roma_est", "roma_ovest")
    assert organisation.standing_for("roma_est", BEFORE) == ("roma",)
    assert organisation.standing_for("novara", AFTER) == ("novara",)
    assert organisation.standing_for("atlantide", AFTER) == ()


def test_it_rolls_up_in_the_tree_of_the_day_asked_for(organisation: Organisation) -> None:
    values = {"novara": 10, "asti": 5, "alba": 2, "piemonte": 100}

    before = organisation.roll_up(values, BEFORE)
    after = organisation.roll_up(values, AFTER)

    assert before == {"novara": 10, "asti": 5, "alba": 2, "piemonte": 117, "nazionale": 117}
    assert after == {"novara": 10, "lombardia": 10, "langhe": 7, "piemonte": 107, "nazionale": 117}


def test_it_never_adds_a_row_that_combines_others(organisation: Organisation) -> None:
    totals = organisation.roll_up({"nord_ovest": 99, "novara": 10}, AFTER)

    assert totals == {"nord_ovest": 99, "novara": 10, "lombardia": 10, "nazionale": 10}


def test_it_adds_fractions_exactly_and_leaves_the_values_alone(organisation: Organisation) -> None:
    values = {"novara": Fraction(1, 3), "langhe": Fraction(1, 6)}

    totals = organisation.roll_up(values, AFTER)

    assert totals["nazionale"] == Fraction(1, 2)
    assert values == {"novara": Fraction(1, 3), "langhe": Fraction(1, 6)}


def test_it_leaves_out_what_has_no_amount(organisation: Organisation) -> None:
    assert organisation.roll_up({}, AFTER) == {}
    assert "bari" not in organisation.roll_up({"novara": 0}, AFTER)


def test_it_refuses_to_share_out_the_amount_of_a_split(organisation: Organisation) -> None:
    with pytest.raises(Refusal, match=r"^KN108: .*roma_est, roma_ovest"):
        organisation.roll_up({"roma": 8}, AFTER)


def test_it_refuses_the_amount_of_nobody(organisation: Organisation) -> None:
    with pytest.raises(Refusal, match=r"^KN107: .*novarra.*novara"):
        organisation.roll_up({"novarra": 8}, AFTER)


def found(*versions: Structure) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in check(Organisation(versions))]


def test_it_finds_nothing_in_a_sound_organisation(organisation: Organisation) -> None:
    assert list(check(organisation)) == []


def test_it_finds_a_cycle_once_and_names_it() -> None:
    faults = list(
        check(Organisation((structure("a", "c"), structure("b", "a"), structure("c", "b"), structure("d", "a"))))
    )

    assert [(finding.code, finding.subject) for finding in faults] == [("KN101", "a")]
    assert faults[0].fields["cycle"] == "a → c → b → a"


def test_it_finds_a_structure_below_itself() -> None:
    assert found(structure("a", "a")) == [("KN101", "a")]


def test_it_walks_a_cycle_without_getting_lost() -> None:
    tree = Organisation((structure("a", "b"), structure("b", "a"))).on(AFTER)

    assert tree.ancestors("a") == ("b",)
    assert [s.id for s in tree.descendants("a")] == ["b"]


def test_it_finds_a_cycle_that_lasts_only_for_a_while() -> None:
    assert found(
        structure("a"),
        structure("b", "a", until=NEW_YEAR),
        structure("b", "c", since=NEW_YEAR),
        structure("c", "b"),
    ) == [("KN101", "b")]


def test_it_finds_a_parent_that_nobody_declares() -> None:
    (finding,) = check(Organisation((structure("nazionale"), structure("piemonte", "nazionle"))))

    assert (finding.code, finding.subject, finding.fields["nearest"]) == ("KN102", "piemonte", "nazionale")


def test_it_finds_a_parent_that_is_not_in_force_yet() -> None:
    (finding,) = check(Organisation((structure("dcm_roma", since=NEW_YEAR), structure("roma", "dcm_roma"))))

    assert (finding.code, finding.fields["day"]) == ("KN109", date(2023, 12, 31))


def test_it_finds_a_parent_that_has_ceased() -> None:
    assert found(structure("lazio", until=NEW_YEAR), structure("roma", "lazio")) == [("KN109", "roma")]


@pytest.mark.parametrize(
    ("until", "since"),
    [(date(2024, 1, 2), NEW_YEAR), (None, NEW_YEAR), (NEW_YEAR, None), (None, None)],
)
def test_it_finds_two_versions_on_one_day(until: date | None, since: date | None) -> None:
    assert ("KN103", "a") in found(structure("a", until=until), structure("a", since=since))


def test_it_finds_slips_in_successors_and_dates() -> None:
    assert found(structure("asti", succeeded_by=("langa",)), structure("langhe")) == [("KN104", "asti")]
    assert found(structure("asti", succeeded_by=("asti",))) == [("KN106", "asti")]
    assert found(structure("asti", since=NEW_YEAR, until=NEW_YEAR)) == [("KN105", "asti")]


def test_it_warns_of_an_additive_structure_below_a_combined_one() -> None:
    (finding,) = check(Organisation((structure("nord", additive=False), structure("asti", "nord"))))

    assert (finding.code, finding.level.value) == ("KN110", "warning")


def test_it_says_in_which_line_the_fault_stands() -> None:
    versions = (structure("nazionale"), structure("asti", "piemonte"))
    places = [Place("organisation.csv", 2), Place("organisation.csv", 3)]

    (finding,) = check(Organisation(versions), places)

    assert isinstance(finding, Finding)
    assert "organisation.csv:3" in finding.message("it")
    assert "asti" in finding.message("it")
