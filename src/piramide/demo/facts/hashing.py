"""Chance as a function of the seed and of what it is asked about: no order of the work can change it."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Reals = npt.NDArray[np.float64]

_STEP = 0x9E3779B97F4A7C15
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)

NOISE_SLOTS = 4096


def mixed(values: Integers, seed: int) -> Hashes:
    """Sixty-four fair bits for each number (the finaliser of SplitMix64)."""
    z = values.view(np.uint64) + np.uint64((seed + 1) * _STEP % 2**64)
    z ^= z >> np.uint64(30)
    z *= _FIRST
    z ^= z >> np.uint64(27)
    z *= _SECOND
    z ^= z >> np.uint64(31)
    return z


def bits(hashes: Hashes, first: int, count: int) -> npt.NDArray[np.int32]:
    """`count` bits of each hash from the bit `first`, as small whole numbers."""
    return ((hashes >> np.uint64(first)) & np.uint64(2**count - 1)).astype(np.int32)


def lognormal_slots(sigma: float) -> Reals:
    """Quantiles of a lognormal of mean one, for a draw of twelve bits; its tails are those of 4,096 slots."""
    normal = NormalDist()
    levels = np.array([normal.inv_cdf((slot + 0.5) / NOISE_SLOTS) for slot in range(NOISE_SLOTS)])
    slots: Reals = np.exp(sigma * levels)
    slots /= slots.mean()
    return slots


def generator(seed: int, *what: int) -> np.random.Generator:
    """A stream of its own for each thing that is invented."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, *what])))
