"""An administration that is not the first one: no page of its site speaks of another, and bars end at its own cap."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.web.another_site import PACKS, WALK, score_and_open
from tests.web.installation import Installation

FOREIGN = (
    "INPS", "Istituto", "Institute", "1005", "DCM", "metropolitan", "regionali", "Regional", "Cluster A", "cluster_",
    "pension", "Pension",
)  # fmt: skip
"""Words of the administration that the product was first made for."""

BAR = re.compile(
    r'aria-label="([^"%]+)%[^>]*><rect class="gap-scale"[^>]*></rect><rect class="gap-fill"[^>]*width="([^"]+)"'
)
SIGNS = str.maketrans({"−": "-", "+": None, ",": "."})
SHEET = """
from datetime import date
from django.test import Client
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role

person = User.objects.create_user("carla@example.org", "Carla Prova", "una password lunga")
Grant.objects.create(user=person, role=Role.PLANNER, structure="borgoverde", since=date(2024, 1, 1))
client = Client(SERVER_NAME="localhost")
client.force_login(person)
print(client.get("/strutture/area_tecnica/", follow=True).content.decode())
"""
HOME = SHEET.replace("/strutture/area_tecnica/", "/")


@dataclass(frozen=True, slots=True)
class Municipality(Installation):
    """An installation of a municipality."""

    @property
    def environment(self) -> dict[str, str]:
        """Its plan is a copy of the shipped one, with another cap; its name is its own."""
        given = super(Municipality, self).environment
        return given | {
            "PIRAMIDE_PACK": "comune-prova", "PIRAMIDE_PACKS": str(self.folder / "packs"),
            "PIRAMIDE_ADMINISTRATION": "Comune di Borgoverde",
        }  # fmt: skip


@pytest.fixture
def municipality(tmp_path: Path) -> Municipality:
    """Scored, on a site of its own; gaps end at 30 %."""
    pack = tmp_path / "packs" / "comune-prova"
    shutil.copytree(PACKS / "comune-esempio", pack)
    text = (pack / "pack.yaml").read_text(encoding="utf-8")
    text = text.replace("id: comune-esempio", "id: comune-prova").replace("cap: {value: 0.5,", "cap: {value: 0.3,")
    (pack / "pack.yaml").write_text(text, encoding="utf-8")
    site = Municipality(tmp_path, tmp_path / "store")
    score_and_open(site, pack)
    return site


@pytest.mark.slow
def test_no_page_of_another_administration_speaks_of_the_first(municipality: Municipality) -> None:
    walk = WALK.replace("FOREIGN = []", f"FOREIGN = {list(FOREIGN)}")

    walked = json.loads(municipality.run(walk).splitlines()[-1])

    assert walked["foreign"] == []
    assert "non oltre il 30% in più o in meno" in municipality.run(HOME)
    assert walked["pages"] > 40


@pytest.mark.slow
def test_bars_end_at_the_cap_of_the_plan(municipality: Municipality) -> None:
    page = municipality.run(SHEET)
    shown = [(float(label.translate(SIGNS)), float(width)) for label, width in BAR.findall(page)]

    assert "−30% … 0 … +30%" in page
    assert len(shown) > 2
    for gap, width in shown:
        assert width == pytest.approx(min(abs(gap), 30) / 30 * 50, abs=0.2)


@pytest.mark.slow
def test_it_has_pages_of_spending_and_of_quality_of_its_own(municipality: Municipality) -> None:
    """What the pack names, counted from the facts that ship with it: three chapters of four, 275 checks of 300."""
    both = SHEET.replace("/strutture/area_tecnica/", "/spesa/borgoverde/")
    both += 'print("=====")\nprint(client.get("/qualita/borgoverde/", follow=True).content.decode())\n'
    spending, _, quality = municipality.run(both).partition("=====")

    assert all(chapter in spending for chapter in ("personale", "energia", "manutenzioni", "mensa"))
    assert "Controlli fatti" in quality
    assert "91,7" in quality
