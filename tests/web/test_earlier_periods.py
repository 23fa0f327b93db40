"""A demonstration that is open before all its months are there: the worker makes them, and every page says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.conf import settings
from django.test import Client

from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, Scored, score
from piramide.demo.beginning import make_newest
from piramide.demo.people import PASSWORD, people
from piramide.demo.periods import WAITING, missing_months, months_of, waiting_months
from piramide.demo.values import demonstration
from piramide.kernel.periods import Period
from piramide.kernel.progress import silent
from piramide.methodology.loading import find_pack
from piramide.web.demonstration import work
from piramide.web.house.preparing import NOTE, preparing
from piramide.web.jobs.models import Job, State
from piramide.web.jobs.running import run_job
from piramide.web.operations import welcome
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.django_db
VALUES = find_pack("inps-2024") / "demonstration" / "values" / "2024.csv"
TOLD = "I periodi precedenti sono in preparazione: {} di 24 sono pronti."


def _invented(store: Store, months: Sequence[Period]) -> Iterator[Scored]:
    """Runs of invented values: facts of a million cases take too long for a test."""
    for month in months:
        yield score(Request("inps-2024", VALUES, str(month.moment), demonstration=True), [], store)


@pytest.fixture
def store(runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with three of the last four months; the fourth is the only other that the demonstration has."""
    kept = Store(settings.CONFIGURATION.store)
    monkeypatch.setattr(work, "make_months", _invented)
    monkeypatch.setattr("piramide.demo.beginning.make_months", _invented)
    monkeypatch.setattr("piramide.demo.beginning.make_facts", lambda *_given: None)
    welcome(people(), PASSWORD)
    yield kept
    (kept.root / WAITING).unlink(missing_ok=True)
    (settings.CONFIGURATION.data / NOTE).unlink(missing_ok=True)
    assert runs


def _lacking(monkeypatch: pytest.MonkeyPatch, *lacking: str) -> None:
    """Let the demonstration be of the months that are there and of these."""
    there = ("2024-06", "2024-09", "2024-12", *lacking)
    every = tuple(month for month in months_of(demonstration()) if str(month) in there)
    for module in ("piramide.demo.periods", "piramide.demo.beginning", "piramide.web.demonstration.work"):
        monkeypatch.setattr(f"{module}.months_of", lambda _job: every)


def _page(address: str = "/") -> str:
    return Client().get(address).content.decode()


def test_the_months_that_a_store_lacks_are_known_from_its_runs(store: Store) -> None:
    missing = [str(month) for month in missing_months(demonstration(), store)]
    assert missing[:4] == ["2024-11", "2024-10", "2024-08", "2024-07"]
    assert len(missing) == 24 - 3


def test_nothing_waits_in_a_store_where_nobody_asked(store: Store) -> None:
    assert waiting_months(store) == ()
    assert not work.prepare_older_months()
    assert not Job.objects.exists()
    assert "in preparazione" not in _page()


def test_the_newest_are_made_first_and_the_others_wait(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _lacking(monkeypatch, "2024-10", "2024-11")
    assert [str(month) for month in make_newest(store, silent)] == ["2024-10"]
    assert [str(month) for month in make_newest(store, silent)] == ["2024-10"]
    assert [str(month) for month in waiting_months(store)] == ["2024-10"]


def test_every_page_says_how_far_it_is_until_all_are_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    (store.root / WAITING).write_text("{}")
    assert work.prepare_older_months()
    assert "The earlier periods are being prepared: 3 of 24 are ready." in _page("/en/strutture/")
    assert TOLD.format(3) in _page()
    assert TOLD.format(3) in _page("/strutture/")

    _lacking(monkeypatch, "2024-10", "2024-11")
    job = Job.objects.get()
    assert run_job.func(str(job.pk)) == State.DONE

    job.refresh_from_db()
    assert (job.done, job.total, job.outcome) == (5, 5, "I periodi precedenti sono pronti: 5 in tutto.")
    made = RunRecord.objects.filter(period__in=("2024-10", "2024-11"))
    assert [record.published_at is not None for record in made] == [True, True]
    assert RunRecord.objects.get(period="2024-Q4").published_at is None
    assert "in preparazione" not in _page()
    assert not (store.root / WAITING).exists()
    assert not work.prepare_older_months()


def test_it_goes_on_where_it_was_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is killed after the first: the next upgrade asks again, and nothing is made twice."""
    _lacking(monkeypatch, "2024-10", "2024-11")
    (store.root / WAITING).write_text("{}")

    class KilledError(BaseException):
        """As the end of a process: nothing catches it."""

    def one_then_killed(kept: Store, months: Sequence[Period]) -> Iterator[Scored]:
        yield from _invented(kept, months[:1])
        raise KilledError

    monkeypatch.setattr(work, "make_months", one_then_killed)
    work.prepare_older_months()
    with pytest.raises(KilledError):
        run_job.func(str(Job.objects.get().pk))
    assert Job.objects.get().state == State.RUNNING

    made: list[str] = []

    def counted(kept: Store, months: Sequence[Period]) -> Iterator[Scored]:
        made.extend(str(month) for month in months)
        yield from _invented(kept, months)

    monkeypatch.setattr(work, "make_months", counted)
    assert work.prepare_older_months()
    preparing_now = preparing()
    assert preparing_now is not None
    assert (preparing_now.made, preparing_now.of) == (4, 5)
    again = Job.objects.get(state=State.WAITING)
    assert work.prepare_older_months()  # asked twice, it waits once
    assert run_job.func(str(again.pk)) == State.DONE
    assert made == ["2024-10"]
    assert missing_months(demonstration(), store) == ()


def test_nothing_is_told_once_the_work_is_given_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_kept: Store, _months: Sequence[Period]) -> Iterator[Scored]:
        raise OSError

    monkeypatch.setattr(work, "make_months", fails)
    (store.root / WAITING).write_text("{}")
    work.prepare_older_months()
    assert run_job.func(str(Job.objects.get().pk)) == State.FAILED
    assert "in preparazione" not in _page()
    assert work.prepare_older_months()


@pytest.mark.usefixtures("store")
def test_a_note_that_cannot_be_read_says_nothing() -> None:
    note = settings.CONFIGURATION.data / NOTE
    for text, told in (('{"made": 1, "of": 2}', True), ("not what was written", False), ('{"made": 1}', False)):
        note.write_text(text)
        assert (preparing() is not None) == told
