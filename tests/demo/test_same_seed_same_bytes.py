"""The same seed gives the same bytes, in this process and in any other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from piramide.demo.facts.generate import Generated, generate

AGAIN = """
import sys
from pathlib import Path
import pyarrow
from piramide.demo.facts.generate import generate
pyarrow.set_cpu_count(1)
generate(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""


def test_it_writes_the_same_bytes_again(facts: Generated, tmp_path: Path) -> None:
    again = generate(tmp_path / "again", facts.cases, facts.seed)

    assert again.files == facts.files
    manifests = [(folder / "facts.json").read_bytes() for folder in (facts.folder, again.folder)]
    assert manifests[0] == manifests[1]


def test_it_writes_the_same_bytes_in_another_process_with_one_thread(facts: Generated, tmp_path: Path) -> None:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "77"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    arguments = [str(tmp_path / "again"), str(facts.cases), str(facts.seed)]
    subprocess.run([sys.executable, "-c", AGAIN, *arguments], check=True, env=environment)

    ours, theirs = ((folder / "facts.json").read_bytes() for folder in (facts.folder, tmp_path / "again"))
    assert ours == theirs


def test_another_seed_gives_other_facts(facts: Generated, tmp_path: Path) -> None:
    other = generate(tmp_path / "other", facts.cases, facts.seed + 1)
    same = {file.path for file in facts.files} & {
        mine.path for mine, theirs in zip(facts.files, other.files, strict=True) if mine.sha256 == theirs.sha256
    }

    assert same == set()


def test_the_manifest_says_that_facts_are_invented(facts: Generated) -> None:
    manifest = json.loads((facts.folder / "facts.json").read_text(encoding="utf-8"))

    assert manifest["invented"] is True
    assert "INVENTED" in manifest["note"]
    assert "INVENTATI" in manifest["note"]
    assert (manifest["cases"], manifest["seed"], manifest["years"]) == (facts.cases, facts.seed, [2023, 2024])
    on_disk = {str(path.relative_to(facts.folder)) for path in facts.folder.rglob("*") if path.is_file()}
    assert {file["path"] for file in manifest["files"]} == on_disk - {"facts.json"}


def test_csv_holds_the_same_entries_as_parquet(tmp_path: Path) -> None:
    parquet = generate(tmp_path / "parquet", 10_000, 3, (2024,))
    plain = generate(tmp_path / "csv", 10_000, 3, (2024,), "csv")

    assert [file.rows for file in plain.files] == [file.rows for file in parquet.files]
    assert plain.files[0].path == "work/2023-12-opening.csv"


def test_more_blocks_of_offices_make_the_same_kind_of_facts(tmp_path: Path) -> None:
    """At 700,000 cases a year offices are worked in two blocks: cases are still exactly as many."""
    done = generate(tmp_path / "facts", 700_000, 5, (2024,))
    months = [file for file in done.files if file.dataset == "work"]

    assert len(months) == 13
    assert done.scale == 1.0
