"""A formula in plain words, and what each measure in it counts.

The exact formula is SQL over measures; the plain one is the same tree with the measures called by their labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import sqlglot
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from sqlglot import exp

from piramide.kernel import wording
from piramide.kernel.expressions import parse
from piramide.kernel.formula_trees import DIALECT
from piramide.measurement.contract import contracts
from piramide.methodology.groups import Groups
from piramide.methodology.measures import Measure
from piramide.methodology.model import Pack
from piramide.web.fields.language import spoken

Words = Mapping[str, str | Promise]

AGGREGATES: Final[Words] = {
    "count": gettext_lazy("si contano le righe"),
    "sum": gettext_lazy("si somma «%(column)s»"),
    "last": gettext_lazy("si prende «%(column)s» dell'ultimo mese"),
    "mean": gettext_lazy("si fa la media dei mesi di «%(column)s»"),
}
WINDOWS: Final[Words] = {
    "period": gettext_lazy("nel mese"),
    "year_to_date": gettext_lazy("da inizio anno"),
    "trailing_12": gettext_lazy("negli ultimi dodici mesi"),
    "month_end": gettext_lazy("alla fine del mese"),
    "running": gettext_lazy("dall'inizio"),
    "integral": gettext_lazy("sommato sui giorni da inizio anno"),
}
CREDITS: Final[Words] = {
    "work": gettext_lazy("conta per la sede che lavora"),
    "split": gettext_lazy("conta in parte per la sede che lavora e in parte per quella competente"),
    "own": gettext_lazy("senza il lavoro fatto per altre sedi"),
}
BEFORE: Final[Words] = {
    "same_moment": gettext_lazy("un anno prima, allo stesso momento"),
    "year_end": gettext_lazy("alla fine dell'anno prima"),
}
SIGNS: Final[Mapping[type[exp.Expr], str]] = {
    exp.Add: " + ", exp.Sub: " − ", exp.Mul: " × ", exp.Div: " ÷ ",
    exp.GT: " > ", exp.GTE: " ≥ ", exp.LT: " < ", exp.LTE: " ≤ ", exp.EQ: " = ", exp.NEQ: " ≠ ",
}  # fmt: skip
FIRST_ALONE: Final = frozenset({exp.Nullif, exp.Coalesce})
"""What guards a formula from a missing or a zero divisor: the plain words say what is divided."""
WORDED: Final[Mapping[type[exp.Expr], str | Promise]] = {
    exp.Paren: "(%(parts)s)",
    exp.Neg: "−%(parts)s",
    exp.Abs: gettext_lazy("il valore senza segno di %(parts)s"),
    exp.Least: gettext_lazy("il minore fra %(parts)s"),
    exp.Greatest: gettext_lazy("il maggiore fra %(parts)s"),
}


@dataclass(frozen=True, slots=True)
class MeasureInWords:
    """A measure of a formula: what it is called, what it means, how it is counted; `filter` and `formula` are SQL."""

    id: str
    label: str
    unit: str
    meaning: str
    how: str
    filter: str
    formula: str


def in_words(formula: str, pack: Pack) -> str:
    """The formula with measures and parameters by their labels; empty for one that only SQL can say."""
    if not formula:
        return ""
    labels = {name: f"«{measure.label}»" for name, measure in pack.measures.items()}
    labels |= {name: f"«{parameter.label}»" for name, parameter in pack.parameters.items()}
    try:
        return _told(sqlglot.parse_one(formula, dialect=DIALECT), labels)
    except LookupError:
        return ""


def _told(node: exp.Expr, labels: Mapping[str, str]) -> str:
    """One node of the tree; `KeyError` for what has no plain words."""
    kind = type(node)
    parts = [_told(part, labels) for part in node.iter_expressions() if not isinstance(node, exp.Column)]
    if kind in SIGNS:
        return SIGNS[kind].join(parts)
    if kind in FIRST_ALONE:
        return parts[0]
    if kind in WORDED:
        return str(WORDED[kind]) % {"parts": _(" e ").join(parts)}
    if isinstance(node, exp.Column):
        return labels.get(node.name, node.name)
    if isinstance(node, exp.Literal):
        return str(node.this).replace(".", wording.word("number", "decimal", spoken()))
    raise KeyError(kind.__name__)


def measures_of(formula: str, pack: Pack) -> tuple[MeasureInWords, ...]:
    """Every measure that a formula reads, and those that these are computed from, each once."""
    found: dict[str, MeasureInWords] = {}
    waiting = list(_names(formula, pack))
    while waiting:
        name = waiting.pop(0)
        if name in found or name not in pack.measures:
            continue
        measure = pack.measures[name]
        found[name] = _measure(measure, pack)
        waiting.extend(_names(measure.formula, pack))
    return tuple(found.values())


def _names(formula: str, pack: Pack) -> Iterator[str]:
    if formula:
        yield from parse(formula, {**pack.measures, **pack.parameters}).names


def _measure(measure: Measure, pack: Pack) -> MeasureInWords:
    return MeasureInWords(
        measure.id,
        measure.label,
        measure.unit,
        measure.definition,
        _how(measure, pack),
        measure.filter,
        measure.formula,
    )


def _how(measure: Measure, pack: Pack) -> str:
    """How data give the measure, in one sentence."""
    if measure.formula:
        return _("Si calcola: %(formula)s.") % {"formula": in_words(measure.formula, pack) or measure.formula}
    if not measure.dataset:
        return _("Si raccoglie a mano.")
    dataset = contracts()[measure.dataset].label if measure.dataset in contracts() else measure.dataset
    source = _("Da «%(dataset)s»") % {"dataset": dataset}
    if measure.groups is not None:
        return f"{source}: {_groups(measure.groups, pack)}."
    if measure.entry:
        source = _("Da «%(dataset)s», movimenti «%(entry)s»") % {"dataset": dataset, "entry": measure.entry}
    aggregate = "sum" if measure.column and measure.aggregate == "count" else measure.aggregate
    parts = [str(AGGREGATES[aggregate]) % {"column": measure.column}, str(WINDOWS[measure.window])]
    parts += [str(words[key]) for words, key in ((BEFORE, measure.before), (CREDITS, measure.credit)) if key in words]
    return f"{source}: {', '.join(parts)}."


def _groups(groups: Groups, pack: Pack) -> str:
    """What a measure of groups counts."""
    if groups.judged_by:
        stated = pack.measures.get(groups.judged_by)
        return _("tutti i gruppi giudicati da «%(label)s»") % {"label": stated.label if stated else groups.judged_by}
    counted = {
        "count": _("quanti gruppi superano la verifica"),
        "amount": _("l'importo dei gruppi che superano la verifica"),
        "all": _("1 se tutti i gruppi superano la verifica, altrimenti 0"),
    }[groups.scored_by]
    by = _("un gruppo per ogni combinazione di %(columns)s") % {"columns": ", ".join(groups.by)}
    listed = pack.tables.get(groups.among)
    among = [_("elencata in «%(table)s»") % {"table": listed.title}] if listed else []
    holds = [f"{moment} {condition}" for moment, condition in groups.holds.items()]
    return "; ".join([counted, " ".join([by, *among]), *holds])
