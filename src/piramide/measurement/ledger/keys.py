"""Stable 64-bit keys of texts, computed without a loop over rows."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Keys = np.ndarray[tuple[int], np.dtype[np.int64]]
Bits = np.ndarray[Any, np.dtype[np.bool_]]
Words = np.ndarray[tuple[int], np.dtype[np.uint64]]

_WORD: Final = 8
_LONGEST_FAST: Final = 64
_START: Final = np.uint64(0x9E3779B97F4A7C15)
_STEP: Final = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT: Final = np.uint64(29)
_SIEVE_BITS: Final = 22
_FEW: Final = 1 << 17
_SHARE: Final = 4


def text_keys(texts: pa.Array) -> Keys:
    """A key for each text (int64, the same on every machine and in every version of the ledger's format).

    The bytes, padded with zeros to words of eight, are mixed one word after the other, then the length.
    Two of a hundred million texts share a key with a probability of three in ten thousand.
    """
    texts = texts.cast(pa.string())
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False).astype(np.uint64)
    longest = int(lengths.max()) if len(lengths) else 0
    if longest > _LONGEST_FAST:
        return _keys_by_length(texts, lengths)
    return _padded_keys(texts, lengths, longest)


def _keys_by_length(texts: pa.Array, lengths: Words) -> Keys:
    """As `text_keys`, the few long texts apart, so that one of them does not widen all."""
    keys = np.empty(len(texts), dtype=np.int64)
    for is_long in (False, True):
        rows = np.flatnonzero((lengths > _LONGEST_FAST) == is_long)
        if len(rows):
            part = lengths[rows]
            keys[rows] = _padded_keys(texts.take(pa.array(rows)), part, int(part.max()))
    return keys


def _padded_keys(texts: pa.Array, lengths: Words, longest: int) -> Keys:
    count = len(texts)
    words = max(-(-longest // _WORD), 1)
    mixed = np.full(count, _START, dtype=np.uint64)
    if count:
        padded = _pad(texts, words * _WORD)
        cells = np.frombuffer(padded.buffers()[2], dtype="<u8", count=count * words).reshape(count, words)
        shortest = int(lengths.min())
        for word in range(words):
            longer = _mix(mixed, cells[:, word])
            # A text has the same key beside longer ones: words that are padding alone are left out.
            mixed = longer if word == 0 or shortest > word * _WORD else np.where(lengths > word * _WORD, longer, mixed)
    return _mix(mixed, lengths).view(np.int64)


def _pad(texts: pa.Array, width: int) -> pa.Array:
    """Every text as exactly `width` bytes; texts are ASCII or padded by bytes where they are not."""
    if pc.all(pc.string_is_ascii(texts)).as_py():
        return pa.concat_arrays([pc.ascii_rpad(texts, width=width, padding="\0")])
    return pa.array([text.encode().ljust(width, b"\0") for text in texts.to_pylist()], pa.binary())


def _mix(state: Words, word: Words) -> Words:
    mixed = (state ^ word) * _STEP
    mixed ^= mixed >> _SHIFT
    mixed *= _START
    final: Words = mixed ^ (mixed >> _SHIFT)
    return final


def combined(key: Keys, *parts: np.ndarray[Any, Any]) -> Keys:
    """One key out of a key and further integers of each row."""
    mixed = key.view(np.uint64)
    for part in parts:
        mixed = _mix(mixed, part.astype(np.int64).view(np.uint64))
    return mixed.view(np.int64)


def repeated_keys(ordered: Keys) -> Keys:
    """Keys that occur more than once among sorted ones."""
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def is_among(keys: Keys, ordered: Keys) -> Bits:
    """Which keys occur among others that are sorted. Where these are few, a sieve of their first bits goes before."""
    found = np.zeros(len(keys), dtype=bool)
    if not len(ordered) or not len(keys):
        return found
    if len(keys) < _FEW or len(ordered) > len(keys) // _SHARE:
        return _stands(keys, ordered)
    sieve = np.zeros(1 << _SIEVE_BITS, dtype=bool)
    sieve[_first_bits(ordered)] = True
    may = np.flatnonzero(sieve[_first_bits(keys)])
    found[may] = _stands(keys[may], ordered)
    return found


def _first_bits(keys: Keys) -> Keys:
    return (keys >> np.int64(64 - _SIEVE_BITS)) + (1 << (_SIEVE_BITS - 1))


def _stands(keys: Keys, ordered: Keys) -> Bits:
    found: Bits = ordered[np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)] == keys
    return found
