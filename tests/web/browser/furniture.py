"""What a site in use holds, made as people make it: a campaign, values, a contest, a draft of the plan, a project."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from piramide.web.accounts.models import User
from piramide.web.collection.campaigns import Opening, open_campaign
from piramide.web.collection.models import Campaign
from piramide.web.plans.models import Draft

MILAN, TRENTO = "dcm_milano", "trentino_alto_adige"
STAFF, PROJECT = "dc_risorse_umane", "NOPE24_DCRU_1.7"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
AUDIT, FLOW = "indice_audit", "indice_deflusso"


def campaign(planner: User) -> Campaign:
    """Two indicators asked of two structures, due in ten days."""
    due = timezone.localdate() + timedelta(days=10)
    asked = Opening("Raccolta di fine anno", "2024-Q4", due, "", frozenset({MILAN, TRENTO}), frozenset({AUDIT, FLOW}))
    return open_campaign(planner, asked)


def draft(planner: Client) -> Draft:
    """A draft over the plan in force with one change that holds together."""
    opened = {"base": "inps-2024", "pack": "inps-2025", "label": "Obiettivi 2025", "year": "2025"}
    planner.post("/piano/bozze/nuova/", opened)
    made = Draft.objects.get()
    edits = {"revisione": "0", "peso.valore_economico": "25", "peso.valore_organizzativo": "35", "luogo": "p. 7"}
    assert planner.post(f"/piano/bozze/{made.pk}/schede/{MILAN}/", edits).status_code == 302
    return made


def propose(planner: Client, made: Draft) -> None:
    """Send a draft to the evaluation body."""
    act = {"number": "12/2026", "day": timezone.localdate().isoformat(), "issuer": "Direzione generale", "note": ""}
    assert planner.post(f"/piano/bozze/{made.pk}/proposta/", act).status_code == 302


def contest(director: Client) -> None:
    """A figure that a director says is wrong."""
    sent = {"reason": "Due pratiche di novembre mancano: risulta dal verbale del 3 dicembre."}
    assert director.post(f"/raccolta/contesta/{MILAN}/{FLOW}/", sent).status_code == 302


def delivered(planner: Client, owner: Client) -> str:
    """A deliverable of a project, planned and delivered; the address of the project."""
    project = f"/progetti/{STAFF}/{PROJECT}/"
    planned = {"deliverable": "D1", "note": "Manuale adottato", "day": "2024-09-30"}
    assert planner.post(f"{project}consegne/", planned).status_code == 302
    done = {"quarter": "2024-Q3", "progress": "100", "note": ""}
    assert owner.post(f"{project}consegne/D1/consegna/", done).status_code == 302
    return project
