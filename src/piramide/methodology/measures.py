"""What formulas are made of: named quantities, added up from facts, computed, or collected by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from piramide.kernel.findings import Place
from piramide.methodology.groups import Groups
from piramide.methodology.parent_rules import Adds, ParentRule, Span


@dataclass(frozen=True, slots=True)
class Measure:
    """A named quantity that formulas use: added up from the rows of a dataset, computed, or collected by hand.

    - `dataset` is a contract; `entry` (work ledger alone) which entries count: `pending` is received plus reopened
      minus resolved. `aggregate`: `count` of rows, `sum` of `column`, `last` (what the latest month states), `mean` of
      the months. `column` may be arithmetic over columns; `filter` is an SQL condition over columns and attributes of
      the product.
    - `credit` says which office work counts for: `competence`, `work`, `split` (the parameter `share` goes to the
      office of work, the rest to the office of competence), `own` (work done for another office is left out).
      `across` names kinds of structure: only work counts whose two offices stand under different structures of those
      kinds on the day of the organisation; an office under none of them stands for itself.
    - `window` ends at the moment asked for: `period` (its month), `year_to_date`, `trailing_12`, `month_end` (the
      state), `running` (since the beginning), `integral` (the state added up over the days of the year to date).
      `before` takes it a year earlier, at the `same_moment` or at that year's `year_end`.
    - `adds` says how it adds up over structures; empty where the pack does not say: a sum. `span` is the time that a
      stated mean is of.
    - `formula`, instead of a dataset, is an expression over measures and parameters, computed after rolling up;
      `parent` as for an indicator.
    - `expected_of` names the measure of which this one is what the budget expects: against last year that measure's
      figures of a year earlier stand in its place.
    - `groups`, instead of entry, aggregate, column, filter and window, counts groups of rows of the dataset.
    """

    id: str
    label: str
    place: Place
    unit: str = ""
    level: str = "flow"
    definition: str = ""
    dataset: str = ""
    entry: str = ""
    aggregate: str = "count"
    column: str = ""
    filter: str = ""
    credit: str = "competence"
    share: str = ""
    across: tuple[str, ...] = ()
    window: str = "year_to_date"
    before: str = ""
    adds: Adds | None = None
    span: Span | None = None
    formula: str = ""
    expected_of: str = ""
    groups: Groups | None = None
    parent: Mapping[str, ParentRule] = field(default_factory=dict)

    @property
    def is_measurable(self) -> bool:
        """Whether data give it; if not, somebody collects it by hand."""
        return bool(self.dataset or self.formula)
