"""What no text may hold: a NUL character, which PostgreSQL refuses, is said at the field or refused (400, 404)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role
from piramide.web.audit.models import Entry
from piramide.web.collection.campaigns import Opening, open_campaign
from piramide.web.collection.models import Ask, Campaign, Contest
from piramide.web.plans.models import Draft, DraftEdit
from piramide.web.projects.registry import projects
from piramide.web.results.models import RunRecord
from tests.web.test_access_matrix import LINES, PATTERNS

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]
People = Callable[..., User]
MILAN, FLOW = "dcm_milano", "indice_deflusso"
REFUSED = {400, 404}


@pytest.fixture
def campaign(runs: list[RunRecord], person: People) -> Campaign:
    """One figure of one structure."""
    due = timezone.localdate() + timedelta(days=10)
    chosen = Opening("Raccolta di prova", "2024-Q4", due, "", frozenset({MILAN}), frozenset({FLOW}))
    return open_campaign(person(Role.PLANNER), chosen)


@pytest.mark.parametrize("address", [
    "/strutture/%00/", "/strutture/?cerca=%00", "/indicatori/?q=a%00b", "/cerca/?q=%00", "/?run=%00", "/?%00=1",
    "/lavori/schede/a%00b/it.zip", "/raccolta/1/indicatori/a%00b/", "/vigilanza/allarmi/%00/", "/oidc/%00/",
    "/oidc/a%00b/risposta/", "/registro/?cerca=%00", "/en/structures/%00/",
])  # fmt: skip
def test_an_address_with_a_nul_is_refused(campaign: Campaign, sign_in: SignIn, address: str) -> None:
    for client in (sign_in(Role.PLANNER), Client()):
        assert client.get(address).status_code in REFUSED


def test_a_program_is_told_so_in_its_own_way(runs: list[RunRecord]) -> None:
    for address in ("/api/v1/structures?cursor=%00", "/api/v1/structures/%00"):
        answer = Client().get(address)
        assert answer.status_code == 400
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_cookie_with_a_nul_is_refused(runs: list[RunRecord]) -> None:
    answer = Client().get("/account/", headers={"cookie": r'sessionid="0123456789abcdef\000"'})
    assert answer.status_code == 400


def test_a_per_cent_sign_before_zeros_is_a_text_like_any_other(runs: list[RunRecord]) -> None:
    assert Client().get("/strutture/?cerca=%2500").status_code == 200


def test_the_reason_of_a_reopening_is_kept_without_it(campaign: Campaign, sign_in: SignIn) -> None:
    planner = sign_in(Role.PLANNER)
    planner.post(f"/raccolta/{campaign.pk}/chiudi/")

    answer = planner.post(f"/raccolta/{campaign.pk}/chiudi/", {"open": "yes", "reason": "manca\0Trento"})

    assert answer.status_code == 302
    assert Entry.objects.get(verb="campaign.reopened").reason == "manca Trento"


def test_the_reason_of_an_edit_is_kept_without_it(runs: list[RunRecord], sign_in: SignIn) -> None:
    planner = sign_in(Role.PLANNER)
    form = {"base": "inps-2024", "pack": "inps-2025", "label": "Obiettivi 2025", "year": "2025"}
    planner.post("/piano/bozze/nuova/", form)
    sheet = f"/piano/bozze/{Draft.objects.get().pk}/schede/{MILAN}/"

    answer = planner.post(sheet, {f"obiettivo.{FLOW}": "1,05", "motivo": "più\0alto", "luogo": "p.\0 3"})

    assert answer.status_code == 302
    edit = DraftEdit.objects.get()
    assert (edit.reason, edit.place) == ("più alto", "p. 3")


def test_a_page_number_of_thousands_of_digits_is_no_page(runs: list[RunRecord]) -> None:
    pair = "da=inps-2024&a=inps-2024"
    assert Client().get(f"/piano/confronto/?{pair}&pagina=1").status_code == 200
    assert Client().get(f"/piano/confronto/?{pair}&pagina={'9' * 5000}").status_code == 404


@pytest.mark.parametrize(
    "figure", ["\0", "1\0", "9" * 100, "9" * 98 + "/7", "-" + "9" * 97 + "/7", "9" * 87 + "," + "9" * 12]
)
def test_a_figure_of_a_plan_is_kept_or_refused_in_words(runs: list[RunRecord], sign_in: SignIn, figure: str) -> None:
    planner = sign_in(Role.PLANNER)
    form = {"base": "inps-2024", "pack": "inps-2025", "label": "Obiettivi 2025", "year": "2025"}
    planner.post("/piano/bozze/nuova/", form)
    sheet = f"/piano/bozze/{Draft.objects.get().pk}/schede/{MILAN}/"

    answer = planner.post(sheet, {f"obiettivo.{FLOW}": figure})

    assert answer.status_code in {302, 409, 422}
    assert answer.status_code == 422 or "\0" not in figure
    assert planner.get(sheet).status_code == 200
    assert planner.get(f"/piano/bozze/{Draft.objects.get().pk}/").status_code == 200


class Forms(HTMLParser):
    """The forms of a page that change something: where each goes, and the texts that its fields begin with."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[tuple[str, dict[str, str]]] = []
        self._is_open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form, or note a field of it."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_open = told.get("method", "").lower() == "post"
            if self._is_open:
                self.found.append((told.get("action") or self.page, {}))
        is_field = tag in {"input", "select", "textarea", "button"} and told.get("type") != "file"
        if self._is_open and is_field and told.get("name", "") not in {"", "csrfmiddlewaretoken"}:
            self.found[-1][1].setdefault(told["name"], told.get("value", ""))


