"""`money.yaml`: the sums that are shared over sheets."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Finding, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.citation import Citation
from piramide.methodology.loading.money_section import MoneySection
from piramide.methodology.loading.read_sections import ReadSection
from piramide.methodology.money import Money

CENTS: Final = 100


def money(section: ReadSection, structures: Collection[str]) -> dict[str, Money]:
    """Sums by id, in the order of the file.

    Refuses every structure that is not there (PL044) and every total with parts of a cent (PL090) at once.
    """
    answer: dict[str, Money] = {}
    findings: list[Finding] = []
    for key, item in section.value.items():
        try:
            answer[key] = _sum(key, item, section, structures)
        except Refusal as refusal:
            findings.extend(refusal.findings)
    if findings:
        raise Refusal(*findings)
    return answer


def _sum(key: str, item: MoneySection, section: ReadSection, structures: Collection[str]) -> Money:
    if item.structure not in structures:
        near = ", ".join(nearest(item.structure, sorted(structures))) or "-"
        raise refuse("PL044", section.place(key, "structure"), item.structure, near=near)
    total = Fraction(item.total)
    if (total * CENTS).denominator != 1:
        raise refuse("PL090", section.place(key, "total"), key, total=total)
    return Money(key, item.label, item.structure, total, item.unit, Citation(item.act, item.place), section.place(key))
