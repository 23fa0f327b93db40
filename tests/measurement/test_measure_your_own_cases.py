"""docs/how-to/measure-your-own-cases.md, followed to the letter."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from piramide.cli.main import app
from piramide.kernel.findings import Refusal
from piramide.methodology.loading import shipped_packs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "measure-your-own-cases.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


@pytest.fixture
def blocks() -> dict[str, list[str]]:
    """Texts of the page by language."""
    found: dict[str, list[str]] = {}
    for language, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        found.setdefault(language, []).append(text)
    return found


def commands(text: str) -> list[list[str]]:
    return [shlex.split(line) for line in text.splitlines() if line.startswith("piramide ")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_the_page_leads_from_two_files_to_values_and_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: dict[str, list[str]]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(shipped_packs() / "comune-esempio", "comune")
    pack = Path("comune/pack.yaml")
    (yaml,) = blocks["yaml"]
    for line in yaml.splitlines():
        named = re.compile(rf"^{line.partition(':')[0]}:.*$", re.MULTILINE)
        text, count = named.subn(line.replace("\\", r"\\"), pack.read_text(encoding="utf-8"))
        assert count == 1, line
        pack.write_text(text, encoding="utf-8")
    products, work, expected = blocks["csv"]
    Path("prodotti.csv").write_text(products, encoding="utf-8")
    Path("lavorazioni.csv").write_text(work, encoding="utf-8")

    _, check, load, score = blocks["sh"]
    for command in (*commands(check), *commands(load)):
        told = run(*command[1:])
        assert told.exit_code == 0, f"{command}: {told.output}"
    score_command, explain_command = commands(score)
    scored = run(*score_command[1:], "--json")

    assert Path("valori.csv").read_text(encoding="utf-8") == expected
    assert scored.exit_code == 0, scored.output
    name = json.loads(scored.stdout)["run"]
    told = run(*(name if word == "RUN" else word for word in explain_command[1:]), "--json")
    measures = {m["name"]: m for m in json.loads(told.stdout)["measured"]["measures"]}
    assert [row["case"] for row in measures["potholes_mended_in_time"]["rows"]] == ["4"]
    assert measures["potholes_reported"]["count"] == 2


def test_a_pack_without_datasets_is_told_what_it_lacks(tmp_path: Path) -> None:
    shutil.copytree(shipped_packs() / "comune-esempio", tmp_path / "comune")
    file = tmp_path / "comune" / "pack.yaml"
    text = re.sub(
        r"\n  chapters_on_forecast:.*?\nindicators:", "\nindicators:", file.read_text("utf-8"), flags=re.DOTALL
    )
    text = text.replace('formula: "chapters_on_forecast / nullif(chapters_judged, 0)", ', "")
    file.write_text(text.partition("\nboards:")[0] + "\n", encoding="utf-8")
    told = run("measure", str(tmp_path / "comune"), "--period", "2025-03", "--out", str(tmp_path / "v.csv"))

    assert isinstance(told.exception, Refusal)
    assert [finding.code for finding in told.exception.findings] == ["ME021"]
