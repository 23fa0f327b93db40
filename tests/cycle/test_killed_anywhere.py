"""Killed at any moment, what was being kept is there whole or not at all, and asking again brings it there."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from piramide.cycle.backup import check_backup
from piramide.cycle.runs.store import Store
from piramide.cycle.verification.store_seals import touched_in
from piramide.cycle.verification.verify import verify
from piramide.kernel.progress import silent
from piramide.methodology.loading import load_pack, pack_folders
from tests.cycle.scene import Scene
from tests.nightly import rounds

KILLS = rounds(12, 190)
CASES = rounds(0, 2000)

NURSERY = """
import os, sys
from datetime import date
from pathlib import Path
from piramide.cycle.backup import put_store, unpacked, write_backup
from piramide.cycle.plans.drafting.edits import Heading
from piramide.cycle.plans.drafting.source import open_source
from piramide.cycle.plans.drafting.writing import write_plan
from piramide.cycle.score import Request, score
from piramide.cycle.runs.store import Store
from piramide.kernel.progress import silent
from piramide.methodology.model import Act

folder = Path(sys.argv[1])
packs = [folder / "packs"]

def backup(out):
    write_backup(out, {"store": folder / "store"}, silent)

def restore(out):
    with unpacked(folder / "whole.tar", out, silent) as unfolded:
        put_store(unfolded, out)

def adopt(out):
    heading = Heading(out.name, "Piano adottato", 2024, Act("delibera", "Delibera 1", day=date(2024, 1, 1)))
    write_plan(open_source(packs[0] / "prova-2024"), (), heading, out)

def keep(out):
    score(Request("prova-2024", folder / "values.csv", "2024-03"), packs, Store(out))

for line in sys.stdin:
    name, out = line.split()
    child = os.fork()
    if child:
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    else:
        globals()[name](Path(out))
        os._exit(0)
"""
"""A process that has everything imported, and does each thing it is told in a child of its own."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("kills"), CASES)


class Nursery:
    """Does things in children, and kills them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def does(self, name: str, out: Path, seconds: float | None = None) -> int:
        """The exit code of a child that does a thing, killed after so many seconds."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{name} {out}\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        if seconds is not None:
            time.sleep(seconds)
            with suppress(ProcessLookupError):  # it had ended by then
                os.kill(child, signal.SIGKILL)
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def nursery(scene: Scene) -> Iterator[Nursery]:
    command = [sys.executable, "-c", NURSERY, str(scene.folder)]
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        made = Nursery(process)
        assert made.does("backup", scene.folder / "whole.tar") == 0
        yield made
        assert process.stdin
        process.stdin.close()


def is_whole_backup(out: Path, _: Scene) -> bool:
    return bool(check_backup(out, silent).files) and not check_backup(out, silent).findings


def is_whole_store(out: Path, scene: Scene) -> bool:
    return not list(touched_in(out)) and verify(Store(out), scene.run, with_facts=True).verified


def is_whole_plan(out: Path, _: Scene) -> bool:
    return load_pack(out).id == out.name and sorted(pack_folders([out.parent])) == sorted([*pack_folders(), out.name])


def is_whole_run(out: Path, scene: Scene) -> bool:
    runs = [path for path in (out / "runs").glob("*") if not path.name.startswith(".")] if out.is_dir() else []
    return all(verify(Store(out), run.name).verified for run in runs) and [r.name for r in runs] in ([], [scene.run])


THINGS: dict[str, tuple[str, Callable[[Path, Scene], bool]]] = {
    "backup": ("b.tar", is_whole_backup),
    "restore": ("restored", is_whole_store),
    "adopt": ("adottato-2024", is_whole_plan),
    "keep": ("other", is_whole_run),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", THINGS)
def test_a_kill_leaves_all_of_it_or_nothing(scene: Scene, nursery: Nursery, tmp_path: Path, name: str) -> None:
    called, is_whole = THINGS[name]
    moments = random.Random(name)  # noqa: S311 - a moment, no secret
    started = time.perf_counter()
    assert nursery.does(name, tmp_path / "first" / called if name == "keep" else tmp_path / called) == 0
    usual, killed = time.perf_counter() - started, 0
    for attempt in range(10 * KILLS):
        folder = tmp_path / f"{attempt}"
        folder.mkdir()
        out = folder / called
        if nursery.does(name, out, moments.uniform(0, usual)) == -signal.SIGKILL:
            killed += 1
        else:
            usual *= 0.9
        if out.exists():
            assert is_whole(out, scene), f"{name}, attempt {attempt}"
        if not out.exists() or name in {"adopt", "keep"}:
            assert nursery.does(name, out) == 0, "asked again, it is done"
            assert is_whole(out, scene)
        shutil.rmtree(folder)
        if killed == KILLS:
            break

    assert killed == KILLS
