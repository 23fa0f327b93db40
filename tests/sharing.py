"""What each worker of the tests is given: whole files, those that take longest first, so that none waits for another.

A file is not shared out, so what it makes for its tests is made once; files that start the same thing go to the same
worker. `LONGEST` is from measured times; a file that is not in it comes after, in the order of the folders.
"""

from __future__ import annotations

from typing import Final

import pytest
from xdist.scheduler import LoadScopeScheduling

LONGEST: Final = (
    "tests/witness/test_everything_printed.py",
    "tests/witness/test_open_data_alone.py",
    "tests/web/browser/test_pages.py",
    "tests/measurement/alarms/test_engines_agree.py",
    "tests/web/test_operations.py",
    "tests/bench/test_soak.py",
    "tests/web/browser/test_journeys_values.py",
    "tests/web/browser/test_journeys_oversight.py",
    "tests/web/test_plan_gates.py",
    "tests/web/test_access_matrix.py",
    "tests/web/test_plan_in_force.py",
    "tests/web/test_sign_in.py",
    "tests/web/test_another_administration.py",
    "tests/cycle/test_sheets_in_fractions.py",
    "tests/measurement/alarms/test_ringing.py",
    "tests/web/test_oversight_decisions.py",
    "tests/web/browser/test_keyboard.py",
    "tests/web/test_oversight_adjustments.py",
    "tests/web/test_hostile_labels.py",
    "tests/web/test_security.py",
    "tests/demo/test_clean_facts_pass_the_check.py",
    "tests/web/test_demonstration.py",
    "tests/demo/test_plan_year_is_measured.py",
    "tests/demo/test_same_seed_same_bytes.py",
    "tests/web/test_hostile_text.py",
    "tests/measurement/test_load_interrupted.py",
)
TOGETHER: Final = {
    "tests/witness/test_everything_printed.py": "witness",
    "tests/witness/test_open_data_alone.py": "witness",
    "tests/measurement/alarms/test_engines_agree.py": "spark",
    "tests/measurement/test_engines_agree.py": "spark",
    "tests/measurement/test_fold_of_changing_products.py": "spark",
    "tests/measurement/test_groups_of_rows.py": "spark",
    "tests/measurement/test_measures_of_statements.py": "spark",
    "tests/measurement/test_measures_of_work.py": "spark",
}
"""One administration for all witnesses, and one virtual machine of Java for all that starts Spark."""


def longest_first(items: list[pytest.Item]) -> None:
    """Put the tests of the files that take longest before the others; inside of a file nothing moves."""
    places = {path: place for place, path in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(_file(item.nodeid), len(places)))


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]


class WholeFiles(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a worker a file, or the files that go together, as soon as it has little left to do."""

    def _split_scope(self, nodeid: str) -> str:
        file = _file(nodeid)
        return TOGETHER.get(file, file)
