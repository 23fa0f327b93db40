"""Running the site: bring it up to date, serve it, work in the background. What the commands call, after `boot`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn, Protocol

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from piramide.cycle.runs.store import Store
from piramide.cycle.runs.upgrade_store import upgrade_store
from piramide.cycle.verification.exact_beside import ExactAdded, add_exact_figures
from piramide.cycle.verification.verify import Verification
from piramide.kernel.findings import refuse
from piramide.kernel.progress import Steps
from piramide.web import messages
from piramide.web.accounts.expiry import delete_expired
from piramide.web.accounts.models import Grant, User, named
from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import ChainReport, Change, check_chain, read_head, record
from piramide.web.calendar.reminders import send_digests
from piramide.web.charts.interpreter import make_interpreter
from piramide.web.database import pending_steps
from piramide.web.house import shared_pages
from piramide.web.oversight.work import note_verification
from piramide.web.plans.adoptions import note_adoptions
from piramide.web.plans_in_force import organisation_on
from piramide.web.processes import keep_running
from piramide.web.restoring import refuse_if_unfinished
from piramide.web.results.registry import register_runs

WORKER = ("db_worker", "--queue-name", "*")
ARENAS: Final = "2"
"""Heaps of the C library in each process of the site: by itself it opens one per thread, and what one of them has given
back serves no other."""


class Newcomer(Protocol):
    """Somebody to be registered: `role` held on `structure`."""

    @property
    def email(self) -> str:
        """The address to sign in with."""
        ...

    @property
    def name(self) -> str:
        """First and last name."""
        ...

    @property
    def role(self) -> str:
        """A role, as `Role` spells it."""
        ...

    @property
    def structure(self) -> str:
        """The structure the role is held on."""
        ...


def is_demonstration() -> bool:
    """Whether this installation shows invented data."""
    return bool(settings.CONFIGURATION.demonstration)


def refuse_if_behind() -> None:
    """Refuse (SI001) when the database is not of the installed version, (SI018) when a restore was stopped."""
    refuse_if_unfinished()
    if pending := pending_steps():
        raise refuse("SI001", pending=pending)


def bring_store_forward(progress: Steps, on_wait: Callable[[], None]) -> tuple[str, ...]:
    """Bring the store to the format of this version; the formats it went through."""
    return upgrade_store(Store(settings.CONFIGURATION.store), progress, on_wait)


def add_exact_figures_of_runs(progress: Steps) -> ExactAdded:
    """Lay exact figures beside the runs of the store that were made before there were any."""
    return add_exact_figures(Store(settings.CONFIGURATION.store), progress)


def upgrade() -> int:
    """Bring database, words and files for browsers up to date, and register the runs of the store; the new runs."""
    refuse_if_unfinished()
    settings.CONFIGURATION.data.mkdir(parents=True, exist_ok=True)
    settings.CONFIGURATION.store.mkdir(parents=True, exist_ok=True)  # an empty one is healthy, one that is gone is not
    messages.compile_stale()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    make_interpreter(settings.CONFIGURATION.assets, settings.CONFIGURATION.data)
    call_command("collectstatic", interactive=False, verbosity=0)
    shared_pages.forget()
    note_adoptions()
    return register_runs()


def welcome(people: Iterable[Newcomer], password: str) -> None:
    """Make the users of the demonstration; who is there already is left."""
    with transaction.atomic():
        for person in people:
            if User.objects.filter(email=person.email).exists():
                continue
            user = User.objects.create_user(person.email, person.name, password)
            grant_role(None, user, Role(person.role), person.structure, "dimostrazione")


def grant_role(giver: User | None, user: User, role: Role, structure: str, reason: str) -> Grant:
    """Give a role from today on, and write it in the register."""
    grant = Grant.objects.create(
        user=user, role=role, structure=structure, since=timezone.localdate(), given_by=giver, reason=reason
    )
    after = {"user": user.email, "role": role.value, "structure": structure, "since": grant.since.isoformat()}
    record(named(giver), Change("grant.given", f"grant:{grant.pk}", structure, after=after, reason=reason))
    return grant


def note_verified(answer: Verification, store: Path) -> bool | None:
    """Note a verification on the command line, down to its facts, beside those asked for on the site.

    Nothing is noted of another store than that of the site, nor in a database behind the installed version; `None`
    where the database does not answer.
    """
    if settings.CONFIGURATION.store.resolve() != store.resolve():
        return False
    try:
        return not pending_steps() and note_verification(answer, None)
    except DatabaseError:
        return None


def make_administrator(email: str, name: str, password: str) -> None:
    """The first administrator of an installation, on the whole organisation."""
    tree = organisation_on(timezone.localdate())
    with transaction.atomic():
        user = User.objects.create_user(email, name, password)
        for structure in tree.structures.values():
            if not structure.parent:
                grant_role(None, user, Role.ADMINISTRATOR, structure.id, "primo amministratore")


def serve(host: str, port: int, workers: int, threads: int, answers: Callable[[], None], *, with_worker: bool) -> int:
    """Answer browsers until stopped, and do background jobs beside; the exit code of the server.

    `answers` is called once the site can be opened. Told to stop, by the keyboard or by SIGTERM, it stops what it
    started and waits for it.
    """
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "--factory", "piramide.web.wsgi:awake",
    ]  # fmt: skip
    os.environ.setdefault("MALLOC_ARENA_MAX", ARENAS)
    beside = [sys.executable, "-m", "django", *WORKER] if with_worker else []
    return keep_running(command, beside, (host, port), answers)


@dataclass(frozen=True, slots=True)
class HouseKept:
    """What a round did: messages made, mails that left and that did not, expired rows deleted."""

    messages: int
    mails: int
    failures: int
    deleted: int


def keep_house() -> HouseKept:
    """Remind people of what is due, once a day each, and delete what has expired."""
    deleted = delete_expired(timezone.now())
    sent = send_digests(timezone.localdate())
    return HouseKept(sent.messages, sent.mails, sent.failures, deleted)


def work() -> NoReturn:
    """Become the worker that does background jobs until stopped."""
    os.execv(sys.executable, [sys.executable, "-m", "django", *WORKER])  # noqa: S606 - our own worker


def verify_audit(expected: str = "") -> ChainReport:
    """Walk the register of changes, and hold it against a head that was kept elsewhere (`ROWS:HASH`)."""
    return check_chain(read_head(expected) if expected else None)
