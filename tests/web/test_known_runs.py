"""Which runs a person sees is read again when a run came or was published, and only then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Max
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from piramide.web.results.known_runs import _KNOWN, known_runs
from piramide.web.results.models import RunRecord

MOMENT = timezone.now()


def _made(number: int, *, published: bool = True) -> RunRecord:
    return RunRecord.objects.create(
        run=f"{number:064x}",
        pack="inps-2024",
        period="2024-01",
        ends_on=date(2024, 1, 31) + timedelta(days=number),
        made_at=MOMENT + timedelta(seconds=number),
        published_at=MOMENT if published else None,
    )


def _ids() -> tuple[list[str], list[str]]:
    known = known_runs()
    return [record.run for record in known.every.records], [record.run for record in known.published.records]


@pytest.mark.databases
@pytest.mark.django_db(transaction=True)
def test_it_is_read_again_when_one_came_or_was_published() -> None:
    _KNOWN.clear()
    assert _ids() == ([], [])
    first, second = _made(1), _made(2, published=False)
    assert _ids() == ([second.run, first.run], [first.run])
    assert known_runs() is known_runs()
    with CaptureQueriesContext(connection) as queries:
        known_runs()
    assert len(queries) == 1
    RunRecord.objects.filter(pk=second.pk).update(published_at=MOMENT)
    assert _ids() == ([second.run, first.run], [second.run, first.run])
    RunRecord.objects.filter(pk=first.pk).delete()
    assert _ids() == ([second.run], [second.run])


@pytest.mark.django_db
def test_what_a_transaction_sees_is_kept_for_nobody() -> None:
    _KNOWN.clear()
    _made(1)
    assert _ids()[0]
    assert not _KNOWN


@pytest.mark.django_db
def test_a_line_tells_apart_what_came_before_and_what_is_published(runs: list[RunRecord]) -> None:
    line = known_runs().every.line(frozenset({"inps-2024"}))
    days = [record.ends_on for record in runs]
    assert len({line.told(day) for day in days}) == len(days)
    assert line.told(days[-1]) == line.told()
    before = line.told(days[0])
    RunRecord.objects.filter(pk=runs[-1].pk).update(published_at=timezone.now())
    later = known_runs().every.line(frozenset({"inps-2024"}))
    assert later.told(days[0]) == before
    assert later.told() != line.told()
    RunRecord.objects.filter(pk=runs[0].pk).update(published_at=None)
    assert known_runs().every.line(frozenset({"inps-2024"})).told(days[0]) != before


@pytest.mark.django_db
def test_a_page_of_an_earlier_period_leads_to_a_later_one_as_soon_as_it_is_there(runs: list[RunRecord]) -> None:
    """The switch of periods names later ones: it is not kept with what the page says of its own."""
    address = "/strutture/dcm_milano/?periodo=2024-Q2"
    newest = runs[-1]
    assert f"periodo={newest.period}" not in Client().get(address).content.decode()
    assert newest.ends_on == RunRecord.objects.aggregate(last=Max("ends_on"))["last"]
    RunRecord.objects.filter(pk=newest.pk).update(published_at=timezone.now())
    assert f"periodo={newest.period}" in Client().get(address).content.decode()
