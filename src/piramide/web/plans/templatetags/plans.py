"""What only the pages of the plan print: the word of a field, the effect of a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from django import template
from django.utils.translation import gettext as _

from piramide.cycle.plans.amendment import AmendedLine
from piramide.cycle.plans.drafting.checking import SheetCheck
from piramide.cycle.plans.drafting.edits import EditKind
from piramide.kernel.figure import Figure
from piramide.kernel.findings import Finding, Place
from piramide.kernel.numbers import format_percent
from piramide.methodology.model import Node, WeightSource
from piramide.reports.labels import labels
from piramide.web.fields.language import spoken
from piramide.web.house.templatetags.piramide import NOTHING, points_moved
from piramide.web.plans.models import DraftEdit
from piramide.web.plans.sheet_form import value_to_type
from piramide.web.plans.words import FIELDS

register = template.Library()


@register.filter
def field_in_words(name: str) -> str:
    """What changed of a thing, in words; a name of the pack's own stays as it is."""
    return str(FIELDS.get(name, name))


@register.simple_tag
def plan_effect(effects: Mapping[tuple[str, str, str], Figure], line: AmendedLine) -> str:
    """Points that a change moves in the index of its structure; nothing where no simulation tells it."""
    found = effects.get((line.structure, line.node, line.kind))
    return "" if found is None else points_moved(found)


@register.filter
def plan_share(weight: Fraction) -> str:
    """A weight or a sum of weights, with the decimals it has up to two."""
    decimals = next((n for n in range(3) if (weight * 100 * 10**n).denominator == 1), 2)
    return format_percent(weight, decimals, spoken())


@register.filter
def plan_item(items: Mapping[str, object] | None, name: str) -> object:
    """What a mapping holds under a name, nothing when it does not."""
    return items.get(name) if items else None


@register.filter
def plan_value(row: DraftEdit, name: str) -> str:
    """What an edit says stood (`before`) or stands (`value`), as the form shows it."""
    kind = EditKind(row.kind)
    text = value_to_type(str(getattr(row, name)), kind, spoken())
    if kind is EditKind.WEIGHT:
        return f"{text}%" if text and "/" not in text else text or _("in parti uguali")
    return text or NOTHING


@register.filter
def plan_unit(unit: str) -> str:
    """The unit of a target."""
    return labels(spoken()).word("unit", unit) if unit else ""


@register.filter
def plan_is_split(node: Node) -> bool:
    """Whether the weight is an equal part of what the siblings leave."""
    return node.weight_source is WeightSource.EQUAL_SPLIT


@register.filter
def plan_message(finding: Finding) -> str:
    """A finding without the line of a file: who reads it works on a form."""
    return replace(finding, place=Place()).message()


@register.simple_tag
def plan_findings(check: SheetCheck, wrong: Mapping[str, str], node: str) -> str:
    """What is wrong with a line: what was typed first, then what the checks say."""
    typed = [
        wrong[name]
        for name in (f"peso.{node}", f"obiettivo.{node}", f"{node}.peso", f"{node}.obiettivo")
        if name in wrong
    ]
    return " ".join([*typed, *(finding.message() for finding in check.findings.get(node, ()))])
