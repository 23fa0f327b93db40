"""Weights that a plan computes: guests join their siblings, and these make room for them (R27)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Finding, refuse
from piramide.methodology.model import Node, Pack, Sheet, WeightSource
from piramide.methodology.reweighting import Reweighed, Reweighting

_NOTHING: Final = Fraction(0)


def with_computed_weights(pack: Pack, day: date) -> Pack:
    """The pack with the weights of groups that have guests, by the parameters in force on `day`.

    A group whose guests are of no rule, or of two, keeps what is printed (PK048 tells it). Refuses (PL094) a rule that
    reads a parameter without a value yet, or one that is no share.
    """
    if not pack.reweighting:
        return pack
    rules = {key: _shares(pack, rule, day) for key, rule in pack.reweighting.items() if _is_used(pack, key)}
    return _mapped(pack, lambda siblings: _weighed(siblings, rules)) if rules else pack


def as_stated(pack: Pack) -> Pack:
    """The pack with the weights as printed, where `with_computed_weights` changed them."""
    if not pack.reweighting:
        return pack
    return _mapped(pack, lambda siblings: tuple(map(_stated, siblings)))


def groups_with_guests(sheet: Sheet) -> Iterator[tuple[Node, ...]]:
    """Siblings among whom there are guests."""
    for siblings in (sheet.tree, *(node.children for node in sheet.parents())):
        if any(node.weight_rule for node in siblings):
            yield siblings


def _is_used(pack: Pack, rule: str) -> bool:
    return any(node.weight_rule == rule for sheet in pack.sheets.values() for node in sheet.walk())


@dataclass(frozen=True, slots=True)
class _Shares:
    """What one guest and all of them weigh, on a day."""

    each: Fraction
    most: Fraction


def _shares(pack: Pack, rule: Reweighting, day: date) -> _Shares:
    return _Shares(_share(pack, rule, "each", day), _share(pack, rule, "most", day))


def _share(pack: Pack, rule: Reweighting, field: str, day: date) -> Fraction:
    given: Fraction | str = getattr(rule, field)
    if isinstance(given, Fraction):
        return given
    parameter = pack.parameters.get(given)
    standing = [value for since, value, _ in parameter.values if since <= day] if parameter else []
    if not standing or not 0 <= standing[-1] <= 1:
        found = str(standing[-1]) if standing else ""
        raise refuse("PL094", rule.place, rule.id, parameter=given, day=day, found=found)
    return standing[-1]


def _mapped(pack: Pack, change: Callable[[tuple[Node, ...]], tuple[Node, ...]]) -> Pack:
    """The pack with every group of siblings changed; sheets of a kind go on sharing the nodes in which they agree."""
    known: dict[int, tuple[tuple[Node, ...], tuple[Node, ...]]] = {}

    def group(siblings: tuple[Node, ...]) -> tuple[Node, ...]:
        if id(siblings) not in known:
            below = tuple(
                node if (children := group(node.children)) is node.children else replace(node, children=children)
                for node in siblings
            ) if siblings else siblings  # fmt: skip
            unchanged = all(new is old for new, old in zip(below, siblings, strict=True))
            changed = change(siblings if unchanged else below)
            same = all(new is old for new, old in zip(changed, siblings, strict=True))
            known[id(siblings)] = siblings, siblings if same else changed
        return known[id(siblings)][1]

    sheets = {
        key: sheet if (tree := group(sheet.tree)) is sheet.tree else replace(sheet, tree=tree)
        for key, sheet in pack.sheets.items()
    }
    return replace(pack, sheets=sheets)


def _weighed(siblings: tuple[Node, ...], rules: dict[str, _Shares]) -> tuple[Node, ...]:
    names = {node.weight_rule for node in siblings if node.weight_rule}
    if len(names) != 1 or not names <= rules.keys():
        return siblings
    (name,) = names
    shares, guests = rules[name], sum(1 for node in siblings if node.weight_rule)
    how = Reweighed(name, guests, shares.each, shares.most, None, WeightSource.RULE.value)
    return tuple(_guest(node, how) if node.weight_rule else _host(node, how) for node in siblings)


def _guest(node: Node, how: Reweighed) -> Node:
    return replace(node, weight=how.together / how.guests, weight_unit=_NOTHING, reweighed=how)


def _host(node: Node, how: Reweighed) -> Node:
    if not node.weight:
        return node
    stated = replace(how, stated=node.weight, source=node.weight_source.value)
    return replace(node, weight=node.weight * (1 - how.together), weight_source=WeightSource.RULE, reweighed=stated)


def _stated(node: Node) -> Node:
    if node.reweighed is None:
        return node
    if node.reweighed.stated is None:
        return replace(node, weight=_NOTHING, weight_unit=None, reweighed=None)
    source = WeightSource(node.reweighed.source)
    return replace(node, weight=node.reweighed.stated, weight_source=source, reweighed=None)


def guests_outside(pack: Pack) -> Iterator[Finding]:
    """Guests of a rule that is not declared, and groups with guests of two rules."""
    for sheet in pack.sheets.values():
        for siblings in groups_with_guests(sheet):
            guests = [node for node in siblings if node.weight_rule]
            rules = list(dict.fromkeys(node.weight_rule for node in guests))
            yield from _outside(sheet, guests, rules, pack)


def _outside(sheet: Sheet, guests: Sequence[Node], rules: Sequence[str], pack: Pack) -> Iterator[Finding]:
    fields = {"structure": sheet.structure, "rules": ", ".join(rules), "known": ", ".join(pack.reweighting) or "-"}
    for node in guests:
        if node.weight_rule not in pack.reweighting:
            yield Finding("PK048", node.place, node.id, fields | {"rules": node.weight_rule, "fault": "guests unknown"})
    if len(rules) > 1:
        second = next(node for node in guests if node.weight_rule == rules[1])
        yield Finding("PK048", second.place, second.id, fields | {"fault": "guests two"})
