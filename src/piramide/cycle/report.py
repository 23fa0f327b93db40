"""Report: the objective sheet of a structure, from a kept run to a file on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from piramide.cycle.runs import OpenRun, open_run, structure_of
from piramide.cycle.store import Store
from piramide.kernel.organisation import Structure
from piramide.kernel.periods import parse_period
from piramide.methodology.model import Citation, Indicator, Node, Pack
from piramide.reports.labels import labels
from piramide.reports.sheet import Definition, Lever, Loss, SheetReport, SheetRow, Source
from piramide.reports.writing import write_sheet
from piramide.scoring.explain import explain
from piramide.scoring.result import Explanation, NodeScore, StructureScore


def write_sheet_of_run(store: Store, prefix: str, structure: str, out: Path, language: str) -> str:
    """Write the sheet of `structure` in the run `prefix` as the extension of `out` says; the id of the run."""
    opened = open_run(store, prefix)
    write_sheet(sheet_report(opened, structure, language), out, language)
    return opened.run.id


def sheet_report(opened: OpenRun, structure: str, language: str) -> SheetReport:
    """Everything the paper says, as frozen values."""
    scored = structure_of(opened, structure)
    told = explain(opened.pack, opened.scores, structure, None, language)
    by_node = {item.node: item for item in _walk(told)}
    place = opened.pack.organisation.on(opened.as_of)[structure]
    say = labels(language)
    return SheetReport(
        title=say("sheet", "title", year=opened.pack.year, structure=place.label),
        administration=opened.pack.administration,
        structure=structure,
        structure_label=place.label,
        kind_label=say.word("structure_kind", place.kind),
        year=opened.pack.year,
        period_label=parse_period(opened.scores.period).label(language),
        pack=opened.pack.id,
        pack_hash=opened.pack.hash,
        run=opened.run.id,
        index=scored.index,
        index_measured=scored.index_measured,
        index_low=scored.index_low,
        index_high=scored.index_high,
        coverage=scored.coverage,
        rows=tuple(_rows(scored, opened.pack, by_node)),
        losses=tuple(Loss(effect.label, effect.points, effect.reason) for effect in told.losses),
        levers=tuple(_levers(by_node, scored, opened.pack)),
        notes=told.notes,
        sources=tuple(_sources(opened.pack, structure)),
        definitions=tuple(_definitions(scored, opened.pack)),
        is_demonstration=bool(opened.run.manifest["demonstration"]),
        cluster=_cluster(place),
        as_of=opened.as_of,
    )


def _walk(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    for item in explanation.inputs:
        yield from _walk(item)


def _rows(scored: StructureScore, pack: Pack, told: Mapping[str, Explanation]) -> Iterator[SheetRow]:
    depths: dict[str | None, int] = {None: -1}
    for node in scored.nodes:
        depths[node.id] = depths[node.parent] + 1
        yield _row(node, depths[node.id], pack.indicators.get(node.indicator), told.get(node.id), pack)


def _row(node: NodeScore, depth: int, indicator: Indicator | None, told: Explanation | None, pack: Pack) -> SheetRow:
    return SheetRow(
        kind=node.kind,
        label=node.label,
        depth=depth,
        weight=node.weight,
        weight_source=node.weight_source,
        value=node.value,
        target=node.target,
        unit=node.unit,
        decimals=indicator.rounding if indicator else 2,
        gap=node.gap,
        gap_raw=node.gap_raw,
        index=node.index,
        index_measured=node.index_measured,
        index_low=node.index_low,
        index_high=node.index_high,
        coverage=node.coverage,
        contribution=_points(told) if node.indicator else None,
        status=node.status,
        contested=node.contested,
        reference=_reference(told, pack) if node.indicator else "",
        explanation=told.sentence if told and node.indicator else "",
        note=node.note,
    )


def _points(told: Explanation | None) -> float | None:
    """Points that a leaf brings to the index of the whole structure."""
    if told is None:
        return None
    return next((c.points for c in told.contributions if c.ancestor == told.structure), None)


def _reference(told: Explanation | None, pack: Pack) -> str:
    if told is None or not told.act:
        return ""
    act = pack.acts[told.act].label if told.act in pack.acts else told.act
    return f"{act}, {told.place}" if told.place else act


def _levers(told: Mapping[str, Explanation], scored: StructureScore, pack: Pack) -> Iterator[Lever]:
    levers = []
    for node in scored.nodes:
        rate = told[node.id].exchange if node.id in told else None
        if rate is None or not node.indicator:
            continue
        decimals = pack.indicators[node.indicator].rounding
        levers.append(Lever(node.label, node.unit, decimals, rate.for_one_point, rate.per_percent, rate.wasted))
    yield from sorted(levers, key=lambda lever: -(lever.per_percent or 0))


def _sources(pack: Pack, structure: str) -> Iterator[Source]:
    places: dict[str, dict[str, None]] = {}
    for cited in _citations(pack.sheets[structure].tree, pack):
        if cited.act:
            places.setdefault(cited.act, {})[cited.place] = None
    for act_id, cited_places in places.items():
        act = pack.acts.get(act_id)
        long = act_id if act is None else " ".join(p for p in (act.kind, act.number and f"n. {act.number}") if p)
        if act and act.day:
            long = f"{long}, {act.day:%d.%m.%Y}"
        yield Source(act.label if act else act_id, long, tuple(place for place in cited_places if place))


def _citations(nodes: tuple[Node, ...], pack: Pack) -> Iterator[Citation]:
    for node in nodes:
        yield node.citation
        if node.target_citation:
            yield node.target_citation
        yield from _citations(node.children, pack)


def _definitions(scored: StructureScore, pack: Pack) -> Iterator[Definition]:
    seen: set[str] = set()
    for node in scored.nodes:
        indicator = pack.indicators.get(node.indicator)
        if indicator and indicator.definition and indicator.id not in seen:
            seen.add(indicator.id)
            yield Definition(indicator.label, indicator.definition)


def _cluster(structure: Structure) -> str:
    return structure.clusters.get("economic", "")
