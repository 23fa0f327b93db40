"""The standard-cost index (R21): each structure's cost ratios against the plain mean of its cluster, weighted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def cluster_means(ratios: Floats, clusters: NDArray[np.str_]) -> Floats:
    """Plain mean of each ratio over the members of each structure's cluster.

    `ratios` is (structures, ratios), `clusters` names the cluster of each structure; the answer has the shape of
    `ratios`.
    """
    _, member_of = np.unique(clusters, return_inverse=True)
    membership = np.eye(member_of.max() + 1)[member_of]
    means = (membership.T @ ratios) / membership.sum(axis=0)[:, None]
    answer: Floats = means[member_of]
    return answer


def standard_cost_index(ratios: Floats, weights: Floats, means: Floats) -> Floats:
    """Weighted sum of 100 x ratio / cluster mean, per structure (R21).

    `weights` is (ratios,), fractions that sum to 1. `means` has the shape of `ratios`: the frozen ones of the budget,
    or those of the year (then a cluster's indices average 100 and one structure's gain is another's loss).
    Raises `ZeroDivisionError` where a mean is zero: such a ratio says nothing.
    """
    if (means == 0).any():
        raise ZeroDivisionError("a ratio whose cluster mean is zero cannot be compared")
    answer: Floats = (FULL * ratios / means) @ weights
    return answer


FULL = 100.0
