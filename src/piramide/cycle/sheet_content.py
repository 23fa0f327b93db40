"""What the objective sheet of a structure says, put together from a kept run as frozen values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from piramide.cycle.plans.objectives.annexes import annexes
from piramide.cycle.plans.objectives.money_annex import money_annexes
from piramide.cycle.runs.open_run import OpenRun, structure_of
from piramide.kernel.figure import Figure
from piramide.kernel.node_fields import carried, index_of
from piramide.kernel.note import fields_of, without, worded
from piramide.kernel.numbers import format_percent, scale_of_print
from piramide.kernel.periods import Moment, parse_period
from piramide.kernel.rounding import decimals_apart
from piramide.methodology.model import Citation, Indicator, Node, Pack, RuleKind, walk
from piramide.methodology.names import names_of
from piramide.methodology.printing.printed import is_worded, with_condition
from piramide.methodology.sheet_words import Annex, AnnexForm, SheetWords
from piramide.reports.figures import measure
from piramide.reports.labels import Labels, labels
from piramide.reports.paper import PaperRow
from piramide.reports.paper_rows import paper_rows
from piramide.reports.sheet import Definition, Lever, Loss, SheetReport, SheetRow, Source
from piramide.scoring.explain import explain
from piramide.scoring.explain_phases import KIND as PHASE
from piramide.scoring.result import Explanation, NodeScore, StructureScore
from piramide.scoring.targets import latest_due

JUDGED: Final = "SC115"
"""The note that tells how many thresholds are met."""


def sheet_report(opened: OpenRun, structure: str, language: str) -> SheetReport:
    """Everything the paper says, as frozen values."""
    scored = structure_of(opened, structure)
    told = explain(opened.pack, opened.scores, structure, language=language, values=opened.values)
    by_node = {item.node: item for item in _walk(told) if item.structure == structure}  # not of the scores it takes
    names = _names(scored)
    place = opened.pack.organisation.on(opened.as_of)[structure]
    say = labels(language)
    words = opened.pack.sheet_words.get(place.kind)
    return SheetReport(
        title=say("sheet", "title", year=opened.pack.year, structure=place.label),
        administration=opened.pack.administration,
        structure=structure,
        structure_label=place.label,
        kind_label=say.kind(place.kind, opened.pack.structure_kinds),
        year=opened.pack.year,
        period_label=parse_period(opened.scores.period).label(language),
        pack=opened.pack.id,
        pack_hash=opened.pack.hash,
        run=opened.run.id,
        **index_of(scored),
        rows=tuple(_rows(scored, opened.pack, opened.scores.period, by_node, say)),
        losses=tuple(Loss(names[effect.node], effect.points, effect.reason, effect.node) for effect in told.losses),
        levers=tuple(_levers(by_node, scored, opened.pack, names)),
        notes=told.notes,
        sources=tuple(_sources(opened.pack, structure, words.acts if words else ())),
        definitions=tuple(_definitions(scored, opened.pack)),
        is_demonstration=bool(opened.run.manifest["demonstration"]),
        cluster=opened.pack.boards.peers_of(place).cluster,
        as_of=opened.as_of,
        cap=opened.pack.cap,
        due=scored.due,
        in_points=opened.pack.weighs_in_points,
        annexes=(
            *annexes(_annexes(words, say), structure, opened.pack, say, _progress(by_node, say)),
            *money_annexes(structure, opened.pack, say, scored),
        ),
    )


def _progress(told: Mapping[str, Explanation], say: Labels) -> dict[str, str]:
    """How far each phase is, in words."""
    known = ((name, one.value) for name, one in told.items() if one.kind == PHASE)
    return {name: format_percent(value / 100, 0, say.language) for name, value in known if value is not None}


def _annexes(words: SheetWords | None, say: Labels) -> tuple[Annex, ...]:
    """Those that the plan lists, and the lines of the strategy where it lists none of them."""
    listed = words.annexes if words else ()
    if any(annex.form is AnnexForm.LINES for annex in listed):
        return listed
    return (*listed, Annex(AnnexForm.LINES, say("annex", "lines"), ""))


def _walk(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    for item in explanation.inputs:
        yield from _walk(item)


def _names(scored: StructureScore) -> dict[str, str]:
    """Labels by node; two leaves of one label are told apart by what they stand under."""
    labels_of = {node.id: node.label for node in scored.nodes}
    shared = {label for label, count in Counter(labels_of.values()).items() if count > 1}
    return {
        node.id: f"{node.label} ({labels_of[node.parent]})" if node.label in shared and node.parent else node.label
        for node in scored.nodes
    }


def rows_in_words(scored: StructureScore, pack: Pack, period: str, language: str) -> tuple[PaperRow, ...]:
    """The rows of a sheet as the paper words them, without what an explanation would add."""
    say = labels(language)
    return paper_rows(tuple(_rows(scored, pack, period, {}, say)), pack.cap, "", say, in_points=pack.weighs_in_points)


def _rows(
    scored: StructureScore, pack: Pack, period: str, told: Mapping[str, Explanation], say: Labels
) -> Iterator[SheetRow]:
    depths: dict[str | None, int] = {None: -1}
    moment, names = parse_period(period).moment, names_of(pack)
    sheet = pack.sheets.get(scored.id)
    printed = {node.id: node for node in sheet.leaves()} if sheet else {}
    for node in scored.nodes:
        depths[node.id] = depths[node.parent] + 1
        indicator = pack.indicators.get(node.indicator)
        row = _row(node, depths[node.id], indicator, told.get(node.id), pack)
        row = replace(
            row, value_text=judged_text(node.note, say), note=worded(without(node.note, JUDGED), say.language, names)
        )
        if indicator:
            quoted = _quoted(node, printed.get(node.id))
            asked = _target_text(node, indicator, moment, quoted, say)
            decimals = _decimals(node, indicator, moment)
            row = replace(row, target_text=asked, decimals=decimals)
        yield row


def judged_text(note: str, say: Labels) -> str:
    """What was judged of a threshold with several checkpoints: the last value alone may look as if it were met."""
    judged = fields_of(note, JUDGED)
    return say("value_text", "judged_one" if judged["met"] == 1 else "judged", **judged) if judged else ""


def _quoted(node: NodeScore, printed: Node | None) -> str:
    """The words in which the act prints the target, where what was asked is that: a part of the year may have its own.

    A figure stands as the value beside it does, in its unit and with its decimals.
    """
    if printed is None or not is_worded(printed.printed):
        return ""
    is_the_year_s = printed.target is None or (node.target is not None and node.target.exact == printed.target)
    return printed.printed if is_the_year_s else ""


def _target_text(node: NodeScore, indicator: Indicator, moment: Moment, quoted: str, say: Labels) -> str:
    """The target as printed, or in words where it is a condition rather than a figure to reach."""
    if indicator.rule is RuleKind.ZERO_GAP:
        return quoted or say("target_text", "zero_gap")
    if indicator.rule is not RuleKind.THRESHOLD:
        return quoted
    bounds, decimals = _bounds(node, indicator, moment), _decimals(node, indicator, moment)
    told = {key: measure(bound, node.unit, decimals, say) for key, bound in bounds.items() if bound is not None}
    return with_condition(quoted, say("target_text", key_of_bounds(bounds), **told) if told else "")


def _bounds(node: NodeScore, indicator: Indicator, moment: Moment) -> dict[str, Fraction | None]:
    """What the value of a threshold is held against."""
    due = latest_due(indicator.checkpoints, moment)
    return {"least": due.least, "most": due.most} if due else _own_bound(node, indicator)


def _decimals(node: NodeScore, indicator: Indicator, moment: Moment) -> int:
    """The decimals of the act; more where value and target, or bound, would print alike and are not."""
    if node.value is None:
        return indicator.rounding
    target = None if node.target is None else node.target.exact
    is_threshold = indicator.rule is RuleKind.THRESHOLD
    due = latest_due(indicator.checkpoints, moment) if is_threshold else None
    against = _bounds(node, indicator, moment).values() if is_threshold else (target,)
    tolerance, value = due.tolerance if due else 0, node.value.exact
    scale = scale_of_print(node.unit)
    others = [scale * other for other in against if other is not None and abs(other - value) > tolerance]
    return decimals_apart(scale * value, others, indicator.rounding)


def key_of_bounds(bounds: Mapping[str, Fraction | None]) -> str:
    """Which words tell the bounds of a threshold; at least one of them binds."""
    least, most = bounds.get("least"), bounds.get("most")
    if least is not None and most is not None:
        return "exactly" if least == most else "within"
    return "at_most" if least is None else "at_least"


def _own_bound(node: NodeScore, indicator: Indicator) -> dict[str, Fraction | None]:
    """The bound of a threshold that stands in the tree as a target."""
    bound = None if node.target is None else node.target.exact
    return {"least" if indicator.direction == "up" else "most": bound}


def _row(node: NodeScore, depth: int, indicator: Indicator | None, told: Explanation | None, pack: Pack) -> SheetRow:
    said_of_node = carried(node) | {"contribution": _points(node, told) if node.indicator else None}
    return SheetRow(
        **said_of_node,
        depth=depth,
        decimals=indicator.rounding if indicator else 2,
        reference=_reference(told, pack) if node.indicator else "",
        explanation=told.sentence if told and node.indicator else "",
    )


def _points(node: NodeScore, told: Explanation | None) -> Figure | None:
    """Points that a leaf brings to the index of the whole structure; of a run that kept none, those explained."""
    if node.contribution is not None or told is None:
        return node.contribution
    return next((c.points for c in told.contributions if c.ancestor == told.structure), None)


def _reference(told: Explanation | None, pack: Pack) -> str:
    if told is None or not told.act:
        return ""
    act = pack.acts[told.act].label if told.act in pack.acts else told.act
    return f"{act}, {told.place}" if told.place else act


def _levers(
    told: Mapping[str, Explanation], scored: StructureScore, pack: Pack, names: Mapping[str, str]
) -> Iterator[Lever]:
    levers = []
    for node in scored.nodes:
        rate = told[node.id].exchange if node.id in told else None
        if rate is None or not node.indicator:
            continue
        decimals = pack.indicators[node.indicator].rounding
        change, worth = rate.for_one_point, rate.per_percent
        levers.append(Lever(names[node.id], node.unit, decimals, change, worth, rate.wasted, node.id))
    yield from sorted(levers, key=lambda lever: -(lever.per_percent or 0))


def _sources(pack: Pack, structure: str, of_method: Sequence[str]) -> Iterator[Source]:
    """The acts that the tree cites, then those that the sheets of the kind state: the act of the method too."""
    places: dict[str, dict[str, None]] = {}
    for cited in _citations(pack.sheets[structure].tree):
        if cited.act:
            places.setdefault(cited.act, {})[cited.place] = None
    for act_id in of_method:
        places.setdefault(act_id, {})
    for act_id, cited_places in places.items():
        act = pack.acts.get(act_id)
        long = act_id if act is None else " ".join(p for p in (act.kind, act.number and f"n. {act.number}") if p)
        if act and act.day:
            long = f"{long}, {act.day:%d.%m.%Y}"
        yield Source(act.label if act else act_id, long, tuple(place for place in cited_places if place))


def _citations(nodes: tuple[Node, ...]) -> Iterator[Citation]:
    for node in walk(nodes):
        yield node.citation
        if node.target_citation:
            yield node.target_citation


def _definitions(scored: StructureScore, pack: Pack) -> Iterator[Definition]:
    seen: set[str] = set()
    for node in scored.nodes:
        indicator = pack.indicators.get(node.indicator)
        if indicator and indicator.definition and indicator.id not in seen:
            seen.add(indicator.id)
            yield Definition(indicator.label, indicator.definition)
