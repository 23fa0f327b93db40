"""One number told: the same words on a page of its own and beside the page it was opened from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from piramide.cycle.runs.open_run import structure_of
from piramide.cycle.sheet_content import rows_in_words
from piramide.kernel.expressions import parse
from piramide.kernel.figure import Figure
from piramide.methodology.carried import Carrying
from piramide.methodology.measures import Measure
from piramide.methodology.model import Indicator, Pack
from piramide.methodology.phases import OF
from piramide.methodology.quality_statement import QualityStatement
from piramide.reports.paper import PaperRow
from piramide.scoring.explain import explain
from piramide.scoring.result import Explanation
from piramide.web.fields.language import spoken
from piramide.web.house.pages import kept, kept_text
from piramide.web.results.purposes import purposes_of
from piramide.web.results.rule_wording import rule_in_words
from piramide.web.structures.shown import Shown


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a list of definitions."""

    term: str
    text: str


def explanation_body(shown: Shown, node: str, *, level: int) -> SafeString:
    """The explanation of `node` (or of the structure, by its id) with its first heading at `level`."""
    return kept(shown.key("structures.told", str(level), node), lambda: _body(shown, node, level))


def label_of(shown: Shown, node: str) -> str:
    """The name of a node as the sheet prints it."""
    return kept_text(shown.key("structures.node", node), lambda: _label(shown, node))


def _label(shown: Shown, node: str) -> str:
    pack, objective = shown.chosen.run.pack, node.partition(OF)[0]
    phases = pack.phases.get((shown.structure, objective), ()) if objective != node else ()
    names = {phase.name: phase.label for phase in phases}
    names |= {item.id: item.label for item in pack.sheets[shown.structure].walk()}
    return names.get(node, shown.place.label)


def is_leaf(shown: Shown, node: str) -> bool:
    """Whether a node is scored from a value of its own."""
    return bool(kept_text(shown.key("structures.leaf", node), lambda: _indicator_id(shown, node)))


def _body(shown: Shown, node: str, level: int) -> SafeString:
    run = shown.chosen.run
    wanted = None if node == shown.structure else node
    told = explain(run.pack, run.scores, shown.structure, wanted, language=spoken(), values=run.values)
    indicator = run.pack.indicators.get(_indicator_id(shown, node))
    carrying = Carrying(run.pack)
    context = {
        "shown": shown,
        "told": told,
        "level": level,
        "below": level + 1,
        "steps": [(item, _points(item, told.node)) for item in told.inputs],
        "indicator": indicator,
        "rule": rule_in_words(told.rule),
        "measures": list(_measures(indicator, run.pack)) if indicator else [],
        "quality": list(_quality(indicator.quality)) if indicator else [],
        "rule_act": run.pack.acts[told.rule_act].label if told.rule_act in run.pack.acts else told.rule_act,
        "row": _row(shown, told.node),
        "owner": _owner(indicator, shown),
        "lines": carrying.lines_of(shown.structure, told.node),
        "purposes": list(purposes_of(carrying, [(shown.structure, told.node)])),
        "plan": run.pack,
        "indicator_page": address_of("indicators:indicator", indicator.id) if indicator else "",
    }
    return render_to_string("structures/explanation_body.html", context)


def _owner(indicator: Indicator | None, shown: Shown) -> str:
    """The name of the structure that answers for a value."""
    owner = indicator.owner if indicator else ""
    return shown.organisation[owner].label if owner in shown.organisation else owner


def _row(shown: Shown, node: str) -> PaperRow | None:
    """What the sheet prints of a leaf: its value and its target, in words where the act uses words."""
    run = shown.chosen.run
    rows = rows_in_words(structure_of(run, shown.structure), run.pack, run.scores.period, spoken())
    return next((row for row in rows if row.node == node), None)


def _indicator_id(shown: Shown, node: str) -> str:
    scored = structure_of(shown.chosen.run, shown.structure)
    return next((item.indicator for item in scored.nodes if item.id == node), "")


def _points(item: Explanation, above: str) -> Figure | None:
    return next((c.points for c in item.contributions if c.ancestor == above), None)


def _measures(indicator: Indicator, pack: Pack) -> Iterator[Measure]:
    """The measures that a formula names, in its order."""
    if indicator.formula:
        for name in parse(indicator.formula, pack.measures, indicator.place).names:
            if name in pack.measures:
                yield pack.measures[name]


def _quality(statement: QualityStatement) -> Iterator[Fact]:
    """The data-quality statement, its five questions always in the same order; those without an answer say so."""
    yield Fact(_("Come è verificato"), statement.verified)
    yield Fact(_("Fonte"), statement.source)
    yield Fact(_("Accuratezza necessaria"), statement.accuracy)
    yield Fact(_("Limiti"), statement.limits)
    yield Fact(_("Come si rimedia ai limiti"), statement.compensation)


def address_of(name: str, *arguments: str) -> str:
    """The address of a page of another room, empty while that room is not there."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
