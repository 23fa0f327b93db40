"""Two results of a structure compared: with a year before, with any period, with another version of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from piramide.cycle.runs.compare_sheets import NodeChange, SheetComparison, compare_sheets
from piramide.cycle.runs.standing import NOWHERE, Standing, stands
from piramide.kernel.figure import Figure
from piramide.kernel.periods import parse_period
from piramide.methodology.model import Pack
from piramide.reports.figures import measure, weight
from piramide.reports.labels import Labels
from piramide.scoring.result import NodeScore
from piramide.web.accounts.guards import access
from piramide.web.fields.language import spoken
from piramide.web.house.pages import kept
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs, visible_records
from piramide.web.structures.sheet_page import head_context, paper_of, words
from piramide.web.structures.shown import Shown

SHORT: Final = 12
MOST_CAUSES: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A node in both results, in words; `bar` is its points on a scale where the largest is about one."""

    change: NodeChange
    before: Standing
    now: Standing
    value_before: str
    value_now: str
    asked: tuple[str, ...]
    bar: float | None


@dataclass(frozen=True, slots=True)
class Option:
    """A result to compare with."""

    record: RunRecord
    label: str
    is_chosen: bool


def others_of(request: HttpRequest, shown: Shown) -> list[RunRecord]:
    """Results that a person may compare this one with: the others of its period, then the other periods."""
    visible = visible_records(access(request), shown.structure)
    here = shown.record
    same = [record for record in visible if record.ends_on == here.ends_on and record.run != here.run]
    periods = [record for record in reversed(shown.chosen.records) if record.ends_on != here.ends_on]
    return [*same, *periods]


def other_from(request: HttpRequest, shown: Shown, others: Sequence[RunRecord]) -> RunRecord | None:
    """The one asked for (`?con=`), else that of a year before, else that of the period before."""
    asked = request.GET.get("con", "").lower()
    named = next((record for record in others if asked and record.run.startswith(asked)), None)
    return named or shown.chosen.year_before or shown.chosen.previous or next(iter(others), None)


def comparison_body(shown: Shown, others: Sequence[RunRecord], other: RunRecord | None) -> SafeString:
    """The page of the comparison."""
    parts = (" ".join(record.run[:16] for record in others), other.run if other else "")
    return kept(shown.key("structures.comparison", *parts), lambda: _body(shown, others, other))


def _body(shown: Shown, others: Sequence[RunRecord], other: RunRecord | None) -> SafeString:
    context = head_context(shown, "structures:comparison", paper_of(shown))
    before = opened_runs().scored(other.run, shown.structure) if other else None
    now = opened_runs().scored(shown.record.run, shown.structure)
    context["options"] = [Option(record, _option(record, shown), record == other) for record in others]
    context["other"] = other
    context["short"] = SHORT
    if other and before and now:
        found = compare_sheets(before, now)
        context |= {
            "comparison": found,
            "is_same_plan": _method(other) == _method(shown.record),
            "standing_before": stands(before),
            "standing_now": stands(now),
            "lines": list(_lines(found, shown.chosen.run.pack, words())),
            "up": [leaf for leaf in found.leaves if (leaf.points or 0) > 0][:MOST_CAUSES],
            "down": [leaf for leaf in found.leaves if (leaf.points or 0) < 0][:MOST_CAUSES],
        }
    context["cap"] = 1
    return render_to_string("structures/comparison_body.html", context)


def _method(record: RunRecord) -> tuple[object, object]:
    """What tells one plan from another: its hash, and the year it is tried on."""
    manifest = opened_runs().run(record.run).manifest
    return manifest["inputs"]["method"], manifest["demonstration"]


def _option(record: RunRecord, shown: Shown) -> str:
    label = parse_period(record.period).label(spoken())
    if record.ends_on == shown.record.ends_on:
        return _("%(period)s, %(plan)s, esecuzione %(run)s") % {
            "period": label,
            "plan": record.pack,
            "run": record.short,
        }
    return label


def _lines(found: SheetComparison, pack: Pack, say: Labels) -> Iterator[Line]:
    largest = max((abs(leaf.points or 0.0) for leaf in found.leaves), default=1.0) or 1.0
    for change in found.nodes:
        points = change.points if change.node.indicator else None
        yield Line(
            change=change,
            before=stands(change.before) if change.before else NOWHERE,
            now=stands(change.now) if change.now else NOWHERE,
            value_before=_value(change.before, pack, say),
            value_now=_value(change.now, pack, say),
            asked=tuple(_asked(change, pack, say)),
            bar=None if points is None else 0.98 * points / largest,
        )


def _value(node: NodeScore | None, pack: Pack, say: Labels) -> str:
    if node is None or not node.indicator:
        return ""
    return say("sheet", "absent") if node.value is None else _quantity(node.value, node, pack, say)


def _quantity(figure: Figure, node: NodeScore, pack: Pack, say: Labels) -> str:
    decimals = pack.indicators[node.indicator].rounding if node.indicator in pack.indicators else 2
    return measure(figure, node.unit, decimals, say)


def _asked(change: NodeChange, pack: Pack, say: Labels) -> Iterator[str]:
    """What the two plans ask otherwise of a node, in words."""
    before, now = change.before, change.now
    if now is None:
        yield _("non c'è più")
    elif before is None:
        yield _("è nuovo")
    else:
        for name in change.changed:
            yield _difference(name, before, now, pack, say)


def _difference(name: str, before: NodeScore, now: NodeScore, pack: Pack, say: Labels) -> str:
    match name:
        case "weight":
            return _("peso da %(before)s a %(now)s") % {
                "before": weight(before.weight, say),
                "now": weight(now.weight, say),
            }
        case "target":
            told = [
                say("sheet", "absent") if node.target is None else _quantity(node.target, node, pack, say)
                for node in (before, now)
            ]
            return _("obiettivo da %(before)s a %(now)s") % {"before": told[0], "now": told[1]}
        case "rule":
            return _("altra regola")
        case _:
            return _("altro posto nella scheda")
