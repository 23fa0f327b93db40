"""What a verb of the register is called on pages: a test finds the verbs that have no word here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Final[Mapping[str, str | Promise]] = {
    "person.invited": _("persona registrata"),
    "person.suspended": _("accesso sospeso"),
    "person.readmitted": _("accesso riaperto"),
    "person.second_factor_dropped": _("secondo fattore tolto"),
    "person.entered": _("entrata"),
    "person.entry_failed": _("tentativo di entrare fallito"),
    "person.provider_connected": _("prima entrata dall'accesso istituzionale"),
    "person.password_changed": _("password cambiata"),
    "person.second_factor_changed": _("secondo fattore cambiato"),
    "person.second_factor_failed": _("secondo fattore sbagliato"),
    "grant.given": _("ruolo dato"),
    "grant.taken": _("ruolo tolto"),
    "grant.given_back": _("ruolo ridato"),
    "grant.delegated": _("ruolo delegato"),
    "plan.draft_opened": _("bozza del piano aperta"),
    "plan.edited": _("bozza del piano modificata"),
    "plan.undone": _("modifica della bozza annullata"),
    "plan.proposal": _("piano proposto"),
    "plan.opinion": _("parere dell'OIV sul piano"),
    "plan.adoption": _("piano adottato"),
    "plan.return": _("piano rimandato in lavorazione"),
    "assignment.issued": _("scheda degli obiettivi assegnata"),
    "assignment.seen": _("presa visione della scheda"),
    "assignment.reserved": _("presa visione con riserva"),
    "campaign.opened": _("raccolta aperta"),
    "campaign.reminded": _("promemoria inviato"),
    "campaign.closed": _("raccolta chiusa"),
    "campaign.reopened": _("raccolta riaperta"),
    "campaign.computed": _("raccolta calcolata"),
    "value.written": _("valore scritto"),
    "values.uploaded": _("valori caricati da un file"),
    "values.confirmed": _("valori confermati"),
    "evidence.attached": _("documento allegato"),
    "figure.contested": _("dato contestato"),
    "contest.decided": _("contestazione decisa"),
    "project.registered": _("progetto registrato"),
    "deliverable.planned": _("consegna prevista"),
    "deliverable.delivered": _("consegna fatta"),
    "deliverable.attested": _("consegna attestata"),
    "deliverable.validated": _("consegna validata"),
    "deliverable.refused": _("consegna respinta"),
    "job.asked": _("lavoro chiesto"),
    "job.cancelled": _("lavoro annullato"),
    "job.ended": _("lavoro finito"),
    "alarm.noted": _("allarme annotato"),
    "adjustment.proposed": _("rettifica proposta"),
    "adjustment.tried": _("rettifica ricalcolata"),
    "adjustment.confirmed": _("rettifica confermata"),
    "adjustment.withdrawn": _("rettifica ritirata"),
    "results.validated": _("risultati giudicati dall'OIV"),
    "results.published": _("risultati pubblicati"),
    "key.made": _("chiave creata"),
    "key.revoked": _("chiave revocata"),
    "deadline.set": _("scadenza aggiunta"),
    "deadline.set_again": _("scadenza rimessa"),
    "deadline.cancelled": _("scadenza tolta"),
}


def in_words(verb: str) -> str:
    """The label of a verb."""
    return str(VERBS.get(verb, verb))
