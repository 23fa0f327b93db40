"""What each column of the files means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from piramide.kernel.node_fields import FIELDS, Words
from piramide.web.fields.language import spoken


def _said(words: Words) -> str:
    return words.meaning(spoken())


_meaning: Final = lazy(_said, str)

COLUMNS: Final[Mapping[str, str | Promise]] = {
    **{one.open_data: _meaning(one.words) for one in FIELDS},
    "run": _("Identificativo dell'esecuzione: l'impronta SHA-256 di ciò che è entrato e di ciò che è uscito."),
    "pack": _("Piano applicato."),
    "period": _("Momento a cui il dato si riferisce: 2024-09 e 2024-Q3 sono il 30 settembre, 2024 è definitivo."),
    "demonstration": _("Se i dati sono inventati: yes o no."),
    "structure": _("Identificativo della struttura."),
    "source": _("Da dove viene la riga: per un piano o un risultato, stated se un atto la stampa; per un metodo, la "
                "fonte del dato."),
    "numerator": _("Numeratore, dove il valore è un rapporto."),
    "denominator": _("Denominatore, dove il valore è un rapporto."),
    "direction": _("Verso favorevole: up in aumento, down in diminuzione."),
    "cap": _("Limite dello scostamento, da 0 a 1, nei due versi."),
    "act": _("Identificativo dell'atto."),
    "act_label": _("Nome dell'atto."),
    "place": _("Punto dell'atto."),
    "definition": _("Definizione dell'indicatore."),
    "formula": _("Formula esatta, come espressione SQL sulle misure; vuota se il valore è raccolto."),
    "missing": _("Che cosa si fa di un valore che manca: leave, previous, worst."),
    "value_from": _("Struttura di cui tutte prendono il valore."),
    "owner": _("Ufficio responsabile del dato."),
    "due": _("Quando il dato è atteso."),
    "verified": _("Qualità: come è verificato."),
    "accuracy": _("Qualità: accuratezza necessaria."),
    "limits": _("Qualità: limiti noti."),
    "compensation": _("Qualità: come si rimedia ai limiti."),
    "profile": _("Programma dell'obiettivo nell'anno; vuoto se è lo stesso in ogni periodo."),
    "clip_positive": _("Se uno scostamento favorevole vale zero: yes o no."),
    "range_least": _("Il minimo che il valore può essere; vuoto se non ne ha."),
    "range_most": _("Il massimo che il valore può essere; vuoto se non ne ha."),
    "checkpoints": _("Verifiche di una soglia, divise da punto e virgola: il momento, i limiti least e most nell'unità "
                     "del valore, la tolleranza, mandatory se fallirla è fallire tutto; senza limiti conta il valore."),
    "made_of": _("Che cosa somma un indice composto: attainment (valore diviso obiettivo), gap (scostamento prima del "
                 "limite), capped_gap (dopo), points."),
    "parts": _("Parti di un indice composto con il loro peso, come voce=peso, divise da punto e virgola."),
    "bands": _("Fasce di punti: sopra low e fino a high compreso, i punti; divise da punto e virgola."),
    "curve": _("Curva: di che cosa (of: attainment o value), l'indice sotto il primo punto (below), poi i punti at con "
               "l'indice gives, divisi da punto e virgola."),
    "decimals": _("Con quanti decimali si stampa il valore."),
    "day": _("Giorno a cui l'organizzazione si riferisce."),
    "additive": _("Se la struttura si somma in quella superiore: yes o no."),
    "clusters": _("Gruppi omogenei, come schema=gruppo."),
    "ends_on": _("Ultimo giorno del periodo."),
    "as_of": _("Giorno dell'organizzazione e del metodo applicati."),
    "known_on": _("Giorno fino al quale si conoscevano i dati; vuoto se tutti."),
    "made_at": _("Quando l'esecuzione è stata fatta."),
    "published_at": _("Quando è stata pubblicata."),
    "publication_act": _("Atto di pubblicazione."),
    "register_head": _("Righe e ultima impronta del registro delle modifiche dopo la pubblicazione."),
    "chain_level": _("Livello della catena dalla strategia agli obiettivi."),
    "level_label": _("Nome del livello."),
    "chain_line": _("Codice della linea, come lo dà il documento."),
    "line_kind": _("Tipo della linea dentro il livello; vuoto se il documento non ne distingue."),
    "line_label": _("Titolo della linea; vuoto se nessun documento lo dice."),
    "under": _("Linee più alte sotto cui sta, divise da punto e virgola."),
    "carrier": _("Voce della scheda o progetto che porta avanti la linea; vuoto se nulla la porta avanti."),
    "carrier_label": _("Nome della voce o del progetto."),
    "scored_by": _("Voce della scheda il cui indice dice come sta; vuota se nessuna scheda lo valuta."),
    "sum": _("Identificativo della somma legata agli obiettivi."),
    "sum_label": _("Nome della somma."),
    "sum_unit": _("Valuta della somma."),
    "quota": _("Quanto vale la voce, con due decimali; nella riga senza voce, tutta la somma."),
    "earned": _("Quanto ne spetta per l'indice, con due decimali; vuoto finché l'indice non c'è."),
    "step": _("Passo in cui il motivo fu scritto: validation dell'OIV o publication."),
    "line": _("Riga della lista di controllo."),
    "title": _("Nome della riga."),
    "count": _("Quante cose la riga aveva trovato."),
    "reason": _("Perché si è andati avanti lo stesso."),
    "written_at": _("Quando il motivo fu scritto."),
    "method_hash": _("Impronta del piano applicato."),
    "values_hash": _("Impronta dei valori."),
    "organisation_hash": _("Impronta dell'organizzazione."),
    "results_hash": _("Impronta dei risultati."),
    "code": _("Versione del programma che l'ha calcolata."),
}  # fmt: skip
