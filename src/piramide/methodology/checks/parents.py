"""Rules of parents: what does not add up is never added up, and what weighs is there (R21, R38)."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.kernel.expressions import Expression, parse
from piramide.kernel.findings import Finding, Place, Refusal
from piramide.kernel.naming import nearest
from piramide.methodology.loading.organisation import KINDS
from piramide.methodology.measures import Measure
from piramide.methodology.model import Indicator, Pack
from piramide.methodology.parent_rules import CLUSTER, ELSE, OWN, Adds, Cases, ParentKind, ParentRule

_CASES = (CLUSTER, OWN, ELSE)


def check_parents_add_up(pack: Pack) -> Iterator[Finding]:
    """No parent is computed by a formula over a measure that does not add up over structures (R21)."""
    if not _has_parents(pack):
        return
    for indicator in pack.indicators.values():
        apart = sorted(_that_do_not_add(indicator.formula, pack, set()))
        if apart and not all(_stands(case, rule) for case, rule in _cases_of(indicator)):
            fields = {"measures": ", ".join(apart[:3]) + (", …" if len(apart) > 3 else "")}
            yield Finding("PK049", indicator.place, indicator.id, fields)


def check_parents_have_weights(pack: Pack) -> Iterator[Finding]:
    """A weighted mean names the measure that weighs, one that adds up over structures."""
    for item, cases in _ruled(pack):
        for case, rule in cases.items():
            if rule.kind is ParentKind.WEIGHTED and not _weighs(pack, rule.by):
                near = ", ".join(nearest(rule.by, pack.measures)) if rule.by else ""
                yield Finding("PK053", item.place, item.id, {"case": case, "by": rule.by or "–", "near": near})


def check_cases_of_parents(pack: Pack) -> Iterator[Finding]:
    """A rule of parents is of a kind of structure that every pack may use or that is there, and so are its children.

    A pack of a few sheets, imported, carries the rules of the others too.
    """
    kinds = sorted(KINDS | {structure.kind for structure in pack.organisation.versions})
    for item, cases in _ruled(pack):
        named = [(case, (*_CASES, *kinds)) for case in cases]
        named += [(kind, tuple(kinds)) for rule in cases.values() for kind in rule.kinds]
        for name, known in named:
            if name not in known:
                fields = {"kind": "structure_kind", "name": name, "near": ", ".join(nearest(name, known))}
                yield Finding("PK001", item.place, item.id, fields)


def _has_parents(pack: Pack) -> bool:
    return any(structure.parent for structure in pack.organisation.versions if structure.additive)


def _ruled(pack: Pack) -> Iterator[tuple[Indicator | Measure, Cases]]:
    items: list[Indicator | Measure] = [*pack.indicators.values(), *pack.measures.values()]
    for item in items:
        if item.parent:
            yield item, item.parent


def _cases_of(indicator: Indicator) -> Iterator[tuple[str, ParentRule]]:
    yield from indicator.parent.items()
    if ELSE not in indicator.parent:
        yield ELSE, ParentRule()


def _stands(case: str, rule: ParentRule) -> bool:
    """Whether a rule never adds up what does not: a formula is for who states by itself what it needs."""
    return rule.kind is not ParentKind.FORMULA or case in {CLUSTER, OWN}


def _weighs(pack: Pack, name: str) -> bool:
    measure = pack.measures.get(name)
    if measure is None or measure.adds is Adds.NONE or measure.parent:
        return False
    return not _that_do_not_add(measure.formula, pack, {name})


def _that_do_not_add(formula: str, pack: Pack, met: set[str]) -> set[str]:
    """Measures behind a formula that stand only on the structure their row names.

    One that has a rule of parents of its own is what that rule says, for every structure.
    """
    found: set[str] = set()
    for name in _read(formula, pack):
        measure = pack.measures.get(name)
        if measure is None or name in met or measure.parent:
            continue
        met.add(name)
        found |= {name} if measure.adds is Adds.NONE else _that_do_not_add(measure.formula, pack, met)
    return found


def _read(formula: str, pack: Pack) -> tuple[str, ...]:
    expression = _parsed(formula, pack) if formula else None
    return expression.names if expression else ()


def _parsed(formula: str, pack: Pack) -> Expression | None:
    """A formula; nothing for one that other checks refuse."""
    try:
        return parse(formula, {**pack.measures, **pack.parameters}, Place())
    except Refusal:
        return None


RULES = (check_parents_add_up, check_parents_have_weights, check_cases_of_parents)
