"""What is known of the cases of earlier loads: the same however they were loaded, and whoever kept it."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pyarrow.parquet as pq
import pytest

from piramide.measurement.facts_check.flows import check_flows
from piramide.measurement.ledger.store import CASE_MARKS, CASES, CASES_SINCE, Load, sealed_manifest
from piramide.measurement.loading import flows, put_away, writing
from piramide.measurement.loading.cases import file, rows
from piramide.measurement.loading.cases.known import KnownCases
from piramide.measurement.loading.cases.words import EVENT, Counts, normalised, words_of
from tests.measurement.loads import Office, rejected, row

KINDS = ("received", "transferred", "resolved", "reopened")


def test_words_add_up_to_what_was_said() -> None:
    chance = random.Random(4)  # noqa: S311 - a made-up history, the same each time
    events = [(chance.randrange(-50, 50) * 8, chance.randrange(8)) for _ in range(2_000)]

    words = words_of(np.array([case | event for case, event in events]), np.array([16, 800]))
    cases = np.unique(words & ~EVENT)
    counted = Counts.of(cases, [words])

    plain = Counter[tuple[int, int]]()
    for case, event in events:
        plain[case, event % 4] += -1 if event >= 4 else 1
    assert [[plain[case, kind] for case in cases.tolist()] for kind in range(4)] == counted.numbers[:4].tolist()
    assert cases[counted.numbers[4] > 0].tolist() == [16, 800]
    assert counted.is_known.all()


def test_words_have_one_way_of_saying_a_thing() -> None:
    chance = random.Random(5)  # noqa: S311 - a made-up history, the same each time
    events = np.array([chance.randrange(30) * 8 | chance.randrange(8) for _ in range(400)])
    none = np.array([], dtype=np.int64)

    parts = [words_of(part, none) for part in np.array_split(events, 7)]

    assert normalised(np.sort(np.concatenate(parts))).tolist() == words_of(events, none).tolist()


def test_most_cases_take_one_word() -> None:
    received_and_resolved = np.array([case * 8 | event for case in range(100) for event in (0, 2)])

    assert len(words_of(received_and_resolved, np.array([], dtype=np.int64))) == 100


def histories(seed: int, cases: int) -> list[list[str]]:
    """Months of rows of a few cases, in which nearly everything happens that can and cannot."""
    chance, months = random.Random(seed), []  # noqa: S311 - a made-up history, the same each time
    for month in range(1, 10):
        lines = []
        for _ in range(cases):
            kind, case = chance.choice(KINDS), f"c{chance.randrange(cases * 2)}"
            day = f"2024-{month:02d}-{chance.randrange(1, 29):02d}"
            is_back = chance.random() < 0.25
            cells = {"reversed_entry": kind} if is_back else {}
            lines.append(row(case, "reversed" if is_back else kind, day, "" if kind == "received" else day, **cells))
        months.append(sorted(set(lines)))
    return months


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces, pages and windows of a few rows, and rows that wait in a file."""
    for module, name, value in (
        (rows, "HELD_ROWS", 7),
        (rows, "PIECE_ROWS", 5),
        (file, "_WINDOW", 3),
        (file, "_PROVED", 2),
        (put_away, "HELD_BYTES", 100),
        (flows, "_HELD", 2),
        (flows, "_GROUP_ROWS", 3),
        (writing, "GROUP_ROWS", 11),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.mark.usefixtures("_small")
def test_the_verdict_is_the_same_whatever_the_size_of_pieces(
    office: Office, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = histories(6, 60)
    small = [(rejected(office.work(*lines, most_rejected=100)), office.words().tolist()) for lines in months]
    added_up = [pq.read_table(load.flows_file) for load in office.ledger.loads("work")]
    monkeypatch.undo()
    larger = Office(tmp_path_factory.mktemp("large"))

    large = [(rejected(larger.work(*lines, most_rejected=100)), larger.words().tolist()) for lines in months]

    assert small == large
    assert added_up == [pq.read_table(load.flows_file) for load in larger.ledger.loads("work")]
    assert "FA056" not in {finding.code for finding in check_flows(office.ledger)}
    assert {reason for aside, _ in small for _, reason in aside} >= {"FA032", "FA033", "FA034", "FA035"}


def test_few_files_stand_for_many_loads(office: Office) -> None:
    for number in range(30):
        office.work(*(row(f"c{number}-{i}", "received", "2024-01-05") for i in range(40)))

    loads = office.ledger.loads("work")
    files = KnownCases.of(loads).files
    assert len(files) <= 4
    assert all(older.count > 2 * newer.count for older, newer in pairwise(files))
    assert [load.id for load in loads if (load.folder / CASES).exists()] == [file.load for file in files]
    assert [load.id for load in loads if (load.folder / CASE_MARKS).exists()] == [file.load for file in files]


def test_a_store_without_them_gets_them_with_its_next_load(office: Office) -> None:
    months = histories(8, 40)
    for lines in months[:5]:
        office.work(*lines, most_rejected=100)
    words = office.words().tolist()
    before = ""
    for load in office.ledger.loads("work"):  # as an earlier version kept them
        for name in (CASES, CASE_MARKS):
            (load.folder / name).unlink(missing_ok=True)
        body = {name: value for name, value in load.manifest.items() if name != CASES_SINCE}
        manifest = sealed_manifest(load.folder, body, before, office.ledger.codes())
        office.ledger.keep_manifest(load, manifest)
        before = str(Load(load.id, load.folder, manifest).seal)

    report = office.work(row("new", "received", "2024-06-05"))

    assert (report.reasons, report.remarks, report.load.manifest[CASES_SINCE]) == ({}, (), "000001")
    assert len(set(office.words().tolist()) - set(words)) == 1


def test_a_case_that_is_first_heard_of_when_it_is_reopened_was_closed(office: Office) -> None:
    office.work(row("a", "reopened", "2024-02-10", "2024-01-10"))
    assert office.open() == 1

    again = office.work(row("a", "received", "2024-03-01"), most_rejected=100)
    resolved = office.work(row("a", "resolved", "2024-03-05", "2024-01-10"))

    assert (rejected(again), resolved.reasons, office.open()) == ([(2, "FA032")], {}, 0)


def test_a_case_of_which_every_row_was_set_aside_is_not_known(office: Office) -> None:
    office.work(row("a", "reversed", "2024-02-10", "2024-01-10", reversed_entry="resolved"), most_rejected=100)

    assert office.words().tolist() == []
    assert office.work(row("a", "received", "2024-03-01")).reasons == {}
