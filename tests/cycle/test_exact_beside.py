"""Runs made before there were exact figures get them beside: what they print is true, and what they are stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs import results
from piramide.cycle.runs.exact_kept import EXACT_FILE, NOTE_FILE, keep_beside, note_beside
from piramide.cycle.runs.opened_runs import OpenedRuns
from piramide.cycle.runs.seals import manifest_text
from piramide.cycle.runs.store import Run, Store
from piramide.cycle.runs.upgrade_store import upgrade_store
from piramide.cycle.score import Request, Scored, score
from piramide.cycle.verification import exact_beside
from piramide.cycle.verification.exact_beside import add_exact_figures
from piramide.cycle.verification.verify import verify
from piramide.kernel.durable import put, write_whole
from piramide.kernel.findings import Finding, Place, Refusal
from piramide.kernel.node_fields import FIGURES
from piramide.kernel.progress import silent
from piramide.kernel.sealing import digest_of

WRITTEN_BEFORE = Path(__file__).with_name("format-2")
UNSEEN, MUNICIPALITY = "21f9fcab", "981a323b"
PACK = """\
id: ente
label: Piano
administration: Ente
year: 2025
validity: {from: 2025-01-01, until: 2026-01-01}
cap: {value: 0.5, act: piano, place: art. 1}
acts: {piano: {label: Piano}}
organisation: {ente: {label: Ente, kind: national}}
indicators:
  a: {label: A, unit: ratio, direction: up, rule: gap_up, level: ratio, act: piano, place: p. 1}
  b: {label: B, unit: ratio, direction: up, rule: gap_up, level: ratio, act: piano, place: p. 1}
