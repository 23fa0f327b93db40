"""A plan that ties money to its objectives: the sheet, the API and the open data tell what each is worth and earns."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.web.another_site import PACKS, score_and_open
from tests.web.installation import Installation

MONEY = "premio: {label: Premio di struttura, structure: area_tecnica, total: 12345.67, act: piano, place: p. 9}\n"
SEEN = """
import json
from datetime import date
from django.test import Client
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord

person = User.objects.create_user("carla@example.org", "Carla Prova", "una password lunga")
Grant.objects.create(user=person, role=Role.PLANNER, structure="borgoverde", since=date(2024, 1, 1))
client = Client(SERVER_NAME="localhost")
client.force_login(person)
run = RunRecord.objects.first()
run.published_at = "2025-05-01T10:00:00Z"
run.publication_act = "n. 1"
run.save()


def body(address):
    answer = client.get(address, follow=True)
    return (b"".join(answer) if answer.streaming else answer.content).decode()


print(json.dumps({
    "sheet": body("/strutture/area_tecnica/"),
    "english": body("/en/strutture/area_tecnica/"),
    "other": body("/strutture/area_servizi/"),
    "api": json.loads(body(f"/api/v1/runs/{run.run}/structures/area_tecnica")),
    "api_other": json.loads(body(f"/api/v1/runs/{run.run}/structures/area_servizi")),
    "told": json.loads(body(f"/api/v1/runs/{run.run}/structures/area_tecnica/explanation")),
    "csv": body(f"/dati-aperti/somme.csv"),
    "json": json.loads(body(f"/dati-aperti/somme.json")),
}))
"""


@dataclass(frozen=True, slots=True)
class Municipality(Installation):
    """An installation of a municipality."""

    @property
    def environment(self) -> dict[str, str]:
        """Its plan is a copy of the shipped one, with money."""
        given = super(Municipality, self).environment
        return given | {"PIRAMIDE_PACK": "comune-prova", "PIRAMIDE_PACKS": str(self.folder / "packs")}


@pytest.mark.slow
def test_the_site_tells_what_each_objective_is_worth_and_earns(tmp_path: Path) -> None:
    pack = tmp_path / "packs" / "comune-prova"
    shutil.copytree(PACKS / "comune-esempio", pack)
    text = (pack / "pack.yaml").read_text(encoding="utf-8")
    (pack / "pack.yaml").write_text(text.replace("id: comune-esempio", "id: comune-prova"), encoding="utf-8")
    (pack / "money.yaml").write_text(MONEY, encoding="utf-8")
    site = Municipality(tmp_path, tmp_path / "store")
    score_and_open(site, pack)

    seen = json.loads(site.run(SEEN).splitlines()[-1])

    (money,) = seen["api"]["money"]
    assert money["total"] == "12345.67"
    assert sum(round(float(one["quota"]) * 100) for one in money["nodes"]) == 1234567
    assert "money" not in seen["api_other"]
    assert seen["told"]["money"] == [{"id": "premio", "quota": "12345.67", "earned": money["earned"]}]
    assert "Premio di struttura" in seen["sheet"]
    assert "12.345,67\u00a0€" in seen["sheet"] or "12.345,67 €" in seen["sheet"]
    assert "Earned" in seen["english"]
    assert "Premio di struttura" not in seen["other"]
    rows = seen["csv"].splitlines()
    assert len(rows) == 2 + len(money["nodes"])
    assert rows[1].split(",")[4:8] == ["premio", "Premio di struttura", "area_tecnica", ""]
    assert "12345.67" in rows[1]
    assert [one["id"] for one in seen["json"]["runs"][0]["money"]] == ["premio"]
