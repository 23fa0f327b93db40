"""The sheet as Markdown: the words of `paper` in tables that any renderer reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from piramide.reports.labels import Labels, labels
from piramide.reports.markdown_tables import table_lines
from piramide.reports.markdown_texts import escaped, paragraph
from piramide.reports.paper import Paper, PaperRow
from piramide.reports.sheet import SheetReport
from piramide.reports.worded import worded


def sheet_markdown(report: SheetReport, language: str = "it") -> str:
    """Return the sheet as Markdown, with every text of the report escaped."""
    say = labels(language)
    paper = worded(report, say)
    blocks = [*_opening(paper), *_table_of_rows(paper, say), *_why(paper, say), *_origin(paper, say)]
    for annex in report.annexes:
        blocks += [f"## {escaped(annex.title)}", "\n".join(table_lines(annex.table)).rstrip()]
    return "\n\n".join(blocks) + "\n"


def _opening(paper: Paper) -> Iterator[str]:
    yield f"# {escaped(paper.structure)}"
    yield f"{escaped(paper.administration)}  \n**{escaped(paper.title)}**  \n{escaped(' · '.join(paper.facts))}"
    if paper.demonstration:
        yield f"> **{escaped(paper.demonstration)}**"
    index = f"**{paper.index_label}: {paper.index}**"
    yield " · ".join(part for part in (index, paper.band, paper.coverage) if part)
    yield paragraph(paper.sentence)


def _table_of_rows(paper: Paper, say: Labels) -> Iterator[str]:
    names = ("indicator", "reference", "weight", "target", "value", "gap", "index", "contribution", "status")
    total = (
        f"**{escaped(paper.total_label)}**",
        *[""] * 5,
        f"**{paper.total_index}**",
        f"**{paper.total_points}**",
        "",
    )
    yield f"## {say('section', 'sheet')}"
    rows = [*(_cells(row) for row in paper.rows), total]
    yield _table([say("column", name) for name in names], "llrrrrrrl", rows)
    yield paragraph(" ".join(paper.legend))
    if paper.notes:
        yield f"## {say('section', 'notes')}"
        yield from map(paragraph, paper.notes)


def _cells(row: PaperRow) -> Sequence[str]:
    emphasis = "" if row.is_leaf else "_" if row.depth else "**"
    label = f"{emphasis}{escaped(row.label)}{emphasis}"
    if row.note:
        label += f" – {escaped(row.note)}"
    status = ", ".join(f"{mark.sign} {mark.word}" for mark in row.marks)
    weight = f"{row.weight} {row.weight_mark}".strip()
    gap = f"{row.gap} {row.raw_gap}".strip()
    texts = map(escaped, (row.reference, weight, row.target, row.value, gap, row.index, row.points, status))
    return (label, *texts)


def _why(paper: Paper, say: Labels) -> Iterator[str]:
    if paper.losses:
        yield f"## {say('section', 'losses')}"
        rows = [(escaped(loss.label), loss.points, escaped(loss.reason)) for loss in paper.losses]
        yield _table([say("column", name) for name in ("label", "contribution", "reason")], "lrl", rows)
        yield from filter(None, [paragraph(paper.other_losses)])
    if paper.levers:
        yield f"## {say('section', 'levers')}"
        columns = [say("column", name) for name in ("label", "for_one_point", "per_percent")]
        yield _table(columns, "lrr", [(escaped(it.label), it.for_one_point, it.per_percent) for it in paper.levers])
        yield from filter(None, [paragraph(paper.other_levers), paragraph(paper.wasted)])
    for name, entries in (("explanations", paper.explanations), ("definitions", paper.definitions)):
        if entries:
            yield f"## {say('section', name)}"
            yield "\n".join(f"- **{escaped(term)}**: {escaped(text)}" for term, text in entries)


def _origin(paper: Paper, say: Labels) -> Iterator[str]:
    if paper.sources:
        yield f"## {say('section', 'sources')}"
        rows = [tuple(map(escaped, (source.short, source.label, source.places))) for source in paper.sources]
        yield _table([say("column", name) for name in ("short", "act", "places")], "lll", rows)
    yield f"## {say('section', 'recompute')}"
    yield "\n".join(f"- {name}: `{text}`" for name, text in paper.recompute)
    yield f"{say('recompute', 'how')} `{paper.command}`"


def _table(columns: Sequence[str], sides: str, rows: Iterable[Sequence[str]]) -> str:
    rule = ["---:" if side == "r" else "---" for side in sides]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (columns, rule, *rows))
