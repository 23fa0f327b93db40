"""The pictures of the chain: flows between two levels, from a line to its structures, from money to what it is for.

A band is as wide as what goes through it: things that carry both its ends, or euros.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain as joined
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piramide.cycle.chain import Carried
from piramide.methodology.carried import structures_of
from piramide.methodology.chain import ChainLevel, ChainLine
from piramide.web.charts.chart import Chart
from piramide.web.charts.sankey import Flow, FlowWords, flows_chart
from piramide.web.house.templatetags.piramide import euros
from piramide.web.strategy.shown import ShownChain

MOST_BOXES: Final = 16
"""Boxes of a column that a picture keeps legible; lines that are more are told by their kind."""
LEAST_BANDS: Final = 2
"""Bands under which a picture says no more than its sentence."""


def picture_of_levels(shown: ShownChain) -> Chart | None:
    """From the highest level that something carries to the next: how many things carry both ends of each band."""
    carried = [level for level in shown.pack.chain.levels.values() if shown.chain.carried_of(level.id)]
    for lower in carried[1:]:
        bands = _between(shown, carried[0], lower)
        if len(bands) >= LEAST_BANDS:
            columns = [tuple(dict.fromkeys(pair[at] for pair in bands)) for at in (0, 1)]
            if max(map(len, columns)) <= MOST_BOXES:
                told = _("%(upper)s e %(lower)s: quante voci le legano")
                caption = told % {"upper": carried[0].label, "lower": lower.label}
                return _counted(shown, "catena", columns, bands, caption)
    return _of_structures(shown, carried[0]) if carried else None


def _of_structures(shown: ShownChain, level: ChainLevel) -> Chart | None:
    """From the lines of the one level that something carries to the structures, where the picture stays legible."""
    carries = {line.id: shown.chain.carrying.carries[line.id] for line in shown.pack.chain.of_level(level.id)}
    bands = Counter((code, structure) for code, found in carries.items() for structure, _node in found)
    columns = [tuple(dict.fromkeys(pair[at] for pair in bands)) for at in (0, 1)]
    if len(bands) < LEAST_BANDS or max(map(len, columns)) > MOST_BOXES:
        return None
    caption = _("%(level)s: quante voci di quali strutture le portano avanti") % {"level": level.label}
    return _counted(shown, "catena", columns, bands, caption)


def _between(shown: ShownChain, upper: ChainLevel, lower: ChainLevel) -> Counter[tuple[str, str]]:
    """How many things carry a line, or a line of a kind, of the upper level and a line of the lower one."""
    chain, carrying = shown.pack.chain, shown.chain.carrying
    is_many = sum(1 for _line in chain.of_level(upper.id)) > MOST_BOXES
    bands: Counter[tuple[str, str]] = Counter()
    for carrier in dict.fromkeys(joined.from_iterable(carrying.carries.values())):
        lines = carrying.lines_of(*carrier)
        above = {_box(line, is_many=is_many) for line in lines if line.level == upper.id}
        bands.update((one, line.id) for one in above for line in lines if line.level == lower.id)
    order = {code: place for place, code in enumerate(chain.lines)}
    return Counter(dict(sorted(bands.items(), key=lambda pair: (pair[0][0], order[pair[0][1]]))))


def _box(line: ChainLine, *, is_many: bool) -> str:
    return line.kind if is_many and line.kind else line.id


def _counted(
    shown: ShownChain,
    name: str,
    columns: Sequence[Sequence[str]],
    bands: Mapping[tuple[str, str], int],
    caption: str,
) -> Chart:
    """A picture in which a band is as wide as the things that carry both its ends."""
    (widest, most) = max(bands.items(), key=lambda pair: pair[1])
    names = {key: _name(shown, key) for column in columns for key in column}
    told = {"source": names[widest[0]], "target": names[widest[1]], "count": most}
    words = FlowWords(
        caption,
        ngettext(
            "La banda più larga va da «%(source)s» a «%(target)s»: %(count)s voce.",
            "La banda più larga va da «%(source)s» a «%(target)s»: %(count)s voci.",
            most,
        )
        % told,
        _("Da"), _("A"), _("Voci"),
    )  # fmt: skip
    flows = [Flow(*pair, float(count), str(count)) for pair, count in bands.items()]
    return flows_chart(name, columns, names, flows, words)


def _name(shown: ShownChain, key: str) -> str:
    """The name of a box: the label of a line, of a kind of lines, of a structure, else the key itself."""
    line = shown.pack.chain.lines.get(key)
    if line is not None:
        return line.label or line.id
    kinds = {kind: told.label for level in shown.pack.chain.levels.values() for kind, told in level.kinds.items()}
    return kinds.get(key) or shown.structures.get(key, key)


def picture_of_line(shown: ShownChain, line: ChainLine, carries: Sequence[Carried]) -> Chart | None:
    """From a line to the structures that carry it, and on to the lines of the next level that the same things carry."""
    places = structures_of((one.structure, one.node) for one in carries)
    if len(places) < LEAST_BANDS:
        return None
    bands: Counter[tuple[str, str]] = Counter((line.id, one.structure) for one in carries)
    level = _next_level(shown, line, carries)
    onward: Counter[tuple[str, str]] = Counter()
    for one in carries:
        lines = shown.chain.carrying.lines_of(one.structure, one.node)
        onward.update((one.structure, other.id) for other in lines if other.level == level)
    columns: list[Sequence[str]] = [(line.id,), places]
    if onward:
        columns.append(tuple(dict.fromkeys(target for _source, target in onward)))
    if max(map(len, columns)) > MOST_BOXES:
        return None
    told = _("%(line)s: le strutture che la portano avanti, e le altre linee verso cui vanno (%(level)s)")
    if not onward:
        told = _("%(line)s: le strutture che la portano avanti")
    label = shown.pack.chain.levels[level].label if level else ""
    return _counted(shown, "linea", columns, bands + onward, told % {"line": line.label or line.id, "level": label})


def _next_level(shown: ShownChain, line: ChainLine, carries: Sequence[Carried]) -> str:
    """The first other level of which the same things carry lines; empty where there is none."""
    met = {
        other.level
        for one in carries
        for other in shown.chain.carrying.lines_of(one.structure, one.node)
        if other.level != line.level
    }
    return next((name for name in shown.pack.chain.levels if name in met), "")


def picture_of_money(groups: Mapping[str, Mapping[str, tuple[str, Fraction]]]) -> Chart | None:
    """From groups of chapters to the chapters of each; `groups` hold the title and the euros of each by code."""
    sizes = {(group, code): amount for group, codes in groups.items() for code, (_label, amount) in codes.items()}
    sizes = {pair: amount for pair, amount in sizes.items() if amount > 0}
    if len(sizes) < LEAST_BANDS:
        return None
    names = {group: group for group in groups}
    names |= {code: label for codes in groups.values() for code, (label, _amount) in codes.items()}
    (group, code), most = max(sizes.items(), key=lambda pair: pair[1])
    told = {"chapter": names[code], "group": group, "amount": euros(most), "whole": euros(sum(sizes.values()))}
    words = FlowWords(
        _("I capitoli di spesa, larghi quanto il loro denaro"),
        _("In tutto %(whole)s; il capitolo più grande è «%(chapter)s» (%(group)s): %(amount)s.") % told,
        _("Gruppo"), _("Capitolo"), _("Euro"),
    )  # fmt: skip
    flows = [Flow(*pair, float(amount), euros(amount)) for pair, amount in sizes.items()]
    columns = [tuple(dict.fromkeys(pair[at] for pair in sizes)) for at in (0, 1)]
    return flows_chart("denaro", columns, names, flows, words)
