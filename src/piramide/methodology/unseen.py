"""The rule of a weight whose content is not known: it may lie anywhere within the cap of the plan."""

from __future__ import annotations

from fractions import Fraction

from piramide.kernel.findings import Place
from piramide.methodology.model import Citation, Indicator, Pack, RuleKind


def unseen(pack: Pack) -> Indicator:
    """What a node of kind `not_at_hand` is scored by: no target, no value, between the caps of the plan."""
    cap: Fraction = pack.cap
    return Indicator("", "", "", "", "none", RuleKind.GAP_UP, cap, Citation("", ""), Place())
