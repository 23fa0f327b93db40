"""The figures of the first page of oversight."""

from __future__ import annotations

from dataclasses import dataclass

from piramide.web.oversight.duties import newest_unpublished
from piramide.web.oversight.models import Adjustment, AlarmNote, AlarmReport, ResultsValidation, Verification
from piramide.web.oversight.plan_findings import findings_of
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each there are; `latest` is the newest report of alarms, `waiting` runs without validation."""

    runs: int
    published: int
    verified: int
    differing: int
    waiting: int
    ready: int
    errors: int
    warnings: int
    notes: int
    adjustments: int
    proposed: int
    confirmed: int
    alarms: int
    noted: int
    latest: AlarmReport | None


def counts() -> Counts:
    """The counts of now."""
    last = dict(Verification.objects.order_by("at", "pk").values_list("run_id", "is_whole"))
    unpublished = list(newest_unpublished())
    levels = [row["severity"] for row in findings_of(plan().id).findings]
    states = list(Adjustment.objects.values_list("state", flat=True))
    latest = AlarmReport.objects.first()
    keys = {key for key, _evidence in latest.evidence} if latest else set()
    noted = set(AlarmNote.objects.filter(report=latest).values_list("key", flat=True)) if latest else set()
    opening = {ResultsValidation.Outcome.VALIDATED, ResultsValidation.Outcome.REMARKS}
    return Counts(
        runs=RunRecord.objects.count(),
        published=RunRecord.objects.exclude(published_at=None).count(),
        verified=sum(last.values()),
        differing=len(last) - sum(last.values()),
        waiting=sum(outcome is None for _run, _period, outcome in unpublished),
        ready=sum(outcome in opening for _run, _period, outcome in unpublished),
        errors=levels.count("error"),
        warnings=levels.count("warning"),
        notes=levels.count("note"),
        adjustments=len(states),
        proposed=states.count(Adjustment.State.PROPOSED),
        confirmed=states.count(Adjustment.State.CONFIRMED),
        alarms=len(keys),
        noted=len(keys & noted),
        latest=latest,
    )
