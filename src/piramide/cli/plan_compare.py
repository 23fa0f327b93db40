"""`piramide plan compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.planning.comparing import CompareRequest
from piramide.cycle.planning.comparing import compare as make_comparison
from piramide.kernel.figure import preview

__all__ = ["CompareRequest", "compare"]

_DECIMALS: Final = 3
_SHOWN: Final = 40


def compare(request: CompareRequest, out: Path | None, *, as_json: bool) -> None:
    """Say what differs, the largest differences first."""
    with steps("answer.comparing") as progress:
        answer = make_comparison(request, out, progress)
    if as_json:
        terminal.print_json(answer)
        return
    differing = [row for row in answer["rows"] if row["difference"]]
    differing.sort(key=lambda row: -abs(row["difference"]))
    if not differing:
        terminal.print_text(say("answer.compare_same"))
    else:
        columns = [(say("answer.compare_of"), False), (say("answer.compare_measure"), False)]
        columns += [(say(f"answer.compare_{name}"), True) for name in ("a", "b", "difference")]
        terminal.print_table(columns, [_row(row) for row in differing[:_SHOWN]])
        terminal.print_text(say("answer.compare_count", count=len(differing), shown=min(len(differing), _SHOWN)))
    if out is not None:
        terminal.print_text(say("answer.written", path=out))


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    figures = (row["a"], row["b"], row["difference"])
    return (row["id"], row["measure"], *(terminal.figure(preview(float(each)), _DECIMALS) for each in figures))
