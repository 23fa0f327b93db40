"""The status of a value, in one place: what a file may say, what the method concludes (contract, "Status")."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """What is known of a value.

    `not_started` is declared not begun and counts as missing. `not_due` is what the moment does not ask yet: its value
    is kept and shown, and takes part in no index (R13); it follows from the method, and no file of values says it.
    """

    MEASURED = "measured"
    ESTIMATED = "estimated"
    ADJUSTED = "adjusted"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    NOT_STARTED = "not_started"
    NOT_DUE = "not_due"


STATUSES: Final = tuple(Status)
"""Every status; arrays hold positions here."""
WITH_VALUE: Final = (Status.MEASURED, Status.ESTIMATED, Status.ADJUSTED)
"""Statuses of a value that is there; the first positions of `STATUSES`."""
WITHOUT_VALUE: Final = (Status.MISSING, Status.NOT_APPLICABLE, Status.NOT_STARTED)
WRITTEN: Final = (*WITH_VALUE, *WITHOUT_VALUE)
"""Statuses that a file of values may write."""
ANSWERED: Final = tuple(status for status in WRITTEN if status is not Status.ADJUSTED)
"""Statuses that a person who is asked for a value may give: an adjustment is an act of its own."""
SAID_BESIDE: Final = (Status.ESTIMATED, Status.ADJUSTED)
"""Statuses of a value that is there which are told beside it."""


def position(status: Status) -> int:
    """Where a status stands in `STATUSES`."""
    return STATUSES.index(status)
