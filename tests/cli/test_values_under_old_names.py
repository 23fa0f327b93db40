"""A file of values that still carries the name an indicator had: the refusal says what it is called now (SC009)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

PACK = """
id: rete-2025
label: Rete
administration: Comune
year: 2025
validity: {from: 2025-01-01, until: 2026-01-01}
cap: {value: 0.5, act: piano, place: art. 4}
acts: {piano: {label: Piano}}
organisation: {comune: {label: Comune, kind: municipality}}
indicators:
  avviate_online: {label: Avviate online, unit: ratio, direction: up, rule: gap_up, act: piano, place: p. 1WAS}
"""
TREE = "structure,node,parent,kind,label,weight,weight_source,target,act,place,was\n"
ROW = "comune,avviate_online,,indicator,Avviate online,1,stated,0.5,piano,p. 1,"


@pytest.mark.parametrize(
    ("of_indicator", "of_node", "name", "said"),
    [(", was: pratiche_in_rete", "", "pratiche_in_rete", "Ora si chiama avviate_online: scrivere questo nome."),
     ("", "pratiche_in_rete", "pratiche_in_rete", "Ora si chiama avviate_online: scrivere questo nome."),
     ("", "", "pratiche_in_rete", "nulla si chiama «pratiche_in_rete»."),
     (", was: pratiche_in_rete", "", "avviate_onlin", "Nomi più vicini: avviate_online")],
)  # fmt: skip
def test_it_says_what_the_indicator_is_called_now(
    piramide: Command, tmp_path: Path, of_indicator: str, of_node: str, name: str, said: str
) -> None:
    pack = tmp_path / "rete-2025"
    (pack / "trees").mkdir(parents=True)
    (pack / "pack.yaml").write_text(PACK.replace("WAS", of_indicator), encoding="utf-8")
    (pack / "trees" / "c.csv").write_text(f"{TREE}{ROW}{of_node}\n", encoding="utf-8")
    values = tmp_path / "v.csv"
    values.write_text(f"structure,indicator,period,value\ncomune,{name},2025,0.6\n", encoding="utf-8")

    refused = piramide("score", pack, "--values", values, "--period", "2025")

    assert refused.code == 2
    assert "SC009" in refused.err
    assert "v.csv:2" in refused.err
    assert said in " ".join(refused.err.split())
