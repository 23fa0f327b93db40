"""`--help` speaks the language of the user, and a reader that goes away hears nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

ENGLISH = ("Usage", "Options", "Arguments", "Commands", "COMMAND", "Show this", "required", "default")


@pytest.mark.parametrize(
    "command", [(), ("pack",), ("pack", "check"), ("score",), ("explain",), ("demo",)], ids=" ".join
)
def test_it_has_no_english_in_italian_help(piramide: Callable[..., Any], command: tuple[str, ...]) -> None:
    told = piramide(*command, "--help").out

    assert [word for word in ENGLISH if word in told] == []
    assert told.startswith(f"Uso: {' '.join(('piramide', *command))} [OPZIONI]")
    assert "Mostra questa pagina e si ferma." in told


def test_it_marks_what_must_be_given_and_what_is_taken_otherwise(piramide: Callable[..., Any]) -> None:
    told = piramide("explain", "--help").out

    assert "Codice della struttura.  [obbligatorio]" in told
    assert "[predefinito: 3]" in told


def test_it_loads_neither_the_site_nor_what_computes() -> None:
    looked_for = "{'django', 'numpy', 'pyarrow', 'duckdb', 'piramide.web', 'piramide.cycle.score'} & set(sys.modules)"
    program = f"import sys, piramide.cli.main; print(sorted({looked_for}))"

    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"


@pytest.mark.parametrize("command", [("pack", "check", "inps-2021"), ("pack", "show", "inps-2021", "--json")])
def test_it_says_nothing_to_a_reader_that_goes_away(command: tuple[str, ...]) -> None:
    program = [sys.executable, "-c", "from piramide.cli.main import run; run()", *command]
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()

    assert said == b""
    assert process.returncode in {0, 1}
