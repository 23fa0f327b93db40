"""Each page has its help, words say what they mean, and the statements are those of the installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from piramide.kernel.glossary import TERMS
from piramide.web.help.glossary import WORDS
from piramide.web.help.topics import TOPICS, topic_of
from tests.web.browser.site_map import names

pytestmark = pytest.mark.django_db
# Addresses that are no pages: health, figures and files for machines, the change of language.
NO_PAGES = {"health", "metrics", "robots", "set_language", "sitemap"}


def text(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, response
    return unescape(response.content.decode())


def test_every_page_of_the_site_has_a_help_page() -> None:
    assert [name for name in names() if name not in NO_PAGES and topic_of(name) is None] == []


def test_the_most_precise_help_is_chosen() -> None:
    assert topic_of("structures:sheet") is TOPICS["scheda"]
    assert topic_of("structures:explanation") is TOPICS["spiegazione"]
    assert topic_of("structures:index") is TOPICS["strutture"]
    assert topic_of("unknown") is None


@pytest.mark.parametrize("name", TOPICS)
def test_a_help_page_says_its_question_in_both_languages(name: str) -> None:
    italian, english = text(f"/guida/{name}/"), text(f"/en/guida/{name}/")

    with translation.override("it"):
        asked = str(TOPICS[name].question)
    assert asked in italian
    assert asked not in english
    with translation.override("en"):
        assert str(TOPICS[name].question) in english


def test_the_frame_leads_to_the_help_of_the_page() -> None:
    assert 'href="/guida/strutture/"' in text("/strutture/").partition("<main")[0]
    assert 'href="/en/guida/guida/"' in text("/en/privacy/").partition("<main")[0]


def test_it_knows_only_help_pages_that_exist() -> None:
    assert Client().get("/guida/atlantide/").status_code == 404


def test_every_word_is_one_of_the_glossary_of_the_kernel() -> None:
    page = text("/guida/glossario/")

    assert [name for name in WORDS if name not in TERMS] == []
    assert all(f'<dt id="{name}">{TERMS[name].label}</dt>' in page for name in WORDS)


def test_a_word_tells_its_meaning_where_it_stands() -> None:
    request: Any = RequestFactory().get("/")
    drawn = Template('{% load help %}{% word "gap" %}').render(Context({"request": request}))

    assert f'href="{reverse("help:glossary")}#gap" aria-describedby="word-gap">Scostamento</a>' in drawn
    assert str(WORDS["gap"].meaning) in unescape(drawn)


def test_the_statement_on_accessibility_is_that_of_the_installation(settings: Settings) -> None:
    assert "la data manca" in text("/accessibilita/")

    settings.CONFIGURATION = replace(
        settings.CONFIGURATION,
        administration="Ente di prova",
        feedback="aiuto@example.org",
        accessibility_date=date(2025, 9, 22),
    )
    page = text("/accessibilita/")

    assert "Ente di prova si impegna" in page
    assert "mailto:aiuto@example.org" in page
    assert "riesaminata il 22/09/2025" in page
    assert "la data manca" not in page
    assert "Accessibility statement" in text("/en/accessibilita/")


def test_the_privacy_notice_says_until_when_data_are_kept(settings: Settings) -> None:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, privacy_contact="dpo@example.org", retention_years=7)
    page = text("/privacy/")

    assert "al più 8 ore" in page
    assert "7 anni" in page
    assert "mailto:dpo@example.org" in page
    assert "at most 8 hours" in text("/en/privacy/")
