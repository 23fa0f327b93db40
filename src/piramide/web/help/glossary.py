"""The words of the site in the language of the page: labels are those of the kernel's glossary, meanings are for readers.

The kernel says for programmers, in English, what each name means; this says it for who reads a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piramide.kernel.glossary import TERMS
from piramide.web.fields.language import spoken

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the glossary: its name in the kernel's, and what it means."""

    name: str
    meaning: Text

    @property
    def label(self) -> str:
        """The word as pages of this language print it."""
        if spoken() == "it":
            return TERMS[self.name].label
        return self.name.upper() if self.name in PROPER else self.name.replace("_", " ").capitalize()


PROPER = {"smvp", "piao", "ieep", "oiv"}
_SECTIONS: tuple[tuple[Text, tuple[Word, ...]], ...] = (
    (_("Indici e punteggi"), (
        Word("index", _("Dice su 100 come va un obiettivo: 100 vuol dire che il valore è quello chiesto. Per una struttura è la media pesata dei suoi indicatori.")),
        Word("gap", _("Di quanto il valore è lontano dall'obiettivo, in percentuale; positivo quando è favorevole. Oltre il limite del metodo non conta più.")),
        Word("target", _("Il valore che il piano chiede per l'anno.")),
        Word("actual", _("Il valore trovato alla fine del periodo.")),
        Word("weight", _("Quanto conta un indicatore fra quelli dello stesso gruppo. I pesi di un gruppo sommano a 100%.")),
        Word("coverage", _("La parte del peso che ha già un valore. Un indice con poca copertura è parziale.")),
        Word("gap_vs_prior_year", _("La differenza, in percentuale, dalla stessa struttura un anno prima.")),
        Word("institutional_performance", _("La media pesata degli indicatori di impatto dell'amministrazione.")),
        Word("public_value_index", _("Il vertice della piramide: riunisce in un numero le dimensioni del valore.")),
    )),
    (_("Piano e metodo"), (
        Word("objective", _("Che cosa si chiede a una struttura; si misura con uno o più indicatori.")),
        Word("indicator", _("Ciò che si confronta con un valore obiettivo.")),
        Word("dimension", _("Il primo livello della scheda: raccoglie gli indicatori dello stesso tipo di valore.")),
        Word("sub_dimension", _("Il secondo livello della scheda: un gruppo di indicatori dentro una dimensione.")),
        Word("dimension_weight", _("Quanto conta una dimensione nella scheda di una struttura.")),
        Word("baseline", _("Il risultato dell'anno prima, da cui parte l'obiettivo.")),
        Word("act", _("Il documento che decide un numero: sta accanto al numero ovunque compaia.")),
        Word("smvp", _("Il sistema di misurazione e valutazione della performance: le regole, rinnovate ogni anno.")),
        Word("piao", _("Il piano triennale di attività e organizzazione, che contiene gli obiettivi.")),
        Word("pack", _("I file con il metodo e il piano di un'amministrazione per un anno: il programma legge questi.")),
    )),
    (_("Risultati e controlli"), (
        Word("run", _("Un calcolo conservato, con le impronte di tutto ciò che ha letto. Non si cambia: se ne fa un altro.")),
        Word("adjustment", _("Una correzione dei fatti accettata dopo, con il motivo, l'atto e chi l'ha decisa.")),
        Word("finding", _("Ciò che un controllo ha trovato: dove, che cosa era scritto e che cosa risulta rifacendo il conto.")),
        Word("validation", _("L'atto dell'OIV senza il quale i risultati non danno premi e non si pubblicano.")),
        Word("measurement", _("Trovare il valore di un indicatore dai fatti; non decide nulla.")),
        Word("evaluation", _("Il giudizio su un valore misurato, di chi ne ha titolo.")),
    )),
    (_("Organizzazione"), (
        Word("structure", _("Qualunque parte dell'amministrazione che ha obiettivi: una direzione, una sede, l'amministrazione intera.")),
        Word("cluster", _("Un gruppo di strutture che si somigliano: il confronto si fa dentro il gruppo.")),
        Word("evaluation_body", _("L'organismo indipendente che dà il parere sul metodo e valida i risultati.")),
    )),
    (_("Produzione e qualità"), (
        Word("received", _("Le pratiche arrivate nel periodo.")),
        Word("resolved", _("Le pratiche concluse nel periodo, qualunque sia l'esito.")),
        Word("pending", _("Le pratiche aperte a una certa data.")),
        Word("backlog", _("Fra le pratiche aperte, quelle più vecchie del tempo previsto.")),
        Word("clearance_rate", _("Quante pratiche si concludono per ogni pratica che arriva.")),
        Word("standard_point", _("Un prodotto per le ore che chiede in media: un punto è un'ora di lavoro.")),
        Word("productivity_index", _("I punti prodotti in un mese da ogni persona in produzione.")),
        Word("quality_index", _("La media pesata degli indicatori elementari di qualità; 100 vuol dire in linea con il budget.")),
        Word("quality_budget", _("L'obiettivo di qualità, che viene dal confronto fra sedi simili.")),
        Word("work_sharing", _("Una sede lavora le pratiche di un'altra.")),
    )),
    (_("Economia e progetti"), (
        Word("ieep", _("L'effetto della produzione sui conti che la gestione può dire proprio.")),
        Word("spending_forecast", _("La previsione trimestrale di ogni capitolo, a confronto con quanto si è speso.")),
        Word("transit_account", _("Il conto transitorio: costi che aspettano di essere dati alla struttura giusta.")),
        Word("budget_chapter", _("Una riga del bilancio.")),
        Word("project", _("Un lavoro di più anni, con prodotti che si possono controllare.")),
        Word("deliverable", _("Un documento, un rilascio o un messaggio che prova che una tappa è fatta.")),
    )),
)  # fmt: skip


def sections() -> tuple[tuple[Text, tuple[Word, ...]], ...]:
    """Every word, in families."""
    return _SECTIONS


def words(names: Iterable[str]) -> tuple[Word, ...]:
    """The words with these names, in this order."""
    return tuple(WORDS[name] for name in names)


WORDS = {word.name: word for _title, family in _SECTIONS for word in family}
