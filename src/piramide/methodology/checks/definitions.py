"""Rules of the definitions: indicators, scales, checkpoints, composites, labels."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Final

from piramide.kernel.expressions import parse
from piramide.kernel.findings import Finding, Place, Refusal
from piramide.kernel.naming import nearest, slug
from piramide.methodology.checks.cells import machine
from piramide.methodology.checks.trees import unknown_act
from piramide.methodology.model import PARENT, Checkpoint, Citation, Indicator, Pack, RuleKind
from piramide.methodology.profiles import WITHOUT_FIGURES, is_untold, lacking_profile

MOMENTS: Final = ("Q1", "Q2", "Q3", "Q4", "year", "any")
UNITS: Final = (
    "ratio",
    "fraction",
    "number",
    "index",
    "points",
    "milestone",
    "days",
    "eur",
    "eur_per_point",
    "pieces",
    "points_per_head",
    "hours_per_head",
    "score_1_5",
    "hours",
    "minutes",
    "weeks",
    "months",
    "years",
    "units",
    "headcount",
    "count",
    "pct",
)
_NEEDED: Final[Mapping[RuleKind, tuple[str, Callable[[Indicator], bool]]]] = {
    RuleKind.BANDS: ("scale", lambda indicator: bool(indicator.scale)),
    # A threshold without checkpoints is the target of each structure, on the side that the direction says (R41).
    RuleKind.THRESHOLD: ("checkpoints", lambda i: bool(i.checkpoints) or i.direction in {"up", "down"}),
    RuleKind.CURVE: ("curve", lambda indicator: indicator.curve is not None),
    RuleKind.COMPOSITE: ("composite", lambda indicator: indicator.composite is not None),
    RuleKind.RATIO_POINTS: ("points", lambda indicator: indicator.points is not None),
}


def check_references(pack: Pack) -> Iterator[Finding]:
    """Scale, profile and structure that an indicator names are declared."""
    structures = pack.organisation.ids()
    for indicator in pack.indicators.values():
        for kind, name, known in (
            ("scale", indicator.scale, pack.scales),
            ("profile", indicator.profile, (*pack.profiles, *WITHOUT_FIGURES)),
            ("structure", indicator.value_from, structures),
            *(("structure", name, (*structures, PARENT)) for name in indicator.measured_on.values()),
        ):
            if name and name not in known:
                fields = {"kind": kind, "name": name, "near": ", ".join(nearest(name, known))}
                yield Finding("PK001", indicator.place, indicator.id, fields)


def check_boards(pack: Pack) -> Iterator[Finding]:
    """Indicators, measure, tables and columns that a page of the site is made of are declared."""
    for board, kind, name, known in (*_of_spending(pack), *_of_quality(pack), *_of_structures(pack)):
        if name and name not in known:
            fields = {"kind": kind, "name": name, "near": ", ".join(nearest(name, known))}
            yield Finding("PK001", Place("pack.yaml", 0, f"boards.{board}"), f"boards.{board}", fields)


Named = tuple[str, str, str, Collection[str]]
"""A board, what is named there, the name, the names there are."""


def _of_spending(pack: Pack) -> Iterator[Named]:
    board = pack.boards.spending
    yield from (("spending", "indicator", name, pack.indicators) for name in (*board.forecasts, board.account))
    yield "spending", "measure", board.balance, pack.measures
    for table, column in board.names.items():
        known = pack.tables.get(table)
        yield ("spending", "column", column, known.columns) if known else ("spending", "table", table, pack.tables)


def _of_quality(pack: Pack) -> Iterator[Named]:
    board = pack.boards.quality
    measures = [board.together, *(name for area in board.areas for name in (area.index, *area.elements))]
    yield from (("quality", "measure", name, pack.measures) for name in measures)


def _of_structures(pack: Pack) -> Iterator[Named]:
    boards, places = pack.boards, pack.organisation.versions
    schemes = {scheme for place in places for scheme in place.clusters}
    yield "peers", "scheme", boards.peers, schemes
    yield from (("clusters", "scheme", name, schemes) for name in boards.clusters)
    kinds = {place.kind for place in places} | set(pack.structure_kinds)
    yield from (("sites", "structure_kind", kind, kinds) for kind in boards.sites)
    yield from (("groups", "structure_kind", kind, kinds) for group in boards.groups for kind in group.kinds)
    yield from (("map", "structure", name, pack.organisation.ids()) for name in boards.map)
    yield from (("map", "structure", place.beside, pack.organisation.ids()) for place in boards.map.values())
    nodes = {node.id for sheet in pack.sheets.values() for node in sheet.walk()}
    yield from (("institutional", "node", name, nodes) for name in boards.institutional)


def check_profiles(pack: Pack) -> Iterator[Finding]:
    """What grows through the year and is held against a target names its quarterly programme (R13)."""
    lacking = lacking_profile(pack)
    for indicator in pack.indicators.values():
        if indicator.id in lacking:
            how = "formula" if indicator.formula else "level"
            fields = {"rule": indicator.rule.value, "how": how, "formula": indicator.formula}
            yield Finding("PK050", indicator.place, indicator.id, fields)
        elif is_untold(pack, indicator):
            yield Finding("PK057", indicator.place, indicator.id, {"unit": indicator.unit})


def check_rules_have_what_they_need(pack: Pack) -> Iterator[Finding]:
    """Bands need a scale, thresholds checkpoints, composites parts, points out of a ratio their maximum."""
    for indicator in pack.indicators.values():
        if indicator.rule in _NEEDED:
            needs, is_given = _NEEDED[indicator.rule]
            if not is_given(indicator):
                fields = {"rule": indicator.rule.value, "needs": needs}
                yield Finding("PK026", indicator.place, indicator.id, fields)


def check_formulas(pack: Pack) -> Iterator[Finding]:
    """A formula is arithmetic over the declared measures, and never divides by the number 0."""
    for indicator in pack.indicators.values():
        if indicator.formula:
            try:
                formula = parse(indicator.formula, pack.measures, indicator.place)
            except Refusal as refusal:
                yield from refusal.findings
            else:
                if formula.divides_by_zero:
                    yield Finding("PK029", indicator.place, indicator.id, {"formula": indicator.formula})


def check_bands(pack: Pack) -> Iterator[Finding]:
    """Bands follow one another without gaps or overlaps, so that each value has its points (R26, R35)."""
    for scale in pack.scales.values():
        for band in scale.bands:
            if band.high <= band.low:
                yield _band_fault(scale.id, scale.place, "reversed", band.low, band.high)
        for one, two in pairwise(sorted(scale.bands, key=lambda band: (band.low, band.high))):
            if two.low < one.high:
                yield _band_fault(scale.id, scale.place, "overlap", two.low, min(one.high, two.high))
            elif two.low > one.high:
                yield _band_fault(scale.id, scale.place, "gap", one.high, two.low)


def check_curves(pack: Pack) -> Iterator[Finding]:
    """The points of a curve go forward, so that each value has one index (R37)."""
    for indicator in pack.indicators.values():
        for one, two in pairwise(indicator.curve.points if indicator.curve else ()):
            if two.at <= one.at:
                fields = {"before": machine(one.at), "after": machine(two.at)}
                yield Finding("PK066", indicator.place, indicator.id, fields)


def _band_fault(scale: str, place: Place, fault: str, low: Fraction, high: Fraction) -> Finding:
    return Finding("PK004", place, scale, {"fault": fault, "low": machine(low), "high": machine(high)})


def check_checkpoints(pack: Pack) -> Iterator[Finding]:
    """A checkpoint has a known moment that comes once, and bounds in order; without any its value is a share (R22)."""
    for indicator in pack.indicators.values():
        moments: set[str] = set()
        for checkpoint in indicator.checkpoints:
            for fault in _checkpoint_faults(checkpoint, indicator.unit, moments):
                fields = {"fault": fault, "moment": checkpoint.moment}
                yield Finding("PK005", indicator.place, indicator.id, fields)
            moments.add(checkpoint.moment)


def _checkpoint_faults(checkpoint: Checkpoint, unit: str, before: set[str]) -> Iterator[str]:
    if checkpoint.moment not in MOMENTS:
        yield "moment unknown"
    if checkpoint.moment in before:
        yield "moment repeated"
    if checkpoint.takes_the_value and unit != "ratio":
        yield "no bound"
    if checkpoint.least is not None and checkpoint.most is not None and checkpoint.least > checkpoint.most:
        yield "bounds reversed"


def check_ranges(pack: Pack) -> Iterator[Finding]:
    """What a value can be has its ends in order, and every target lies in it (R44)."""
    for indicator in pack.indicators.values():
        least, most = indicator.range.least, indicator.range.most
        if least is not None and most is not None and least >= most:
            yield _range_fault(indicator, "ends reversed", indicator.place, indicator.id)
    for sheet in pack.sheets.values():
        for node in sheet.leaves():
            found = pack.indicators.get(node.indicator or node.id)
            if found and node.target is not None and not found.range.holds(node.target):
                yield _range_fault(found, "target outside", node.place, node.id, machine(node.target))


def _range_fault(indicator: Indicator, fault: str, place: Place, subject: str, stated: str = "") -> Finding:
    ends = (indicator.range.least, indicator.range.most)
    shown = " … ".join("" if end is None else machine(end) for end in ends).strip()
    return Finding("PK055", place, subject, {"range": shown, "fault": fault}, stated=stated)


def check_shares_of_composites(pack: Pack) -> Iterator[Finding]:
    """Shares of a composite sum to 1, except where points (R26) or shares (R25) are added up."""
    for indicator in pack.indicators.values():
        composite = indicator.composite
        if composite and composite.of != "points" and indicator.rule is not RuleKind.SUM_OF_SHARES:
            total = sum((part.share for part in composite.parts), Fraction(0))
            if total != 1:
                children = ", ".join(part.node for part in composite.parts)
                yield Finding("PK020", indicator.place, indicator.id, {"children": children}, stated=machine(total))


def check_units(pack: Pack) -> Iterator[Finding]:
    """A unit is one of the contract's; of another the figures stand alone, and one misspelt is an error."""
    for indicator in pack.indicators.values():
        if indicator.unit not in UNITS:
            near = difflib.get_close_matches(indicator.unit, UNITS, 3, cutoff=0.85)
            if near or not indicator.unit:
                fields = {"name": indicator.unit, "near": ", ".join(near)}
                yield Finding("PK021", indicator.place, indicator.id, fields)
            else:
                fields = {"name": indicator.unit, "known": ", ".join(UNITS)}
                yield Finding("PK058", indicator.place, indicator.id, fields)


