"""The work of a demonstration that has just been opened: its older months, the newest of them first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.cycle.runs.store import Store
from piramide.demo.duties import invented_work
from piramide.demo.people import PUBLISHED_UNTIL
from piramide.demo.periods import make_months, months_of, waiting_months
from piramide.demo.values import demonstration
from piramide.web.accounts.roles import Action
from piramide.web.demonstration.waiting_work import publish_older
from piramide.web.house.preparing import Preparing, done_preparing, now_preparing
from piramide.web.jobs.kinds import Outcome, Progress, work
from piramide.web.jobs.models import Job, State
from piramide.web.jobs.running import start
from piramide.web.results.registry import register_runs

KIND = "demonstration"


def prepare_older_months() -> bool:
    """Ask the worker for the months that are still to be made, if any; whether it was asked, now or before.

    One whose worker was killed is asked for again: what it had made stays, and it goes on from there.
    """
    store = Store(settings.CONFIGURATION.store)
    if not (waiting := waiting_months(store)):
        done_preparing()
        return False
    of = len(months_of(demonstration()))
    now_preparing(Preparing(of - len(waiting), of))
    if not Job.objects.filter(kind=KIND, state=State.WAITING).exists():
        start(None, KIND, {})
    return True


@work(KIND, gettext_lazy("Periodi precedenti della dimostrazione"), Action.RUN_JOBS)
def older_months_work(progress: Progress, _arguments: dict[str, Any]) -> Outcome:
    """Make every month that is missing, and publish each as people do."""
    store = Store(settings.CONFIGURATION.store)
    waiting, of = waiting_months(store), len(months_of(demonstration()))
    made = of - len(waiting)
    try:
        for month, _scored in zip(waiting, make_months(store, waiting), strict=True):
            register_runs()
            publish_older(invented_work(), date.fromisoformat(PUBLISHED_UNTIL), lambda _done, _of: None)
            made += 1
            now_preparing(Preparing(made, of))
            progress(month.label(translation.get_language()), made, of)
    finally:  # cancelled or failed too: nothing is being prepared any more
        done_preparing()
    waiting_months(store)  # nothing waits: that is noted
    return Outcome(_("I periodi precedenti sono pronti: %(count)s in tutto.") % {"count": of})
