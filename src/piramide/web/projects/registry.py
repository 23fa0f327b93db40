"""The register as the site shows it: the plan's projects, the facts' steps and people's, put together."""

from __future__ import annotations

from fractions import Fraction

from django.conf import settings

from piramide.cycle.boards.projects import Heading, Project, Step, headings_of, register, steps_in_ledger
from piramide.web.plans_in_force import plan
from piramide.web.projects.models import ProjectRecord, ProjectStep

Key = tuple[str, str]


def projects() -> dict[Key, Project]:
    """Every project of the year of the plan by code and structure: two queries, and the facts kept in memory."""
    pack = plan()
    added = tuple(Heading(p.code, p.structure, p.title, p.programme) for p in ProjectRecord.objects.all())
    labels = {name: indicator.label for name, indicator in pack.indicators.items()}
    steps = (*steps_in_ledger(settings.CONFIGURATION.store), *people_steps())
    return register((*added, *headings_of(pack)), steps, pack.year, labels)  # what the plan prints rules


def people_steps() -> tuple[Step, ...]:
    """The steps that people recorded, in the order they did."""
    return tuple(
        Step(
            row.project, row.structure, row.deliverable, row.day, row.kind, Fraction(row.progress), row.by.name,
            row.note, row.pk, row.by_id,
        )
        for row in ProjectStep.objects.select_related("by")
    )  # fmt: skip


def not_in_facts() -> list[Step]:
    """People's steps that the loaded facts do not tell yet."""
    told = {step.place for step in steps_in_ledger(settings.CONFIGURATION.store)}
    return [step for step in people_steps() if step.place not in told]
