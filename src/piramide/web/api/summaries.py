"""What each operation does, for the page that lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPS: Final[Mapping[str, str | Promise]] = {
    "results": _("Risultati"),
    "plan": _("Piano"),
    "collection": _("Raccolta"),
    "service": _("Servizio"),
}
SUMMARIES: Final[Mapping[str, str | Promise]] = {
    "list_runs": _("Le esecuzioni che si possono leggere, dalla più recente."),
    "get_run": _("Un'esecuzione con le impronte che la provano; latest è la più recente."),
    "list_structures_of_run": _("Le strutture con il loro indice in un'esecuzione."),
    "get_sheet": _("La scheda di una struttura con i suoi risultati."),
    "explain_structure": _("L'indice di una struttura spiegato fino alle foglie."),
    "explain_node": _("Una cifra della scheda spiegata fino alle foglie."),
    "list_values_of_indicator": _("Il valore di un indicatore in ogni struttura che lo ha."),
    "list_structures": _("L'organizzazione in un giorno."),
    "get_structure": _("Una struttura com'è oggi."),
    "list_indicators": _("Gli indicatori del piano in vigore."),
    "get_indicator": _("Un indicatore con definizione, formula, atto e qualità del dato."),
    "get_plan": _("Il piano in vigore."),
    "get_plan_of_structure": _("Che cosa il piano chiede a una struttura: pesi, obiettivi, atti."),
    "get_chain": _("La catena dalla strategia agli obiettivi: livelli, linee, che cosa le porta avanti."),
    "get_line_of_chain": _("Dov'è una linea: tutto ciò che la porta avanti, e come sta in un'esecuzione."),
    "list_campaigns": _("Le campagne di raccolta che chiedono qualcosa alle strutture della chiave."),
    "list_campaign_values": _("Che cosa una campagna chiede, con le risposte fin qui."),
    "write_campaign_value": _("Risponde a una domanda della campagna, mai sopra ciò che altri hanno scritto intanto."),
    "get_status": _("Se il servizio risponde."),
    "get_key": _("Che cosa la chiave di questa richiesta permette."),
}
