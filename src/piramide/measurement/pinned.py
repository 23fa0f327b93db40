"""The ledger as it was: its loads up to the last one of each dataset that counted then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from piramide.measurement.contract import contracts
from piramide.measurement.ledger.store import Ledger, Load


@dataclass(frozen=True, slots=True)
class PinnedLedger(Ledger):
    """A ledger that knows only the loads up to `last` (dataset to number), and none of a dataset that is not there."""

    last: Mapping[str, str] = field(default_factory=dict)

    def loads(self, dataset: str, known_on: date | None = None) -> tuple[Load, ...]:
        """Committed loads that counted then, oldest first."""
        found = Ledger.loads(self, dataset, known_on)
        return tuple(load for load in found if load.id <= self.last.get(dataset, ""))


def last_loads(ledger: Ledger, known_on: date | None = None) -> dict[str, str]:
    """The last load of each dataset that has any, as known on a day; of the catalogue the last of all.

    A product that the catalogue had not yet on that day is taken as it became known later.
    """
    found = {name: ledger.loads(name, None if name == "products" else known_on) for name in contracts()}
    return {dataset: loads[-1].id for dataset, loads in found.items() if loads}
