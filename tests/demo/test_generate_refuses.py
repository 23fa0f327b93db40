"""What cannot be generated is refused with one message, and the exit code says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from piramide.cli.generate import generate_facts
from piramide.demo.facts.generate import generate
from piramide.kernel.findings import Refusal


def refused(call: object) -> str:
    assert callable(call)
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.findings[0].code


@pytest.mark.parametrize("cases", [0, 9_999, 2_000_000_001])
def test_it_refuses_too_few_and_too_many_cases(tmp_path: Path, cases: int) -> None:
    assert refused(lambda: generate(tmp_path / "facts", cases, 1)) == "DG001"


@pytest.mark.parametrize("years", [(), (2024, 2023), (2022, 2024), (1999,), (2023, 2023)])
def test_it_refuses_years_that_do_not_follow(tmp_path: Path, years: tuple[int, ...]) -> None:
    assert refused(lambda: generate(tmp_path / "facts", 50_000, 1, years)) == "DG002"


def test_it_refuses_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")

    assert refused(lambda: generate(tmp_path, 50_000, 1)) == "DG003"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_it_refuses_an_unknown_format(tmp_path: Path) -> None:
    assert refused(lambda: generate(tmp_path / "facts", 50_000, 1, ending="xlsx")) == "DG004"


@pytest.mark.parametrize("text", ["", "x", "2023;2024", "2023-"])
def test_it_refuses_years_that_are_no_numbers(tmp_path: Path, text: str) -> None:
    code = refused(lambda: generate_facts(tmp_path / "facts", 50_000, 1, text, "parquet", as_json=False))

    assert code == "DG005"


def test_it_refuses_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert refused(lambda: generate(tmp_path / "file" / "facts", 50_000, 1)) == "DG006"


def test_the_answer_says_first_that_facts_are_invented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate_facts(tmp_path / "facts", 10_000, 1, "2024-2024", "parquet", as_json=False)

    assert capsys.readouterr().out.splitlines()[0].startswith(("DATI INVENTATI", "INVENTED DATA"))


FULL_DISK = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
from piramide.demo.facts.generate import generate
from piramide.kernel.findings import Refusal
try:
    generate(Path(sys.argv[1]), 100_000, 1)
except Refusal as refusal:
    print(refusal.findings[0].code)
"""


def test_a_disk_that_fills_up_leaves_no_manifest(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "facts")]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)

    assert answer.stdout == "DG006\n"
    assert not (tmp_path / "facts" / "facts.json").exists()
