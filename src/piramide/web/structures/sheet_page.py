"""The sheet of a structure on screen: the rows and the words of the paper, with the months beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from piramide.cycle.boards.cluster import AmongPeers, among_peers
from piramide.cycle.chain import ChainOfPlan
from piramide.cycle.plans.objectives.money_annex import money_annexes
from piramide.cycle.runs.open_run import structure_of
from piramide.cycle.runs.standing import Series
from piramide.cycle.sheet_content import sheet_report
from piramide.reports.labels import Labels, labels
from piramide.reports.paper import Paper, PaperRow
from piramide.reports.printed_tables import AnnexPaper, Cell
from piramide.reports.sheet import SheetReport
from piramide.reports.worded import worded
from piramide.scoring.result import NodeScore
from piramide.web.fields.language import spoken
from piramide.web.house.pages import kept
from piramide.web.plans_in_force import plan
from piramide.web.structures.shown import Shown

STRIP: Final = 200
"""Width of the strip that shows the index between 50 and 150, in its own units."""

FEW: Final = 5
"""Losses and levers in sight; the others are one press away."""

TABS: Final[Mapping[str, str | Promise]] = {
    "structures:sheet": _("Scheda"),
    "structures:history": _("Storia"),
    "structures:among": _("Cluster"),
    "structures:comparison": _("Confronto"),
}
"""Pages of a structure by the name of their address."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the paper with its figures and its index in every period of the series shown."""

    paper: PaperRow
    node: NodeScore
    course: Series

    @property
    def is_partial(self) -> bool:
        """Whether something under it is due and not measured."""
        return self.node.is_due and self.node.coverage < 1


@dataclass(frozen=True, slots=True)
class SumShown:
    """A sum of money as a table: its titles, and rows of a cell that heads each and the others under their titles."""

    title: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Cell, tuple[tuple[str, Cell], ...]], ...]


def words() -> Labels:
    """The words of printed documents in the language of the page."""
    return labels(spoken())


def kind_label(kind: str) -> str:
    """What a kind of structures is called, in the language of the page: the plan in force has words for its own."""
    return words().kind(kind, plan().structure_kinds)


def report_of(shown: Shown) -> SheetReport:
    """What the paper says of a structure."""
    return sheet_report(shown.chosen.run, shown.structure, spoken())


def paper_of(shown: Shown) -> Paper:
    """The paper in words."""
    return worded(report_of(shown), words())


def sheet_body(shown: Shown, *, may_compare: bool) -> SafeString:
    """Everything of the sheet that does not depend on the person; the rank only for who may see the others."""
    key = shown.key("structures.sheet", rights="compare" if may_compare else "")
    return kept(key, lambda: _sheet_body(shown, may_compare=may_compare))


def _sheet_body(shown: Shown, *, may_compare: bool) -> SafeString:
    report = report_of(shown)
    paper = worded(report, words())
    largest = max((loss.size for loss in paper.losses), default=1.0)
    context = head_context(shown, "structures:sheet", paper) | {
        "cap": report.cap,
        "say": {name: words().section(name) for name in ("column", "section")},
        "losses": [(loss, round(100 * loss.size / largest, 1)) for loss in paper.losses],
        "standing": _standing(shown) if may_compare else None,
        "few": FEW,
        "most": f":{FEW}",
        "rest": f"{FEW}:",
        "other_levers": max(len(report.levers) - FEW, 0),
        "lines": list(_lines(shown, paper.rows)),
        "sums": list(_sums(shown)),
        "phases": _phases(report),
        "upward": [way for way in ChainOfPlan(shown.chosen.run.pack).ways_up(shown.structure) if way.lines],
        "plan": shown.chosen.run.pack,
    }
    return render_to_string("structures/sheet_body.html", context)


def _sums(shown: Shown) -> Iterator[SumShown]:
    """The sums of money that the plan ties to the objectives, as the paper has them."""
    run = shown.chosen.run
    for annex in money_annexes(shown.structure, run.pack, words(), structure_of(run, shown.structure)):
        titles = annex.table.titles
        rows = [(row[0], tuple(zip(titles[1:], row[1:], strict=True))) for row in annex.table.rows]
        yield SumShown(annex.title, titles, tuple(rows))


def _phases(report: SheetReport) -> AnnexPaper | None:
    """The phases of the objectives with how far each is, as the paper has them."""
    title = words()("annex", "phase")
    return next((annex for annex in report.annexes if title in annex.table.titles), None)


def _standing(shown: Shown) -> AmongPeers | None:
    return among_peers(shown.chosen.run, shown.chosen.figures, shown.structure)


def _lines(shown: Shown, rows: tuple[PaperRow, ...]) -> Iterator[Line]:
    nodes = structure_of(shown.chosen.run, shown.structure).nodes
    for paper, node in zip(rows, nodes, strict=True):
        yield Line(paper, node, shown.chosen.course(shown.structure, node.id))


def head_context(shown: Shown, tab: str, paper: Paper) -> dict[str, object]:
    """What the head of every page of a structure says; `tab` is the name of the page's address."""
    run, strip = shown.chosen.run, paper.strip
    is_partial = strip.low is not None and strip.high is not None and strip.low < strip.high
    return {
        "shown": shown,
        "paper": paper,
        "plan_label": run.pack.label,
        "tried_on": run.run.manifest.get("tried_on", 0),
        "strip_band": _band(strip.low, strip.high) if is_partial else None,
        "strip_point": None if strip.point is None else round(STRIP * strip.point - 1.5, 1),
        "tabs": TABS.items(),
        "tab": tab,
    }


def _band(low: float | None, high: float | None) -> tuple[float, float]:
    """Start and width of the band of a partial index on its strip."""
    start, end = STRIP * (low or 0.0), STRIP * (high or 0.0)
    return round(start, 1), round(end - start, 1)
