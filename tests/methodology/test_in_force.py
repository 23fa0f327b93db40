"""An override holds from its day, departs from what stands there, and is refused where it cannot mean anything."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from piramide.kernel.findings import Refusal
from piramide.methodology.in_force import in_force, last_day
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Node, Pack, WeightSource

BEFORE, ON = date(2025, 6, 30), date(2025, 7, 1)

Overridden = Callable[..., Pack]


@pytest.fixture
def overridden(tmp_path: Path) -> Overridden:
    """The small municipality with a parameter, a table, and the overrides given."""
    folder = tmp_path / "comune"
    shutil.copytree(find_pack("comune-esempio"), folder)
    growth = {"label": "Crescita", "unit": "ratio", "values": [{"from": "2025-01-01", "value": 1}]}
    (folder / "parameters.yaml").write_text(yaml.safe_dump({"crescita": growth}), encoding="utf-8")
    (folder / "tables.yaml").write_text("t: {title: T, key: [a, b]}\n", encoding="utf-8")
    (folder / "tables").mkdir()
    (folder / "tables" / "t.csv").write_text("a,b,c\nx,1,1.50\nx,2,2\n", encoding="utf-8")

    def make(*overrides: dict[str, Any]) -> Pack:
        common = {"from": ON.isoformat(), "act": "piano", "place": "p. 20", "reason": "Nuova indagine"}
        written = [common | {"id": f"deroga_{n}"} | override for n, override in enumerate(overrides)]
        (folder / "overrides.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
        return load_pack(folder)

    return make


def of(field: str, before: object, value: object, **subject: str) -> dict[str, Any]:
    """An override of one field of one subject."""
    return {"subject": subject, "field": field, "before": str(before), "value": str(value)}


def satisfaction(pack: Pack) -> Node:
    """A leaf of the municipality: satisfaction of citizens."""
    return pack.sheets["borgoverde"].tree[1].children[0]


LEAF = {"structure": "borgoverde", "node": "soddisfazione_cittadini"}
READ: dict[str, tuple[dict[str, Any], Callable[[Pack], object], object, object]] = {
    "target": (of("target", "3.8", "4", **LEAF), lambda pack: satisfaction(pack).target, Fraction(19, 5), 4),
    "weight": (
        of("weight", "1/2", "0.7", **LEAF),
        lambda pack: satisfaction(pack).weight,
        Fraction(1, 2),
        Fraction(7, 10),
    ),
    "label": (
        of("label", "Soddisfazione dei cittadini", "Fiducia", **LEAF),
        lambda pack: satisfaction(pack).label,
        "Soddisfazione dei cittadini",
        "Fiducia",
    ),
    "cap": (
        of("cap", "0.5", "1", indicator="soddisfazione_cittadini"),
        lambda pack: pack.indicators["soddisfazione_cittadini"].cap,
        Fraction(1, 2),
        1,
    ),
    "rule": (
        of("rule", "gap_up", "report_only", indicator="soddisfazione_cittadini"),
        lambda pack: pack.indicators["soddisfazione_cittadini"].rule.value,
        "gap_up",
        "report_only",
    ),
    "cell of a table": (
        of("value", "1.5", "1.75", table="t", row="x|1", column="c"),
        lambda pack: [row[2] for row in pack.tables["t"].rows],
        ["1.50", "2"],
        ["1.75", "2"],
    ),
    "parameter": (
        of("value", "1", "1.02", parameter="crescita"),
        lambda pack: [value for _, value, _ in pack.parameters["crescita"].values],
        [1],
        [1, Fraction(51, 50)],
    ),
}


@pytest.mark.parametrize("what", READ)
def test_it_holds_from_its_day_and_not_before(overridden: Overridden, what: str) -> None:
    override, read, before, after = READ[what]

    pack = overridden(override)

    assert read(in_force(pack, BEFORE)) == before
    assert read(in_force(pack, ON)) == after
    assert read(in_force(pack)) == after


def test_it_changes_one_thing_and_cites_its_act(overridden: Overridden) -> None:
    pack = overridden(of("weight", "0.5", "0.7", **LEAF))

    node = satisfaction(in_force(pack))

    assert (node.citation.act, node.citation.place, node.weight_source) == ("piano", "p. 20", WeightSource.STATED)
    assert in_force(pack).sheets["area_servizi"] == pack.sheets["area_servizi"]


def test_what_is_in_force_is_not_put_in_force_twice(overridden: Overridden) -> None:
    pack = in_force(overridden(of("target", "3.8", "4", **LEAF)), ON)

    assert in_force(pack, last_day(pack)) == pack


def test_a_later_override_departs_from_the_earlier(overridden: Overridden) -> None:
    first = of("target", "3.8", "4", **LEAF)
    later = of("target", "4", "4.2", **LEAF) | {"from": "2025-10-01"}

    pack = overridden(later, first)

    assert [float(satisfaction(in_force(pack, day)).target or 0) for day in (BEFORE, ON, last_day(pack))] == [
        3.8,
        4,
        4.2,
    ]


def test_it_reaches_every_structure_of_a_kind(overridden: Overridden, tmp_path: Path) -> None:
    tree = tmp_path / "comune" / "trees" / "comune.csv"
    rows = tree.read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.startswith("area_")]
    kept += ["kind:area,attesa_primo_colloquio,,indicator,Attesa,1,stated,15,piano,p. 1"]
    tree.write_text("\n".join(kept), encoding="utf-8")

    pack = in_force(overridden(of("target", "15", "12", structure="kind:area", node="attesa_primo_colloquio")))

    assert [pack.sheets[name].tree[0].target for name in ("area_servizi", "area_tecnica")] == [12, 12]


REFUSED = {
    "a node that is not there": (of("target", 1, 2, structure="borgoverde", node="soddisfazione"), "PL061"),
    "a structure that is not there": (of("target", 1, 2, structure="borgoverd", node="x"), "PL061"),
    "a kind that nobody has": (of("target", 1, 2, structure="kind:regione", node="x"), "PL061"),
    "an indicator that is not there": (of("cap", 1, 2, indicator="soddisfazione"), "PL061"),
    "a parameter that is not there": (of("value", 1, 2, parameter="cresita"), "PL061"),
    "a table that is not there": (of("value", 1, 2, table="u", row="x|1", column="c"), "PL061"),
    "a row that is not there": (of("value", 1, 2, table="t", row="x|3", column="c"), "PL061"),
    "a column that is not there": (of("value", 1, 2, table="t", row="x|1", column="d"), "PL061"),
    "a subject that names nothing": (of("target", 1, 2), "PL061"),
    "another target": (of("target", "3.7", "4", **LEAF), "PL062"),
    "another rule": (of("rule", "gap_down", "threshold", indicator="soddisfazione_cittadini"), "PL062"),
    "another cell": (of("value", "1.6", "2", table="t", row="x|1", column="c"), "PL062"),
    "a cap of a node": (of("cap", "0.5", "1", **LEAF), "PL063"),
    "a value of a node": (of("value", "x", "y", **LEAF), "PL063"),
    "a target of an indicator": (of("target", "1", "2", indicator="soddisfazione_cittadini"), "PL063"),
    "a target of a parameter": (of("target", "1", "2", parameter="crescita"), "PL063"),
    "a label of a cell": (of("label", "1.5", "2", table="t", row="x|1", column="c"), "PL063"),
    "a weight below zero": (of("weight", "0.5", "-0.5", **LEAF), "PL064"),
    "a cap below zero": (of("cap", "0.5", "-1", indicator="soddisfazione_cittadini"), "PL064"),
    "a rule that is none": (of("rule", "gap_up", "gap_sideways", indicator="soddisfazione_cittadini"), "PL055"),
    "a target that is no number": (of("target", "3.8", "quattro", **LEAF), "KN003"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses_what_cannot_be_in_force(overridden: Overridden, what: str) -> None:
    override, code = REFUSED[what]

    with pytest.raises(Refusal, match=rf"{code}: overrides.yaml:1 ") as refusal:
        in_force(overridden(override))

    assert all("{" not in finding.message(lang) for finding in refusal.value.findings for lang in ("it", "en"))


def test_it_refuses_nothing_before_the_day(overridden: Overridden) -> None:
    pack = overridden(of("target", "3.7", "4", **LEAF))

    assert satisfaction(in_force(pack, BEFORE)).target == Fraction(19, 5)


def test_two_that_clash_are_refused_with_both_places(overridden: Overridden) -> None:
    pack = overridden(of("target", "3.8", "4", **LEAF), of("target", "3.8", "5", **LEAF))

    with pytest.raises(Refusal, match=r"PL060: overrides.yaml:\d+ .*deroga_1.*deroga_0.*overrides.yaml:1"):
        in_force(pack)
