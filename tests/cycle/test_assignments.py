"""Assignments: kept whole and sealed under what they say, and which sheet holds on which day."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from piramide.cycle.assignments import (
    AssignmentAct,
    Held,
    KeptAssignment,
    asked_of,
    assignment_folders,
    holding_on,
    keep_assignment,
    kept_assignment,
    touched_assignments,
)
from piramide.cycle.runs.store import Store
from piramide.cycle.verification.store_seals import touched_in
from piramide.kernel.findings import Refusal
from piramide.kernel.progress import silent
from piramide.kernel.sealing import sealed
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Pack

MARCH = date(2024, 3, 1)
ACT = AssignmentAct(
    "28/2024", date(2024, 2, 28), MARCH, "Direttore generale", "1.2024", b"%PDF-1.7 firmato", "chi firma"
)
SITES = ("dcm_milano", "trentino_alto_adige")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(find_pack("inps-2024"))


@pytest.fixture(scope="module")
def whole(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> KeptAssignment:
    root = tmp_path_factory.mktemp("store")
    return keep_assignment(Store(root), pack, asked_of(pack, SITES[:1], MARCH), ACT, silent)


@pytest.fixture
def kept(whole: KeptAssignment, tmp_path: Path) -> KeptAssignment:
    """A copy of its store that a test may touch."""
    shutil.copytree(whole.folder.parents[1], tmp_path / "store")
    return kept_assignment(tmp_path / "store", whole.id)


def test_a_kept_assignment_is_its_sheets_its_act_and_nothing_of_a_clock(kept: KeptAssignment, pack: Pack) -> None:
    root = kept.folder.parents[1]
    assert kept.sheet("dcm_milano").startswith(b"%PDF-")
    assert kept.signed() == b"%PDF-1.7 firmato"
    again = keep_assignment(Store(root), pack, asked_of(pack, SITES[:1], MARCH), ACT, silent)
    assert again == kept
    assert [path.name for path in (root / "assignments").iterdir()] == [kept.id]
    assert list(touched_in(root)) == []
    assert [path.name for path in assignment_folders(root, kept.id[:8].upper())] == [kept.id]
    assert assignment_folders(root, "../..") == []


@pytest.mark.parametrize("name", ["manifest.json", "sheets/dcm_milano.pdf", "signed.pdf"])
@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes() + b" ")])
def test_what_was_touched_is_found_and_not_given_out(
    kept: KeptAssignment, name: str, harm: Callable[[Path], object]
) -> None:
    harm(kept.folder / name)
    root = kept.folder.parents[1]
    assert [finding.code for finding in touched_assignments(root)] == ["CY102"]
    give = {"sheets/dcm_milano.pdf": lambda: kept.sheet("dcm_milano"), "signed.pdf": kept.signed}
    with pytest.raises(Refusal) as refused:
        give.get(name, lambda: kept_assignment(root, kept.id))()
    assert refused.value.findings[0].code == "CY102"


def test_a_manifest_sealed_anew_is_not_the_one_of_its_name(kept: KeptAssignment) -> None:
    path = kept.folder / "manifest.json"
    body = json.loads(path.read_bytes())
    body["act"]["number"] = "99/2024"
    path.write_text(sealed(body), encoding="utf-8")
    assert [finding.code for finding in touched_assignments(kept.folder.parents[1])] == ["CY102"]


def test_a_file_that_nobody_kept_is_found(kept: KeptAssignment) -> None:
    (kept.folder / "sheets" / "altra.pdf").write_bytes(b"%PDF-")
    assert [finding.code for finding in touched_assignments(kept.folder.parents[1])] == ["CY102"]


def test_a_structure_without_a_sheet_and_a_day_outside_the_plan_are_refused(pack: Pack) -> None:
    for structures, day, code in (
        (("nessuna",), MARCH, "RP008"),
        (SITES, date(2026, 3, 1), "CY100"),
        (SITES, pack.until, "CY100"),
    ):
        with pytest.raises(Refusal) as refused:
            asked_of(pack, structures, day)
        assert refused.value.findings[0].code == code


def test_what_a_sheet_asks_has_nothing_of_the_name_of_its_plan(pack: Pack, tmp_path: Path) -> None:
    shutil.copytree(pack.root, tmp_path / "altro")
    text = (tmp_path / "altro" / "pack.yaml").read_text(encoding="utf-8").replace("id: inps-2024", "id: altro", 1)
    (tmp_path / "altro" / "pack.yaml").write_text(text, encoding="utf-8")
    other = load_pack(tmp_path / "altro")
    assert other.hash != pack.hash
    assert asked_of(other, SITES, MARCH) == asked_of(pack, SITES, MARCH)


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from piramide.cycle.assignments import AssignmentAct, asked_of, keep_assignment
from piramide.cycle.runs.store import Store
from piramide.methodology.loading import find_pack, load_pack

def die(step, done, total):
    if done == 1:
        os.kill(os.getpid(), signal.SIGKILL)

pack, day = load_pack(find_pack("inps-2024")), date(2024, 3, 1)
wanted = asked_of(pack, ("dcm_milano", "trentino_alto_adige"), day)
keep_assignment(Store(Path(sys.argv[1])), pack, wanted, AssignmentAct("28/2024", date(2024, 2, 28), day), die)
"""


def test_killed_while_keeping_there_is_every_sheet_or_none(pack: Pack, tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert assignment_folders(tmp_path) == []
    act = AssignmentAct("28/2024", date(2024, 2, 28), MARCH)
    kept = keep_assignment(Store(tmp_path), pack, asked_of(pack, SITES, MARCH), act, silent)
    assert set(kept.sheets) == set(SITES)
    assert list(touched_in(tmp_path)) == []


def test_which_sheet_holds_on_a_day() -> None:
    first, second = Held("a", date(2024, 3, 1), 1), Held("b", date(2024, 7, 1), 2)
    later = Held("c", date(2024, 7, 1), 3)
    assert holding_on(date(2024, 1, 1), (second, first)) == first
    assert holding_on(date(2024, 6, 30), (second, first)) == first
    assert holding_on(date(2024, 7, 1), (second, first)) == second
    assert holding_on(date(2024, 12, 31), (later, second, first)) == later
    assert holding_on(date(2024, 7, 1), ()) is None
