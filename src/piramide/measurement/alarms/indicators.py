"""Indicators as shares of sums of the ledger, as `indicators.yaml` declares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import yaml

from piramide.measurement.alarms.facts import (
    RECEIVED,
    REOPENED,
    RESOLVED,
    TRANSFERRED,
    Counts,
    Facts,
    column,
    counts_of,
    total,
    whole_numbers,
)
from piramide.measurement.alarms.tails import Floats, Integers
from piramide.measurement.alarms.window import Window

SUMS: Final = {
    "received": RECEIVED,
    "transferred": TRANSFERRED,
    "resolved": RESOLVED,
    "reopened": REOPENED,
    "rejected": f"{RESOLVED} AND outcome = 2",
    "within_standard": f"{RESOLVED} AND days_waited <= days",
}
"""Sums that indicators are made of, as conditions on the rows; `pending` and `resolved_before` follow from them."""


@dataclass(frozen=True, slots=True)
class Share:
    """An indicator: the sum that is part, the sums that make the whole, and whether more of it is better."""

    id: str
    part: str
    whole: tuple[str, ...]
    more_is_better: bool


@dataclass(frozen=True, slots=True)
class Declared:
    """What `indicators.yaml` says: the indicators, those compared inside the cluster, and pairs with their counter."""

    indicators: Mapping[str, Share]
    compared: tuple[Share, ...]
    pairs: tuple[tuple[Share, Share], ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """Every sum by name, of shape (spans, offices), the period first."""

    offices: Integers
    by_name: Mapping[str, Floats]

    def counts(self, share: Share) -> Counts:
        """Counts of one indicator, with the past of each office."""
        whole = np.sum([self.by_name[name] for name in share.whole], axis=0)
        return counts_of(self.offices, self.by_name[share.part], whole)


@cache
def declared() -> Declared:
    """Read `indicators.yaml`."""
    text = (resources.files("piramide.measurement.alarms") / "indicators.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    shares = {
        name: Share(name, entry["part"], tuple(entry["whole"]), entry["better"] == "up")
        for name, entry in read["indicators"].items()
    }
    compared = tuple(shares[name] for name in read["compared"])
    return Declared(shares, compared, tuple((shares[p["indicator"]], shares[p["counter"]]) for p in read["pairs"]))


def is_measurable(share: Share, facts: Facts) -> bool:
    """Whether the facts at hand tell the share: standard times may be missing."""
    return bool(facts.deadlines) or "within_standard" not in {share.part, *share.whole}


def sums(facts: Facts, window: Window) -> Sums:
    """Every sum by office and span, in one aggregate over the history."""
    joined = f"LEFT JOIN {facts.deadline_rows} ON product = product_code" if facts.deadlines else ""
    wanted = {name: where for name, where in SUMS.items() if facts.deadlines or "days" not in where}
    table = facts.query(
        f"""
        SELECT competence AS office, {window.back} AS back,
               {", ".join(f"{total('sign', where)} AS {name}" for name, where in wanted.items())}
        FROM entries {joined} WHERE month <= {window.last_month} GROUP BY 1, 2
        """  # noqa: S608 - of our own parts
    )
    offices, office = np.unique(whole_numbers(table, "office"), return_inverse=True)
    back = whole_numbers(table, "back")
    spans = window.spans_back + 2
    found: dict[str, Floats] = {}
    for name in wanted:
        found[name] = np.zeros((spans, len(offices)))
        np.add.at(found[name], (back, office), column(table, name))
    net = found["received"] + found["reopened"] - found["resolved"]
    found["pending"] = np.maximum(np.cumsum(net[::-1], axis=0)[::-1], 0.0)
    # What an office resolved in all the earlier spans: the measure of its output now.
    earlier = found["resolved"][1 : window.spans_back + 1]
    found["resolved_before"] = np.broadcast_to(earlier.sum(axis=0), found["resolved"].shape)
    return Sums(offices, {name: values[: window.spans_back + 1] for name, values in found.items()})
