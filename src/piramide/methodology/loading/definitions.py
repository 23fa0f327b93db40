"""From checked sections to the model: acts, indicators, scales, profiles, parameters, overrides, tables, identities."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from piramide.kernel.findings import Place, refuse
from piramide.methodology.boards import Boards, KindGroup, MapPlace, QualityArea, QualityBoard, SpendingBoard
from piramide.methodology.groups import Groups
from piramide.methodology.identity import Identity
from piramide.methodology.loading.csv_text import read_csv
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.read_sections import ReadSection
from piramide.methodology.loading.section import Cited
from piramide.methodology.loading.sections import (
    BoardsSection,
    ChildrenSection,
    GroupsSection,
    IndicatorSection,
    MeasureSection,
    PackSection,
    ParentRuleSection,
)
from piramide.methodology.measures import Measure
from piramide.methodology.model import (
    Act,
    Alias,
    Band,
    Checkpoint,
    Citation,
    Composite,
    Curve,
    CurvePoint,
    Indicator,
    Override,
    Parameter,
    Part,
    Profile,
    Range,
    Scale,
    Table,
)
from piramide.methodology.parent_rules import RATIO_OF_SUMS, Adds, ParentKind, ParentRule, Span
from piramide.methodology.phases import Late
from piramide.methodology.printing.form import PrintForm
from piramide.methodology.profile_kinds import ProfileKind
from piramide.methodology.profiles import WITHOUT_FIGURES, quarters_of
from piramide.methodology.quality_statement import QualityStatement
from piramide.methodology.score_of import ScoreOf


def citation(section: Cited) -> Citation:
    """The act and place that a section rests on."""
    return Citation(section.act, section.place)


def acts(section: ReadSection) -> dict[str, Act]:
    """Acts by id."""
    return {key: Act(key, act.label, act.kind, act.number, act.issuer, act.day) for key, act in section.value.items()}


def indicators(section: ReadSection, pack: PackSection) -> dict[str, Indicator]:
    """Indicators by id, with the pack's cap and missing policy where they state none."""
    return {key: _indicator(key, item, pack, section.place(key)) for key, item in section.value.items()}


def _indicator(key: str, item: IndicatorSection, pack: PackSection, place: Place) -> Indicator:
    return Indicator(
        id=key,
        label=item.label,
        definition=item.definition,
        unit=item.unit,
        direction=item.direction,
        rule=item.rule,
        cap=pack.cap.value if item.cap is None else item.cap,
        citation=citation(item),
        place=place,
        level=item.level or "",
        formula=item.formula,
        clip_positive=item.clip_positive,
        missing=item.missing or pack.missing,
        value_from=item.value_from,
        source=item.source,
        owner=item.owner,
        due=item.due,
        was=item.was,
        rounding=item.rounding,
        profile=item.profile,
        scale=item.scale,
        checkpoints=tuple(Checkpoint(c.moment, c.least, c.most, c.mandatory, c.tolerance) for c in item.checkpoints),
        composite=_composite(item),
        curve=_curve(item),
        score_of=_score_of(item),
        late=item.late or Late.COUNTS,
        points=item.points,
        quality=QualityStatement(**item.quality.model_dump()),
        range=Range(item.range.least, item.range.most),
        measured_on=dict(pair.split("=") for pair in item.measured_on.split(";") if pair),
        parent=_parent(item.parent),
        is_amendable=item.amendable,
        print=PrintForm(item.print.unit, item.print.decimals, item.print.times),
    )


def _composite(item: IndicatorSection) -> Composite | None:
    if item.composite is None:
        return None
    return Composite(item.composite.of, tuple(Part(node, share) for node, share in item.composite.parts.items()))


def _curve(item: IndicatorSection) -> Curve | None:
    if item.curve is None:
        return None
    return Curve(item.curve.of, item.curve.below, tuple(CurvePoint(p.at, p.gives) for p in item.curve.points))


def _score_of(item: IndicatorSection) -> ScoreOf | None:
    if item.score_of is None:
        return None
    return ScoreOf(tuple(item.score_of.structures.split(";")), item.score_of.node, dict(item.score_of.weights) or None)


def measures(section: ReadSection) -> dict[str, Measure]:
    """Measures by id, with the aggregate and the window that go with their level where they state none."""
    return {key: _measure(key, item, section.place(key)) for key, item in section.value.items()}


def _measure(key: str, item: MeasureSection, place: Place) -> Measure:
    is_level = item.level == "level"
    total = "last" if is_level and not item.entry else "sum"
    return Measure(
        id=key,
        label=item.label,
        place=place,
        unit=item.unit,
        level=item.level,
        definition=item.definition,
        dataset=item.dataset,
        entry=item.entry,
        aggregate=item.aggregate or (total if item.column else "count"),
        column=item.column,
        filter=item.filter,
        credit=item.credit,
        share=item.share,
        across=tuple(kind.strip() for kind in item.across.split(";") if kind.strip()),
        window=item.window or ("month_end" if is_level or item.entry == "pending" else "year_to_date"),
        before=item.before,
        adds=Adds(item.adds) if item.adds else None,
        span=Span(item.span) if item.span else None,
        formula=item.formula,
        expected_of=item.expected_of,
        groups=_groups(item.groups),
        parent=_parent(item.parent),
    )


def _parent(written: Mapping[str, ParentRuleSection]) -> dict[str, ParentRule]:
    """Rules of parents by case."""
    answer = {}
    for case, section in written.items():
        (name,) = section.model_fields_set
        terms = getattr(section, name) or ChildrenSection()
        kind = ParentKind.FORMULA if name == RATIO_OF_SUMS else ParentKind(name)
        answer[case] = ParentRule(kind, tuple(terms.kinds), terms.by)
    return answer


