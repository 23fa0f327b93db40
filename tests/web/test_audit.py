"""The register of changes only grows, and a touched row is found."""

from __future__ import annotations

import pytest
from django.db import connection

from piramide.web.audit.chain import Change, check_chain, record
from piramide.web.audit.models import Entry

pytestmark = pytest.mark.django_db


def _three_rows() -> None:
    for number in range(3):
        record(None, Change("test.changed", f"cosa {number}", before={"peso": "0.4"}, after={"peso": "0.5"}, act="A/1"))


def test_it_is_whole_while_nobody_touches_it() -> None:
    _three_rows()
    report = check_chain()
    assert (report.is_whole, report.rows) == (True, 3)


@pytest.mark.parametrize(("sql", "row", "fault"), [
    ("UPDATE audit_entry SET reason = 'altro' WHERE number = 2", 2, "altered"),
    ("DELETE FROM audit_entry WHERE number = 2", 2, "removed"),
    ("UPDATE audit_entry SET previous = hash WHERE number = 3", 3, "unchained"),
])  # fmt: skip
def test_it_finds_the_row_that_was_touched(sql: str, row: int, fault: str) -> None:
    _three_rows()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    report = check_chain()
    assert (report.broken_at, report.fault) == (row, fault)


def test_it_finds_what_was_cut_off_at_the_end() -> None:
    _three_rows()
    before = check_chain()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE number = 3")
    assert check_chain().is_whole
    assert check_chain(before.rows, before.head).fault == "removed"


def test_it_refuses_to_delete_or_rewrite() -> None:
    _three_rows()
    entry = Entry.objects.get(number=1)
    with pytest.raises(TypeError):
        entry.delete()
    with pytest.raises(Exception, match=r"UNIQUE|duplicate"):
        entry.save()
