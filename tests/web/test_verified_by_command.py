"""`piramide verify RUN --facts` counts for validation and publication, on the machine that has the site's database."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from piramide.cli import site
from piramide.cycle.verification.verify import Difference, Verification
from piramide.web import operations
from piramide.web.accounts.roles import Role
from piramide.web.operations import note_verified
from piramide.web.oversight import models
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs
from tests.web.test_last_look import SignIn, _page

VALUES = "structure,indicator,period,value\nborgoverde,ritardo_pagamenti,2025,-2.5\n"


def test_it_answers_the_line_of_the_checklist(runs: list[RunRecord], sign_in: SignIn) -> None:
    run, auditor = runs[-1], sign_in(Role.AUDITOR)
    answer = Verification(run.run, None, "1", "1")

    assert note_verified(answer, opened_runs().store.root)

    page = auditor.get(f"/vigilanza/esecuzioni/{run.run}/").content.decode()
    assert "verificata adesso" in page
    assert "dalla riga di comando" in page
    checklist = sign_in(Role.OIV).get(_page(run, "validazione")).content.decode()
    assert "Si ricalcola uguale in ogni cifra." in checklist


def test_a_difference_blocks_whoever_found_it(runs: list[RunRecord], sign_in: SignIn) -> None:
    answer = Verification(runs[-1].run, Difference("results.parquet", kept="a", recomputed="b"), "1", "1")

    assert note_verified(answer, opened_runs().store.root)
    checklist = sign_in(Role.OIV).get(_page(runs[-1], "validazione")).content.decode()
    assert "non si ricalcolava uguale" in checklist


def test_another_store_and_a_run_that_is_not_there_are_not_noted(runs: list[RunRecord], tmp_path: Path) -> None:
    assert not note_verified(Verification(runs[-1].run, None, "1", "1"), tmp_path)
    assert not note_verified(Verification("0" * 64, None, "1", "1"), opened_runs().store.root)
    assert not models.Verification.objects.exists()


def test_a_database_that_does_not_answer_is_told(
    runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def locked(*_arguments: object) -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(operations, "note_verification", locked)
    monkeypatch.setenv("PIRAMIDE_DATABASE_URL", "sqlite://")
    answer = Verification(runs[-1].run, None, "1", "1")

    assert note_verified(answer, opened_runs().store.root) is None
    site.note_verified(answer, opened_runs().store.root)
    assert "non è annotata nel sito" in " ".join(capsys.readouterr().err.split())


@pytest.mark.slow
def test_the_command_notes_it_where_the_site_is(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text(VALUES, encoding="utf-8")
    store, data = tmp_path / "store", tmp_path / "data"
    given: dict[str, Any] = {"PIRAMIDE_STORE": str(store), "PIRAMIDE_DATA": str(data), "PIRAMIDE_LANG": "en"}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PIRAMIDE_", "DJANGO_"))} | given

    def piramide(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from piramide.cli.main import run; run()", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)

    scored = piramide("score", "comune-esempio", "--values", "v.csv", "--period", "2025", "--json")
    run = json.loads(scored.stdout)["run"]
    alone = piramide("verify", run, "--facts")
    piramide("upgrade")
    shutil.copytree(store, tmp_path / "copy")
    elsewhere = piramide("verify", run, "--facts", "--store", "copy")
    plain, down = piramide("verify", run), piramide("verify", run, "--facts")

    said = "The verification is noted on the site"
    assert [said in answer.stderr for answer in (alone, elsewhere, plain, down)] == [False, False, False, True]
    with closing(sqlite3.connect(data / "piramide.sqlite3")) as database:
        rows = database.execute("SELECT run_id, is_whole, by_id FROM oversight_verification").fetchall()
    assert rows == [(run, 1, None)]
