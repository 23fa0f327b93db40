"""Rows of the register that a person may read, chosen by who, what, where and when."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from piramide.reports.formulas import harmless
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.audit.models import Entry

COLUMNS: Final = ("number", "at", "who", "verb", "subject", "structure", "before", "after", "reason", "act", "hash")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: parts left empty choose nothing. Days are both included."""

    who: str = ""
    verb: str = ""
    structure: str = ""
    since: date | None = None
    last_day: date | None = None


def readable(person: Access) -> QuerySet[Entry]:
    """All rows for who reads the register of the whole organisation, else those of the structures of the person."""
    if person.may_everywhere(Action.READ_AUDIT):
        return Entry.objects.all()
    return Entry.objects.filter(structure__in=person.structures(Action.READ_AUDIT))


def chosen(rows: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    """The wanted rows, newest first."""
    if wanted.who:
        rows = rows.filter(who__icontains=wanted.who)
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.structure:
        rows = rows.filter(structure=wanted.structure)
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.last_day:
        rows = rows.filter(at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    return rows.order_by("-number")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class _Echo:
    """A file that gives back what is written to it, so that rows leave one by one."""

    def write(self, text: str) -> str:
        """The text."""
        return text


def as_csv(rows: QuerySet[Entry]) -> Iterator[str]:
    """Rows as CSV, oldest last, for a spreadsheet: no cell starts a formula; invented data says so on each row."""
    writer = csv.writer(_Echo())
    note = (_("dati dimostrativi"),) if settings.CONFIGURATION.demonstration else ()
    yield writer.writerow((*COLUMNS, *(("note",) if note else ())))
    for entry in rows.iterator(chunk_size=2000):
        yield writer.writerow((*(_cell(getattr(entry, name)) for name in COLUMNS), *note))


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return harmless(text)
