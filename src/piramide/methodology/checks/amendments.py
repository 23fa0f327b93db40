"""Rules that must hold on every day of the pack: what an override or a dated parameter breaks is found on its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from piramide.kernel.findings import Finding, Refusal
from piramide.methodology.checks import definitions, trees
from piramide.methodology.in_force import amended, in_force, last_day
from piramide.methodology.model import Override, Pack

_EVERY_DAY: Final = (
    trees.check_weights_sum_to_one,
    trees.check_weights_are_not_negative,
    trees.check_relative_targets_are_positive,
    definitions.check_rules_have_what_they_need,
)
"""Rules of the printed pack that an amendment may break."""


def check_amendments(pack: Pack) -> Iterator[Finding]:
    """Weights, targets and rules are sound on each day on which something changes, and on the last one.

    A fault that an override brings stands at the line of the override.
    """
    known = {_told(finding) for finding in _on_the_day(replace(pack, overrides=()), pack.since)}
    yield from _on_the_day(replace(pack, overrides=()), pack.since)
    for day in _days(pack):
        begun = [override for override in pack.overrides if override.since == day]
        for finding in _on_the_day(pack, day):
            if _told(finding) not in known:
                known.add(_told(finding))
                yield _placed(finding, begun)


def _days(pack: Pack) -> list[date]:
    overrides = {override.since for override in pack.overrides}
    parameters = {since for parameter in pack.parameters.values() for since, _, _ in parameter.values}
    last = last_day(pack)
    return sorted({day for day in overrides | parameters if pack.since <= day < pack.until} | {last})


def _on_the_day(pack: Pack, day: date) -> list[Finding]:
    """What the rules say of the pack in force; an override that cannot be applied is told by its own check."""
    try:
        amended(pack, day)
    except Refusal:
        return []
    try:
        holding = in_force(pack, day)
    except Refusal as refusal:
        return list(refusal.findings)
    return [finding for rule in _EVERY_DAY for finding in rule(holding)]


def _told(finding: Finding) -> tuple[object, ...]:
    return finding.code, finding.place, finding.subject, finding.stated, str(finding.fields)


def _placed(finding: Finding, begun: Sequence[Override]) -> Finding:
    """The finding at the override that begins on its day and touches it; as it is when none does."""
    told = f"{finding.subject} {finding.fields}"
    touching = [
        o for o in begun if any(name in told for name in (o.subject.get("node"), o.subject.get("indicator")) if name)
    ]
    found = touching or list(begun)
    return replace(finding, place=found[0].place) if found else finding


RULES = (check_amendments,)
