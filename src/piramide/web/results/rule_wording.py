"""How a value becomes an index, rule by rule, in plain words: the same for an indicator and beside a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from piramide.methodology.model import RuleKind

RULES: Final[Mapping[RuleKind, str | Promise]] = {
    RuleKind.GAP_UP: gettext_lazy("Distanza dall'obiettivo: (valore − obiettivo) ÷ obiettivo."),
    RuleKind.GAP_DOWN: gettext_lazy("Distanza dall'obiettivo al contrario: (obiettivo − valore) ÷ obiettivo."),
    RuleKind.ZERO_GAP: gettext_lazy("Indice del cruscotto: 100 è il budget, e lo scostamento è la distanza da 100."),
    RuleKind.THRESHOLD: gettext_lazy("Soglia: conta in quante scadenze il valore sta nei limiti dell'atto."),
    RuleKind.BANDS: gettext_lazy("Fasce: il valore cade in una fascia e ne prende i punti."),
    RuleKind.MILESTONE: gettext_lazy("Avanzamento: la quota dei prodotti dovuti che sono stati validati, su 100."),
    RuleKind.SUM_OF_SHARES: gettext_lazy("Somma di quote: ogni prova superata porta la sua parte."),
    RuleKind.RATIO_POINTS: gettext_lazy("Punti in proporzione: valore ÷ obiettivo, per i punti disponibili."),
    RuleKind.CURVE: gettext_lazy("Curva: l'atto assegna un indice a ogni valore, in linea retta tra i suoi punti."),
    RuleKind.PHASES: gettext_lazy("Fasi: contano quelle scadute, ciascuna con il suo peso e il suo avanzamento."),
    RuleKind.COMPOSITE: gettext_lazy("Composto: si ricava da altri indicatori della stessa scheda."),
    RuleKind.REPORT_ONLY: gettext_lazy("Solo riportato: non entra nell'indice."),
}


def rule_in_words(rule: str) -> str:
    """The sentence of a rule; nothing for a node that no rule scores."""
    return str(RULES[RuleKind(rule)]) if rule else ""
