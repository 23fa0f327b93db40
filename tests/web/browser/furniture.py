"""What a site in use holds, made as people make it: values, a contest, drafts at their gates, projects, alarms."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from uuid import uuid4

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from piramide.cycle.assignments import AssignmentAct
from piramide.cycle.boards.quality import AreaQuality, QualityDashboard, QualityIndex
from piramide.cycle.boards.spending import ChapterSpending, ForecastCell, Spending, Tolerance, TransitShare, Verdict
from piramide.demo.people import PASSWORD
from piramide.kernel.figure import preview
from piramide.kernel.periods import Moment, parse_period
from piramide.kernel.progress import silent
from piramide.measurement.alarms import evidence
from piramide.measurement.trace import CubeCell, MeasureTrace, Trace
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role
from piramide.web.api.models import Key
from piramide.web.assignments.issuing import Issuing, issue
from piramide.web.assignments.models import AssignedSheet
from piramide.web.collection.campaigns import Opening, open_campaign
from piramide.web.collection.models import Ask, Campaign, Contest, Evidence, Upload
from piramide.web.jobs.running import run_job, start
from piramide.web.oversight.models import Adjustment, AlarmReport, Verification
from piramide.web.plans.models import Draft
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord
from tests.web.answering import answered
from tests.web.browser.visiting import Site

MILAN, TRENTO = "dcm_milano", "trentino_alto_adige"
STAFF, PROJECT = "dc_risorse_umane", "NOPE24_DCRU_1.7"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
AUDIT, FLOW = "indice_audit", "indice_deflusso"
HEARD_IN = "2024-Q3"
SIGN_IN = "/accesso/login/"


@dataclass(frozen=True)
class Furnished:
    """A site in use, and what was made in it: by the names that the map of the site calls it."""

    site: Site
    made: dict[str, object]


def campaign(planner: User) -> Campaign:
    """Two indicators asked of two structures, due in ten days."""
    due = timezone.localdate() + timedelta(days=10)
    asked = Opening("Raccolta di fine anno", "2024-Q4", due, "", frozenset({MILAN, TRENTO}), frozenset({AUDIT, FLOW}))
    return open_campaign(planner, asked)


def values_file() -> bytes:
    """A file for the campaign: one row that can be kept and one that cannot."""
    rows = (f"{MILAN},{AUDIT},2024-Q4,98.5", f"{MILAN},{FLOW},2024-Q4,tanto")
    return "\n".join(("structure,indicator,period,value", *rows, "")).encode()


def upload(owner: Client, into: Campaign) -> Upload:
    """A file whose rows wait to be written."""
    sent = {"file": SimpleUploadedFile("valori.csv", values_file())}
    assert owner.post(f"/raccolta/{into.pk}/carica/", sent).status_code == 302
    return Upload.objects.get()


def draft(planner: Client, name: str = "inps-2025", label: str = "Obiettivi 2025") -> Draft:
    """A draft over the plan in force with one change that holds together."""
    opened = {"base": "inps-2024", "pack": name, "label": label, "year": "2025"}
    assert planner.post("/piano/bozze/nuova/", opened).status_code == 302
    made = Draft.objects.get(pack=name)
    edits = {"revisione": "0", "peso.valore_economico": "25", "peso.valore_organizzativo": "35", "luogo": "p. 7"}
    assert planner.post(f"/piano/bozze/{made.pk}/schede/{MILAN}/", edits).status_code == 302
    return made


def propose(planner: Client, made: Draft) -> Draft:
    """Send a draft to the evaluation body."""
    act = {"number": "12/2026", "day": timezone.localdate().isoformat(), "issuer": "Direzione generale", "note": ""}
    assert planner.post(f"/piano/bozze/{made.pk}/proposta/", act).status_code == 302
    return made


def clear(oiv: Client, made: Draft) -> Draft:
    """Give the favourable opinion that adoption waits for."""
    act = {"number": "OIV 3/2026", "day": timezone.localdate().isoformat(), "note": "", "opinion": "favourable"}
    assert oiv.post(f"/piano/bozze/{made.pk}/parere/", act).status_code == 302
    return made


def handed_out(planner: User) -> AssignedSheet:
    """The sheet of the director's structure, given by an act and not seen yet."""
    act = AssignmentAct("28/2024", date(2024, 2, 28), date(2024, 3, 1), "Direzione generale", "", PDF, "Chi Firma")
    asked = Issuing(act, timezone.localdate() + timedelta(days=10), (MILAN,))
    return issue(planner, asked, silent).sheets.get()


def contest(director: Client) -> Contest:
    """A figure that a director says is wrong."""
    sent = {"reason": "Due pratiche di novembre mancano: risulta dal verbale del 3 dicembre."}
    assert director.post(f"/raccolta/contesta/{MILAN}/{FLOW}/", sent).status_code == 302
    return Contest.objects.get()


