"""A computed target is that of the day: parameters in force, and amendments of what its rule reads."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from piramide.kernel.findings import Refusal, Severity
from piramide.methodology.checks.report import examine
from piramide.methodology.in_force import in_force
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Node, Pack

SPRING, SUMMER, AUTUMN = date(2025, 3, 1), date(2025, 7, 1), date(2025, 10, 1)

Ruled = Callable[..., Pack]


@pytest.fixture
def ruled(tmp_path: Path) -> Ruled:
    """The small municipality, whose satisfaction is to grow by a parameter from what it was (3.5)."""
    folder = tmp_path / "comune"
    shutil.copytree(find_pack("comune-esempio"), folder)
    tree = folder / "trees" / "comune.csv"
    (folder / "history.csv").write_text(
        "structure,node,name,value,act,place\nborgoverde,soddisfazione_cittadini,before,3.5,piano,p. 9\n", "utf-8"
    )
    values = [{"from": "2025-01-01", "value": "1.1"}, {"from": SUMMER.isoformat(), "value": "1.2"}]
    growth = {"label": "Crescita", "unit": "ratio", "values": values}
    (folder / "parameters.yaml").write_text(yaml.safe_dump({"growth": growth}), "utf-8")

    def make(*overrides: dict[str, Any], rule: str = "growth * before") -> Pack:
        text = tree.read_text("utf-8").replace("weight_source,target,", "weight_source,target,target_rule,")
        rows = [row.replace(",piano,", ",,piano,") for row in text.splitlines()]
        rows = [row.replace("stated,3.8,,", f"stated,,{rule},") for row in rows]
        tree.write_text("\n".join(rows) + "\n", "utf-8")
        common = {"act": "piano", "place": "p. 20", "reason": "Nuova indagine"}
        written = [common | {"id": f"deroga_{n}"} | override for n, override in enumerate(overrides)]
        (folder / "overrides.yaml").write_text(yaml.safe_dump(written), "utf-8")
        return load_pack(folder)

    return make


def satisfaction(pack: Pack) -> Node:
    """A leaf of the municipality: satisfaction of citizens."""
    return pack.sheets["borgoverde"].tree[1].children[0]


def targets(pack: Pack) -> list[Fraction | None]:
    """The target of each season."""
    return [satisfaction(in_force(pack, day)).target for day in (SPRING, SUMMER, AUTUMN)]


def override(day: date, field: str, before: str, value: str, **subject: str) -> dict[str, Any]:
    """An override of one field of one subject from a day on."""
    return {"from": day.isoformat(), "subject": subject, "field": field, "before": before, "value": value}


LEAF = {"structure": "borgoverde", "node": "soddisfazione_cittadini"}


def test_it_takes_the_parameter_in_force_on_the_day(ruled: Ruled) -> None:
    assert targets(ruled()) == [Fraction("3.85"), Fraction("4.2"), Fraction("4.2")]


def test_it_leaves_the_target_of_a_pack_as_printed_absent(ruled: Ruled) -> None:
    assert satisfaction(ruled()).target is None


def test_an_override_of_a_parameter_moves_it(ruled: Ruled) -> None:
    pack = ruled(override(AUTUMN, "value", "1.2", "1", parameter="growth"))

    assert targets(pack) == [Fraction("3.85"), Fraction("4.2"), Fraction("3.5")]


def test_an_override_between_two_values_departs_from_the_one_in_force(ruled: Ruled) -> None:
    pack = ruled(override(date(2025, 2, 1), "value", "1.1", "1", parameter="growth"))

    assert targets(pack) == [Fraction("3.5"), Fraction("4.2"), Fraction("4.2")]


def test_an_override_of_history_moves_it(ruled: Ruled) -> None:
    pack = ruled(override(AUTUMN, "value", "3.5", "4", **LEAF, history="before"))

    assert targets(pack) == [Fraction("3.85"), Fraction("4.2"), Fraction("4.8")]


def test_an_override_of_the_target_departs_from_the_computed_one(ruled: Ruled) -> None:
    pack = ruled(override(AUTUMN, "target", "4.2", "4", **LEAF))

    assert targets(pack) == [Fraction("3.85"), Fraction("4.2"), 4]
    assert [finding.code for finding in examine(pack).findings if finding.level is not Severity.NOTE] == []


def test_what_is_in_force_is_computed_again_for_a_later_day(ruled: Ruled) -> None:
    spring = in_force(ruled(), SPRING)

    assert satisfaction(in_force(spring, AUTUMN)).target == Fraction("4.2")


def test_a_parameter_not_yet_in_force_leaves_it_absent(ruled: Ruled) -> None:
    assert satisfaction(in_force(ruled(), date(2024, 12, 31))).target is None


@pytest.mark.parametrize("subject", [{"history": "after"}, {"history": "before", "node": "altro"}])
def test_it_refuses_an_override_of_a_past_value_that_is_not_there(ruled: Ruled, subject: dict[str, str]) -> None:
    with pytest.raises(Refusal, match="PL061"):
        in_force(ruled(override(SUMMER, "value", "3.5", "4", **LEAF | subject)))


def test_it_refuses_a_rule_over_unknown_names_with_its_line(ruled: Ruled) -> None:
    pack = ruled(rule="grow * before")

    with pytest.raises(Refusal, match=r"KN203: trees/comune.csv:6.*growth"):
        in_force(pack)
    found = [finding for finding in examine(pack).findings if finding.level is not Severity.NOTE]
    assert [(finding.code, finding.place.line) for finding in found] == [("KN203", 6), ("PK041", 1)]
