"""A publication killed at any moment is done, with its row in the register, or was never begun."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.nightly import rounds
from tests.web.installation import Installation

KILLS = rounds(4, 190)

NURSERY = """
import json, os, sys, uuid
from datetime import date
import piramide.web.boot
from django.db import connections
from piramide.web.accounts.models import User
from piramide.web.audit.chain import check_chain
from piramide.web.audit.models import Entry
from piramide.web.oversight.decisions import Document, publish_results, validate_results
from piramide.web.oversight.last_look.checklist import Answers, checklist_of
from piramide.web.oversight.models import PassedOver, Verification
from piramide.web.results.models import RunRecord

def prepared():
    user = User.objects.create_user("anna@example.org", "Anna", "una password lunga")
    run = RunRecord.objects.order_by("ends_on").last()
    Verification.objects.create(run=run, is_whole=True)
    checklist = checklist_of(run)
    reasons = {seen.line.id: "Guardato con l'ufficio." for seen in checklist.asking}
    answers = Answers(checklist.digest, reasons)
    document = Document(uuid.uuid4(), "validated", "OIV 1", date(2025, 3, 1), "Tutto torna.")
    validate_results(user, run, document, answers)
    return [checklist.digest, reasons]

# Whatever reads a run starts threads, and a process with threads must not fork: the first child prepares.
reading, writing = os.pipe()
if not os.fork():
    os.write(writing, json.dumps(prepared()).encode())
    os._exit(0)
os.wait()
digest, reasons = json.loads(os.read(reading, 65536))
answers = Answers(digest, reasons)
connections.close_all()
user = User.objects.get()
run = RunRecord.objects.order_by("ends_on").last()
published = PassedOver.objects.filter(run=run, step="publication")
for line in sys.stdin:
    RunRecord.objects.filter(pk=run.pk).update(published_at=None, published_by=None, publication_act="")
    published.delete()
    before = Entry.objects.filter(verb="results.published").count()
    connections.close_all()
    child = os.fork()
    if not child:
        publish_results(user, run, "Determina 1", answers)
        os._exit(0)
    print(child, flush=True)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    rows = Entry.objects.filter(verb="results.published").count() - before
    is_public = RunRecord.objects.get(pk=run.pk).is_published
    are_told = int(published.count() == (len(reasons) if is_public else 0))
    print(code, int(is_public), rows, int(check_chain().is_whole), are_told, flush=True)
"""


@pytest.mark.slow
def test_it_is_published_with_its_row_or_not_at_all(tmp_path: Path, site_store: Path) -> None:
    shutil.copytree(site_store, tmp_path / "store")
    installation = Installation(tmp_path, tmp_path / "store")
    assert installation.command("upgrade").returncode == 0
    moments = random.Random(20261130)  # noqa: S311 - a moment, no secret
    pipe = subprocess.PIPE
    environment = installation.environment | {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    command = [sys.executable, "-c", NURSERY]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin
        assert stdout

        def publish(seconds: float | None) -> tuple[int, ...]:
            """Exit code, whether it is public, rows written, whether the register and the reasons are whole."""
            stdin.write("again\n")
            stdin.flush()
            child = int(stdout.readline())
            if seconds is not None:
                time.sleep(seconds)
                with suppress(ProcessLookupError):  # it had ended by then
                    os.kill(child, signal.SIGKILL)
            return tuple(int(word) for word in stdout.readline().split())

        started = time.perf_counter()
        assert publish(None) == (0, 1, 1, 1, 1)
        usual, killed = time.perf_counter() - started, 0
        for _ in range(10 * KILLS):
            code, is_public, rows, is_whole, are_told = publish(moments.uniform(0, usual))
            assert (is_public, is_whole, are_told) == (rows, 1, 1)
            if code == -signal.SIGKILL:
                killed += 1
            else:
                usual *= 0.9
            if killed == KILLS:
                break
        stdin.close()
        assert killed == KILLS
