"""How every structure stands in an indicator, in the groups in which they are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from piramide.cycle.runs.opened_runs import OutlineRow, RunFigures, RunOutline
from piramide.cycle.runs.standing import NOWHERE, Standing, Tally, middle, tally
from piramide.cycle.sheet_content import judged_text
from piramide.kernel.figure import Figure, exactly, figure_of
from piramide.kernel.rounding import side_of
from piramide.kernel.statuses import SAID_BESIDE, WITHOUT_VALUE, Status
from piramide.methodology.model import Indicator, Pack
from piramide.reports import figures as printed
from piramide.reports.labels import labels
from piramide.scoring.result import NOTHING
from piramide.web.charts.beeswarm import Dot, dots_chart
from piramide.web.charts.beeswarm import Words as DotWords
from piramide.web.charts.chart import Chart
from piramide.web.charts.history import Point, history_chart
from piramide.web.charts.history import Words as LineWords
from piramide.web.charts.tiles import Tile, tiles
from piramide.web.fields.language import spoken
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.course import label_of
from piramide.web.results.groups import kind_groups, peers
from piramide.web.results.registry import Chosen, opened_runs

MANY = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One structure in one indicator. `value` and `target` are in its unit, `share` is of the whole index.

    `judged` says in words what was judged where that is not the value: a threshold with several checkpoints.
    """

    structure: str
    node: str
    label: str
    kind: str
    address: str
    value: Figure | None
    target: Figure | None
    gap: Figure | None
    standing: Standing
    share: Figure
    status: str
    value_text: str
    target_text: str
    judged: str = ""

    @property
    def index(self) -> Figure | None:
        """Its index, where it is complete."""
        return self.standing.index

    @property
    def shapes(self) -> tuple[str, ...]:
        """Its marks: the side of the target, or why there is no value, and what must be said beside it."""
        if self.status == Status.NOT_DUE:
            return (Status.NOT_DUE,)
        if self.status in WITHOUT_VALUE or self.value is None:
            return (self.status if self.status in WITHOUT_VALUE else Status.MISSING,)
        beside = (self.status,) if self.status in SAID_BESIDE else ()
        if self.gap is None:
            return beside
        return (("down", "level", "up")[1 + side_of(exactly(self.gap), 0)], *beside)


@dataclass(frozen=True, slots=True)
class Group:
    """Structures compared with each other, best first, with the median of their complete indices."""

    label: str
    rows: tuple[Row, ...]
    middle: Figure | None
    counted: Tally


@dataclass(frozen=True, slots=True)
class KindWeight:
    """How much an indicator weighs in the sheets of one kind of structures: shares of the whole index."""

    label: str
    count: int
    least: Figure
    most: Figure


def rows_of(outline: RunOutline, figures: RunFigures, indicator: Indicator) -> list[Row]:
    """Every node of the run that is scored by the indicator, in the order of the organisation."""
    found: list[Row] = []
    for name, nodes in outline.nodes.items():
        if not any(node.indicator == indicator.id for node in nodes):
            continue
        shares = {"": figure_of(1)}
        for node in nodes:
            shares[node.node] = shares[node.parent] * (figures.figure("weight", name, node.node) or NOTHING)
        leaves = [node for node in nodes if node.indicator == indicator.id]
        above = {node.node: node.label for node in nodes}
        for leaf in leaves:
            label = outline.structures[name].label
            label = f"{label} · {above.get(leaf.parent, '')}" if len(leaves) > 1 else label
            found.append(_row(leaf, label, outline.structures[name].kind, figures, shares[leaf.node], indicator))
    return found


def _row(leaf: OutlineRow, label: str, kind: str, figures: RunFigures, share: Figure, indicator: Indicator) -> Row:
    name, node = leaf.structure, leaf.node
    value, target, gap = (figures.figure(f, name, node) for f in ("value", "target", "gap"))
    texts = (quantity(value, indicator), quantity(target, indicator))
    status = figures.statuses[figures.rows[name, node]]
    address = f"{reverse('structures:index')}{name}/spiegazione/{node}/"
    stands, judged = figures.standing(name, node), judged_text(figures.note(name, node), labels(spoken()))
    return Row(name, node, label, kind, address, value, target, gap, stands, share, status, *texts, judged)


def quantity(figure: Figure | None, indicator: Indicator) -> str:
    """A value of the indicator in its unit; nothing where there is none."""
    if figure is None:
        return ""
    return printed.measure(figure, indicator.unit, indicator.rounding, labels(spoken()))


def grouped(chosen: Chosen, rows: Sequence[Row]) -> tuple[Group, ...]:
    """The rows by cluster or kind, the best index first."""
    outline = opened_runs().outline(chosen.record.run)
    by_structure: dict[str, list[Row]] = {}
    for row in rows:
        by_structure.setdefault(row.structure, []).append(row)
    found = []
    for label, names in peers(outline.structures.values(), organisation_on(chosen.record.ends_on), chosen.pack).items():
        members = [row for name in names for row in by_structure.get(name, [])]
        if members:
            members.sort(key=lambda row: (row.index is None, -(row.index or 0), row.label))
            standings = [row.standing for row in members]
            found.append(Group(label, tuple(members), middle(standings), tally(standings)))
    return tuple(found)


