"""Long work: asked for, seen to progress, cancelled, seen to die, run again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from piramide.kernel.findings import refuse
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action, Role
from piramide.web.audit.models import Entry
from piramide.web.jobs import kinds
from piramide.web.jobs.kinds import Outcome, Progress, work
from piramide.web.jobs.models import SILENCE, Job, State, bury_the_dead
from piramide.web.jobs.running import cancel, run_job, start
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]
People = Callable[..., User]


@pytest.fixture
def counting() -> Iterator[list[int]]:
    """A kind of work that counts to three, and what it counted."""
    counted: list[int] = []

    @work("count", "Conta", Action.RUN_JOBS)
    def count(progress: Progress, arguments: dict[str, Any]) -> Outcome:
        for number in range(arguments["to"]):
            progress(f"numero {number}", number, arguments["to"])
            counted.append(number)
            if arguments.get("refuse"):
                raise refuse("SI003", problem="No space left on device")
            if arguments.get("break"):
                raise ZeroDivisionError
            if arguments.get("cancel"):
                Job.objects.update(cancel_asked=True)
                progress._told = 0
        return Outcome("Contati.", "/strutture/")

    yield counted
    del kinds.KINDS["count"]


def _ended(user: User, **arguments: object) -> Job:
    job = start(user, "count", {"to": 3, **arguments}, "nazionale")
    run_job.call(str(job.pk))
    job.refresh_from_db()
    return job


def test_it_does_the_work_once_and_keeps_what_came_of_it(person: People, counting: list[int]) -> None:
    job = _ended(person(Role.PLANNER))
    assert (job.state, job.outcome, job.address, counting) == (State.DONE, "Contati.", "/strutture/", [0, 1, 2])
    run_job.call(str(job.pk))
    assert counting == [0, 1, 2]
    assert list(Entry.objects.values_list("verb", flat=True)) == ["job.asked", "job.ended"]


@pytest.mark.parametrize(("how", "state", "said"), [
    ({"refuse": True}, State.REFUSED, "SI003"),
    ({"break": True}, State.FAILED, "errore imprevisto"),
    ({"cancel": True}, State.CANCELLED, "Annullato"),
])  # fmt: skip
def test_it_says_why_the_work_was_not_done(
    person: People, counting: list[int], how: dict[str, bool], state: State, said: str
) -> None:
    job = _ended(person(Role.PLANNER), **how)
    assert job.state == state
    assert said in job.outcome
    assert "Traceback" not in job.outcome
    assert counting == [0]


def test_it_never_begins_what_was_cancelled_while_it_waited(person: People, counting: list[int]) -> None:
    user = person(Role.PLANNER)
    job = start(user, "count", {"to": 3})
    cancel(user, job)
    run_job.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, counting) == (State.CANCELLED, [])


def test_it_sees_a_silent_worker_as_dead_and_lets_the_work_be_repeated(
    person: People, sign_in: SignIn, counting: list[int]
) -> None:
    user = person(Role.PLANNER)
    job = start(user, "count", {"to": 3}, "nazionale")
    Job.objects.update(state=State.RUNNING, heard_at=timezone.now() - SILENCE - timedelta(seconds=1))
    client = sign_in(Role.PLANNER)
    page = client.get(f"/lavori/{job.pk}/").content.decode()
    assert "non risponde più" in page
    assert "Ripeti il lavoro" in page
    answer = client.post(f"/lavori/{job.pk}/ripeti/")
    again = Job.objects.get(again=job)
    assert answer.headers["Location"] == f"/lavori/{again.pk}/"
    run_job.call(str(again.pk))
    assert counting == [0, 1, 2]


def test_it_does_not_bury_who_gave_a_sign_of_life(person: People, counting: list[int]) -> None:
    start(person(), "count", {"to": 1})
    Job.objects.update(state=State.RUNNING, heard_at=timezone.now())
    assert bury_the_dead() == 0


def test_it_gives_the_page_only_the_part_that_moves(person: People, sign_in: SignIn, counting: list[int]) -> None:
    job = start(person(), "count", {"to": 1}, "nazionale")
    part = sign_in(Role.PLANNER).get(f"/lavori/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="job-state"')
    assert "hx-trigger" in part


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR, None])
def test_it_shows_jobs_only_to_who_may_run_them(
    person: People,
    sign_in: SignIn,
    role: Role | None,
    counting: list[int],
) -> None:
    job = start(person(), "count", {"to": 1}, "nazionale")
    client = sign_in(role)
    assert client.get("/lavori/").status_code == 403
    assert client.get(f"/lavori/{job.pk}/").status_code == 404
    assert client.post(f"/lavori/{job.pk}/annulla/").status_code == 404
    assert client.post("/lavori/calcola/", {"period": "2024-Q3"}).status_code == 403


def test_it_asks_who_is_not_signed_in_to_do_so(db: None) -> None:
    assert Client().get("/lavori/").headers["Location"].startswith("/accesso/login/")


def test_it_verifies_a_run_in_the_background(runs: list[RunRecord], person: People) -> None:
    job = start(person(Role.AUDITOR), "verify", {"run": runs[0].run})
    run_job.call(str(job.pk))
    job.refresh_from_db()
    assert job.outcome.startswith("Verificata")


def test_it_refuses_a_period_of_another_year_and_a_file_it_cannot_load(sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)
    assert "2024" in client.post("/lavori/calcola/", {"period": "2019-Q3"}).content.decode()
    upload = SimpleUploadedFile("fatti.exe", b"MZ")
    page = client.post("/lavori/carica/", {"dataset": "work", "learned_on": "2024-10-01", "file": upload})
    assert "Si caricano file CSV o Parquet" in page.content.decode()
    assert not Job.objects.exists()


def test_it_loads_an_uploaded_file_and_says_what_was_wrong_with_it(sign_in: SignIn, site_store: Path) -> None:
    client = sign_in(Role.PLANNER)
    upload = SimpleUploadedFile("staff.csv", b"structure,month\nprov_bergamo,2024-01\n")
    answer = client.post("/lavori/carica/", {"dataset": "staff", "learned_on": "2024-10-01", "file": upload})
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/lavori/{job.pk}/"
    kept = Path(job.arguments["path"])
    assert kept.is_file()
    run_job.call(str(job.pk))
    job.refresh_from_db()
    assert job.state == State.REFUSED
    assert job.outcome.startswith("FA003")
    assert not kept.exists()


def test_it_says_that_a_file_is_too_large_and_not_that_none_came(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "UPLOAD_LIMIT", 1024 * 1024)
    upload = SimpleUploadedFile("staff.csv", b"0" * 1024 * 1024 + b"0")
    form = {"dataset": "staff", "learned_on": "2024-10-01", "file": upload}
    page = sign_in(Role.PLANNER).post("/lavori/carica/", form).content.decode()
    assert "Il file supera 1 MB" in page
    assert page.count("field-error") == 1
    assert not Job.objects.exists()


def test_a_load_whose_file_is_gone_says_so_when_it_is_repeated(sign_in: SignIn, site_store: Path) -> None:
    client = sign_in(Role.PLANNER)
    upload = SimpleUploadedFile("staff.csv", b"structure,month\nprov_bergamo,2024-01\n")
    client.post("/lavori/carica/", {"dataset": "staff", "learned_on": "2024-10-01", "file": upload})
    job = Job.objects.get()
    run_job.call(str(job.pk))
    client.post(f"/lavori/{job.pk}/ripeti/")
    again = Job.objects.exclude(pk=job.pk).get()
    run_job.call(str(again.pk))
    again.refresh_from_db()
    assert (again.state, again.outcome[:5]) == (State.REFUSED, "SI006")


def test_it_is_one_job_however_often_the_button_is_pressed(sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)
    places = {client.post("/lavori/calcola/", {"period": "2024-Q3"}).headers["Location"] for _ in range(2)}
    places |= {sign_in(Role.PLANNER).post("/lavori/calcola/", {"period": "2024-Q3"}).headers["Location"]}
    assert len(places) == 1
    other = client.post("/lavori/calcola/", {"period": "2024-Q2"}).headers["Location"]
    assert other not in places
    Job.objects.update(state=State.DONE)
    assert client.post("/lavori/calcola/", {"period": "2024-Q3"}).headers["Location"] not in {*places, other}


def _site(command: str, environment: dict[str, str]) -> str:
    answer = subprocess.run(
        [sys.executable, "-c", f"import piramide.web.boot\n{command}"],
        env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return answer.stdout.strip()


@pytest.mark.slow
def test_it_survives_a_worker_that_is_killed_in_the_middle(tmp_path: Path, site_store: Path) -> None:
    environment = os.environ | {
        "PIRAMIDE_DATA": str(tmp_path / "data"), "PIRAMIDE_STORE": str(site_store),
        "DJANGO_SETTINGS_MODULE": "piramide.web.settings", "PIRAMIDE_DATABASE_URL": "",
    }  # fmt: skip
    environment.pop("PIRAMIDE_DATABASE_URL")
    (tmp_path / "data").mkdir()
    _site("from django.core.management import call_command as c; c('migrate', verbosity=0)", environment)
    first = _site(
        "from piramide.web.results.registry import register_runs, opened_runs; register_runs()\n"
        "from piramide.web.jobs.running import start\n"
        "print(start(None, 'sheets', {'run': opened_runs().run_ids()[0], 'language': 'it'}).pk)",
        environment,
    )
    worker = [
        sys.executable,
        "-m",
        "django",
        "db_worker",
        "--queue-name",
        "*",
        "--interval",
        "0.2",
        "--no-startup-delay",
    ]
    look = f"from piramide.web.jobs.models import Job; j = Job.objects.get(pk='{first}'); "
    process = subprocess.Popen(worker, env=environment, stderr=subprocess.DEVNULL)
    try:
        with closing(sqlite3.connect(tmp_path / "data" / "piramide.sqlite3", timeout=60)) as database:
            until = time.monotonic() + 120
            while not database.execute("SELECT SUM(done) FROM jobs_job").fetchone()[0] and time.monotonic() < until:
                time.sleep(0.005)  # the worker is killed long before the last sheet
    finally:
        process.kill()
        process.wait()
    assert _site(f"{look}print(j.state)", environment) == "running"
    assert not list((tmp_path / "data" / "media" / "sheets").glob("*.zip"))
    buried = _site(
        f"{look}from datetime import timedelta; from piramide.web.jobs.models import bury_the_dead\n"
        "Job.objects.update(heard_at=j.heard_at - timedelta(minutes=1)); print(bury_the_dead())\n"
        "from piramide.web.jobs.running import repeat; from piramide.web.accounts.models import User\n"
        "u = User.objects.create_user('a@example.org', 'A'); print(repeat(u, Job.objects.get()).pk)",
        environment,
    )
    count, again = buried.split()
    assert count == "1"
    assert (
        _site(f"from piramide.web.jobs.models import Job; print(Job.objects.get(pk='{again}').state)", environment)
        == "waiting"
    )