def _groups(item: GroupsSection | None) -> Groups | None:
    if item is None:
        return None
    told = item.model_dump(by_alias=True)
    holds = {moment: condition for moment, condition in told.pop("holds").items() if condition}
    return Groups(**told | {"by": tuple(item.by), "holds": holds})


def boards(section: BoardsSection) -> Boards:
    """What the pages of the plan are made of."""
    spending, quality = section.spending, section.quality
    return Boards(
        SpendingBoard(tuple(spending.forecasts), spending.names, spending.account, spending.balance),
        QualityBoard(tuple(QualityArea(a.index, a.label, a.elements) for a in quality.areas), quality.together),
        section.clusters,
        section.peers,
        tuple(section.sites),
        tuple(KindGroup(group.label, tuple(group.kinds)) for group in section.groups),
        {name: MapPlace(place.row, place.column, place.short, place.beside) for name, place in section.map.items()},
        tuple(section.institutional),
    )


def parameters(section: ReadSection) -> dict[str, Parameter]:
    """Parameters by id, their values oldest first; two values of one day are refused."""
    answer = {}
    for key, item in section.value.items():
        values = tuple(sorted((v.since, v.value, citation(v)) for v in item.values))
        days = [since for since, _, _ in values]
        if len(set(days)) < len(days):
            raise refuse("PL033", section.place(key), key)
        answer[key] = Parameter(key, item.label, item.unit, values, section.place(key), item.use)
    return answer


def scales(section: ReadSection) -> dict[str, Scale]:
    """Scales by id, bands in the order of the file."""
    return {
        key: Scale(
            key,
            item.label,
            tuple(Band(band.low, band.high, band.points) for band in item.bands),
            citation(item),
            section.place(key),
        )
        for key, item in section.value.items()
    }


def profiles(section: ReadSection) -> dict[str, Profile]:
    """Quarterly programmes by id: share and level state four quarters, a kind without figures of its own none."""
    for key, item in section.value.items():
        if item.kind in WITHOUT_FIGURES and item.quarters:
            raise refuse("PL035", section.place(key), key, kind=item.kind.value)
        if item.kind in {ProfileKind.SHARE, ProfileKind.LEVEL} and len(item.quarters) != len(("I", "II", "III", "IV")):
            raise refuse("PL034", section.place(key), key, found=len(item.quarters))
    return {
        key: Profile(key, item.kind, quarters_of(item.kind, tuple(item.quarters)), citation(item))
        for key, item in section.value.items()
    }


def overrides(section: ReadSection) -> tuple[Override, ...]:
    """Dated exceptions in the order of the file."""
    return tuple(
        Override(o.id, o.subject, o.field, o.before, o.value, o.since, citation(o), o.reason, section.place(index))
        for index, o in enumerate(section.value)
    )


def identities(section: ReadSection) -> tuple[Identity, ...]:
    """Relations that published figures must satisfy."""
    return tuple(
        Identity(i.id, i.kind, i.sentence, _arguments(i.model_extra), i.tolerance, section.place(index))
        for index, i in enumerate(section.value)
    )


def _arguments(extra: dict[str, Any] | None) -> Mapping[str, object]:
    return dict(extra or {})


def tables(section: ReadSection, files: PackFiles) -> dict[str, Table]:
    """Published tables, cells as printed; a table without its file, or a file without its table, is refused."""
    declared = {f"tables/{key}.csv" for key in section.value}
    for path in files.matching("tables/*.csv"):
        if path not in declared:
            raise refuse("PL016", Place(path), path.removeprefix("tables/").removesuffix(".csv"))
    answer = {}
    for key, item in section.value.items():
        path = f"tables/{key}.csv"
        if not files.has(path):
            raise refuse("PL017", section.place(key), key, file=path)
        sheet = read_csv(files.text(path), path, tuple(item.key))
        rows = tuple(tuple(row[column] for column in sheet.columns) for row in sheet.rows)
        lines = tuple(row.line for row in sheet.rows)
        answer[key] = Table(
            key,
            item.title,
            path,
            tuple(item.key),
            sheet.columns,
            rows,
            lines,
            item.unit,
            citation(item),
            item.labels,
            tuple(item.codes),
            section.place(key),
            item.use,
        )
    return answer


def aliases(files: PackFiles) -> tuple[Alias, ...]:
    """Spelling variants."""
    if not files.has("aliases.csv"):
        return ()
    sheet = read_csv(files.text("aliases.csv"), "aliases.csv", ("printed", "canonical", "kind"), ("act", "place"))
    return tuple(
        Alias(row["printed"], row["canonical"], row["kind"], Citation(row["act"], row["place"])) for row in sheet.rows
    )


Key = tuple[str, str]


def history(files: PackFiles) -> tuple[dict[Key, dict[str, Fraction]], dict[Key, Place]]:
    """Past values by structure and node, then by name, and where each key first stands; a repeated one is refused."""
    path = "history.csv"
    answer: dict[Key, dict[str, Fraction]] = {}
    places: dict[Key, Place] = {}
    if not files.has(path):
        return answer, places
    for row in read_csv(files.text(path), path, ("structure", "node", "name", "value"), ("act", "place")).rows:
        key = row.required("structure"), row.required("node")
        names = answer.setdefault(key, {})
        places.setdefault(key, row.place())
        name = row.required("name")
        if name in names:
            raise refuse("PL026", row.place(), key=f"{row['structure']}, {row['node']}, {name}")
        value = row.number("value")
        if value is None:
            raise refuse("PL023", row.place("value"), column="value")
        names[name] = value
    return answer, places
