"""Where the weights of a plan come from."""

from __future__ import annotations

from enum import StrEnum


class WeightSource(StrEnum):
    """Where a weight comes from; everything but `stated` is said beside the numbers built on it.

    `rule`: computed by re-weighting, for guests and for those that make room for them.
    """

    STATED = "stated"
    EQUAL_SPLIT = "equal_split"
    RECONSTRUCTED = "reconstructed"
    DECISION = "decision"
    DEMONSTRATION = "demonstration"
    RULE = "rule"
