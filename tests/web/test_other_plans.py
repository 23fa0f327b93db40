"""The plans of other administrations, each on a site of its own: every page opens, and none speaks of the first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from piramide.methodology.loading import find_pack, load_pack
from tests.packs.test_other_administrations import TRIED, filled
from tests.web.another_site import WALK
from tests.web.installation import Installation
from tests.web.test_another_administration import FOREIGN

MOST = {"agenzia-entrate-2017": "agenzia_entrate", "esteri-2017": "gabinetto", "lamezia-terme-2024": "lamezia_terme"}
"""The structure of each plan that stands above the others with a sheet."""


@dataclass(frozen=True, slots=True)
class Site(Installation):
    """An installation whose plan is one that ships."""

    plan: str = ""

    @property
    def environment(self) -> dict[str, str]:
        administration = load_pack(find_pack(self.plan)).administration
        return super(Site, self).environment | {"PIRAMIDE_PACK": self.plan, "PIRAMIDE_ADMINISTRATION": administration}


@pytest.mark.slow
@pytest.mark.parametrize("plan", sorted(MOST))
def test_it_opens_on_the_site_and_speaks_of_nobody_else(plan: str, tmp_path: Path) -> None:
    site = Site(tmp_path, tmp_path / "store", plan=plan)
    year = plan.rpartition("-")[2]
    values = find_pack(plan) / "values" / f"{year}.csv"
    file = values if values.is_file() else filled(TRIED, MOST[plan], year, tmp_path)
    scored = site.command("score", plan, "--values", str(file), "--period", year)
    assert scored.returncode == 0, scored.stderr
    assert site.command("upgrade").returncode == 0
    walk = WALK.replace("FOREIGN = []", f"FOREIGN = {list(FOREIGN)}").replace("borgoverde", MOST[plan])

    walked = json.loads(site.run(walk).splitlines()[-1])

    assert walked["wrong"] == []
    assert walked["foreign"] == []
    assert walked["pages"] > 30
