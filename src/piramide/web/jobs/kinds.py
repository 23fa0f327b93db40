"""Kinds of work: each room registers what it can do in the background."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.functional import Promise

from piramide.web.accounts.roles import Action
from piramide.web.jobs.models import Job

log = logging.getLogger("piramide.jobs")
BETWEEN_SIGNS: Final = 2.0
BETWEEN_STEPS: Final = 0.5


class Cancelled(Exception):  # noqa: N818 - it says what happened
    """Somebody asked to stop the job; what it had not kept is gone, what it had kept is whole."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: a sentence, and the address of its result."""

    text: str
    address: str = ""


@dataclass(slots=True)
class Progress:
    """How a job tells how far it is. Calling it also stops a job that somebody cancelled."""

    job: UUID
    _told: float = field(default=0.0)

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say the step in a few words, and how much of how much is done. Raises `Cancelled` when asked to stop."""
        now = time.monotonic()
        if now - self._told < BETWEEN_STEPS and done < total:
            return
        self._told = now
        row = Job.objects.filter(pk=self.job)
        row.update(step=step[:200], done=max(done, 0), total=max(total, 0), heard_at=timezone.now())
        if row.filter(cancel_asked=True).exists():
            raise Cancelled


Work = Callable[[Progress, dict[str, Any]], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its label, who may ask for it, what does it."""

    id: str
    label: str | Promise
    action: Action
    work: Work


KINDS: dict[str, Kind] = {}


def work(kind: str, label: str | Promise, action: Action) -> Callable[[Work], Work]:
    """Register a function as the work of `kind`."""

    def register(function: Work) -> Work:
        KINDS[kind] = Kind(kind, label, action, function)
        return function

    return register


class SignsOfLife:
    """Writes in the row of a job, from a thread of its own, that its worker is alive."""

    def __init__(self, job: UUID) -> None:
        """For one job."""
        self._job = job
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        """Begin."""
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        """End, and wait for the thread."""
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(BETWEEN_SIGNS):
                try:
                    Job.objects.filter(pk=self._job).update(heard_at=timezone.now())
                except DatabaseError as error:  # gone for a moment: the next sign may get through
                    log.warning("no sign of life of job %s: %s", self._job, error)
                    connection.close()
        finally:
            connection.close()
