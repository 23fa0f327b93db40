"""What `./test` picks: the tests that a change can have broken, and no site for rooms that have none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.changed import ROOT, picked
from tests.sharing import LONGEST, TOGETHER

STARTED = "import sys, pytest; pytest.main(['--collect-only', '-q', *sys.argv[1:]]); from django.apps import apps"


@pytest.mark.parametrize(("changed", "chosen", "left"), [
    # One room sees another: a period is read by measuring; how a sheet is drawn is not.
    ("src/piramide/kernel/periods.py", "tests/measurement/test_measures_of_work.py", ""),
    ("src/piramide/reports/winners.py", "tests/reports/test_winners.py", "tests/measurement/test_measures_of_work.py"),
    # The site is started whole, and a test that starts the program can reach anything.
    ("src/piramide/web/projects/views.py", "tests/web/test_projects.py", "tests/kernel/test_periods.py"),
    ("src/piramide/web/projects/views.py", "tests/cli/test_bad_input.py", ""),
    # What is no module is read by its room and by those above.
    ("src/piramide/web/house/templates/house/home.html", "tests/web", "tests/kernel"),
    ("src/piramide/packs/inps-2024/pack.yaml", "tests/packs", "tests/kernel"),
    ("tests/kernel/test_periods.py", "tests/kernel/test_periods.py", "tests/web"),
    ("tests/measurement/hand_ledger.py", "tests/measurement", "tests/web"),
    ("requirements/base.txt", "tests", ""),
])  # fmt: skip
def test_a_change_picks_the_tests_it_can_break(changed: str, chosen: str, left: str) -> None:
    found = picked([Path(changed)])

    assert chosen in found
    assert left not in found


def test_what_is_given_to_workers_first_is_there() -> None:
    assert [path for path in {*LONGEST, *TOGETHER} if not (ROOT / path).is_file()] == []
    assert len(LONGEST) == len(set(LONGEST))


def test_a_page_of_the_docs_picks_nothing() -> None:
    assert picked([Path("docs/architecture.md")]) == []


@pytest.mark.parametrize(
    ("path", "starts"), [("tests/kernel/test_periods.py", False), ("tests/web/test_help.py", True)]
)
def test_rooms_below_the_site_do_not_start_it(path: str, starts: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-c", f"{STARTED}; print('started', apps.ready)", path]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    assert told.stdout.splitlines()[-1] == f"started {starts}"
