"""Runs that earlier rules made stay true, are told as such, and are still guarded against every hand."""

from __future__ import annotations

import json
import os
import shutil
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs import seals
from piramide.cycle.runs.opened_runs import OpenedRuns
from piramide.cycle.runs.rules import RULES, Cell, Explained
from piramide.cycle.runs.seals import manifest_text
from piramide.cycle.runs.store import FORMAT, Run, Store
from piramide.cycle.runs.upgrade_store import upgrade_store
from piramide.cycle.score import Scored
from piramide.cycle.verification.verify import verify
from piramide.kernel.findings import Refusal
from piramide.kernel.progress import silent
from piramide.kernel.sealing import digest_of
from piramide.measurement.facts_check.seals import check_seals
from piramide.measurement.ledger.store import Ledger

WRITTEN_BEFORE = Path(__file__).with_name("format-2")
"""Two loads of work and two runs, made by the version of 22 November 2026.

The second one knows one of the three checkpoints due of a threshold, and scored it as if it were all of them.
"""
MUNICIPALITY, UNSEEN = "981a323b", "21f9fcab"


@pytest.fixture
def old(tmp_path: Path) -> Store:
    """The old store, brought forward."""
    shutil.copytree(WRITTEN_BEFORE, tmp_path / "old")
    store = Store(tmp_path / "old")
    assert upgrade_store(store, silent, silent) == (FORMAT,)
    return store


def touch_cell(run: Run, node: str, column: str, value: float) -> None:
    """Change a kept figure, and the hash of the file in the manifest too."""
    table = pq.read_table(run.results_file)
    rows = table.to_pylist()
    for row in rows:
        if row["id"] == node:
            row[column] = value
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), run.results_file)
    manifest = run.manifest | {"files": run.manifest["files"] | {"results.parquet": digest_of(run.results_file)}}
    (run.folder / "manifest.json").write_text(manifest_text(manifest), encoding="utf-8")


@pytest.mark.parametrize("run", [MUNICIPALITY, UNSEEN])
def test_a_run_of_earlier_rules_verifies_down_to_its_facts(old: Store, run: str) -> None:
    answer = verify(old, run, with_facts=True)

    assert (answer.difference, answer.rules, answer.is_of_earlier_rules) == (None, 1, True)
    assert answer.facts is not None
    assert (answer.facts.loads, answer.facts.bound, answer.facts.since is None) == (3, False, False)


def test_it_names_what_the_rules_say_otherwise_since(old: Store) -> None:
    changes = {change.rule: change for change in verify(old, UNSEEN).changes}

    seen = changes["R40"]
    assert (seen.structure, seen.node, seen.column) == ("ente", "previsione_spesa", "gap_raw")
    assert (seen.kept, seen.recomputed) == (0.0, None)
    assert {change.rule for change in verify(old, MUNICIPALITY).changes} == {"R44"}


def test_the_terminal_and_the_file_for_machines_say_the_day_of_the_rules(old: Store) -> None:
    arguments = ["verify", UNSEEN, "--facts", "--store", str(old.root)]

    told = CliRunner().invoke(app, arguments)
    body = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)

    assert told.exit_code == 0
    assert "Verificato con le regole del 21/11/2026." in told.stdout
    assert "R40" in told.stdout
    assert (body["verified"], body["rules"], body["rules_since"]) == (True, 1, "2026-11-21")
    assert "R40" in [change["rule"] for change in body["changed_since"]]
    assert body["facts"]["loads"] == 3


@pytest.mark.parametrize(
    ("node", "column"),
    [
        ("previsione_spesa", "gap"),
        ("previsione_spesa", "index_high"),
        ("indice_deflusso", "value"),
        ("servizi", "index"),
        ("", "index"),
        ("", "index_low"),
    ],
)
def test_a_hand_is_found_even_where_the_rules_have_changed(old: Store, node: str, column: str) -> None:
    touch_cell(old.found(UNSEEN), node, column, 0.25)

    difference = verify(old, UNSEEN).difference

    assert difference is not None
    assert difference.file == "results.parquet"


@pytest.mark.parametrize("files", [[], "results.parquet", None, {"results.parquet": 1}])
def test_a_manifest_of_another_shape_is_a_difference_and_never_a_crash(old: Store, files: object) -> None:
    run = old.found(UNSEEN)
    (run.folder / "manifest.json").write_text(manifest_text(run.manifest | {"files": files}), encoding="utf-8")

    assert not verify(old, UNSEEN).verified
    with pytest.raises(Refusal, match="CY071"):
        old.run(UNSEEN)


