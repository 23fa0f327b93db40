"""Rules of nodes that take the score of others (R42): one function per rule, the docstring is the rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from piramide.kernel.findings import Finding
from piramide.kernel.naming import nearest
from piramide.methodology.checks.cells import machine
from piramide.methodology.in_force import last_day
from piramide.methodology.model import Indicator, Node, Pack, with_ancestors
from piramide.methodology.score_of import CHILDREN, KIND

_At = tuple[str, str]
"""A structure and a node of its sheet, or the whole sheet (empty)."""


def check_sources_of_scores(pack: Pack) -> Iterator[Finding]:
    """The structures and the node whose score is taken are there, and their shares sum to one."""
    structures = pack.organisation.ids()
    kinds = {one.kind for one in pack.organisation.versions}
    nodes = {node.id for sheet in pack.sheets.values() for node in sheet.walk()}
    for indicator in pack.indicators.values():
        if (of := indicator.score_of) is None:
            continue
        named: list[tuple[str, str, Collection[str]]] = [
            ("structure", name, structures) for name in (*of.structures, *(of.weights or ())) if not _is_a_kind(name)
        ]
        named += [("kind", name.removeprefix(KIND), kinds) for name in of.structures if name.startswith(KIND)]
        named += [("node", of.node, nodes)] if of.node else []
        for what, name, known in named:
            if name not in known:
                fields = {"kind": what, "name": name, "near": ", ".join(nearest(name, known))}
                yield Finding("PK001", indicator.place, indicator.id, fields)
        total = sum((of.weights or {}).values(), Fraction(0))
        if of.weights and total != 1:
            shares = ", ".join(f"{name} {machine(share)}" for name, share in of.weights.items())
            stated = machine(total)
            yield Finding("PK020", indicator.place, indicator.id, {"children": shares}, stated=stated, recomputed="1")


def _is_a_kind(name: str) -> bool:
    return name == CHILDREN or name.startswith(KIND)


def check_rounds_of_scores(pack: Pack) -> Iterator[Finding]:
    """No node takes its own score, through whatever others."""
    taken = dict(_taken(pack))
    below = {at: [one for one in taken if taken[at][1] & set(_line(one, pack))] for at in taken}
    told: set[_At] = set()
    for start in taken:
        line = _round(start, below, ())
        if line and not told & set(line):
            told |= set(line)
            names = [f"{structure}/{node}" for structure, node in line]
            yield Finding("PK046", taken[start][0].place, names[0], {"line": " → ".join(names)})


def _taken(pack: Pack) -> Iterator[tuple[_At, tuple[Indicator, set[_At]]]]:
    organisation = pack.organisation.on(last_day(pack))
    for name, sheet in pack.sheets.items():
        for node in sheet.leaves():
            indicator = pack.indicators.get(node.indicator or node.id)
            if indicator and (of := indicator.score_of):
                yield (name, node.id), (indicator, {(one, of.node) for one in of.sources(name, organisation)})


def _line(at: _At, pack: Pack) -> Iterator[_At]:
    """A node and everything above it."""
    structure, wanted = at
    for node, above in with_ancestors(pack.sheets[structure].tree):
        if node.id == wanted:
            line: tuple[Node, ...] = (*above, node)
            yield from ((structure, one.id) for one in line)
    yield structure, ""


def _round(at: _At, below: Mapping[_At, list[_At]], line: tuple[_At, ...]) -> tuple[_At, ...]:
    """The first round that leads from a node back to one already met; empty where there is none."""
    if at in line:
        return (*line[line.index(at) :], at)
    return next((found for part in below[at] if (found := _round(part, below, (*line, at)))), ())


RULES = (check_sources_of_scores, check_rounds_of_scores)
