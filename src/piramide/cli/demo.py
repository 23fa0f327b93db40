"""`piramide demo`: the main job on invented values."""

from __future__ import annotations

from pathlib import Path

from piramide.cli import terminal
from piramide.cli.score import as_json_answer
from piramide.cli.texts import say
from piramide.cycle.files import folder_to_write
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.score import Request, score
from piramide.cycle.store import Store
from piramide.demo.values import demonstration
from piramide.kernel import wording
from piramide.kernel.periods import parse_period

FORMATS = ("pdf", "xlsx", "md")


def demo(out: Path, store: Path, *, as_json: bool) -> None:
    """Score every structure of the demonstration and print one sheet in three formats."""
    folder_to_write(out)
    job = demonstration()
    kept = Store(store)
    scored = score(Request(job.pack, job.values, job.period, demonstration=True), [], kept)
    files = [out / f"{job.structure}-{job.period}.{extension}" for extension in FORMATS]
    language = wording.current_language()
    for file in files:
        write_sheet_of_run(kept, scored.run_id, job.structure, file, language)
    if as_json:
        terminal.print_json(as_json_answer(scored.run_id, scored.scores) | {"files": [str(file) for file in files]})
        return
    terminal.print_text(say("answer.demonstration"))
    period = parse_period(job.period).label(language)
    count = len(scored.scores.structures)
    terminal.print_text(say("answer.demo_done", count=count, period=period, structure=job.structure, path=files[0]))
    for file in files[1:]:
        terminal.print_text(f"  {file}")
    terminal.print_text(say("answer.demo_next", run=scored.run_id[:8], structure=job.structure))