def delivered(planner: Client, owner: Client, deliverable: str = "D1") -> str:
    """A deliverable of a project, planned and delivered; the address of the project."""
    project = f"/progetti/{STAFF}/{PROJECT}/"
    planned = {"deliverable": deliverable, "note": "Manuale adottato", "day": "2024-09-30"}
    assert planner.post(f"{project}consegne/", planned).status_code == 302
    done = {"quarter": "2024-Q3", "progress": "100", "note": ""}
    assert owner.post(f"{project}consegne/{deliverable}/consegna/", done).status_code == 302
    return project


def attested(attester: Client, deliverable: str) -> None:
    """The document that says how far a deliverable is."""
    told = {"quarter": "2024-Q3", "progress": "80", "note": "", "file": SimpleUploadedFile("verbale.pdf", PDF)}
    address = f"/progetti/{STAFF}/{PROJECT}/consegne/{deliverable}/attestazione/"
    assert attester.post(address, told).status_code == 302


def alarms() -> AlarmReport:
    """A period in which one office stands out."""
    period, query = parse_period(HEARD_IN), "SELECT * FROM entries LIMIT 20"
    numbers = {"part": 30.0, "whole": 40.0}
    heard = evidence.Evidence("period_end_burst", "AL001", MILAN, period, 0.75, 0.2, 0.05, 1e-5, query, numbers)
    examined = evidence.Examined("period_end_burst", "AL001", 119, 3, 0.119, (heard,))
    about = {"ends_on": "2024-09-30", "at": timezone.now(), "by_chance": 0.119, "alarms": [examined.as_json()]}
    return AlarmReport.objects.create(period=HEARD_IN, **about)


def trace(*_asked: object) -> Trace:
    """What the ledger of an installation with facts answers for a value: two months of one office, two rows."""
    cells = (CubeCell("fm_milano", "", "2024-08", 3.0), CubeCell("fm_milano", "", "2024-09", 2.5))
    of_office = {"kind": "resolved", "sign": 1, "product": "P1", "competence": "fm_milano", "work": "fm_milano"}
    rows = ({"case": "1", "day": "2024-08-02", "days_waited": 12}, {"case": "2", "day": "2024-09-05", "days_waited": 9})
    query = "FROM read_parquet(['ledger/work/000001/entries.parquet'])"
    found = tuple(of_office | row for row in rows)
    measure = MeasureTrace("resolved", "Definito", "pieces", 5.5, rows=found, count=2, query=query, totals=cells)
    return Trace(MILAN, FLOW, HEARD_IN, "resolved / nullif(received, 0)", 1.01, (measure,))


def spending(*_asked: object) -> Spending:
    """What spending by chapter an installation with facts shows: one that holds its forecast and one that does not."""
    quarters = [Moment(2024, month) for month in (3, 6, 9, 12)]
    held = tuple(ForecastCell(moment, Decimal("1331108.24"), Decimal("1290652.54"), 1, 1) for moment in quarters)
    broken = tuple(ForecastCell(moment, Decimal("956150.84"), Decimal("1052310.32"), 1, 0) for moment in quarters)
    return Spending(
        indicator=plan().indicators["indicatore_gestione_spesa_fabbisogni_economici"],
        chapters=(ChapterSpending("4U1102002", "Spese postali", held), ChapterSpending("4U1102028", "", broken)),
        verdicts=tuple(Verdict(moment, 1, 2) for moment in quarters),
        structures=1,
        tolerances=(Tolerance("Scostamento ammesso", Fraction(1, 20), "ratio", "Obiettivi 2024", "Allegato 2"),),
        apart=("9Z0000001",),
    )


def shares(*_asked: object) -> tuple[TransitShare, ...]:
    """The transit account at three checkpoints and at the one to come."""
    points = plan().indicators[plan().boards.spending.account].checkpoints
    told = ((Fraction(3, 100), 1200.0), (Fraction(24, 1000), 1900.0), (Fraction(1, 20), 6000.0), (None, None))
    return tuple(TransitShare(point, *reached) for point, reached in zip(points, told, strict=True))


def dashboard(*_asked: object) -> QualityDashboard:
    """What the areas of production of an installation with facts show."""

    def index(label: str, budget: float, last_year: float | None = None) -> QualityIndex:
        return QualityIndex("measure", label, preview(budget), None if last_year is None else preview(last_year))

    elements = (index("Indice di tempestività", 97.4, 82.2), index("Indice di correttezza", 100.0, 100.0))
    areas = (
        AreaQuality(index("Pensioni", 98.2, 89.2), elements),
        AreaQuality(index("Sostegno del reddito", 103.1), ()),
    )
    return QualityDashboard(areas, index("Aree di produzione", 100.1, 95.4))


def measured(_run: str) -> SimpleNamespace:
    """Measures of every structure, as far as a page asks before it shows a dashboard."""
    return SimpleNamespace(measured=SimpleNamespace(tree=SimpleNamespace(ids=frozenset(plan().sheets))))


