"""Projects: deliverables are delivered, attested with a document, and validated by somebody else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from piramide.cycle.boards.projects import (
    ATTESTED,
    DELIVERED,
    VALIDATED,
    Deliverable,
    Heading,
    Project,
    Step,
    may_follow,
    register,
)
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.audit.models import Entry
from piramide.web.collection.models import Evidence
from piramide.web.jobs.models import Job
from piramide.web.projects.models import ProjectRecord, ProjectStep
from piramide.web.projects.registry import projects
from piramide.web.projects.timeline import timeline
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]
People = Callable[..., User]
STAFF = "dc_risorse_umane"
CODE = "NOPE24_DCRU_1.7"
PAGE = f"/progetti/{STAFF}/{CODE}/"
PDF = b"%PDF-1.7 prova"


@pytest.fixture
def planned(runs: list[RunRecord], sign_in: SignIn) -> Client:
    """A planner who added the deliverable D1 to a project of the plan."""
    planner = sign_in(Role.PLANNER)
    words = {"deliverable": "D1", "note": "Manuale adottato", "day": "2024-09-30"}
    assert planner.post(f"{PAGE}consegne/", words).status_code == 302
    return planner


def _step(client: Client, step: str, file: bytes | None = None, **words: str) -> int:
    data: dict[str, object] = {"quarter": "2024-Q3", "progress": "100", "note": "", **words}
    if file is not None:
        data["file"] = SimpleUploadedFile("prova.pdf", file)
    return client.post(f"{PAGE}consegne/D1/{step}/", data).status_code


def _progress() -> Fraction:
    return projects()[CODE, STAFF].progress


def _told(kind: str, day: date, progress: int, key: int = 0) -> Step:
    return Step("P", "s", "D1", day, kind, Fraction(progress), key=key)


def test_progress_is_the_mean_of_what_was_validated_last() -> None:
    steps = [
        _told("planned", date(2024, 6, 30), 100),
        _told("delivered", date(2024, 6, 1), 100),
        _told("validated", date(2024, 6, 30), 60),
        Step("P", "s", "D2", date(2024, 12, 31), "planned", Fraction(100)),
        _told("validated", date(2023, 12, 31), 100),
    ]
    (project,) = register([Heading("P", "s", "Prova")], steps, 2024, {}).values()
    assert project.progress == 30
    assert project.validated == 0
    assert project.late(date(2024, 7, 1)) == 1
    refused = register((), [*steps, _told("refused", date(2024, 9, 30), 0, key=1)], 2024, {})
    assert refused["P", "s"].progress == 0


def test_steps_follow_one_another() -> None:
    def reached(*kinds: str) -> bool:
        steps = [_told("planned", date(2024, 6, 30), 100)]
        steps += [_told(kind, date(2024, 6, 1), 50, key=n) for n, kind in enumerate(kinds[:-1], 1)]
        (deliverable,) = register((), steps, 2024, {})["P", "s"].deliverables
        return may_follow(deliverable, kinds[-1])

    assert reached("delivered")
    assert not reached("attested")
    assert not reached("validated")
    assert reached("delivered", "attested")
    assert not reached("delivered", "validated")
    assert reached("delivered", "attested", "validated")
    assert reached("delivered", "attested", "refused", "delivered")
    assert reached("delivered", "attested", "validated", "delivered")  # half validated: the rest is still to come


def test_the_register_holds_the_projects_that_the_plan_prints(runs: list[RunRecord], sign_in: SignIn) -> None:
    planner = sign_in(Role.PLANNER)
    assert "Sistema di gestione per la parità di genere" in planner.get("/progetti/").content.decode()
    page = planner.get("/progetti/", {"cerca": "casa del maestro"}).content.decode()
    assert "Riqualificazione" in page
    assert "parità di genere" not in page
    assert "Projects of 2024" in planner.get("/en/progetti/").content.decode()


def test_it_does_not_speak_of_filters_where_there_are_no_projects(runs: list[RunRecord], sign_in: SignIn) -> None:
    director = sign_in(Role.DIRECTOR, "dcm_milano")

    assert "Le strutture che segui non hanno progetti" in director.get("/progetti/").content.decode()
    assert "Nessun progetto corrisponde" in sign_in(Role.PLANNER).get("/progetti/?cerca=xyz").content.decode()


def test_a_deliverable_goes_from_plan_to_validation_with_its_document(planned: Client, sign_in: SignIn) -> None:
    owner, attester, validator = sign_in(Role.DATA_OWNER), sign_in(Role.ATTESTER), sign_in(Role.ATTESTER)
    assert _step(owner, "consegna") == 302
    assert _step(attester, "attestazione", PDF, progress="80") == 302
    assert _step(validator, "validazione", outcome="validated", progress="80") == 302
    assert _progress() == 80
    page = validator.get(PAGE).content.decode()
    assert "prova.pdf" in page
    assert "80%" in page
    assert "<svg" in page
    verbs = list(
        Entry.objects.filter(verb__startswith="deliverable.").order_by("number").values_list("verb", flat=True)
    )
    assert verbs == [f"deliverable.{kind}" for kind in ("planned", "delivered", "attested", "validated")]
    kept = Evidence.objects.get()
    assert attester.get(f"/raccolta/documenti/{kept.pk}/").content == PDF
    assert sign_in(Role.DIRECTOR, "dcm_milano").get(f"/raccolta/documenti/{kept.pk}/").status_code == 403


def test_who_attested_cannot_validate(planned: Client, sign_in: SignIn) -> None:
    attester = sign_in(Role.ATTESTER)
    _step(sign_in(Role.DATA_OWNER), "consegna")
    _step(attester, "attestazione", PDF)
    assert _step(attester, "validazione", outcome="validated") == 403
    assert "validazione/" not in attester.get(PAGE).content.decode()
    assert _progress() == 0


def test_an_attestation_needs_a_document_of_a_known_kind(planned: Client, sign_in: SignIn) -> None:
    attester = sign_in(Role.ATTESTER)
    _step(sign_in(Role.DATA_OWNER), "consegna")
    assert _step(attester, "attestazione") == 422
    assert _step(attester, "attestazione", b"<html>") == 422
    assert not ProjectStep.objects.filter(kind="attested").exists()


def test_a_step_out_of_order_is_refused(planned: Client, sign_in: SignIn) -> None:
    assert _step(sign_in(Role.ATTESTER), "attestazione", PDF) == 422
    assert _step(sign_in(Role.ATTESTER), "validazione", outcome="validated") == 422


def test_a_refusal_says_why_and_the_deliverable_begins_again(planned: Client, sign_in: SignIn) -> None:
    owner, attester, validator = sign_in(Role.DATA_OWNER), sign_in(Role.ATTESTER), sign_in(Role.ATTESTER)
    _step(owner, "consegna")
    _step(attester, "attestazione", PDF)
    assert _step(validator, "validazione", outcome="refused") == 200
    assert not ProjectStep.objects.filter(kind="refused").exists()
    assert _step(validator, "validazione", outcome="refused", note="Manca la firma del direttore.") == 302
    assert "Manca la firma del direttore." in owner.get(PAGE).content.decode()
    assert _step(owner, "consegna") == 302
    assert ProjectStep.objects.filter(kind="delivered").count() == 2


@pytest.mark.parametrize("progress", ["101", "-1", "abc", ""])
def test_progress_is_from_0_to_100(planned: Client, sign_in: SignIn, progress: str) -> None:
    assert _step(sign_in(Role.DATA_OWNER), "consegna", progress=progress) == 200
    assert ProjectStep.objects.count() == 1


@pytest.mark.parametrize(("role", "where", "step", "status"), [
    (Role.PLANNER, "nazionale", "attestazione", 403), (Role.DIRECTOR, STAFF, "attestazione", 403),
    (Role.ATTESTER, "nazionale", "consegna", 403), (Role.DIRECTOR, "dcm_milano", "consegna", 403),
    (Role.OIV, "nazionale", "validazione", 403), (Role.ATTESTER, "lombardia", "attestazione", 403),
    (Role.DIRECTOR, STAFF, "consegna", 302), (Role.ATTESTER, "nazionale", "inventato", 404),
])  # fmt: skip
def test_each_step_is_for_who_holds_its_role_there(
    planned: Client, sign_in: SignIn, role: Role, where: str, step: str, status: int
) -> None:
    assert _step(sign_in(role, where), step, PDF, outcome="validated") == status


def test_who_may_not_read_the_structure_sees_no_project_of_it(planned: Client, sign_in: SignIn) -> None:
    milan = sign_in(Role.DIRECTOR, "dcm_milano")
    assert milan.get(PAGE).status_code == 403
    assert "parità di genere" not in milan.get("/progetti/").content.decode()
    assert Client().get("/progetti/").status_code == 302
    assert sign_in(Role.ADMINISTRATOR).get("/progetti/").status_code == 403
    assert planned.get(f"/progetti/{STAFF}/nessuno/").status_code == 404


def test_only_who_plans_adds_projects_and_deliverables(planned: Client, sign_in: SignIn) -> None:
    words = {"code": "PES2024_X.1", "title": "Nuovo archivio", "programme": "PES", "structure": STAFF}
    assert sign_in(Role.DATA_OWNER).post("/progetti/nuovo/", words).status_code == 403
    assert planned.post("/progetti/nuovo/", words)["Location"] == f"/progetti/{STAFF}/PES2024_X.1/"
    assert planned.post("/progetti/nuovo/", words).status_code == 200
    assert planned.post("/progetti/nuovo/", {**words, "code": "../x"}).status_code == 200
    assert ProjectRecord.objects.count() == 1
    twice = {"deliverable": "D1", "note": "Ancora", "day": "2024-10-31"}
    assert sign_in(Role.DATA_OWNER).post(f"{PAGE}consegne/", twice).status_code == 403
    assert "già tra le consegne" in planned.post(f"{PAGE}consegne/", twice, follow=True).content.decode()
    late = {"deliverable": "D9", "note": "Tardi", "day": "2025-10-31"}
    assert "anno del piano" in planned.post(f"{PAGE}consegne/", late, follow=True).content.decode()
    assert ProjectStep.objects.count() == 1


def test_the_steps_come_out_as_the_dataset_that_facts_take(planned: Client, sign_in: SignIn) -> None:
    _step(sign_in(Role.DATA_OWNER), "consegna", progress="50")
    text = planned.get("/progetti/passi.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["step"], row["day"], row["progress"]) for row in rows] == [
        ("planned", "2024-09-30", "100.00"), ("delivered", "2024-09-30", "50.00"),
    ]  # fmt: skip
    assert sign_in(Role.DATA_OWNER).get("/progetti/passi.csv").status_code == 403
    assert planned.post("/progetti/carica-nei-fatti/")["Location"] == f"/lavori/{Job.objects.get().pk}/"
    assert Job.objects.get().arguments["dataset"] == "projects"


def test_it_tells_attesters_what_waits_for_them(planned: Client, sign_in: SignIn) -> None:
    attester, validator = sign_in(Role.ATTESTER), sign_in(Role.ATTESTER)
    _step(sign_in(Role.DATA_OWNER), "consegna")
    assert "1 consegna da attestare" in attester.get("/").content.decode()
    _step(attester, "attestazione", PDF)
    assert "da validare" not in attester.get("/").content.decode()
    assert "1 consegna da validare" in validator.get("/").content.decode()
    assert "parità di genere" in validator.get("/progetti/", {"stato": "validare"}).content.decode()


def test_the_picture_keeps_the_order_of_time() -> None:
    first, last = date(2024, 6, 28), date(2024, 12, 31)
    kinds = ((DELIVERED, first), (ATTESTED, first), (VALIDATED, last))
    steps = tuple(Step("p", "s", "d", day, kind, Fraction(100)) for kind, day in kinds)
    drawn = timeline(Project("p", "s", "P", "", (Deliverable("d", "D", last, steps, Fraction(100)),)), 2024)

    signs = sorted(drawn.lanes[0].signs, key=lambda sign: sign.x)

    assert [sign.kind for sign in signs] == ["delivered", "attested", "validated", "planned"]
    assert [sign.day for sign in signs] == sorted(sign.day for sign in signs)
    assert all(later.x - earlier.x >= 15 for earlier, later in pairwise(signs))
    assert signs[-1].x <= drawn.right


def test_what_the_plan_prints_of_a_project_rules(runs: list[RunRecord], person: People) -> None:
    key = ("NOPE24_DCBOL_16.1", "dc_risorse_umane")
    ProjectRecord.objects.create(code=key[0], structure=key[1], title="Un altro titolo", by=person(Role.PLANNER))

    assert projects()[key].title == "Rendiconto di Sostenibilità 2023"
