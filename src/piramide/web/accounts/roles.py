"""Roles and what each may do. A role is held on a subtree of the organisation for a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is in the cycle."""

    PLANNER = "planner", _("Pianificazione e controllo")
    DIRECTOR = "director", _("Direttore della struttura")
    DATA_OWNER = "data_owner", _("Responsabile del dato")
    ATTESTER = "attester", _("Attestatore")
    OIV = "oiv", _("OIV")
    AUDITOR = "auditor", _("Revisore")
    PUBLISHER = "publisher", _("Responsabile della pubblicazione")
    ADMINISTRATOR = "administrator", _("Amministratore del sito")


class Action(TextChoices):
    """What can be done, each on a structure (the whole organisation where it concerns all of it)."""

    READ_RESULTS = "read_results", _("leggere i risultati non ancora pubblicati")
    READ_PLAN = "read_plan", _("leggere le bozze del piano")
    EDIT_PLAN = "edit_plan", _("modificare le bozze del piano")
    PROPOSE_PLAN = "propose_plan", _("proporre il piano")
    GIVE_OPINION = "give_opinion", _("dare il parere dell'OIV")
    ADOPT_PLAN = "adopt_plan", _("registrare l'adozione del piano")
    ISSUE_SHEETS = "issue_sheets", _("assegnare le schede degli obiettivi")
    ACKNOWLEDGE = "acknowledge", _("prendere visione della scheda assegnata")
    MANAGE_CAMPAIGNS = "manage_campaigns", _("aprire e chiudere le campagne di raccolta")
    COLLECT = "collect", _("inserire i valori")
    CONFIRM = "confirm", _("confermare i valori")
    CONTEST = "contest", _("contestare un dato")
    ATTEST = "attest", _("attestare i prodotti dei progetti")
    VALIDATE_PROJECT = "validate_project", _("validare i prodotti dei progetti")
    RUN_JOBS = "run_jobs", _("caricare, misurare e calcolare")
    ADJUST = "adjust", _("registrare rettifiche")
    OVERSEE = "oversee", _("vedere esecuzioni, allarmi e rettifiche")
    VERIFY = "verify", _("verificare un'esecuzione")
    READ_AUDIT = "read_audit", _("leggere il registro delle modifiche")
    VALIDATE_RESULTS = "validate_results", _("validare i risultati")
    PUBLISH = "publish", _("pubblicare i risultati")
    MANAGE_USERS = "manage_users", _("gestire utenti e ruoli")


_READING: Final = frozenset({Action.READ_RESULTS, Action.READ_PLAN})

ACTIONS: Final[Mapping[Role, frozenset[Action]]] = {
    Role.PLANNER: _READING
    | {
        Action.EDIT_PLAN,
        Action.PROPOSE_PLAN,
        Action.ADOPT_PLAN,
        Action.ISSUE_SHEETS,
        Action.MANAGE_CAMPAIGNS,
        Action.COLLECT,
        Action.RUN_JOBS,
        Action.ADJUST,
        Action.OVERSEE,
        Action.VERIFY,
    },
    Role.DIRECTOR: _READING | {Action.COLLECT, Action.CONFIRM, Action.CONTEST, Action.ACKNOWLEDGE},
    Role.DATA_OWNER: frozenset({Action.READ_RESULTS, Action.COLLECT, Action.CONFIRM}),
    Role.ATTESTER: frozenset({Action.READ_RESULTS, Action.ATTEST, Action.VALIDATE_PROJECT}),
    Role.OIV: _READING
    | {Action.GIVE_OPINION, Action.VALIDATE_RESULTS, Action.OVERSEE, Action.VERIFY, Action.READ_AUDIT},
    Role.AUDITOR: _READING | {Action.OVERSEE, Action.VERIFY, Action.READ_AUDIT},
    Role.PUBLISHER: frozenset({Action.READ_RESULTS, Action.PUBLISH, Action.OVERSEE, Action.VERIFY}),
    Role.ADMINISTRATOR: frozenset({Action.MANAGE_USERS, Action.READ_AUDIT}),
}
