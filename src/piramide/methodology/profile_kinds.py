"""How the target of a year becomes that of a part of it (R13)."""

from __future__ import annotations

from enum import StrEnum


class ProfileKind(StrEnum):
    """How the target of a year becomes that of a part of it (R13); `Profile` says what each means."""

    SHARE = "share"
    LEVEL = "level"
    REDUCTION = "reduction"
    LINEAR = "linear"
    YEAR_END = "year_end"
    FINAL = "final"