"""
TREE = """\
structure,node,parent,kind,label,weight,weight_source,target,act,place
ente,a,,indicator,A,0.5,stated,1,piano,p. 1
ente,b,,indicator,B,0.5,stated,1,piano,p. 1
"""


@pytest.fixture
def old(tmp_path: Path) -> Store:
    """The store of an earlier version, brought forward to the format of today."""
    shutil.copytree(WRITTEN_BEFORE, tmp_path / "old")
    store = Store(tmp_path / "old")
    upgrade_store(store, silent, silent)
    return store


@pytest.fixture
def ties(tmp_path: Path) -> tuple[Store, str]:
    """A run as the version before exact figures kept it: 100.65 and 100.45, doubles that lie below."""
    folder = tmp_path / "packs" / "ente"
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "trees" / "ente.csv").write_text(TREE, encoding="utf-8")
    values = tmp_path / "values.csv"
    values.write_text("structure,indicator,period,value\nente,a,2025,1.0065\nente,b,2025,1.0045\n", encoding="utf-8")
    store = Store(tmp_path / "store")
    return store, kept_as_before(store, score(Request("ente", values, "2025"), [tmp_path / "packs"], store))


def kept_as_before(store: Store, scored: Scored) -> str:
    """Keep a run as one of rules 1: without exact columns, without a seal."""
    table = pq.read_table(store.run(scored.run_id).results_file)
    table = table.select([name for name in table.column_names if not name.endswith(results.EXACT)])
    manifest = {name: value for name, value in scored.manifest.items() if name != "rules"}
    manifest["results"] = results.digest(table)
    made = replace(scored, manifest=manifest)

    def write(draft: Path) -> None:
        shutil.copytree(store.run(scored.run_id).pack_folder, draft / "pack")
        results.write(scored.values, draft / "values.parquet")
        results.write(table, draft / "results.parquet")
        files = {name: digest_of(draft / name) for name in ("values.parquet", "results.parquet")}
        put(draft / "manifest.json", manifest_text(manifest | {"files": files}))

    store.keep(made.run_id, write)
    return made.run_id


def as_found(store: Store) -> dict[str, str]:
    """Every file of the runs but those laid beside, by digest."""
    files = [path for path in (store.root / "runs").rglob("*") if path.is_file()]
    return {str(path): digest_of(path) for path in files if path.name not in {EXACT_FILE, NOTE_FILE}}


def test_what_an_old_run_prints_is_exact_from_then_on(ties: tuple[Store, str], tmp_path: Path) -> None:
    store, run = ties
    sheet = tmp_path / "ente.md"
    write_sheet_of_run(store, run, "ente", sheet, "it")
    assert "100,4 " in sheet.read_text(encoding="utf-8"), "the double of 100.45 lies below it"

    add_exact_figures(store, silent)

    write_sheet_of_run(store, run, "ente", sheet, "it")
    text = sheet.read_text(encoding="utf-8")
    figures = OpenedRuns(store).figures(run)
    assert "100,4 " not in text
    for node, value, index in (("a", "1.0065", "100,7"), ("b", "1.0045", "100,5")):
        row = next(line for line in text.splitlines() if line.startswith(f"| {node.upper()} "))
        assert f" {index} " in row
        found = figures.figure("index", "ente", node)
        assert found is not None
        assert found.exact == 100 * Fraction(value)


def test_runs_and_their_ids_stay_and_a_second_time_nothing_is_done(old: Store) -> None:
    before = as_found(old)
    told: list[tuple[int, int]] = []

    added = add_exact_figures(old, lambda done, of: told.append((done, of)))

    assert (added.runs, added.refused, added.touched) == (2, (), ())
    assert as_found(old) == before
    assert told == [(0, 2), (1, 2), (2, 2)]
    notes = {path: digest_of(path) for path in (old.root / "runs").glob("*/exact.*")}
    assert add_exact_figures(old, lambda *_: pytest.fail("nothing to do")).runs == 0
    assert {path: digest_of(path) for path in notes} == notes


def test_only_what_comes_to_the_kept_double_is_exact_and_the_rest_is_counted(old: Store) -> None:
    """Of the threshold that later rules judge otherwise, what was kept is printed as it was."""
    add_exact_figures(old, silent)
    figures = OpenedRuns(old).figures(old.folder(UNSEEN).name)
    note = note_beside(old.folder(UNSEEN))

    found = figures.figure("index", "ente", "servizi")
    judged = figures.figure("index", "ente", "")
    assert found is not None
    assert judged is not None
    assert note is not None
    assert (float(found), found.exact) == (110.00000000000001, Fraction(110))
    assert (float(judged), judged.exact) == (106.0, Fraction(106)), "today it is open (R40): the shortest decimal stays"
    table = pq.read_table(old.folder(UNSEEN) / "results.parquet")
    doubles = sum(table.num_rows - table.column(name).null_count for name in FIGURES if name in table.schema.names)
    assert note.figures + note.left == doubles
    assert sum(note.columns.values()) == note.left > 0


def test_verify_says_what_was_done(old: Store) -> None:
    add_exact_figures(old, silent)
    arguments = ["verify", UNSEEN, "--store", str(old.root)]

    told = CliRunner().invoke(app, arguments)
    body = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)

    assert told.exit_code == 0
    assert f"trovate uguali: {body['exact']['figures']}." in told.stdout
    assert f"{body['exact']['left']} cifre restano i decimali più brevi" in told.stdout
    assert (body["verified"], body["exact"]["problem"]) == (True, "")


@pytest.mark.parametrize("name", [EXACT_FILE, NOTE_FILE])
def test_a_flipped_bit_beside_is_refused_by_name_and_upgrade_mends_it(old: Store, tmp_path: Path, name: str) -> None:
    add_exact_figures(old, silent)
    path = old.folder(MUNICIPALITY) / name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :])

    for show in (
        lambda: OpenedRuns(old).figures(old.folder(MUNICIPALITY).name),
        lambda: write_sheet_of_run(old, MUNICIPALITY, "borgoverde", tmp_path / "scheda.md", "it"),
    ):
        with pytest.raises(Refusal, match=f"CY072: .*{name}"):
            show()
    difference = verify(old, MUNICIPALITY).difference
    assert difference is not None
    assert difference.file == name
    assert add_exact_figures(old, silent).runs == 1
    assert path.read_bytes() == whole
    assert verify(old, MUNICIPALITY).verified


def test_a_figure_put_there_by_hand_and_sealed_again_does_not_verify(old: Store) -> None:
    add_exact_figures(old, silent)
    folder = old.folder(UNSEEN)
    note = note_beside(folder)
    assert note is not None
    table = pq.read_table(folder / EXACT_FILE)
    place = table.schema.get_field_index("index_exact")
    texts = table.column("index_exact").to_pylist()
    changed = ["5551/50" if text == "110/1" else text for text in texts]
    fields = {name: getattr(note, name) for name in ("since", "code", "rules", "figures", "left", "columns", "problem")}
    keep_beside(folder, table.set_column(place, "index_exact", [changed]), fields)

    difference = verify(old, UNSEEN).difference

    assert difference is not None
    assert (difference.file, difference.column, difference.kept) == (EXACT_FILE, "index_exact", "5551/50")


def test_it_goes_on_where_it_was_killed(old: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill after the figures of the second run are written, and before the note that counts them."""
    with monkeypatch.context() as patched:
        notes: Iterator[bool] = iter([False, True])

        def write(path: Path, text: str) -> None:
            if next(notes):
                raise KeyboardInterrupt
            write_whole(path, text)

        patched.setattr("piramide.cycle.runs.exact_kept.write_whole", write)
        with pytest.raises(KeyboardInterrupt):
            add_exact_figures(old, silent)
    done = [folder for folder in (old.root / "runs").iterdir() if note_beside(folder)]
    assert len(done) == 1
    assert all(verify(old, run).verified for run in (UNSEEN, MUNICIPALITY)), "what is half done is not looked at"

    assert add_exact_figures(old, silent).runs == 1
    assert all(verify(old, run).exact for run in (UNSEEN, MUNICIPALITY))


def test_a_run_that_was_touched_gets_nothing_and_one_that_cannot_be_computed_says_so(
    old: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old.folder(MUNICIPALITY) / "values.parquet").write_bytes(b"PAR1")

    def refused(run: Run) -> None:
        raise Refusal(Finding("SC001", Place(str(run.values_file)), "x"))

    monkeypatch.setattr(exact_beside, "recomputed", refused)
    added = add_exact_figures(old, silent)

    assert [run[:8] for run in added.touched] == [MUNICIPALITY]
    assert [run[:8] for run in added.refused] == [UNSEEN]
    assert (added.figures, added.whole) == (0, 0)
    found = OpenedRuns(old).figures(old.folder(UNSEEN).name).figure("index", "ente", "servizi")
    assert found is not None
    assert found.exact == Fraction("110.00000000000001"), "the shortest decimal stays"
    assert verify(old, UNSEEN).verified


def test_a_run_that_breaks_the_code_of_today_does_not_stop_an_upgrade(
    old: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(run: Run) -> None:
        raise KeyError(run.id)

    monkeypatch.setattr(exact_beside, "recomputed", broken)
    added = add_exact_figures(old, silent)

    assert sorted(run[:8] for run in added.refused) == sorted([UNSEEN, MUNICIPALITY])
    note = note_beside(old.folder(UNSEEN))
    assert note is not None
    assert (note.figures, note.problem) == (0, "CY019")
