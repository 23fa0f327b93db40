"""The gates of a draft: proposal, binding opinion of the OIV, adoption. What may follow what, and who may not judge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from piramide.kernel.findings import refuse


class Stage(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CLEARED = "cleared"
    ADOPTED = "adopted"


class Step(StrEnum):
    """What moves a draft on, or back to the planners."""

    PROPOSAL = "proposal"
    OPINION = "opinion"
    ADOPTION = "adoption"
    RETURN = "return"


class Opinion(StrEnum):
    """What the OIV says; it binds."""

    FAVOURABLE = "favourable"
    WITH_REMARKS = "with_remarks"
    UNFAVOURABLE = "unfavourable"


_NEXT: Final[Mapping[tuple[Stage, Step], Stage]] = {
    (Stage.DRAFT, Step.PROPOSAL): Stage.PROPOSED,
    (Stage.PROPOSED, Step.OPINION): Stage.CLEARED,
    (Stage.CLEARED, Step.ADOPTION): Stage.ADOPTED,
    (Stage.PROPOSED, Step.RETURN): Stage.DRAFT,
    (Stage.CLEARED, Step.RETURN): Stage.DRAFT,
}


def after(stage: Stage, step: Step, opinion: Opinion | None = None) -> Stage:
    """The stage after a step. An unfavourable opinion sends the draft back. Raises `Refusal` (DR008) out of order."""
    if (stage, step) not in _NEXT:
        raise refuse("DR008", stage=stage.value, step=step.value)
    return Stage.DRAFT if opinion is Opinion.UNFAVOURABLE else _NEXT[stage, step]


def refuse_if_closed(stage: Stage) -> None:
    """Refuse (DR005) to edit what has left the hands of the planners."""
    if stage is not Stage.DRAFT:
        raise refuse("DR005", stage=stage.value)


def refuse_own_opinion(proposer: str, judge: str) -> None:
    """Refuse (DR009) the opinion of who proposed."""
    if proposer == judge:
        raise refuse("DR009")


def refuse_out_of_time(day: date, previous: date | None, today: date) -> None:
    """Refuse the day of an act that is still to come (DR011) or earlier than the act before it (DR012)."""
    if day > today:
        raise refuse("DR011", day=day)
    if previous is not None and day < previous:
        raise refuse("DR012", day=day, previous=previous)


def refuse_out_of_validity(day: date, since: date, until: date) -> None:
    """Refuse (DR014) a day of effect outside the days `[since, until)` that the plan holds for."""
    if not since <= day < until:
        raise refuse("DR014", day=day, since=since, until=until)
