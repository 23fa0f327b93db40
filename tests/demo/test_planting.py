"""A pattern can be planted in chosen offices without touching the others."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from piramide.demo.facts.generate import Generated, generate
from piramide.demo.facts.workdays import Month
from tests.demo.conftest import read_work

OFFICE = "prov_bari"


def last_day_only(month: Month, entries: pa.Table) -> pa.Table:
    """Whatever the office resolves is written on the last working day of the month."""
    mine = pc.and_(pc.equal(entries["office_of_competence"], OFFICE), pc.equal(entries["entry"], "resolved"))
    mine = pc.and_(mine, pc.invert(entries["automated"]))
    day = pc.if_else(mine, pa.scalar(int(month.working[-1]), pa.int32()).cast(pa.date32()), entries["day"])
    return entries.set_column(entries.column_names.index("day"), "day", day)


def test_it_changes_the_chosen_office_alone(facts: Generated, entries: pa.Table, tmp_path: Path) -> None:
    planted = generate(tmp_path / "facts", facts.cases, facts.seed, plant=[last_day_only])
    changed = read_work(planted.folder)

    others = [table.filter(pc.not_equal(table["office_of_competence"], OFFICE)) for table in (entries, changed)]
    assert others[0].equals(others[1])
    resolved = changed.filter(
        pc.and_(
            pc.and_(pc.equal(changed["office_of_competence"], OFFICE), pc.equal(changed["entry"], "resolved")),
            pc.invert(changed["automated"]),
        )
    )
    assert len(set(resolved["day"].to_pylist())) == 24
    assert json.loads((planted.folder / "facts.json").read_text(encoding="utf-8"))["planted"] is True


def test_a_plant_may_add_rows_with_codes_as_plain_text(facts: Generated, tmp_path: Path) -> None:
    def doubled(month: Month, entries: pa.Table) -> pa.Table:
        plain = entries.cast(pa.schema([pa.field(f.name, decoded(f.type)) for f in entries.schema]))
        extra = plain.slice(0, 1) if month.index == 0 else plain.slice(0, 0)
        return pa.concat_tables([plain, extra])

    planted = generate(tmp_path / "facts", facts.cases, facts.seed, plant=[doubled])

    assert planted.entries == facts.entries + 1


def decoded(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
