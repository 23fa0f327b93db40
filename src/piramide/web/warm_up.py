"""A process that answers wakes up before somebody asks: the plan, the newest runs and the drawing are made ready."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

from django.db import DatabaseError, connection

from piramide.kernel.findings import Refusal
from piramide.web.charts.chart import Chart, drawn, specification
from piramide.web.plans.adoptions import note_adoptions
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

MOST_RUNS = 36
LONGEST_PAUSE = 0.3
"""Seconds between two steps, at the most."""
_LOG = logging.getLogger("piramide.web.warm_up")


def wake() -> None:
    """Start waking up beside the first answers; they wait for nothing."""
    threading.Thread(target=_wake, name="warm-up", daemon=True).start()


def _wake() -> None:
    try:
        for step in _steps():
            began = time.monotonic()
            step()
            time.sleep(min(LONGEST_PAUSE, time.monotonic() - began))  # who asks meanwhile has half of the processor
    except (DatabaseError, Refusal) as error:
        _LOG.warning("not warmed: %s", error)
    finally:
        connection.close()
        # What is there now stays: a collection that walked over the runs and their plan would stop a page for 0.1 s.
        gc.collect()
        gc.freeze()


def _steps() -> Iterator[Callable[[], object]]:
    """What is made ready, what every page asks for first."""
    yield note_adoptions
    yield plan
    newest = list(RunRecord.objects.all()[:MOST_RUNS])
    for record in newest:
        yield partial(opened_runs().figures, record.run)
    for record in newest[:2]:
        yield partial(opened_runs().outline, record.run)
        yield partial(opened_runs().opened, record.run)
    body = {"data": {"values": []}, "mark": "point", "encoding": {}}
    yield partial(drawn, Chart("risveglio", specification(body), "", ""))
