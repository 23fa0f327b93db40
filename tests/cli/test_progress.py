"""Bars stand on standard error of a terminal alone."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from piramide.cli import steps as bars
from piramide.cli.generate import generate_facts
from piramide.demo.facts.generate import generate


def test_a_terminal_sees_what_is_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(bars, "Console", lambda **_: Console(file=screen, force_terminal=True, width=80))

    generate_facts(tmp_path / "facts", 5_000, 1, "2024", "parquet", as_json=True)

    assert re.search(r"(work|budgets).*\d+/1[36]", screen.getvalue()), screen.getvalue()
    assert capsys.readouterr().out.startswith("{")


def test_a_pipe_sees_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate_facts(tmp_path / "facts", 5_000, 1, "2024", "parquet", as_json=True)

    assert capsys.readouterr().err == ""


def test_every_file_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    generate(tmp_path / "facts", 5_000, 1, (2024,), progress=lambda *step: told.append(step))

    assert [step for step in told if step[0] == "work"] == [("work", done, 13) for done in range(1, 14)]
    assert {"products", "budgets"} <= {what for what, _, _ in told}
