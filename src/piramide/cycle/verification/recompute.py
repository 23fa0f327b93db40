"""A kept run computed again from what it kept, by the code of today."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from piramide.cycle.runs.open_run import pack_of, values_of
from piramide.cycle.runs.store import Run
from piramide.cycle.score import Request, ValuesAtHand, compute
from piramide.kernel.periods import parse_period


def request_again(run: Run, pack: str, values: Path | ValuesAtHand) -> Request:
    """What a run was asked, of a pack by name or folder and of a file of values, or rows of them."""
    manifest = run.manifest
    return Request(
        pack,
        values,
        manifest["period"],
        tuple(manifest["structures"]),
        manifest["as_of"],
        manifest["known_on"],
        demonstration=manifest["demonstration"],
        tried_on=manifest.get("tried_on", 0),
    )


def recomputed(run: Run) -> pa.Table:
    """The results of a run from its own pack and values, read as its rules read them.

    Raises `Refusal` where today's code does not take its pack or its values.
    """
    pack = pack_of(run, anew=True)
    request = request_again(run, pack.id, run.values_file)
    values = values_of(run, pack)
    return compute(pack, values, parse_period(request.period), request).results
