"""`planning.yaml` and `ladder.csv`: what planning takes from the plan, every fault with file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, cast

from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.citation import Citation
from piramide.methodology.loading.csv_text import Row
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.planning_section import PlanningSection, PointsSection
from piramide.methodology.loading.read_sections import ReadSection
from piramide.methodology.loading.section import Cited
from piramide.methodology.loading.stated_rows import Keyed, cited, stated_rows
from piramide.methodology.model import Table
from piramide.methodology.planning import (
    Family,
    Lever,
    PendingTarget,
    Planning,
    PlanningGroup,
    PrintedProduction,
    PrintedSharing,
    Rung,
    Stated,
)

LADDER: Final = "ladder.csv"
LADDER_COLUMNS: Final = ("office", "province", "region")
_SINGLE: Final = ("learning", "lot", "change_cap", "protected", "competence")


def read_planning(
    files: PackFiles, section: ReadSection, structures: Collection[str], tables: Mapping[str, Table]
) -> Planning:
    """What the plan says of planning; nothing where it has no such files.

    Refuses: PL044 a structure that is not there, PL098 a province in two regions, PL099 a line in two families or a
    family in two groups, PL100 a table, column or row that is not there.
    """
    ladder = {
        rung.office: rung for rung in stated_rows(files, LADDER, LADDER_COLUMNS, lambda row: _rung(row, structures))
    }
    value = section.value if isinstance(section.value, PlanningSection) else PlanningSection()
    faults = [*_split_provinces(ladder.values()), *_faults(value, section, structures, tables)]
    if faults:
        raise Refusal(*faults)
    return Planning(
        ladder=ladder,
        families={
            key: Family(key, item.label, tuple(item.lines), _citation(item), section.place("families", key))
            for key, item in value.families.items()
        },
        groups={key: _group(key, value, section) for key in value.groups},
        levers={
            key: Lever(key, item.label, item.hours, item.euro, _citation(item), section.place("levers", key))
            for key, item in value.levers.items()
        },
        learning=tuple(value.learning.months) if value.learning else (),
        lot=_stated(value.lot),
        change_cap=_stated(value.change_cap),
        protected=tuple(value.protected.offices) if value.protected else (),
        is_competent=value.competence is None or value.competence.default == "full",
        profile=(value.profile.table, value.profile.row) if value.profile else ("", ""),
        production=PrintedProduction(value.production.table, value.production.column, dict(value.production.lines))
        if value.production
        else PrintedProduction(),
        sharing=PrintedSharing(**value.sharing.model_dump()) if value.sharing else PrintedSharing(),
        cited=tuple(
            (name, _citation(cast("Cited", item)), section.place(name))
            for name in _SINGLE
            if (item := getattr(value, name)) is not None
        ),
    )


def _rung(row: Row, structures: Collection[str]) -> Keyed[Rung]:
    office = row.required("office")
    if office not in structures:
        near = ", ".join(nearest(office, sorted(structures))) or "-"
        raise refuse("PL044", row.place("office"), office, near=near)
    return (office,), Rung(office, row.required("province"), row.required("region"), cited(row), row.place())


def _split_provinces(ladder: Iterable[Rung]) -> Iterator[Finding]:
    first: dict[str, Rung] = {}
    for rung in ladder:
        known = first.setdefault(rung.province, rung)
        if known.region != rung.region:
            fields = {"region": rung.region, "other": known.region, "where_other": str(known.place)}
            yield Finding("PL098", rung.place, rung.province, fields)


def _faults(
    value: PlanningSection, section: ReadSection, structures: Collection[str], tables: Mapping[str, Table]
) -> Iterator[Finding]:
    yield from _twice({key: item.lines for key, item in value.families.items()}, section, "families", "lines")
    yield from _twice({key: item.families for key, item in value.groups.items()}, section, "groups", "families")
    for office in value.protected.offices if value.protected else ():
        if office not in structures:
            near = ", ".join(nearest(office, sorted(structures))) or "-"
            yield Finding("PL044", section.place("protected", "offices"), office, {"near": near})
    for key, group in value.groups.items():
        if group.days.table:
            place = section.place("groups", key, "days")
            yield from _missing(tables, group.days.table, ("structure", group.days.column), (), place)
    if value.profile:
        columns = ("q1", "q2", "q3", "q4")
        yield from _missing(tables, value.profile.table, columns, (value.profile.row,), section.place("profile"))
    if value.production:
        keys = tuple(value.production.lines)
        yield from _missing(
            tables, value.production.table, (value.production.column,), keys, section.place("production")
        )
    if value.sharing:
        named = (value.sharing.provider, value.sharing.receiver, value.sharing.pieces)
        yield from _missing(tables, value.sharing.table, named, (), section.place("sharing"))


def _twice(members: Mapping[str, Iterable[str]], section: ReadSection, part: str, field: str) -> Iterator[Finding]:
    """What two of them name."""
    owner: dict[str, str] = {}
    for key, names in members.items():
        for name in names:
            if name in owner:
                fields = {"first": owner[name], "second": key}
                yield Finding("PL099", section.place(part, key, field), name, fields)
            owner.setdefault(name, key)


def _missing(
    tables: Mapping[str, Table], name: str, columns: Iterable[str], keys: Iterable[str], place: Place
) -> Iterator[Finding]:
    """A table, a column or a row that planning names and the pack does not have."""
    table = tables.get(name)
    if table is None:
        near = ", ".join(nearest(name, sorted(tables))) or "-"
        yield Finding("PL100", place, name, {"near": near})
        return
    for column in columns:
        if column not in table.columns:
            near = ", ".join(nearest(column, table.columns)) or ", ".join(table.columns)
            yield Finding("PL100", place, f"{name}.{column}", {"near": near})
    rows = {row[table.columns.index(table.key[0])] for row in table.rows}
    for key in keys:
        if key not in rows:
            yield Finding("PL100", place, f"{name}[{key}]", {"near": ", ".join(nearest(key, sorted(rows))) or "-"})


def _group(key: str, value: PlanningSection, section: ReadSection) -> PlanningGroup:
    item = value.groups[key]
    target = PendingTarget(item.days.number, item.days.table, item.days.column, item.days.node)
    return PlanningGroup(
        key, item.label, tuple(item.families), target, item.clearance, _citation(item), section.place("groups", key)
    )


def _stated(item: PointsSection | None) -> Stated:
    return Stated(item.points, _citation(item)) if item else Stated()


def _citation(item: Cited) -> Citation:
    return Citation(item.act, item.place)