def weights(outline: RunOutline, rows: Sequence[Row], pack: Pack) -> Iterator[KindWeight]:
    """The share of the whole index that the indicator has, by kind of structure."""
    for _kind, label, names in kind_groups(outline.structures.values(), pack):
        known = set(names)
        shares = [row.share for row in rows if row.structure in known]
        if shares:
            yield KindWeight(
                label, len({row.structure for row in rows if row.structure in known}), min(shares), max(shares)
            )


def comparison(groups: Sequence[Group], indicator: Indicator) -> Chart | None:
    """The dots of every structure that has an index, group by group."""
    dots = [dot for group in groups for dot in _dots(group)]
    if len(dots) < 2:
        return None
    best, worst = (pick(dots, key=lambda dot: dot.index) for pick in (max, min))
    summary = _(
        "%(reached)s strutture su %(count)s sono a 100 o più in questo indicatore. "
        "La più alta è %(best)s (%(high)s), la più bassa %(worst)s (%(low)s)."
    ) % {
        "reached": sum(group.counted.reached for group in groups),
        "count": sum(group.counted.scored for group in groups),
        "best": best.label,
        "high": _index(best.index),
        "worst": worst.label,
        "low": _index(worst.index),
    }
    words = DotWords(
        _("%(label)s: l'indice di ogni struttura, fra simili") % {"label": indicator.label},
        summary,
        _("Indice (100 è l'obiettivo)"),
        _("sopra l'obiettivo"),
        _("sull'obiettivo"),
        _("sotto l'obiettivo"),
    )
    return dots_chart("confronto", dots, words)


def _dots(group: Group) -> Iterator[Dot]:
    """A dot for each row; one for all where many have the same figures, since they share a value."""
    scored = [row for row in group.rows if row.index is not None]
    if len(scored) >= MANY and len({(row.index, row.value) for row in scored}) == 1:
        label = _("%(label)s: %(count)s con lo stesso valore") % {"label": group.label, "count": len(scored)}
        yield _dot(label, group, scored[0])
        return
    for row in scored:
        yield _dot(row.label, group, row)


def _dot(label: str, group: Group, row: Row) -> Dot:
    index = row.index or NOTHING
    return Dot(label, group.label, index, _index(index), row.value_text)


def map_of(outline: RunOutline, rows: Sequence[Row], pack: Pack) -> tuple[Tile, ...]:
    """The tiles of the structures that have the indicator, by its index; none without any."""
    standings = {row.structure: row.standing for row in rows}
    addresses = {row.structure: row.address for row in rows}
    every = tiles(
        pack.boards.map,
        outline,
        lambda name: standings.get(name, NOWHERE),
        lambda _name: NOWHERE,
        lambda name: addresses.get(name, ""),
    )
    return tuple(tile for tile in every if tile.structure in standings)


@dataclass(frozen=True, slots=True)
class Past:
    """One period of the indicator for the whole administration."""

    period: str
    value: str
    target: str
    standing: Standing


def history(chosen: Chosen, top: Row, indicator: Indicator) -> tuple[Chart | None, tuple[Past, ...]]:
    """Value and target of the whole administration over the periods of the series shown: the chart, and its table.

    The newest comes first in the table.
    """
    points, past = [], []
    course = chosen.course(top.structure, top.node)
    for place, spot in enumerate(course.spots):
        figure = partial(opened_runs().figures(spot.run).figure, structure=top.structure, node=top.node)
        value, target = figure("value"), figure("target")
        label = label_of(spot)
        points.append(Point(spot.day, label, value, target, is_new_plan=course.is_new_plan(place)))
        past.append(Past(label, quantity(value, indicator), quantity(target, indicator), spot.standing))
    known = [point for point in points if point.figure is not None]
    if len(known) < 2:
        return None, tuple(past[::-1])
    first, last = known[0], known[-1]
    summary = _("Da %(first)s (%(first_period)s) a %(last)s (%(last_period)s), in %(count)s periodi misurati.") % {
        "first": quantity(first.figure, indicator),
        "first_period": first.period,
        "last": quantity(last.figure, indicator),
        "last_period": last.period,
        "count": len(known),
    }
    caption = _("%(label)s nel tempo, per l'intera amministrazione") % {"label": indicator.label}
    words = LineWords(caption, summary, "", _("Valore"), _("Obiettivo"))
    told = partial(quantity, indicator=indicator)
    chart = history_chart("storia", points, words, told, decimals=indicator.rounding)
    return chart, tuple(past[::-1])


def _index(figure: Figure) -> str:
    return printed.index(figure, labels(spoken()))
