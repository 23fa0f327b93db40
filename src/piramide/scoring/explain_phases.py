"""The phases of an objective in words: which are due, how far each is, and what each brings to the objective."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from piramide.kernel import wording
from piramide.kernel.figure import figure_of
from piramide.kernel.node_fields import INDEX_FIELDS, IndexFields, index_of
from piramide.kernel.statuses import Status
from piramide.kernel.templates import day as day_in_words
from piramide.methodology.phases import Phase
from piramide.scoring.arrays import FULL
from piramide.scoring.explain_cells import CellFigures, PhaseFigures
from piramide.scoring.prose import Prose
from piramide.scoring.result import NOTHING, Contribution, Explanation, NodeScore, StructureScore

KIND = "phase"


def stem(node: NodeScore, told: CellFigures, say: Prose) -> str:
    """How many phases are due, and how far they are on the whole."""
    due = sum(one.is_due for one in told.phases)
    value = say.share((node.value or NOTHING) / FULL)
    key = "phases_all" if due == len(told.phases) else "phases"
    return say("stem", key, label=node.label, due=due, count=len(told.phases), value=value)


def formula(node: NodeScore, told: CellFigures, say: Prose) -> str:
    """The weighted mean of the phases due, and the gap."""
    due = [one for one in told.phases if one.is_due]
    if node.value is None or any(one.progress is None for one in due):
        return ""
    parts = " + ".join(
        say("formula", "part", share=say.share(one.phase.weight), figure=say.number(one.progress or 0, 0))
        for one in due
        if one.phase.weight
    )
    whole = say.share(sum((one.phase.weight for one in due), Fraction(0)))
    return say(
        "formula", "phases", parts=parts, whole=whole, value=say.number(node.value, 0), raw=say.gap(told.raw or 0)
    )


def _index(one: PhaseFigures) -> dict[str, Any]:
    """The figures of an index: the progress of a phase due; anything from nothing to the whole where none is told."""
    if not one.is_due:
        return index_of(IndexFields(coverage=figure_of(0)))
    if one.progress is None:
        return index_of(IndexFields(index_low=figure_of(0), index_high=figure_of(FULL), coverage=figure_of(0)))
    return dict.fromkeys(INDEX_FIELDS, figure_of(one.progress)) | {"coverage": figure_of(1)}


@dataclass(frozen=True, slots=True)
class Objective:
    """What the phases of an objective are told with: `share` is its own in the sheet of `top`."""

    node: NodeScore
    told: CellFigures
    top: StructureScore
    share: Fraction
    is_demonstration: bool
    acts: dict[str, str]

    def phases(self, say: Prose) -> Iterator[Explanation]:
        """Every phase, in the order of the plan."""
        due = sum((one.phase.weight for one in self.told.phases if one.is_due), Fraction(0))
        for one in self.told.phases:
            yield self._phase(one, one.phase.weight / due if one.is_due and due else Fraction(0), say)

    def _phase(self, one: PhaseFigures, part: Fraction, say: Prose) -> Explanation:
        phase, progress = one.phase, one.progress if one.is_due else None
        index = None if progress is None else figure_of(progress)
        gap = None if progress is None else figure_of(progress / FULL - 1)
        points = None if progress is None else part * (progress - FULL)
        contributions = (
            ()
            if points is None
            else (
                Contribution(self.node.id, self.node.label, figure_of(points)),
                Contribution(self.top.id, self.top.label, figure_of(points * self.share)),
            )
        )
        return Explanation(
            node=phase.name,
            structure=self.top.id,
            label=phase.label,
            kind=KIND,
            basis="index" if index is not None else "",
            **_index(one),
            value=None if one.progress is None else figure_of(one.progress),
            target=figure_of(FULL),
            unit="milestone",
            decimals=0,
            gap_raw=gap,
            gap=gap,
            cap=None,
            weight=figure_of(phase.weight),
            weight_source=phase.weight_source.value,
            share=figure_of(part * self.share),
            rule="",
            status=self._status(one),
            contested=False,
            is_demonstration=self.is_demonstration,
            sentence=self._sentence(one, part, points, say),
            formula="",
            act=phase.citation.act,
            act_label=self.acts.get(phase.citation.act, phase.citation.act),
            place=phase.citation.place,
            rule_act=self.told.indicator.citation.act,
            rule_place=self.told.indicator.citation.place,
            definition="",
            contributions=contributions,
            exchange=None,
            losses=(),
            gains=(),
            notes=tuple(_notes(phase, say)),
            inputs=(),
        )

    def _status(self, one: PhaseFigures) -> str:
        if not one.is_due:
            return Status.NOT_DUE
        return Status.MISSING if one.progress is None else Status.MEASURED

    def _sentence(self, one: PhaseFigures, part: Fraction, points: Fraction | None, say: Prose) -> str:
        phase = one.phase
        end = day_in_words(phase.end.isoformat(), lambda section, key: wording.word(section, key, say.language))
        fields = {"label": phase.label, "end": end, "parent": self.node.label, "weight": say.share(phase.weight)}
        progress = "" if one.progress is None else say.share(one.progress / FULL)
        if not one.is_due:
            return say("phase", "ahead" if progress else "later", progress=progress, **fields)
        if points is None:
            return say("phase", "missing", **fields)
        key = "takes" if points else "done"
        return say("phase", key, progress=progress, part=say.share(part), points=say.index(-points), **fields)


def _notes(phase: Phase, say: Prose) -> Iterator[str]:
    if phase.evidence:
        yield say("phase", "evidence", text=phase.evidence)
    if phase.responsible:
        yield say("phase", "responsible", text=phase.responsible)
