"""docs/how-to/use-the-api.md, followed to the letter against a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action, Role
from piramide.web.api.keys import Wish, make_key
from piramide.web.api.limits import FOR_EVERYBODY, WITH_A_KEY
from piramide.web.collection.models import Ask, Campaign
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "use-the-api.md").read_text(encoding="utf-8")
EXAMPLE = "https://piramide.ente.example"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def run(command: list[str], **environment: str) -> str:
    environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()} | environment
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answers(text: str) -> list[dict[str, object]]:
    """The JSON documents that commands printed one after the other."""
    decoder, found, rest = json.JSONDecoder(), [], text.strip()
    while rest:
        one, end = decoder.raw_decode(rest)
        found.append(one)
        rest = rest[end:].lstrip()
    return found


@pytest.fixture
def server(live_server: LiveServer, runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a site that knows it as its own."""
    cache.clear()
    caches["requests"].clear()
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, origin=live_server.url))
    return str(live_server.url)


def test_the_reads_with_curl_answer(server: str) -> None:
    listed, told = answers(run(["bash", "-euc", blocks("sh")[0].replace(EXAMPLE, server)]))

    assert "dcm_milano" in str(listed)
    assert told["node"] == "indice_deflusso"
    assert "target" in str(told["sentence"]) or "index" in str(told["sentence"])


def test_the_program_in_python_lists_what_is_below_and_reads_the_plan_once(server: str, runs: list[RunRecord]) -> None:
    scored = opened_runs().scores(runs[1].run).structures
    printed = run([sys.executable, "-c", blocks("python")[0]], SITE=server).splitlines()

    assert len(printed) == 1 + sum(one.index is not None and one.index < 100 for one in scored)
    assert printed[-1] == "the plan is still inps-2024"


def test_the_answer_with_a_key_is_kept(server: str, person: Callable[..., User]) -> None:
    user = person(Role.DATA_OWNER)
    campaign = Campaign.objects.create(
        title="Quarto trimestre", period="2024-Q4", pack="inps-2024", due_on=timezone.localdate(), opened_by=user
    )
    ask = Ask.objects.create(
        campaign=campaign, structure="dcm_milano", indicator="indice_deflusso", period="2024-Q4", place=0
    )
    wish = Wish("carico", [Action.READ_RESULTS, Action.COLLECT], "dcm_milano", timezone.localdate() + timedelta(days=1))
    environment = {"PIRAMIDE_KEY": make_key(user, wish)[1], "CAMPAIGN": str(campaign.pk), "VALUE": str(ask.pk)}
    *_, written = answers(run(["bash", "-euc", blocks("sh")[1].replace(EXAMPLE, server)], **environment))

    assert written["value"] == "1.0125"
    ask.refresh_from_db()
    assert ask.current is not None
    assert ask.current.value == "1.0125"


def test_the_limits_it_says_are_those_that_hold() -> None:
    assert f"{FOR_EVERYBODY} requests a minute are allowed from one address without a key, {WITH_A_KEY}" in PAGE