def check_labels_have_one_definition(pack: Pack) -> Iterator[Finding]:
    """One printed label means one thing: no two indicators of one label with another unit, rule or direction."""
    by_label: dict[str, list[Indicator]] = {}
    for indicator in pack.indicators.values():
        by_label.setdefault(slug(indicator.label), []).append(indicator)
    for namesakes in by_label.values():
        if len({(i.unit, i.rule, i.direction, i.definition) for i in namesakes}) > 1:
            names = ", ".join(indicator.id for indicator in namesakes)
            yield Finding("PK023", namesakes[0].place, namesakes[0].label, {"names": names})


def check_acts(pack: Pack) -> Iterator[Finding]:
    """Every act cited is among the acts of the pack."""
    cited: list[tuple[Citation, Place, str]] = [(i.citation, i.place, i.id) for i in pack.indicators.values()]
    cited += [(scale.citation, scale.place, scale.id) for scale in pack.scales.values()]
    cited += [(profile.citation, Place("profiles.yaml"), profile.id) for profile in pack.profiles.values()]
    cited += [(table.citation, Place("tables.yaml"), table.id) for table in pack.tables.values()]
    cited += [(override.citation, override.place, override.id) for override in pack.overrides]
    cited += [(c, Place("parameters.yaml"), p.id) for p in pack.parameters.values() for _, _, c in p.values]
    for citation, place, subject in cited:
        yield from unknown_act(pack, citation.act, place, subject)


RULES = (
    check_references,
    check_boards,
    check_rules_have_what_they_need,
    check_profiles,
    check_formulas,
    check_bands,
    check_curves,
    check_checkpoints,
    check_ranges,
    check_shares_of_composites,
    check_units,
    check_labels_have_one_definition,
    check_acts,
)
