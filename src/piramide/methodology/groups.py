"""Measures that count groups of rows: what a pack says of them (R22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Groups:
    """How a measure counts groups of rows instead of adding up rows (R22).

    - `by` are the columns whose values make a group, the structure of the row first. `among` is a table of the pack
      that lists the groups looked at (a column of each name in `by`; one called as the column of the structure makes a
      row hold for that structure alone); empty: every group that rows name.
    - `holds` gives for each checkpoint (`Q1`-`Q4`, `year`, `any`) the condition, over the columns of the dataset added
      up in the group and the parameters of the pack, that makes the group pass. `judged` is the condition without which
      it is passed over; empty: every group that has rows.
    - `scored_by`: `count` (each group is one), `amount` (each weighs its column `amount`), `all` (1 if all pass).
    - `judged_by`, instead of all this, is the measure whose groups are counted: those judged, passed or not.
    """

    by: tuple[str, ...] = ()
    holds: Mapping[str, str] = field(default_factory=dict)
    judged: str = ""
    among: str = ""
    scored_by: str = "count"
    amount: str = ""
    judged_by: str = ""