def test_new_runs_are_of_the_rules_of_today(store: Store, run: Scored) -> None:
    assert store.run(run.run_id).manifest["rules"] == RULES
    assert verify(store, run.run_id).changes == ()


def test_a_share_of_the_year_is_explained_up_to_the_structure_and_nothing_else_is() -> None:
    kept: dict[tuple[str, str], dict[str, object]] = {
        ("ente", ""): {"parent": None, "index": 80.0},
        ("ente", "risorse"): {"parent": None, "index": 50.0},
        ("ente", "costi"): {"parent": "risorse", "index": 50.0, "rule": "gap_down"},
        ("ente", "servizi"): {"parent": None, "index": 110.0},
    }
    again = {key: {**row} for key, row in kept.items()}
    again["ente", "costi"] |= {"status": "not_due", "index": None, "value": 30000.0}
    cells = [
        Cell("ente", "", "index", 80.0, 110.0),
        Cell("ente", "risorse", "index", 50.0, None),
        Cell("ente", "costi", "index", 50.0, None),
        Cell("ente", "servizi", "index", 110.0, 111.0),
    ]
    explained = Explained(kept, again)

    left = explained.left(cells)

    assert [cell.node for cell in left] == ["servizi"]
    assert (explained.changes["R13"].cells, explained.changes["R13"].node) == (3, "costi")


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def test_facts_touched_after_the_run_are_named(old: Store) -> None:
    path = Ledger(old.root).loads("work")[1].entries_file
    flip(path)

    answer = verify(old, MUNICIPALITY, with_facts=True)

    assert answer.difference is not None
    assert answer.difference.file == "ledger/work/000002/entries.parquet"
    assert verify(old, MUNICIPALITY).verified, "the run itself is whole"


FILES = ["manifest.json", "results.parquet", "values.parquet", "facts.json", "pack/pack.yaml"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("was_open", [False, True])
def test_a_touched_run_is_neither_shown_nor_printed(old: Store, tmp_path: Path, name: str, was_open: bool) -> None:
    opened_runs = OpenedRuns(old)
    run = old.run(MUNICIPALITY)
    if was_open:
        opened_runs.opened(run.id)
        opened_runs.figures(run.id)
    flip(run.folder / name)

    shown: list[Callable[[], object]] = [
        lambda: opened_runs.opened(run.id),
        lambda: write_sheet_of_run(old, run.id, "borgoverde", tmp_path / "scheda.md", "it"),
    ]
    if not name.startswith("pack"):
        shown += [
            lambda: opened_runs.figures(run.id),
            lambda: opened_runs.outline(run.id),
            lambda: opened_runs.scores(run.id),
        ]
    for show in shown:
        with pytest.raises(Refusal, match=f"CY0(71|07): .*{name.partition('/')[0]}"):
            show()


def test_a_copy_with_other_times_is_the_same_run(old: Store) -> None:
    run = old.run(MUNICIPALITY)
    for path in run.folder.rglob("*"):
        os.utime(path, (0, 0))

    assert old.run(MUNICIPALITY) == run


def test_upgrading_seals_what_it_finds_and_says_since_when(old: Store) -> None:
    assert {finding.code for finding in check_seals(Ledger(old.root))} == {"FA075"}
    assert upgrade_store(old, silent, silent) == ()


def test_what_is_remembered_as_proven_is_bounded_and_an_older_run_is_proven_again(
    old: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven: list[str] = []
    in_full = seals.proven_in_full

    def counted(folder: Path, *, with_pack: bool) -> dict[str, object]:
        proven.append(folder.name[:8])
        return in_full(folder, with_pack=with_pack)

    monkeypatch.setattr(seals, "proven_in_full", counted)
    for run in (MUNICIPALITY, UNSEEN, MUNICIPALITY, UNSEEN):
        old.run(run)
    assert proven == [MUNICIPALITY, UNSEEN]

    monkeypatch.setattr(seals, "MOST_PROVEN", 1)
    monkeypatch.setattr(seals, "_opened", OrderedDict())
    for run in (UNSEEN, UNSEEN, MUNICIPALITY, UNSEEN):
        old.run(run)
    assert proven == [MUNICIPALITY, UNSEEN, UNSEEN, MUNICIPALITY, UNSEEN]
    assert len(seals._opened) == 1
