"""A site of the shipped municipality, changed by who tests it, and a walk over its pages by one who has every role."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.web.installation import Installation

PACKS: Final = Path(__file__).parents[2] / "src" / "piramide" / "packs"

WALK = """
import json, re
FOREIGN = []
from collections import deque
from datetime import date
from html.parser import HTMLParser
from django.test import Client
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role

person = User.objects.create_user("anna@example.org", "Anna <script>attack(3)</script>", "una password lunga")
for role in Role:
    Grant.objects.create(user=person, role=role, structure="borgoverde", since=date(2024, 1, 1))
client = Client(SERVER_NAME="localhost")
client.force_login(person)


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.links, self.faults, self.inside = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.inside = tag if tag == "script" else ""
        self.links += [told["href"]] if tag == "a" and told.get("href", "").startswith("/") else []
        self.faults += [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]

    def handle_data(self, data):
        self.faults += [data[:80]] if self.inside == "script" and "attack(" in data and "u003C" not in data else []


waiting = deque(["/", "/en/", "/piano/", "/strutture/", "/indicatori/", "/vigilanza/", "/raccolta/", "/dati-aperti/"])
known, kinds, wrong, labels, foreign = set(waiting), {}, [], 0, []
while waiting and len(known) < 1500:
    address = waiting.popleft()
    kind = re.sub(r"[0-9a-f]{16,64}|[0-9]+", "*", address.partition("?")[0])
    kind = re.sub(r"(strutture|structures|indicatori|nodi)/[^/]+", r"\\\\1/*", kind) + ("?" if "?" in address else "")
    kinds[kind] = kinds.get(kind, 0) + 1
    if kinds[kind] > 3 or "uscita" in address:
        continue
    answer = client.get(address, follow=True)
    body = b"".join(answer) if answer.streaming else answer.content
    if answer.status_code >= 500:
        wrong.append([address, answer.status_code])
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        continue
    html = body.decode()
    page = Page(html)
    foreign += [[address, word] for word in FOREIGN if word in html]
    labels += "attack(1)" in html
    if page.faults or "<script>attack" in html or "<b onmouseover" in html:
        wrong.append([address, page.faults[:2] or html[max(0, html.find("<script>attack") - 80):][:160]])
    for link in page.links:
        link = link.partition("#")[0]
        if link not in known:
            known.add(link)
            waiting.append(link)
pages = sum(min(n, 3) for n in kinds.values())
print(json.dumps({"pages": pages, "labels": labels, "wrong": wrong, "foreign": foreign}))
"""
"""Prints how many pages there are, where something stands as it was typed, and where a word of `FOREIGN` stands."""


def score_and_open(site: Installation, pack: Path) -> None:
    """Load the facts and score the values that ship with the municipality by its copy `pack`; make the site ready."""
    loaded = site.command("facts", "load", str(PACKS / "comune-esempio" / "facts"), "--pack", str(pack))
    assert loaded.returncode == 0, loaded.stderr
    values = PACKS / "comune-esempio" / "values" / "2025.csv"
    scored = site.command("score", str(pack), "--values", str(values), "--period", "2025", "--json")
    assert scored.returncode == 0, scored.stderr
    assert site.command("upgrade").returncode == 0
