"""What the terminal prints is exact, and never says "100" or "nothing" of what is neither."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from piramide.cli.main import app

PACK = """\
id: {name}
label: Piano
administration: Ente
year: 2025
validity: {{from: 2025-01-01, until: 2026-01-01}}
cap: {{value: 0.5, act: piano, place: art. 1}}
acts: {{piano: {{label: Piano}}}}
organisation:
  ente: {{label: Ente, kind: national}}
  sede: {{label: Sede, kind: region, parent: ente}}
  ufficio: {{label: Ufficio, kind: region, parent: ente}}
indicators:
  a: {{label: A, unit: ratio, direction: up, rule: gap_up, level: ratio, act: piano, place: p. 1}}
  b: {{label: B, unit: ratio, direction: up, rule: gap_up, level: ratio, act: piano, place: p. 1}}
"""
TREE = """\
structure,node,parent,kind,label,weight,weight_source,target,act,place
ente,a,,indicator,A,{a},stated,1,piano,p. 1
ente,b,,indicator,B,{b},stated,1,piano,p. 1
sede,a,,indicator,A,0.998,stated,1,piano,p. 1
sede,b,,indicator,B,0.002,stated,1,piano,p. 1
ufficio,a,,indicator,A,0.9999996,stated,1,piano,p. 1
ufficio,b,,indicator,B,0.0000004,stated,1,piano,p. 1
"""
VALUES = """\
structure,indicator,period,value
ente,a,2025,0.99996
ente,b,2025,0.99996
sede,a,2025,1.00445
ufficio,a,2025,1.1
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    for name, a, b in (("base", "0.5", "0.5"), ("altro", "0.6", "0.4")):
        folder = tmp_path / "packs" / name
        (folder / "trees").mkdir(parents=True)
        (folder / "pack.yaml").write_text(PACK.format(name=name), encoding="utf-8")
        (folder / "trees" / "ente.csv").write_text(TREE.format(a=a, b=b), encoding="utf-8")
    return tmp_path / "packs"


def printed(tmp_path: Path, packs: Path, values: str, *arguments: str) -> str:
    file = tmp_path / "valori.csv"
    file.write_text(values, encoding="utf-8")
    asked = [*arguments, "--values", str(file), "--period", "2025", "--packs", str(packs)]
    result = CliRunner().invoke(app, asked, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.stderr
    return result.stdout


def line_of(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if name in line)


def test_an_index_that_is_not_100_and_a_partial_one_beside_its_band_never_read_alike(
    tmp_path: Path, packs: Path
) -> None:
    text = printed(tmp_path, packs, VALUES, "score", "base", "--store", str(tmp_path / "store"))

    assert " 99,996 " in line_of(text, "ente ")
    sede = line_of(text, "sede ")
    assert "(100,45)" in sede, "100.445 lies on a tie"
    assert "fra 100,34 e 100,54" in sede
    assert "99,8%" in sede
    ufficio = line_of(text, "ufficio ")
    assert "(110,00000)" in ufficio, "its band is a few hundred-thousandths of a point wide"
    assert "fra 109,99998 e 110,00002" in ufficio
    assert "99,99996%" in ufficio


def test_a_change_that_is_not_nothing_is_told_and_counted_alike(tmp_path: Path, packs: Path) -> None:
    """0.6 x 100.01 + 0.4 x 99.99 = 100.002 instead of 100."""
    values = VALUES.replace("ente,a,2025,0.99996", "ente,a,2025,1.0001").replace(
        "ente,b,2025,0.99996", "ente,b,2025,0.9999"
    )

    text = printed(tmp_path, packs, values, "simulate", "base", "altro")

    ente = line_of(text, "Ente")
    assert " 100,00 " in ente
    assert "100,002" in ente
    assert "+0,002" in ente
    assert "+0,001" in ente, "the cause too: each weight moves a thousandth"
    assert "+0,00 " not in text