FACTS = {
    "piramide.web.structures.tracing.trace_run": trace,
    "piramide.web.spending.views.measures_of": measured,
    "piramide.web.spending.views.spending_of": spending,
    "piramide.web.spending.views.transit_shares": shares,
    "piramide.web.quality.views.measures_of": measured,
    "piramide.web.quality.views.quality_dashboard": dashboard,
}
"""What stands in the place of facts, whose loading would take longer than the whole walk."""


def adjustment(planner: Client, run: RunRecord) -> Adjustment:
    """Another value proposed in the place of one of a run."""
    told = {"indicator": FLOW, "value": "1,25", "reason": "Conteggio doppio accertato.", "act": "Nota 7/2025"}
    address = f"/vigilanza/esecuzioni/{run.run}/rettifica/?struttura={MILAN}"
    assert planner.post(address, {"token": str(uuid4()), **told}).status_code == 302
    return Adjustment.objects.get()


def validate(oiv: Client, run: RunRecord) -> None:
    """The document of the evaluation body that opens publication."""
    told = {"outcome": "validated", "act": "OIV 3/2025", "day": "2025-06-30", "text": "Tutto torna."}
    address = f"/vigilanza/esecuzioni/{run.run}/validazione/"
    Verification.objects.create(run=run, is_whole=True)
    assert oiv.post(address, {"token": str(uuid4()), **answered(oiv, address), **told}).status_code == 302


def house(planner: Client, director: Client) -> dict[str, object]:
    """A deadline of the house, a message to who it concerns, a key for a program, a lent role."""
    due = (timezone.localdate() + timedelta(days=20)).isoformat()
    deadline = {"title": "Consegna del bilancio di previsione", "day": due, "structure": "nazionale", "act": "Nota 4"}
    assert planner.post("/calendario/nuova/", deadline | {"duty": "collect"}).status_code == 302
    asked = {"label": "Carico notturno", "actions": ["read_results"], "structure": "nazionale", "days": "90"}
    assert planner.post("/api/chiavi/", asked).status_code == 200
    own = Grant.objects.get(role=Role.DIRECTOR, structure=MILAN)
    lent = {"email": "dati@example.org", "structure": MILAN, "reason": "Assenza", "since": due, "last_day": due}
    assert director.post(f"/account/deleghe/nuova/{own.pk}/", lent).status_code == 302
    return {"key": Key.objects.get().pk, "grant": own.pk}


def furnish(site: Site) -> Furnished:
    """Fill every room."""
    runs = list(RunRecord.objects.order_by("ends_on"))
    planner, oiv, owner = site.client(Role.PLANNER), site.client(Role.OIV), site.client(Role.DATA_OWNER)
    director = site.client(Role.DIRECTOR, MILAN)
    second = Client()
    second.force_login(User.objects.get(email="validazione@example.org"))
    asked = campaign(site.person(Role.PLANNER))
    delivered(planner, owner)
    delivered(planner, owner, "D2")
    attested(second, "D2")
    planned = {"deliverable": "D3", "note": "Relazione finale", "day": "2024-12-20"}
    planner.post(f"/progetti/{STAFF}/{PROJECT}/consegne/", planned)
    job = start(site.person(Role.PLANNER), "verify", {"run": runs[-1].run}, "nazionale")
    run_job.call(str(job.pk))
    made = {
        "campaign": asked.pk,
        "ask": Ask.objects.get(structure=MILAN, indicator=AUDIT).pk,
        "upload": upload(owner, asked).pk,
        "contest": contest(director).pk,
        "document": Evidence.objects.get().pk,
        "sheet": handed_out(site.person(Role.PLANNER)).pk,
        "draft": draft(planner).pk,
        "proposed": propose(planner, draft(planner, "inps-2025-bis", "Obiettivi 2025 bis")).pk,
        "cleared": clear(oiv, propose(planner, draft(planner, "inps-2025-ter", "Obiettivi 2025 ter"))).pk,
        "alarm": alarms().evidence[0][0],
        "adjustment": adjustment(planner, runs[-1]).pk,
        "run": runs[-1].run,
        "published": runs[-2].run,
        "before": runs[-2].run[:16],
        "after": runs[-1].run[:16],
        "job": job.pk,
        "person": site.person(Role.DATA_OWNER).pk,
    }
    return Furnished(site, house(planner, director) | made)


def signed_in(user: User) -> Client:
    """Somebody who came through the form."""
    client = Client()
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    return client


def confirmed(user: User) -> Client:
    """Somebody who has just given the password once more."""
    client = signed_in(user)
    assert client.post("/accesso/conferma/", {"password": PASSWORD}).status_code == 302
    return client


def with_second_factor(user: User) -> Client:
    """Somebody who set a second factor up."""
    client = confirmed(user)
    page = client.get("/accesso/secondo-fattore/attiva/").content.decode()
    (secret,) = re.findall(r"<code>(\w+)</code>", page)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/accesso/secondo-fattore/attiva/", {"code": code}).status_code == 302
    return client


def forgotten(user: User) -> str:
    """The address that who forgot the password finds in the mail."""
    Client().post("/accesso/password/dimenticata/", {"email": user.email})
    found = re.search(r"http\S+(/accesso/password/scegli/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found.group(1)
