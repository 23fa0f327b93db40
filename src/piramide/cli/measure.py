"""`piramide measure`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.measure import Measurement, Request
from piramide.cycle.measure import measure as measure_request
from piramide.kernel.findings import findings_as_json
from piramide.kernel.note import worded
from piramide.kernel.statuses import Status

__all__ = ["Request", "measure"]


def measure(request: Request, folders: Sequence[Path], store: Path, out: Path, *, as_json: bool) -> None:
    """Fold what is new, write the values file, and say what is in it."""
    with steps("answer.folding") as progress:
        answer = measure_request(request, list(folders), store, out, progress)
    if as_json:
        terminal.print_json(_as_json(answer, request, out))
        return
    counts = Counter(value.status for value in answer.values)
    if answer.by_hand:
        terminal.tell(say("answer.by_hand", names=", ".join(answer.by_hand)))
    if answer.not_loaded:
        terminal.tell(say("answer.not_loaded", datasets=", ".join(answer.not_loaded)))
    terminal.tell_findings(answer.findings)
    terminal.print_text(
        say(
            "answer.measured",
            count=len(answer.values),
            file=out,
            measured=counts[Status.MEASURED],
            estimated=counts[Status.ESTIMATED],
            missing=counts[Status.MISSING] + counts[Status.NOT_APPLICABLE],
            folded=answer.folded,
            engine=answer.engine,
        )
    )


def _as_json(answer: Measurement, request: Request, out: Path) -> dict[str, Any]:
    values = [
        {
            "structure": value.structure,
            "indicator": value.indicator,
            "period": str(value.moment),
            "value": value.value,
            "numerator": value.numerator,
            "denominator": value.denominator,
            "status": value.status,
            "coverage": value.coverage,
            "note": worded(value.note),
        }
        for value in answer.values
    ]
    head = {"pack": request.pack, "period": request.period, "engine": answer.engine, "out": str(out)}
    return head | {
        "folded": answer.folded,
        "loads": answer.loads,
        "collected_by_hand": list(answer.by_hand),
        "not_loaded": list(answer.not_loaded),
        "findings": findings_as_json(answer.findings),
        "values": values,
    }
