"""What a plan asks of a leaf, in words: the target as the act prints it, its figure, or the condition."""

from __future__ import annotations

from functools import partial

from piramide.cycle.sheet_content import key_of_bounds
from piramide.kernel import wording
from piramide.kernel.numbers import format_quantity
from piramide.methodology.model import Node, Pack, RuleKind
from piramide.methodology.printing.printed import with_condition
from piramide.reports.labels import Labels


def target_text(node: Node, pack: Pack, say: Labels) -> str:
    """What is asked of a leaf: a figure, or the condition in words; nothing of a group."""
    if node.children or node.indicator not in pack.indicators:
        return ""
    indicator = pack.indicators[node.indicator]
    figure = partial(format_quantity, unit=indicator.unit, decimals=indicator.rounding, language=say.language)
    if indicator.rule is RuleKind.ZERO_GAP:
        return node.printed or say("target_text", "zero_gap")
    if indicator.rule is RuleKind.THRESHOLD:
        last = indicator.checkpoints[-1] if indicator.checkpoints else None
        own = {"least" if indicator.direction == "up" else "most": node.target}
        bounds = {"least": last.least, "most": last.most} if last else own
        told = {key: figure(bound) for key, bound in bounds.items() if bound is not None}
        if told:
            return with_condition(node.printed, say("target_text", key_of_bounds(bounds), **told))
    if node.printed:
        return node.printed
    if node.target is None:
        return wording.word("rule", indicator.rule.value, say.language)
    return figure(node.target)
