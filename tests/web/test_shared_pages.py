"""Pages rendered by one process are read by the others; what is damaged costs a rendering and never a page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from django.utils.safestring import SafeString
from pytest_django.fixtures import Settings

from piramide.cycle.plans.plans_in_force import PlansInForce
from piramide.web import plans_in_force
from piramide.web.accounts.roles import Role
from piramide.web.house import shared_pages
from piramide.web.house.pages import PAGES, PageKey, kept, kept_text
from piramide.web.indicators import views as indicators
from piramide.web.quality import views as quality
from piramide.web.results import measures
from piramide.web.results.models import RunRecord
from piramide.web.spending import views as spending
from piramide.web.structures import tracing

SignIn = Callable[..., Client]
PAGE = "/strutture/dcm_milano/"
INDICATOR = "/indicatori/indice_deflusso/"
LONG = SafeString("una pagina " * 1_000)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of shared pages, empty."""
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": backend, "LOCATION": tmp_path / "pages"}}
    return tmp_path / "pages"


def page_key(page: str) -> PageKey:
    return PageKey(page=page, run="", published="", rights="", choices=())


def never() -> SafeString:
    pytest.fail("rendered again")


def another_process() -> None:
    PAGES.clear()


def test_keys_that_differ_in_one_thing_keep_different_texts(folder: Path) -> None:
    same = {"page": "a", "run": "b", "published": "c", "rights": "d"}
    keys = [PageKey(**same, choices=("e", "f"))]
    keys += [PageKey(**{**same, name: "x"}, choices=("e", "f")) for name in same]
    keys += [PageKey(**same, choices=choices) for choices in (("ef",), ("e", "f", ""), ("f", "e"))]

    texts = [kept(key, partial(SafeString, f"{number} {LONG}")) for number, key in enumerate(keys)]

    assert len(set(texts)) == len(keys)


def test_a_plain_text_is_never_kept_as_a_fragment(folder: Path) -> None:
    hostile = "<script>alert(1)</script>"
    assert kept_text(page_key("label"), lambda: SafeString(hostile)) == hostile
    assert not isinstance(kept_text(page_key("label"), lambda: hostile), SafeString)
    with pytest.raises(TypeError, match="from a template"):
        kept(page_key("label"), lambda: hostile)  # type: ignore[arg-type, return-value]


def test_a_key_must_say_each_thing_that_a_text_may_depend_on() -> None:
    with pytest.raises(TypeError):
        PageKey(page="a", run="b", choices=())  # type: ignore[call-arg]


def test_a_page_that_one_process_rendered_is_read_by_another(
    folder: Path, runs: list[RunRecord], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sign_in(Role.PLANNER).get(INDICATOR)
    another_process()
    monkeypatch.setattr(indicators, "page_of", lambda *_: pytest.fail("rendered again"))

    assert sign_in(Role.PLANNER).get(INDICATOR).status_code == first.status_code == 200


def test_it_is_rendered_again_when_the_code_or_the_language_changes(
    folder: Path, runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(page_key("a"), lambda: LONG)
    another_process()
    assert kept(page_key("a"), never) == LONG

    another_process()
    monkeypatch.setattr(shared_pages, "code_stamp", lambda: "another code")
    assert kept(page_key("a"), lambda: SafeString(LONG + "nuova")) == LONG + "nuova"


def test_it_is_rendered_again_when_a_plan_of_another_day_is_another(
    folder: Path, runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(page_key("a"), lambda: LONG)
    (known, *later) = plans_in_force.every_plan()
    before = replace(known, since=known.since - timedelta(days=90))
    monkeypatch.setattr(plans_in_force, "known_plans", lambda: PlansInForce((before, known, *later)))

    assert kept(page_key("a"), lambda: SafeString(LONG + "nuova")) == LONG + "nuova"


@pytest.mark.parametrize("room", [spending, quality])
def test_what_is_measured_now_is_rendered_again_when_facts_are_loaded(
    room: ModuleType, folder: Path, runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/{room.__name__.split('.')[-2].replace('spending', 'spesa').replace('quality', 'qualita')}/dcm_milano/"
    monkeypatch.setattr(room, "_body", lambda *_: SafeString("prima" + LONG))
    assert "prima" in Client().get(address).content.decode()

    monkeypatch.setattr(room, "_body", lambda *_: SafeString("dopo" + LONG))
    assert "prima" in Client().get(address).content.decode()
    monkeypatch.setattr(measures, "known_loads", lambda _store: {"appeals": "00001"})
    assert "dopo" in Client().get(address).content.decode()


def test_the_words_of_the_catalogues_belong_to_the_code() -> None:
    root = Path(shared_pages.__file__).parents[2]
    stamped = shared_pages._CODE
    assert {path.suffix for path in root.rglob("catalogue/*.*")} <= stamped
    assert {path.suffix for path in root.rglob("templates/**/*.html")} <= stamped


def test_what_is_short_or_holds_rows_of_cases_is_in_no_file(
    folder: Path, runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(page_key("short"), lambda: SafeString("breve"))
    kept(page_key("rows"), lambda: LONG, tracing.TRACES)

    assert not list(folder.glob("*"))


def test_nobody_but_its_owner_reads_the_folder(folder: Path, runs: list[RunRecord]) -> None:
    kept(page_key("a"), lambda: LONG)

    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [
    b"", b"nothing that was ever a page", b"\x80\x05.", b").", b"(\x8d\x80\x05N.", b"\x80\x05(\x8ex\x9c",
])  # fmt: skip
def test_a_damaged_file_is_made_again(folder: Path, runs: list[RunRecord], content: bytes) -> None:
    kept(page_key("a"), lambda: LONG)
    (file,) = folder.glob("*")
    file.write_bytes(content)
    another_process()

    assert kept(page_key("a"), lambda: LONG) == LONG


def test_a_folder_that_cannot_be_written_costs_no_page(folder: Path, runs: list[RunRecord]) -> None:
    folder.write_text("a file where the folder should be")

    assert kept(page_key("a"), lambda: LONG) == LONG


def test_an_upgrade_forgets_them(folder: Path, runs: list[RunRecord]) -> None:
    kept(page_key("a"), lambda: LONG)
    shared_pages.forget()
    another_process()

    assert kept(page_key("a"), lambda: SafeString("altra " + LONG)) == "altra " + LONG
    shutil.rmtree(folder)
    caches["pages"].clear()


def test_a_page_says_at_once_that_its_run_is_published(folder: Path, runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)
    assert "risultati da pubblicare" in client.get(PAGE).content.decode()

    RunRecord.objects.filter(pk=runs[-1].pk).update(published_at=timezone.now())

    assert "risultati da pubblicare" not in client.get(PAGE).content.decode()
