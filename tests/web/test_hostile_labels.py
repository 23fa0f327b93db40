"""A label that is a script stays a text: on every page in both languages, in the API, in open data, PDF and XLSX."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from tests.web.installation import Installation

PACKS = Path(__file__).parents[2] / "src" / "piramide" / "packs"
HOSTILE = '"><script>attack(1)</script><b onmouseover=attack(2)>&{{7*7}}'
WORDED = frozenset({"label", "number", "definition", "administration", "owner", "source", "title", "sentence"})

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


@dataclass(frozen=True, slots=True)
class Hostile(Installation):
    """An installation whose plan, run and facts speak in scripts."""

    @property
    def environment(self) -> dict[str, str]:
        """Its plan is the hostile one."""
        given = super(Hostile, self).environment
        return given | {"PIRAMIDE_PACK": "comune-ostile", "PIRAMIDE_PACKS": str(self.folder / "packs")}


def _hostile(value: object, name: str = "") -> object:
    if isinstance(value, dict):
        return {key: _hostile(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hostile(inner) for inner in value]
    return f"{value} {HOSTILE}" if name in WORDED and isinstance(value, str) else value


@pytest.fixture
def hostile(tmp_path: Path) -> Hostile:
    """A municipality every label of which is an attack, scored, on a site of its own."""
    pack = tmp_path / "packs" / "comune-ostile"
    shutil.copytree(PACKS / "comune-esempio", pack)
    body = yaml.safe_load((pack / "pack.yaml").read_text(encoding="utf-8")) | {"id": "comune-ostile"}
    (pack / "pack.yaml").write_text(yaml.safe_dump(_hostile(body), allow_unicode=True), encoding="utf-8")
    for tree in (pack / "trees").glob("*.csv"):
        rows = list(csv.DictReader(tree.read_text(encoding="utf-8").splitlines()))
        with tree.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows({k: f"{v} {HOSTILE}" if k == "label" and v else v for k, v in row.items()} for row in rows)
    site = Hostile(tmp_path, tmp_path / "store")
    values = PACKS / "comune-esempio" / "values" / "2025.csv"
    scored = site.command("score", str(pack), "--values", str(values), "--period", "2025", "--json")
    assert scored.returncode == 0, scored.stderr
    assert site.command("upgrade").returncode == 0
    return site


@pytest.mark.slow
def test_a_label_that_is_a_script_stays_a_text_everywhere(hostile: Hostile) -> None:
    walked = json.loads(hostile.run(WALK).splitlines()[-1])

    assert walked["wrong"] == []
    assert walked["labels"] > 20
    assert walked["pages"] > 40


@pytest.mark.slow
def test_a_label_that_is_a_script_is_printed(hostile: Hostile, tmp_path: Path) -> None:
    run = next((hostile.store / "runs").iterdir()).name
    paper, book = tmp_path / "scheda.pdf", tmp_path / "scheda.xlsx"
    for out in (paper, book):
        said = hostile.command("report", "sheet", run, "--structure", "borgoverde", "--out", str(out))
        assert said.returncode == 0, said.stderr

    assert paper.read_bytes().startswith(b"%PDF")
    assert b"/JavaScript" not in paper.read_bytes()
    with ZipFile(book) as parts:
        texts = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert "&lt;script&gt;attack(1)" in texts
    assert "<f>" not in texts
