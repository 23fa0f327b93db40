"""Pages of the site that show more than the sheets do, as a pack names what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SpendingBoard:
    """What the page of spending shows (R22, R23).

    `forecasts` are the indicators whose measures judge forecasts group by group: of each structure the first that its
    sheet holds. `names` gives for a table of the pack the column with the names of groups. `account` is the indicator
    of the transit account, `balance` the measure with its signed balance; empty where there is none.
    """

    forecasts: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    account: str = ""
    balance: str = ""
