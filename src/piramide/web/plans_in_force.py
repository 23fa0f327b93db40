"""Which plan is in force in this installation, and the tree of structures that it prints.

The folder of adopted plans says it (`cycle.plans.plans_in_force`), and the register of changes must say so too: who
can write into the folder alone puts no plan in force on the site. Every process reads it again when the folder was
written: `adopted_now` sees to that, so that all know at their next request.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404
from django.utils import timezone

from piramide.cycle.plans.adoptions import Adoption, note_adoption
from piramide.cycle.plans.drafting.gates import Step
from piramide.cycle.plans.earlier_boards import with_boards
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.plans.plans_in_force import PlanInForce, PlansInForce, plans_in_force
from piramide.kernel.findings import Refusal
from piramide.kernel.organisation import OrganisationOnDay
from piramide.methodology.model import Pack
from piramide.web.audit.models import Entry

ADOPTION: Final = f"plan.{Step.ADOPTION.value}"
"""The verb of an adoption in the register of changes."""
_LOG = logging.getLogger("piramide.web.plans")


def known_plans() -> PlansInForce:
    """The configured plan and those adopted here."""
    configuration = settings.CONFIGURATION
    try:
        written = os.stat(configuration.adopted).st_mtime_ns  # noqa: PTH116 - every page asks, several times
    except OSError:  # nothing was ever adopted
        written = 0
    folders = configuration.house_packs
    return _known(configuration.pack, configuration.adopted, folders, configuration.demonstration, written)


@lru_cache(maxsize=4)
def _known(first: str, adopted: Path, house: tuple[Path, ...], demonstration: bool, written: int) -> PlansInForce:  # noqa: FBT001 - part of the key
    folders = (*house, adopted) if written else house
    found = plans_in_force(first, adopted, folders, demonstration=demonstration)
    for refusal in found.left_out:
        _LOG.warning("an adopted plan is not in force: %s", refusal)
    return replace(found, plans=tuple(_registered(found.plans)))


def _registered(plans: Iterable[PlanInForce]) -> Iterator[PlanInForce]:
    """The plans of which the register of changes says that they were adopted, and what was not adopted here."""
    for one in plans:
        if one.is_adopted and not _is_registered(one.pack):
            _LOG.warning("%s is noted as adopted, and the register of changes does not say so", one.pack.id)
            continue
        yield one


def _is_registered(pack: Pack) -> bool:
    rows = Entry.objects.filter(verb=ADOPTION, subject=pack.id)
    return any(isinstance(row.after, dict) and row.after.get("content") == pack.hash for row in rows)


def every_plan() -> tuple[PlanInForce, ...]:
    """The plans that are, were or will be in force, in the order in which they take force."""
    return known_plans().plans


def plan() -> Pack:
    """The plan in force today, as printed."""
    return plan_on(timezone.localdate())


def in_force_told() -> str:
    """What tells apart two states of the plans that are, were or will be in force, as they are today."""
    return known_plans().told(timezone.localdate())


def plan_on(day: date) -> Pack:
    """The plan in force on a day."""
    return known_plans().on(day)


def plan_of(period: str) -> Pack:
    """The plan that the results of a period are scored with."""
    return known_plans().of(period)


def plan_called(name: str) -> Pack:
    """A plan that is or was in force, by its id; any other of the installation; 404 when there is none."""
    if (found := known_plans().called(name)) is not None:
        return found
    configuration = settings.CONFIGURATION
    try:
        return _other(name, configuration.packs, configuration.demonstration)
    except Refusal as refusal:
        raise Http404(name) from refusal


@lru_cache(maxsize=16)
def _other(name: str, folders: tuple[Path, ...], demonstration: bool) -> Pack:  # noqa: FBT001 - part of the key
    return with_boards(open_pack(name, folders, demonstration=demonstration))


def plan_with(content: str) -> Pack | None:
    """The plan with this hash, if it is or was in force."""
    return known_plans().with_hash(content)


def line_of(name: str) -> frozenset[str]:
    """The plans whose results follow one another: those that are or were in force; any other stands alone."""
    return known_plans().line_with(name)


def organisation_on(day: date) -> OrganisationOnDay:
    """The tree of structures on `day`, inside the days that the plan in force then holds for."""
    return organisation_of(plan_on(day), day)


def organisation_of(pack: Pack, day: date) -> OrganisationOnDay:
    """The tree of structures of a plan on `day`, inside the days that the plan holds for."""
    return _organisation(pack.id, pack.hash, min(max(day, pack.since), pack.until - timedelta(days=1)))


@lru_cache(maxsize=512)
def _organisation(name: str, _hash: str, day: date) -> OrganisationOnDay:
    return plan_called(name).organisation.on(day)


def adopted_now(adoption: Adoption) -> bool:
    """Note that a plan was adopted, and let every process know; whether it was not noted before.

    The folder gets a moment of its own: that of its file system may be the one at which somebody read it.
    """
    folder = settings.CONFIGURATION.adopted
    is_new = note_adoption(folder, adoption)
    now = time.time_ns()
    os.utime(folder, ns=(now, now))
    return is_new
