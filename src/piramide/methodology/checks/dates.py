"""Rules of time: validity of the pack, dated parameters, overrides, the organisation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from piramide.kernel import organisation
from piramide.kernel.findings import Finding, Place, Refusal
from piramide.methodology.in_force import amended
from piramide.methodology.model import Override, Pack


def check_validity(pack: Pack) -> Iterator[Finding]:
    """A pack holds for at least a day of its year."""
    if pack.since >= pack.until or pack.since >= date(pack.year + 1, 1, 1) or pack.until <= date(pack.year, 1, 1):
        yield _outside(pack, Place("pack.yaml"), pack.id, date(pack.year, 1, 1))


def check_days(pack: Pack) -> Iterator[Finding]:
    """An override begins while the pack holds, and no parameter changes after the pack has ended."""
    for override in pack.overrides:
        if not pack.since <= override.since < pack.until:
            yield _outside(pack, override.place, override.id, override.since)
    for parameter in pack.parameters.values():
        for since, _, _ in parameter.values:
            if since >= pack.until:
                yield _outside(pack, Place("parameters.yaml"), parameter.id, since)


def _outside(pack: Pack, place: Place, subject: str, day: date) -> Finding:
    last = pack.until - timedelta(days=1)
    return Finding("PK008", place, subject, {"day": day, "since": pack.since, "until": last})


def check_overrides(pack: Pack) -> Iterator[Finding]:
    """An override names what stands there, and no two change one field of one subject from the same day."""
    seen: dict[tuple[object, ...], Override] = {}
    standing = pack
    for override in sorted(pack.overrides, key=lambda override: override.since):
        key = (tuple(sorted(override.subject.items())), override.field, override.since)
        if key in seen:
            other = {"other": seen[key].id, "other_where": str(seen[key].place)}
            yield Finding("PL060", override.place, override.id, other)
            continue
        seen[key] = override
        try:
            standing = amended(replace(standing, overrides=(override,)), override.since)
        except Refusal as refusal:
            yield from refusal.findings


def check_organisation(pack: Pack) -> Iterator[Finding]:
    """The tree of structures has no cycle and no gap on any day."""
    yield from organisation.check(pack.organisation, pack.organisation_places)


RULES = (check_validity, check_days, check_overrides, check_organisation)