@pytest.fixture
def everything(campaign: Campaign, sign_in: SignIn) -> Client:
    """Somebody who holds every role, with something to do in every room."""
    client = sign_in(Role.PLANNER)
    user = User.objects.get(pk=client.session["_auth_user_id"])
    for role in set(Role) - {Role.PLANNER}:
        Grant.objects.create(user=user, role=role, structure="nazionale", since=date(2024, 1, 1))
    form = {"base": "inps-2024", "pack": "inps-2025", "label": "Obiettivi 2025", "year": "2025"}
    client.post("/piano/bozze/nuova/", form)
    other = User.objects.exclude(pk=user.pk).earliest("pk")
    Contest.objects.create(structure=MILAN, indicator=FLOW, period="2024-Q4", reason="manca un mese", by=other)
    return client


def _pages(run: str) -> Iterator[str]:
    """A page of each address that somebody reads, of what is there; forms that need a choice have made it."""
    project = next(iter(projects().values()))
    known: dict[str, object] = {
        "structure": MILAN, "node": FLOW, "indicator": FLOW, "run": run, "period": "2024-Q4", "name": "inps-2024",
        "before": run, "after": run, "language": "it", "form": "csv", "code": project.code,
        "draft_id": Draft.objects.get().pk, "number": Campaign.objects.get().pk, "key": Ask.objects.get().pk,
    }  # fmt: skip
    users = User.objects.order_by("pk")
    for page, line in LINES.items():
        if "GET" not in line.methods or line.who not in {"guarded", "signed_in", "inside"} or page == "accounts:leave":
            continue
        own: dict[str, object] = {"pk": users[0].pk if page == "accounts:person" else Grant.objects.latest("pk").pk}
        own |= {"number": Contest.objects.get().pk} if page == "collection:contested" else {}
        own |= {"structure": project.structure} if page.startswith("projects:") else {}
        names = PATTERNS[page].pattern.converters
        with suppress(NoReverseMatch):
            yield reverse(page, kwargs={name: (known | own).get(name, "x") for name in names})
    yield f"{reverse('collection:open')}?periodo=2024-Q4"
    yield f"{reverse('collection:contest')}?structure={MILAN}&indicator=indice_audit"
    yield f"{reverse('oversight:propose', args=[run])}?struttura={MILAN}"


def test_no_field_of_any_form_fails_on_it(everything: Client, runs: list[RunRecord]) -> None:
    everything.raise_request_exception = False
    forms: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}
    for page in _pages(runs[-1].run):
        answer = everything.get(page)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            for action, fields in Forms(page, answer.content.decode()).found:
                forms.setdefault((action, tuple(fields)), fields)
    wrong = []
    for (action, _names), fields in forms.items():
        of_a_kind = {name.partition(".")[0]: name for name in fields}  # one weight says what all say
        for name in of_a_kind.values():
            mark = transaction.savepoint()
            answer = everything.post(action, fields | {name: f"{fields[name] or 'testo'}\0"})
            transaction.savepoint_rollback(mark)
            wrong += [f"{action} {name}"] if answer.status_code >= 500 else []

    assert wrong == []
    assert len(forms) > 25
