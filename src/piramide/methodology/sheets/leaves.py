"""The indicators of one sub-dimension: label recognised, rule known or inferred, target in the indicator's unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Finding, Place, Refusal
from piramide.kernel.naming import slug
from piramide.methodology.model import Act, Checkpoint, Citation, Indicator, RuleKind
from piramide.methodology.sheets.imported import SpendingRule, UsedAlias, bounds
from piramide.methodology.sheets.inference import definition, disagrees, infer, target_value
from piramide.methodology.sheets.library import Library, Match
from piramide.methodology.sheets.merging import ReadLine, spread
from piramide.methodology.sheets.objectives import PrintedLine, PrintedPart
from piramide.methodology.sheets.references import read_reference
from piramide.methodology.sheets.tokens import has_name, slugged

_PROJECTS: Final = "Progetti"
_ABOUT_PROJECTS: Final = re.compile(r"\bprogett\w+", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Context:
    """What the leaves of one sheet are read with: acts by id, the act of the sheet, the known, the spending rules."""

    library: Library
    acts: Mapping[str, Act]
    act: str
    year: int
    spending: tuple[SpendingRule, ...] = ()
    parts_with_projects: frozenset[str] = frozenset()

    @property
    def cap(self) -> Fraction:
        """Cap of the known definitions, which holds for inferred ones too."""
        return next((item.cap for item in self.library.pack.indicators.values()), Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf before it has its id in the structure."""

    label: str
    part: str
    indicator: Indicator
    is_inferred: bool
    target: Fraction | None
    citation: Citation
    place: Place
    findings: tuple[Finding, ...] = ()
    aliases: tuple[UsedAlias, ...] = ()
    acts: tuple[Act, ...] = ()


def read_leaves(part: PrintedPart, context: Context) -> tuple[tuple[Leaf, ...], tuple[Finding, ...]]:
    """Leaves of a sub-dimension in the order of the sheet; one without a line of its own has an implied one."""
    lines, findings = spread(part)
    if not lines and (part.references or part.target):
        line, finding = _implied(part, context)
        lines, findings = (line,), (*findings, finding)
    if not lines:
        findings = (*findings, Finding("SH020", part.row.place, part.label, {"label": part.label}))
    return tuple(_leaf(line, part, context) for line in lines), findings


def _implied(part: PrintedPart, context: Context) -> tuple[ReadLine, Finding]:
    """A target on the row of the sub-dimension and no line below: its projects, else the sub-dimension itself."""
    text = " ".join(cell.text for cell in part.references)
    is_projects = bool(_ABOUT_PROJECTS.search(text)) or slugged(part.label) in context.parts_with_projects
    label = _PROJECTS if is_projects else part.label
    line = PrintedLine(part.row, label, part.references, part.target)
    finding = Finding("SH024", part.row.place, part.label, {"part": part.label, "label": label})
    return ReadLine(line, part.references, part.target), finding


def _leaf(read: ReadLine, part: PrintedPart, context: Context) -> Leaf:
    """One indicator. What is doubtful is a finding; the leaf is there all the same."""
    line, place = read.line, read.line.row.place
    printed = read.target.text if read.target else None
    reference = read_reference(" ".join(cell.text for cell in read.references), context.acts, context.year, context.act)
    findings = [Finding("SH030", place, act.label, {"act": act.label, "id": act.id}) for act in reference.unknown]
    if not read.references:
        findings.append(Finding("SH019", place, line.label, {"label": line.label}))
    label, indicator, is_inferred, said, aliases = _recognised(line, printed, reference.citation, context)
    findings += said
    target, bad = _target(printed, indicator, place, label)
    findings += bad
    if printed and not is_inferred and disagrees(printed, indicator):
        fields = {"label": label, "printed": printed, "rule": indicator.rule.value, "unit": indicator.unit}
        findings.append(Finding("SH031", place, label, fields))
    return Leaf(
        label, part.label, indicator, is_inferred, target, reference.citation, place,
        tuple(findings), aliases, reference.unknown,
    )  # fmt: skip


def _recognised(
    line: PrintedLine, printed: str | None, citation: Citation, context: Context
) -> tuple[str, Indicator, bool, list[Finding], tuple[UsedAlias, ...]]:
    """Label, definition, whether it was inferred, what there is to say, the variant used."""
    place = line.row.place
    known = context.library.indicator(line.label) if _LETTERS.search(line.label) else None
    if known is None:
        guess = infer(line.label, printed)
        indicator = definition(slug(line.label), line.label, guess, context.cap, citation, place)
        if guess.rule is RuleKind.THRESHOLD and not guess.checkpoints:
            indicator = replace(indicator, checkpoints=_limits(line.label, context))
        fields = {"label": line.label, "rule": guess.rule.value, "unit": guess.unit, "direction": guess.direction}
        fields["printed"] = printed or ""
        findings = [Finding("SH017", place, line.label, fields)]
        if guess.rule is RuleKind.THRESHOLD and not indicator.checkpoints:
            findings.append(Finding("SH039", place, line.label, {"label": line.label}))
        return line.label, indicator, True, findings, ()
    indicator = known.indicator
    if known.match is Match.EXACT:
        return indicator.label, indicator, False, [], ()
    code = "SH015" if known.match is Match.ALIAS else "SH016"
    fields = {"printed": line.label, "label": indicator.label}
    alias = UsedAlias(line.label, indicator.label, "node")
    return indicator.label, indicator, False, [Finding(code, place, line.label, fields)], (alias,)


def _limits(label: str, context: Context) -> tuple[Checkpoint, ...]:
    """Checkpoints that the spending annex states for an indicator of spending."""
    name = "saldo_cic_1005" if "1005" in label else "fabbisogni_economici"
    if not re.search(r"\bspesa\b|\b1005\b|\bfabbisogn", label, re.IGNORECASE):
        return ()
    return bounds(tuple(rule for rule in context.spending if rule.indicator == name))


def _target(
    printed: str | None, indicator: Indicator, place: Place, label: str
) -> tuple[Fraction | None, list[Finding]]:
    if printed is None or not has_name(printed):
        return None, [Finding("SH029", place, label, {"label": label})]
    try:
        return target_value(printed, indicator), []
    except Refusal as refusal:
        reason = refusal.findings[0]
        return None, [Finding("SH018", place, label, {"label": label, "printed": printed, **dict(reason.fields)})]
