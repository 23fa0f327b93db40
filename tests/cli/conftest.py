"""The command as a user runs it, in this process: arguments in; exit code, answer and messages out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from piramide.cli import main
from piramide.kernel import wording
from piramide.methodology.loading import find_pack


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - each command has a shape of its own
        """The answer as JSON."""
        return json.loads(self.out)


Command = Callable[..., Outcome]


@pytest.fixture
def piramide(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Run `piramide` with a store of its own, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(wording, "_chosen", [])
    monkeypatch.delenv("PIRAMIDE_LANG", raising=False)
    monkeypatch.setenv("PIRAMIDE_STORE", str(tmp_path / "store"))

    def run(*arguments: str | Path) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["piramide", *map(str, arguments)])
        code = 0
        try:
            main.run()
        except SystemExit as stop:
            code = int(stop.code or 0)
        caught = capsys.readouterr()
        return Outcome(code, caught.out, caught.err)

    return run


@pytest.fixture
def values() -> Path:
    """The values that ship with the municipality."""
    return find_pack("comune-esempio") / "values" / "2025.csv"
