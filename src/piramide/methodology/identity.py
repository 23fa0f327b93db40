"""What a plan says its published figures satisfy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from piramide.kernel.findings import Place


@dataclass(frozen=True, slots=True)
class Identity:
    """A relation that published figures must satisfy; the checking room gives each `kind` its meaning.

    `arguments` is the YAML mapping of the identity, as read.
    """

    id: str
    kind: str
    sentence: str
    arguments: Mapping[str, object]
    tolerance: Fraction
    place: Place
