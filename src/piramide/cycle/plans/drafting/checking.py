"""What a draft gets wrong: the checks of every plan, on one sheet while typing, on the whole before it is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from piramide.cycle.plans.drafting.source import PlanSource
from piramide.cycle.plans.examining import examined
from piramide.kernel import wording
from piramide.kernel.findings import Finding, Place, Refusal, Severity
from piramide.methodology.checks import trees
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Node, Pack, parents, walk

TOP = ""
"""The group of the nodes that stand under nobody."""


@dataclass(frozen=True, slots=True)
class SheetCheck:
    """What the checks say of one sheet: sum of the weights of each group, and findings by node (`TOP`: of the sheet).

    A group that only reports, all weights 0, has no sum to reach. `findings` leave out the sums.
    """

    sums: Mapping[str, Fraction]
    findings: Mapping[str, tuple[Finding, ...]]

    @property
    def wrong_sums(self) -> tuple[str, ...]:
        """Groups whose weights do not add up to 1."""
        return tuple(group for group, total in self.sums.items() if total != 1)

    @property
    def count(self) -> int:
        """How many findings there are besides the sums."""
        return sum(map(len, self.findings.values()))


def check_sheet(pack: Pack, structure: str) -> SheetCheck:
    """Check one sheet of a plan, as printed, with the rules of `pack check`."""
    alone = replace(pack, sheets={structure: pack.sheets[structure]})
    found: dict[str, list[Finding]] = {}
    try:
        alone = in_force(alone)
    except Refusal as refusal:
        found[TOP] = list(refusal.told)
    tree = alone.sheets[structure].tree
    names = {node.id: node.label for node in walk(tree)}
    label = alone.organisation.history(structure)[-1].label
    for rule in trees.RULES:
        if rule is trees.check_weights_sum_to_one:
            continue
        for finding in rule(alone):
            node = str(finding.fields.get("name", "")) if finding.subject not in names else finding.subject
            found.setdefault(node if node in names else TOP, []).append(_in_words(finding, names, label))
    return SheetCheck(dict(_sums(tree)), {node: tuple(findings) for node, findings in found.items()})


def _in_words(finding: Finding, names: Mapping[str, str], structure: str) -> Finding:
    """The finding for who has the sheet before them: labels in the place of ids, and no line of a file."""
    fields = dict(finding.fields) | ({"structure": structure} if "structure" in finding.fields else {})
    if rule := fields.get("rule"):
        fields["rule"] = wording.word("rule", str(rule)) or rule
    return replace(finding, place=Place(), subject=names.get(finding.subject, finding.subject), fields=fields)


def _sums(tree: tuple[Node, ...]) -> Iterable[tuple[str, Fraction]]:
    for group, siblings in ((TOP, tree), *((node.id, node.children) for node in parents(tree))):
        if any(node.weight for node in siblings):
            yield group, sum((node.weight for node in siblings), Fraction(0))


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """Findings of a draft: those that it brings, and those that the plan it starts from had already."""

    new: tuple[Finding, ...]
    inherited: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the draft from being proposed."""
        return tuple(finding for finding in self.new if finding.level is Severity.ERROR)


def check_draft(base: PlanSource, draft: Pack) -> DraftCheck:
    """Check a draft and tell apart what it brings; a finding is the same wherever its line has moved to."""
    before = {_told(finding) for finding in base.findings}
    new: list[Finding] = []
    inherited: list[Finding] = []
    for finding in examined(draft).findings:
        (inherited if _told(finding) in before else new).append(finding)
    return DraftCheck(tuple(new), tuple(inherited))


def _told(finding: Finding) -> tuple[str, ...]:
    fields = (f"{name}={value}" for name, value in sorted(finding.fields.items()))
    return (finding.code, finding.subject, finding.stated, finding.recomputed, *fields)
