"""The indicators of one sub-dimension: label recognised, rule known or inferred, target in the indicator's unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from piramide.exchange.sheets.imported import SpendingRule, UsedAlias, bounds
from piramide.exchange.sheets.inference import definition, infer, said_of
from piramide.exchange.sheets.lookups import Lookups, Match
from piramide.exchange.sheets.merging import ReadLine, spread
from piramide.exchange.sheets.objectives import PrintedLine, PrintedPart
from piramide.exchange.sheets.references import read_reference
from piramide.kernel.findings import Finding, Place, Refusal, Severity
from piramide.kernel.naming import slug
from piramide.methodology.loading.shipped import shipped
from piramide.methodology.model import Act, Checkpoint, Citation, Indicator, Node, RuleKind
from piramide.methodology.printing.reading import disagrees, target_value
from piramide.methodology.printing.target_words import Reading, read_target
from piramide.methodology.printing.tokens import Token, figure, slugged, token, without_marks

_PROJECTS: Final = "Progetti"
_ABOUT_PROJECTS: Final = re.compile(r"\bprogett\w+", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]")


def is_of_projects(leaf: Node) -> bool:
    """Whether a leaf scores the projects of its part of the sheet."""
    return slug(leaf.label) == slug(_PROJECTS)


@dataclass(frozen=True, slots=True)
class Context:
    """What the leaves of one sheet are read with: acts by id, the act of the sheet, the known, the spending rules."""

    lookups: Lookups
    acts: Mapping[str, Act]
    act: str
    year: int
    spending: tuple[SpendingRule, ...] = ()
    parts_with_projects: frozenset[str] = frozenset()
    target_column: int = 0

    @property
    def cap(self) -> Fraction:
        """Cap of the known definitions, which holds for inferred ones too."""
        return next((item.cap for item in self.lookups.pack.indicators.values()), Fraction(1, 2))


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
    printed: str = ""
    findings: tuple[Finding, ...] = ()
    aliases: tuple[UsedAlias, ...] = ()
    acts: tuple[Act, ...] = ()
    weight: Fraction | None = None
    weight_text: str = ""


def read_leaves(part: PrintedPart, context: Context) -> tuple[tuple[Leaf, ...], tuple[Finding, ...]]:
    """Leaves of a sub-dimension in the order of the sheet; one without a line of its own has an implied one."""
    lines, findings = spread(part)
    if not lines and (part.references or part.target):
        line, finding = _implied(part, context)
        lines, findings = (line,), findings if context.lookups.is_direct(part.label) else (*findings, finding)
    if not lines:
        findings = (*findings, Finding("SH020", part.row.place, part.label, {"label": part.label}))
    return tuple(_leaf(line, part, context) for line in lines), findings


def _implied(part: PrintedPart, context: Context) -> tuple[ReadLine, Finding]:
    """A target on the row of the sub-dimension and no line below: its projects, else the sub-dimension itself."""
    text = " ".join(cell.text for cell in part.references)
    is_of_projects = bool(_ABOUT_PROJECTS.search(text)) or slugged(part.label) in context.parts_with_projects
    is_projects = is_of_projects and not context.lookups.is_direct(part.label)
    label = _PROJECTS if is_projects else part.label
    line = PrintedLine(part.row, label, part.references, part.target)
    finding = Finding("SH024", part.row.place, part.label, {"part": part.label, "label": label})
    return ReadLine(line, part.references, part.target), finding


def _leaf(read: ReadLine, part: PrintedPart, context: Context) -> Leaf:
    """One indicator. What is doubtful is a finding; the leaf is there all the same."""
    line, place = read.line, read.line.row.place
    printed = read.target.text if read.target else None
    reading = read_target(printed, context.year) if printed else None
    reference = read_reference(" ".join(cell.text for cell in read.references), context.acts, context.year, context.act)
    findings = [Finding("SH030", place, act.label, {"act": act.label, "id": act.id}) for act in reference.unknown]
    if not read.references:
        findings.append(Finding("SH019", place, line.label, {"label": line.label}))
    label, indicator, is_inferred, said, aliases = _recognised(line, printed, reading, reference.citation, context)
    findings += said
    target, bad = _target(read, reading, indicator, label, context)
    findings += bad
    return Leaf(
        label, part.label, indicator, is_inferred, target, reference.citation, place, _words_of(printed),
        tuple(findings), aliases, reference.unknown, line.weight, line.weight_text,
    )  # fmt: skip


def _words_of(printed: str | None) -> str:
    """The target as printed; empty where nothing is, or a dash."""
    return "" if printed is None or token(printed) is Token.DASH else without_marks(printed)


def _recognised(
    line: PrintedLine, printed: str | None, reading: Reading | None, citation: Citation, context: Context
) -> tuple[str, Indicator, bool, list[Finding], tuple[UsedAlias, ...]]:
    """Label, definition, whether it was inferred, what there is to say, the variant used."""
    place = line.row.place
    known = context.lookups.indicator(line.label) if _LETTERS.search(line.label) else None
    if known is None:
        guess = infer(line.label, printed, reading)
        indicator = replace(
            definition(slug(line.label), line.label, guess, context.cap, citation, place),
            definition=said_of(printed, reading),
        )
        if guess.rule is RuleKind.THRESHOLD and guess.direction == "none":
            points = _limits(line.label, context)
            is_share = bool(points) and all(point.least is None and point.most is None for point in points)
            indicator = replace(indicator, checkpoints=points, unit="ratio" if is_share else indicator.unit)
        fields = {"label": line.label, "rule": guess.rule.value, "unit": guess.unit, "direction": guess.direction}
        is_read = reading is not None or guess.rule in {RuleKind.ZERO_GAP, RuleKind.THRESHOLD}
        fields["printed"] = (printed or "") if is_read else ""
        findings = [Finding("SH017", place, line.label, fields)]
        if guess.rule is RuleKind.THRESHOLD and guess.direction == "none" and not indicator.checkpoints:
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
    known = shipped().sheets
    name = known.account_indicator if known.account in label else known.forecasts_indicator
    if not re.search(known.spending, label, re.IGNORECASE):
        return ()
    return bounds(tuple(rule for rule in context.spending if rule.indicator == name))


def _target(
    read: ReadLine, reading: Reading | None, indicator: Indicator, label: str, context: Context
) -> tuple[Fraction | None, list[Finding]]:
    """The target in the indicator's unit, or none with what there is to say, at the cell that prints it."""
    row = read.line.row
    if read.target is None:
        severity = Severity.ERROR if row.states_spans else None
        where = row.at(context.target_column) if row.states_spans else row.place
        return None, [Finding("SH029", where, label, {"label": label}, severity=severity)]
    printed, where = read.target.text, read.target.place if row.states_spans else row.place
    kind = token(printed)
    if kind is Token.DASH:  # said not to be there, which nobody has to mend
        return None, [Finding("SH029", where, label, {"label": label}, severity=Severity.NOTE)]
    if reading is None and kind in {Token.LABEL, Token.MALFORMED, Token.FIGURE, Token.PERCENTAGE}:
        fields = {"label": label, "printed": printed, "readings": _readings(printed)}
        return None, [Finding("SH018", where, label, fields, stated=printed)]
    target = target_value(printed, reading, indicator)
    if not disagrees(printed, reading, indicator):
        return target, []
    fields = {"label": label, "printed": printed, "rule": indicator.rule.value, "unit": indicator.unit}
    severity = Severity.ERROR if reading is not None and target is None else None
    return target, [Finding("SH031", where, label, fields, severity=severity)]


def _readings(printed: str) -> str:
    """What a figure with separators that say two things may mean; empty for words."""
    try:
        figure(printed)
    except Refusal as refusal:
        return str(refusal.findings[0].fields.get("readings", ""))
    return ""
