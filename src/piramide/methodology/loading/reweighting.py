"""`reweighting.yaml`: how objectives join the siblings of some structures."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction

from piramide.kernel.findings import Finding, Refusal
from piramide.kernel.naming import nearest
from piramide.methodology.citation import Citation
from piramide.methodology.loading.read_sections import ReadSection
from piramide.methodology.loading.reweighting_section import ReweightingSection
from piramide.methodology.reweighting import Reweighting


def reweighting(section: ReadSection, parameters: Collection[str]) -> dict[str, Reweighting]:
    """Rules by id; refuses every parameter that is not there (PL091) at once."""
    faults = [fault for key, item in section.value.items() for fault in _faults(key, item, section, parameters)]
    if faults:
        raise Refusal(*faults)
    return {
        key: Reweighting(key, item.each, item.most, Citation(item.act, item.place), section.place(key))
        for key, item in section.value.items()
    }


def _faults(key: str, item: ReweightingSection, section: ReadSection, parameters: Collection[str]) -> Iterator[Finding]:
    for name in ("each", "most"):
        given = getattr(item, name)
        if not isinstance(given, Fraction) and given not in parameters:
            near = ", ".join(nearest(given, sorted(parameters))) or "-"
            yield Finding("PL091", section.place(key, name), given, {"name": key, "near": near})
