"""Which plan is in force: the configured one, until a version adopted here takes its place from its date of effect.

The rows of the drafts say what was adopted; the folder of adopted plans says when to read them again: `adopted_now`
touches it once an adoption is committed, so that every process of the installation knows at its next request.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.conf import settings
from django.http import Http404
from django.utils import timezone

from piramide.cycle.plans.earlier_boards import with_boards
from piramide.cycle.plans.packs import open_pack
from piramide.kernel.findings import Refusal
from piramide.kernel.organisation import OrganisationOnDay
from piramide.kernel.periods import parse_period
from piramide.methodology.model import Pack
from piramide.web.plans.models import Draft

_LOG = logging.getLogger("piramide.web.plans")


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan and the day from which it is in force, until a later one is."""

    since: date
    pack: Pack


def standings() -> tuple[Standing, ...]:
    """The configured plan, then those adopted here in the order in which they take force."""
    configuration = settings.CONFIGURATION
    try:
        written = configuration.adopted.stat().st_mtime_ns
    except OSError:  # nothing was ever adopted
        written = 0
    return _standings(configuration.pack, configuration.packs, configuration.demonstration, written)


@lru_cache(maxsize=4)
def _standings(name: str, folders: tuple[object, ...], demonstration: bool, written: int) -> tuple[Standing, ...]:  # noqa: FBT001 - part of the key
    base = _opened(name, folders, demonstration, "")
    found = [Standing(base.since, base)]
    if not written:
        return tuple(found)
    for draft in Draft.objects.exclude(adopted_hash="").order_by("pk"):
        try:
            pack = _opened(draft.pack, folders, demonstration, draft.adopted_hash)
        except Refusal as refusal:
            _LOG.warning("adopted plan %s is not there: %s", draft.pack, refusal)
            continue
        if pack.hash != draft.adopted_hash:
            _LOG.warning("adopted plan %s is no more what was adopted: it is not in force", draft.pack)
            continue
        found.append(Standing(draft.effective_on or pack.since, pack))
    return tuple(sorted(found, key=lambda standing: standing.since))


@lru_cache(maxsize=16)
def _opened(name: str, folders: tuple[object, ...], demonstration: bool, _hash: str) -> Pack:  # noqa: FBT001 - part of the key
    return with_boards(open_pack(name, folders, demonstration=demonstration))  # type: ignore[arg-type]


def in_force_told() -> str:
    """What tells apart two states of the plans that are, were or will be in force, as they are today."""
    known = standings()
    return f"{plan_on(timezone.localdate()).hash} {' '.join(f'{one.since}={one.pack.hash}' for one in known)}"


def plan_on(day: date) -> Pack:
    """The plan in force on a day: of those that took force by then the last, else the first there is."""
    known = standings()
    return next((standing.pack for standing in reversed(known) if standing.since <= day), known[0].pack)


def plan_of(period: str) -> Pack:
    """The plan that the results of a period are scored with: the one in force on its last day."""
    return plan_on(parse_period(period).end - timedelta(days=1))


def plan_called(name: str) -> Pack:
    """A plan that is or was in force, by its id; any other of the installation; 404 when there is none."""
    found = next((standing.pack for standing in standings() if standing.pack.id == name), None)
    if found is not None:
        return found
    configuration = settings.CONFIGURATION
    try:
        return _opened(name, configuration.packs, configuration.demonstration, "")
    except Refusal as refusal:
        raise Http404(name) from refusal


def plan_with(content: str) -> Pack | None:
    """The plan with this hash, if it is or was in force."""
    return next((standing.pack for standing in standings() if standing.pack.hash == content), None)


def line_of(name: str) -> frozenset[str]:
    """The plans whose results follow one another: those that are or were in force; any other stands alone."""
    known = frozenset(standing.pack.id for standing in standings())
    return known if name in known else frozenset({name})


def organisation_of(pack: Pack, day: date) -> OrganisationOnDay:
    """The tree of structures of a plan on `day`, inside the days that the plan holds for."""
    return _organisation(pack.id, pack.hash, min(max(day, pack.since), pack.until - timedelta(days=1)))


@lru_cache(maxsize=512)
def _organisation(name: str, _hash: str, day: date) -> OrganisationOnDay:
    return plan_called(name).organisation.on(day)


def adopted_now() -> None:
    """Tell every process that a plan was adopted."""
    folder = settings.CONFIGURATION.adopted
    if folder.is_dir():
        os.utime(folder)
