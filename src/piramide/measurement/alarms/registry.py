"""Every alarm, and the one call that runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from piramide.kernel.periods import Period
from piramide.measurement.alarms import (
    counter,
    deadline,
    easy_first,
    estimated,
    period_end,
    receipts,
    reopened,
    repeated,
    transfers,
    unlike,
)
from piramide.measurement.alarms.evidence import Evidence, Examined
from piramide.measurement.alarms.facts import Facts
from piramide.measurement.alarms.window import Window

Alarm = Callable[[Facts, Window], tuple[Examined, ...]]

ALARMS: Final[tuple[Alarm, ...]] = (
    period_end.examine,
    easy_first.examine,
    reopened.examine,
    receipts.examine,
    transfers.examine,
    deadline.examine,
    unlike.examine,
    repeated.examine,
    estimated.examine,
    counter.examine,
)


def examine(facts: Facts, period: Period, alarms: Iterable[Alarm] = ALARMS) -> tuple[Examined, ...]:
    """What every alarm heard in a period, in the order of their codes."""
    window = Window(period)
    return tuple(examined for alarm in alarms for examined in alarm(facts, window))


def rarest_first(answers: Iterable[Examined]) -> tuple[Evidence, ...]:
    """All evidence, the least probable first."""
    found = [evidence for answer in answers for evidence in answer.evidence]
    return tuple(sorted(found, key=lambda evidence: (evidence.probability, evidence.code, evidence.office)))
