"""What cannot be a problem is refused with the place of the member that cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from piramide.kernel.findings import Refusal
from piramide.planning.share.reading import problem_of
from tests.planning.share_problems import Body, by_hand, read

Spoil = Callable[[Body], object]


def refused(raw: bytes) -> tuple[str, str]:
    """Code and member of the refusal."""
    with pytest.raises(Refusal) as caught:
        problem_of(raw, "problem.json")
    (finding,) = caught.value.findings
    assert finding.place.file == "problem.json"
    return finding.code, finding.place.cell


SPOILT: dict[str, tuple[Spoil, str, str]] = {
    "unknown key": (lambda b: b.update(ofices=[]), "PN003", ""),
    "missing key": (lambda b: b.pop("work"), "PN004", ""),
    "office in no province": (lambda b: b["offices"][1].update(province=""), "PN002", "offices[1].province"),
    "office without province": (lambda b: b["offices"][1].pop("province"), "PN004", "offices[1]"),
    "office twice": (lambda b: b["offices"][1].update(id="a"), "PN008", "offices[1].id"),
    "province in two regions": (
        lambda b: b["offices"][1].update(province="pa", region="r2"),
        "PN009",
        "offices[1].region",
    ),
    "no office": (lambda b: b.update(offices=[]), "PN011", "offices"),
    "negative hours": (lambda b: b["offices"][0].update(hours=-1), "PN005", "offices[0].hours"),
    "hours that are no number": (lambda b: b["offices"][0].update(hours="50"), "PN005", "offices[0].hours"),
    "hours that are a truth": (lambda b: b["offices"][0].update(hours=True), "PN005", "offices[0].hours"),
    "workload below zero": (lambda b: b["work"][0].update(workload=-0.001), "PN005", "work[0].workload"),
    "workload beyond all": (lambda b: b["work"][0].update(workload=10**12 + 1), "PN005", "work[0].workload"),
    "four decimals": (lambda b: b["work"][0].update(workload=1.0001), "PN006", "work[0].workload"),
    "work of a stranger": (lambda b: b["work"][0].update(office="z"), "PN007", "work[0].office"),
    "family in no group": (lambda b: b["work"][0].update(family="y"), "PN007", "work[0].family"),
    "family in two groups": (
        lambda b: b["groups"].append({"id": "h", "families": ["x"]}),
        "PN008",
        "groups[1].families[0]",
    ),
    "group twice": (lambda b: b["groups"].append({"id": "g", "families": []}), "PN008", "groups[1].id"),
    "work twice": (lambda b: b["work"].append(b["work"][0]), "PN008", "work[3]"),
    "ceiling twice": (lambda b: b["ceilings"].append(b["ceilings"][0]), "PN008", "ceilings[3]"),
    "work without ceiling": (lambda b: b["ceilings"].pop(), "PN016", "ceilings"),
    "ceiling without work": (lambda b: b["work"].pop(), "PN012", "ceilings"),
    "competence for an unknown family": (
        lambda b: b["competence"]["except"].append({"office": "a", "family": "y"}),
        "PN007",
        "competence.except[0].family",
    ),
    "competence twice": (
        lambda b: b["competence"]["except"].extend([{"office": "a", "family": "x"}] * 2),
        "PN008",
        "competence.except[1]",
    ),
    "protected stranger": (lambda b: b["rules"].update(protected=["z"]), "PN007", "rules.protected[0]"),
    "protected twice": (lambda b: b["rules"].update(protected=["a", "a"]), "PN008", "rules.protected[1]"),
    "unknown rule": (lambda b: b["rules"].update(best=True), "PN003", "rules"),
    "worst first in words": (lambda b: b["rules"].update(worst_first="yes"), "PN002", "rules.worst_first"),
    "lot beyond all free hours": (lambda b: b["rules"].update(lot=25.001), "PN018", "rules.lot"),
    "lot below zero": (lambda b: b["rules"].update(lot=-1), "PN005", "rules.lot"),
    "lot that is a truth": (lambda b: b["rules"].update(lot=False), "PN005", "rules.lot"),
    "change cap in words": (lambda b: b["rules"].update(change_at_most="5"), "PN005", "rules.change_at_most"),
    "half a family": (lambda b: b["rules"].update(at_most_families=1.5), "PN002", "rules.at_most_families"),
    "last month of a stranger": (
        lambda b: b["rules"].update(last_month=[{"office": "z", "family": "x", "points": 1}]),
        "PN007",
        "rules.last_month[0].office",
    ),
    "last month twice": (
        lambda b: b["rules"].update(last_month=[{"office": "a", "family": "x", "points": 1}] * 2),
        "PN008",
        "rules.last_month[1]",
    ),
    "learning nothing": (
        lambda b: b["competence"].update(factors=[{"office": "a", "family": "x", "factor": 0}]),
        "PN014",
        "competence.factors[0].factor",
    ),
    "learning twice": (
        lambda b: b["competence"].update(factors=[{"office": "a", "family": "x", "factor": 0.5}] * 2),
        "PN008",
        "competence.factors[1]",
    ),
    "learning without a factor": (lambda b: b["competence"].update(factors=[{}]), "PN004", "competence.factors[0]"),
    "another format": (lambda b: b.update(format=2), "PN010", "format"),
    "format that is a truth": (lambda b: b.update(format=True), "PN010", "format"),
    "month that is none": (lambda b: b.update(month="2025-13"), "PN002", "month"),
    "list for an object": (lambda b: b.update(rules=[]), "PN002", "rules"),
    "object for a list": (lambda b: b.update(work={}), "PN002", "work"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_problem_is_refused_where_it_is_spoilt(name: str) -> None:
    spoil, code, cell = SPOILT[name]
    body = by_hand()
    spoil(body)

    assert refused(json.dumps(body).encode()) == (code, cell)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_a_number_that_is_not_finite_is_refused(number: str) -> None:
    raw = json.dumps(by_hand()).replace('"hours": 50', f'"hours": {number}', 1).encode()

    assert refused(raw) == ("PN005", "offices[0].hours")


RAW = [b"", b"{", b"\xff\xfe{", b"[" * 100_000, b'{"format": 1, "format": 1}', b'{"format": ' + b"9" * 5000 + b"}"]


@pytest.mark.parametrize("raw", RAW, ids=range(len(RAW)))
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    assert refused(raw) == ("PN001", "")


def test_a_list_is_no_problem() -> None:
    assert refused(b"[]") == ("PN002", "")


def test_rules_that_ask_for_nothing_may_stand_there() -> None:
    problem = read(by_hand(lot=0, change_at_most=None, last_month=[], protected=[], worst_first=False))

    assert problem.rules.protected == frozenset()


def test_capacity_is_rounded_down_to_thousandths() -> None:
    body = by_hand()
    body["offices"][0].update(hours=0.1, points_per_hour=0.019)

    assert read(body).offices["a"].capacity == 1
