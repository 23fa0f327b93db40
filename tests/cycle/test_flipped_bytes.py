"""One bit changed in any file of a store is harmless, or refused by name by the command that would have used it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from piramide.cycle.explain import explain_run
from piramide.cycle.explain_rows import trace_run
from piramide.cycle.facts import LoadRequest, findings_of_facts, load_facts
from piramide.cycle.measure import Request as MeasureRequest
from piramide.cycle.measure import measure
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.cycle.verification.verify import verify
from piramide.kernel.findings import Refusal, Severity
from piramide.kernel.progress import silent
from piramide.measurement.ledger.store import Ledger
from tests.cycle.scene import MONTHS, PACK, Scene
from tests.measurement.loads import HEADER
from tests.nightly import rounds

FLIPS = rounds(40, 500)
Command = Callable[[Scene, Store, Path], object]


def check(scene: Scene, store: Store, _: Path) -> object:
    found = findings_of_facts(store, "", scene.packs, None)
    if touched := [f for f in found if f.level is Severity.ERROR]:
        raise Refusal(*touched)
    return [(f.code, f.fields) for f in found]


def score_again(scene: Scene, store: Store, _: Path) -> object:
    return score(Request(PACK, scene.values, "2024-03"), scene.packs, store).run_id


def measure_again(scene: Scene, store: Store, out: Path) -> object:
    answer = measure(MeasureRequest(PACK, "2024-03"), scene.packs, store.root, out / "values.csv", silent)
    said.extend(f.message("en") for f in answer.findings)
    return (out / "values.csv").read_bytes()


def explain(scene: Scene, store: Store, _: Path) -> object:
    return explain_run(store, scene.run, "torino", "indice_deflusso")


def explain_rows(scene: Scene, store: Store, _: Path) -> object:
    trace = trace_run(store, scene.run, "torino", "indice_deflusso")
    return [(m.name, m.value, m.cells, m.rows, m.count) for m in trace.measures]


def print_sheet(scene: Scene, store: Store, out: Path) -> object:
    write_sheet_of_run(store, scene.run, "torino", out / "torino.md", "it")
    return (out / "torino.md").read_bytes()


def verify_down_to_the_facts(scene: Scene, store: Store, _: Path) -> object:
    answer = verify(store, scene.run, with_facts=True)
    if answer.difference is not None:
        raise _Differs(answer.difference.file)
    return answer.facts


class _Differs(Exception):  # noqa: N818 - what verify says, in the shape of a refusal
    """A difference of `verify`."""


def load_more(scene: Scene, store: Store, out: Path) -> object:
    (out / "march.csv").write_text("\n".join([HEADER, *MONTHS["03"]]) + "\n", encoding="utf-8")
    request = LoadRequest((("work", str(out / "march.csv")),), date(2024, 12, 31))
    (report,) = load_facts(request, scene.packs, store)
    said.extend(f.message("en") for f in report.remarks)
    return report.reasons, report.load.manifest["accepted"], Ledger(store.root).codes()


COMMANDS: tuple[Command, ...] = (check, score_again, measure_again, explain, explain_rows, print_sheet,
                                 verify_down_to_the_facts, load_more)  # fmt: skip
said: list[str] = []
"""What commands mended on the way and said."""


def outcomes(scene: Scene, store: Store, out: Path) -> dict[str, object]:
    """What each command answers, or what it refuses with."""
    found: dict[str, object] = {}
    out.mkdir(exist_ok=True)
    for command in COMMANDS:
        try:
            found[command.__name__] = command(scene, store, out)
        except (Refusal, _Differs) as refusal:
            found[command.__name__] = refusal
    return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("flips"))


@pytest.mark.slow
def test_a_flipped_bit_is_harmless_or_refused_by_name(scene: Scene, tmp_path: Path) -> None:
    chance = random.Random(20261130)  # noqa: S311 - which bit, no secret
    shutil.copytree(scene.store.root, tmp_path / "whole")
    expected = outcomes(scene, Store(tmp_path / "whole"), tmp_path / "out")
    assert not [name for name, answer in expected.items() if isinstance(answer, Exception)]
    files = sorted(path.relative_to(scene.store.root) for path in scene.store.root.rglob("*") if path.is_file())
    files = [name for name in files if (scene.store.root / name).stat().st_size]

    for number in range(FLIPS):
        name = files[number % len(files)] if number < len(files) else chance.choice(files)
        root = tmp_path / f"store-{number}"
        shutil.copytree(scene.store.root, root)
        raw = bytearray((root / name).read_bytes())
        at, bit = chance.randrange(len(raw)), 1 << chance.randrange(8)
        raw[at] ^= bit
        (root / name).write_bytes(raw)
        said.clear()

        found = outcomes(scene, Store(root), tmp_path / "out")

        where = f"{name}, byte {at}, bit {bit}"
        refused = {key: str(answer) for key, answer in found.items() if isinstance(answer, Exception)}
        apart = [key for key, answer in found.items() if key not in refused and answer != expected[key]]
        assert apart == [], f"{where}: another answer and no word"
        told = [*refused.values(), *said]
        assert told, f"{where}: nobody said anything"
        shown = "pack" if name.parts[2:3] == ("pack",) else name.name  # a pack is one thing, with one digest
        unnamed = [text for text in told if shown not in text]
        assert unnamed == [], f"{where}: refused without its name"
        shutil.rmtree(root)
