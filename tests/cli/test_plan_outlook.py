"""`piramide plan outlook` and `piramide plan whatif`, on a small invented nation, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from piramide.cycle.planning.kept import keep_plan
from piramide.kernel.sealing import sealed
from tests.cli.conftest import Command

KNOWN_ON = "2024-08-31"
ASKED = ("inps-2024", "--known-on", KNOWN_ON, "--draws", "60")


@pytest.fixture
def store(piramide: Command, tmp_path: Path) -> Path:
    """What was known on a day of invented facts: work of three years, and staff."""
    facts, store = tmp_path / "facts", tmp_path / "known"
    made = piramide("facts", "generate", "--out", facts, "--cases", "15000", "--seed", "7", "--years", "2022-2024")
    assert made.code == 0
    lines = (facts / "staff.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    month = lines[0].split(",").index("month")
    known = [line for line in lines[1:] if line.split(",")[month] <= KNOWN_ON[:7]]
    (facts / "staff.csv").write_text("".join([lines[0], *known]), encoding="utf-8")
    files = [f"work={path}" for path in sorted((facts / "work").iterdir()) if path.name[:7] <= KNOWN_ON[:7]]
    sources = [f"products={facts / 'products.csv'}", *files, f"staff={facts / 'staff.csv'}"]
    assert piramide("facts", "load", "--store", store, "--learned-on", KNOWN_ON, *sources).code == 0
    return store


def test_a_year_is_drawn_and_a_change_tried_on_it(piramide: Command, store: Path, tmp_path: Path) -> None:
    one = piramide("plan", "outlook", *ASKED, "--store", store, "--out", tmp_path / "one", "--json")
    again = piramide("plan", "outlook", *ASKED, "--store", store, "--out", tmp_path / "again", "--json")
    assert (one.code, again.code) == (0, 0)
    for name in ("outlook.json", "draws.parquet", "manifest.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    structure = next(each for each in one.json["structures"] if each["id"] == "trentino_alto_adige")
    clearance = next(node for node in structure["nodes"] if node["id"] == "indice_deflusso")
    assert clearance["basis"] == "flows"
    assert 0 < clearance["p10"] <= clearance["p50"] <= clearance["p90"] < 2
    assert 0 <= clearance["probability"] <= 1
    assert not structure["complete"]
    assert structure["band"]["low"] < structure["band"]["high"]
    assert any(node["basis"] == "none" and node["probability"] is None for node in structure["nodes"])

    change = {"name": "more", "staff": [{"structure": "prov_trento", "fte": 20}]}
    (tmp_path / "change.json").write_text(json.dumps(change), encoding="utf-8")
    asked = ("--base", tmp_path / "one", "--change", tmp_path / "change.json", "--store", store)
    tried = piramide("plan", "whatif", *asked, "--out", tmp_path / "tried", "--json")
    assert tried.code == 0
    told = json.loads((tmp_path / "tried" / "whatif.json").read_text(encoding="utf-8"))
    by_id = {each["id"]: each for each in told["structures"]}
    region = by_id["trentino_alto_adige"]
    causes = {cause["node"]: cause["change"] for cause in region["because"]}
    assert causes["indice_deflusso"] > 0
    assert sum(causes.values()) == pytest.approx(region["change"], abs=1e-9)
    assert by_id["dcm_milano"]["change"] == pytest.approx(0, abs=1e-9)

    change["staff"] = [{"structure": "prov_trentino", "fte": 20}]
    (tmp_path / "change.json").write_text(json.dumps(change), encoding="utf-8")
    unknown = piramide("plan", "whatif", *asked, "--json")
    assert (unknown.code, "PN063" in unknown.out + unknown.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--known-on", KNOWN_ON, "--draws", "0"), "PN056"),
        (("--known-on", KNOWN_ON, "--draws", "-1"), "PN056"),
        (("--known-on", KNOWN_ON, "--draws", "1000001"), "PN056"),
        (("--known-on", KNOWN_ON, "--seed", "-1"), "PN067"),
        (("--known-on", "2024-12-31"), "PN057"),
        ((), "PN057"),
        (("--known-on", "yesterday"), "CY010"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    piramide: Command, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    refused = piramide("plan", "outlook", "inps-2024", *arguments, "--out", tmp_path / "out")
    assert refused.code == 2
    assert code in refused.err
    assert not (tmp_path / "out").exists()


def kept(tmp_path: Path, kind: str = "outlook") -> str:
    asked = {"pack": "inps-2024", "pack_hash": "", "known_on": KNOWN_ON, "loads": {}, "month": "2024-08"}
    return keep_plan(tmp_path / "store", kind, asked, {"outlook.json": b"{}\n"}, None).id


def changed(tmp_path: Path, body: Any) -> Path:  # noqa: ANN401 - whatever JSON can say
    path = tmp_path / "change.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "PN061"),
        ({"name": "x", "staf": []}, "PN003"),
        ({"staff": []}, "PN004"),
        ({"name": "x", "staff": [{"structure": "a", "fte": float("nan")}]}, "PN062"),
        ({"name": "x", "receipts": [{"factor": 2, "pieces": 3}]}, "PN062"),
        ({"name": "x", "events": [{"factor": 2, "from": "2024-11", "until": "2024-10"}]}, "PN062"),
        ({"name": "x", "weights": [{"structure": "a", "node": "b", "weight": 2}]}, "PN062"),
    ],
)
def test_a_change_that_is_none_is_refused(piramide: Command, tmp_path: Path, body: Any, code: str) -> None:  # noqa: ANN401
    refused = piramide("plan", "whatif", "--base", kept(tmp_path), "--change", changed(tmp_path, body))
    assert refused.code == 2
    assert code in refused.err


def test_a_base_that_is_no_outlook_is_refused(piramide: Command, tmp_path: Path) -> None:
    change = changed(tmp_path, {"name": "x"})
    assert "PN024" in piramide("plan", "whatif", "--base", "12345678", "--change", change).err
    assert "PN026" in piramide("plan", "whatif", "--base", kept(tmp_path, "forecast"), "--change", change).err


def test_a_plan_of_another_format_is_refused(piramide: Command, tmp_path: Path) -> None:
    name = kept(tmp_path)
    manifest = tmp_path / "store" / "plans" / name / "manifest.json"
    body = {key: value for key, value in json.loads(manifest.read_text(encoding="utf-8")).items() if key != "seal"}
    manifest.write_text(sealed(body | {"format": 99}), encoding="utf-8")
    refused = piramide("plan", "whatif", "--base", name, "--change", changed(tmp_path, {"name": "x"}))
    assert (refused.code, "PN027" in refused.err) == (2, True)
