"""What careless and hostile users do from outside: one message, the right exit code, nothing half written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from piramide.methodology.loading import find_pack
from tests.cli.conftest import Command

TREE = "trees/comune.csv"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the small municipality that a test may spoil."""
    return Path(shutil.copytree(find_pack("comune-esempio"), tmp_path / "comune"))


def spoil(path: Path, before: str, after: str) -> None:
    """Replace a text that must stand in the file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize("weight", ["0.58", "0.62", "-0.6"])
def test_weights_that_do_not_sum_to_one_are_found_and_not_scored(
    piramide: Command, pack: Path, values: Path, weight: str
) -> None:
    spoil(pack / TREE, "0.6,stated,0,", f"{weight},stated,0,")

    checked, scored = piramide("pack", "check", pack), piramide("score", pack, "--values", values, "--period", "2025")

    assert checked.code == 1
    assert "PK002  trees/comune.csv:3" in checked.out
    assert (scored.code, scored.out) == (2, "")
    assert scored.err.startswith("PK002: trees/comune.csv:3")
    assert not (pack.parent / "store").exists()


def test_other_structures_are_scored_beside_a_tree_that_is_wrong(piramide: Command, pack: Path, values: Path) -> None:
    spoil(pack / TREE, "0.6,stated,0,", "0.62,stated,0,")

    outcome = piramide("score", pack, "--values", values, "--period", "2025", "--structure", "area_servizi")

    assert outcome.code == 0


def test_an_organisation_that_goes_in_a_circle_is_not_scored(piramide: Command, pack: Path, values: Path) -> None:
    spoil(pack / "pack.yaml", "kind: municipality}", "kind: municipality, parent: area_tecnica}")

    outcome = piramide("score", pack, "--values", values, "--period", "2025")

    assert outcome.code == 2
    assert outcome.err.startswith("KN101: pack.yaml:17")


@pytest.mark.parametrize("day", ["2024-12-31", "2026-01-01"])
def test_no_method_is_in_force_outside_the_validity(piramide: Command, values: Path, day: str) -> None:
    outcome = piramide("score", "comune-esempio", "--values", values, "--period", "2025", "--as-of", day)

    assert outcome.code == 2
    assert outcome.err.startswith("CY015: --as-of")


def test_the_method_of_the_day_is_scored(piramide: Command, pack: Path, values: Path) -> None:
    text = "- {id: o, subject: {structure: borgoverde, node: soddisfazione_cittadini}, field: target, before: 3.8,"
    text += " value: 4, from: 2025-07-01, act: piano, reason: Indagine}\n"
    (pack / "overrides.yaml").write_text(text, encoding="utf-8")

    def target(day: str) -> float:
        answer = piramide("score", pack, "--values", values, "--period", "2025", "--as-of", day, "--json").json
        nodes = {node["id"]: node for node in answer["structures"][0]["nodes"]}
        return float(nodes["soddisfazione_cittadini"]["target"])

    assert (target("2025-06-30"), target("2025-07-01")) == (3.8, 4)


def test_it_says_that_values_do_not_tell_when_they_were_known(piramide: Command, values: Path) -> None:
    scored = piramide("score", "comune-esempio", "--values", values, "--period", "2025", "--known-on", "2025-10-15")

    assert scored.code == 0
    assert "CY016" in scored.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("score",), "Manca PACK. Vedere `piramide score --help`."),
        (("score", "comune-esempio"), "Manca --values. Vedere `piramide score --help`."),
        (("scor",), "Il comando «scor» non esiste. Nomi più vicini: score. Vedere `piramide --help`."),
        (("verify", "--stor"), "L'opzione --stor non esiste. Nomi più vicini: --store"),
        (("verify", "--store"), "L'opzione --store vuole un valore."),
        (("explain", "0", "--structure", "x", "--depth", "y"), "Il valore di --depth non è del tipo atteso."),
        (("--lang", "xx", "demo"), "CY017: --lang: non ci sono messaggi in «xx». Usare una fra en, it."),
        (("--lang", "en", "score"), "PACK is missing. See `piramide score --help`."),
        (("pack", "list", "--packs", "nowhere"), "PL018: nowhere non è una cartella."),
        (("pack", "values", "comune-esempio", "--period", "2030", "--out", "v.csv"), "SC030: "),
        (("demo", "--out", "file"), "CY018: file non si può usare come cartella: esiste già."),
        (("score", "x" * 5000, "--values", "v", "--period", "2025"), f"PL000: Nessun pacchetto si chiama «{'x' * 40}"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_arguments_that_cannot_be_used_get_one_message(
    piramide: Command, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "file").touch()

    outcome = piramide(*arguments)

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(message)
    assert len(outcome.err) < 1000


def test_what_a_file_says_does_not_move_the_cursor(piramide: Command, tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("structure,indicator,period,value\n\x1b[2Jborgo,x,2025,1\n", encoding="utf-8")

    outcome = piramide("score", "comune-esempio", "--values", "v.csv", "--period", "2025")

    assert outcome.code == 2
    assert "\x1b" not in outcome.err


def command(*arguments: str) -> list[str]:
    """The command in a process of its own."""
    return [sys.executable, "-c", "from piramide.cli.main import run; run()", *arguments]


def test_json_is_json_on_a_terminal_that_lacks_letters() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    show = command("pack", "show", "comune-esempio", "--json")

    answer = subprocess.run(show, env=environment, capture_output=True, check=True)

    assert b"Citt\\u00e0 pulita e sicura" in answer.stdout


def test_words_are_told_on_a_terminal_that_lacks_letters() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PIRAMIDE_LANG": "it"}

    answer = subprocess.run(
        command("pack", "show", "comune-esempio"), env=environment, capture_output=True, check=False
    )

    assert answer.returncode == 0
    assert b"area_servizi" in answer.stdout


@pytest.mark.parametrize("redirect", [">&-", "2>&-", "> /dev/full"])
def test_a_closed_or_full_output_is_no_crash(redirect: str) -> None:
    line = f'"{sys.executable}" -c "from piramide.cli.main import run; run()" pack list {redirect}'

    answer = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)

    assert answer.returncode in {0, 2}
    assert "Traceback" not in answer.stderr
    assert "Errore interno" not in answer.stderr


def test_a_pack_is_started_in_a_folder_that_is_not_there_yet(piramide: Command, tmp_path: Path) -> None:
    outcome = piramide("pack", "new", "comune-2026", "--from", "comune-esempio", "--packs", tmp_path / "miei")

    assert outcome.code == 0
    assert (tmp_path / "miei" / "comune-2026" / "pack.yaml").is_file()
