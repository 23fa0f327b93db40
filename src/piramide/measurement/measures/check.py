"""Every fault of the measures of a pack, found without any facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from piramide.kernel.expressions import Expression, parse
from piramide.kernel.findings import Finding, Refusal
from piramide.measurement.contract import contracts
from piramide.measurement.ledger.store import Codes
from piramide.measurement.measures.groups import group_rules
from piramide.measurement.measures.plan import plans
from piramide.methodology.measures import Measure
from piramide.methodology.model import Pack
from piramide.methodology.profiles import measure_grows


def check_measures(pack: Pack) -> tuple[Finding, ...]:
    """Faults of datasets, columns, filters, credit and formulas (ME001-ME009, ME031-ME034, FA001, KN2xx)."""
    try:
        plans(pack, Codes(structures=pack.organisation.ids()))
        found: tuple[Finding, ...] = ()
    except Refusal as refusal:
        # Which products there are is known where the facts are, not to the pack.
        found = tuple(f for f in refusal.findings if f.fields.get("column") != "product")
    try:
        group_rules(pack)
    except Refusal as refusal:
        found = (*found, *refusal.findings)
    formulas, faults = _formulas(pack)
    return (*found, *faults, *_circles(pack, formulas), *_unsaid(pack), *_without_span(pack))


_EXPECTED_OF: Final = re.compile(r"\bmeasure\s*=\s*'(\w+)'")


def _without_span(pack: Pack) -> Iterator[Finding]:
    """Stated means of a flow over a state that do not say of which time they are (R21)."""
    for measure in pack.measures.values():
        if measure.aggregate != "last" or measure.span is not None:
            continue
        for name in _EXPECTED_OF.findall(measure.filter):
            of = pack.measures.get(name)
            if of is not None and of.formula and measure_grows(pack, name):
                yield Finding("ME041", measure.place, measure.id, {"of": of.label})


def _unsaid(pack: Pack) -> Iterator[Finding]:
    """Measures of a column that holds several things and that do not say how they add up over structures (R21)."""
    for measure in pack.measures.values():
        agreed = contracts().get(measure.dataset)
        if agreed is None or not agreed.several or measure.adds is not None:
            continue
        if agreed.several in measure.column and measure.aggregate != "count":
            fields = {"dataset": measure.dataset, "column": agreed.several}
            yield Finding("ME040", measure.place, measure.id, fields)


def _formulas(pack: Pack) -> tuple[dict[str, Expression], list[Finding]]:
    """The formulas of computed measures that can be read, and what is wrong with the others."""
    names = {**pack.measures, **pack.parameters}
    formulas: dict[str, Expression] = {}
    faults: list[Finding] = []
    for measure in pack.measures.values():
        if measure.formula:
            try:
                formulas[measure.id] = parse(measure.formula, names, measure.place)
            except Refusal as refusal:
                faults += refusal.findings
    return formulas, faults


def _circles(pack: Pack, formulas: dict[str, Expression]) -> Iterator[Finding]:
    """Measures computed from themselves, each circle told once."""
    told: set[frozenset[str]] = set()
    for name in formulas:
        circle = _circle(name, formulas, (), set())
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            measure: Measure = pack.measures[circle[0]]
            yield Finding("ME009", measure.place, circle[0], {"circle": " → ".join(circle)})


def _circle(name: str, formulas: dict[str, Expression], above: tuple[str, ...], sound: set[str]) -> tuple[str, ...]:
    """The names from one measure back to itself, closed; empty when nothing below leads back."""
    if name in above:
        return (*above[above.index(name) :], name)
    if name in sound or name not in formulas:
        return ()
    for below in formulas[name].names:
        if circle := _circle(below, formulas, (*above, name), sound):
            return circle
    sound.add(name)
    return ()
