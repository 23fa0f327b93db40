"""Starting a pack: from last year's, or from a skeleton that already checks clean."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import yaml

from piramide.exchange.next_year import Results, begin_year
from piramide.exchange.workbook.yaml_nodes import TAG, compose, scalar, with_child
from piramide.exchange.workbook.yaml_splice import splice
from piramide.kernel.durable import put, whole_folder
from piramide.kernel.findings import Place, refuse
from piramide.methodology.loading import load_pack
from piramide.methodology.model import Pack

LEFT_BEHIND = ("demonstration", "values", "examples", ".*", "__pycache__")
"""What belongs to the year that ends: the new one starts without."""

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")

SKELETON_PACK = """\
# The method and the plan of one year. Every number rests on an act: name it, and the place in it.
id: {name}
label: Piano della performance {year}
administration: Nome dell'amministrazione
year: {year}
validity: {{from: {year}-01-01, until: {next_year}-01-01}}
cap: {{value: 0.5, act: sistema, place: art. 1}}

acts:
  sistema: {{label: Sistema di misurazione e valutazione}}
  piano: {{label: Piano {year}}}

organisation:
  ente: {{label: Nome dell'amministrazione, kind: national}}

measures:
  received: {{label: Pervenuto, unit: pieces, level: flow}}
  resolved: {{label: Definito, unit: pieces, level: flow}}

indicators:
  indice_deflusso:
    label: Indice di deflusso
    definition: Lavorazioni definite divise per quelle pervenute.
    unit: ratio
    direction: up
    rule: gap_up
    formula: resolved / nullif(received, 0)
    act: piano
    place: p. 1
"""

SKELETON_TREE = """\
structure,node,parent,kind,label,weight,weight_source,target,act,place
ente,servizi,,objective,Servizi,1,stated,,piano,p. 1
ente,indice_deflusso,servizi,indicator,Indice di deflusso,1,stated,1,piano,p. 1
"""


def new_pack(name: str, folder: Path, base: Path | None, year: int, results: Results | None = None) -> Path:
    """Write the pack `name` as `folder/name`, whole or not at all, and return its path.

    From `base`: a copy without what belongs to the year that ends, dated to `year` (0: the year after), with the
    targets that the base gives for that year and, where they are known, the `results` of the year before. Refuses a
    name that is no id (NP001), a folder that is there already (NP002), a skeleton whose year nobody says (NP003), and
    a place that cannot be written (NP004).
    """
    if not NAME.fullmatch(name):
        raise refuse("NP001", Place(), name)
    final = folder / name
    if final.exists():
        raise refuse("NP002", Place(str(final)), name)
    last = load_pack(base) if base is not None else None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_folder(final) as draft:
            if base is None or last is None:
                _write_skeleton(draft, name, year or _this_year(name))
            else:
                shutil.copytree(base, draft, ignore=shutil.ignore_patterns(*LEFT_BEHIND), dirs_exist_ok=True)
                _date(draft / "pack.yaml", name, year or last.year + 1, last)
                begin_year(draft, last, year or last.year + 1, results)
            load_pack(draft)
    except OSError as error:
        raise refuse("NP004", Place(str(final)), problem=error.strerror or "") from error
    return final


def _this_year(name: str) -> int:
    """The year in the name (`ente-2026`); refuses a name without one, since the year cannot be guessed."""
    found = re.search(r"(?:19|20|21)\d\d", name)
    if not found:
        raise refuse("NP003", Place(), name)
    return int(found.group())


def _write_skeleton(draft: Path, name: str, year: int) -> None:
    put(draft / "pack.yaml", SKELETON_PACK.format(name=name, year=year, next_year=year + 1))
    put(draft / "trees" / "ente.csv", SKELETON_TREE)


def _date(pack_yaml: Path, name: str, year: int, last: Pack) -> None:
    """Set id, year, validity and the year that the label names, and leave every other line as it is."""
    text = pack_yaml.read_text(encoding="utf-8-sig")
    root = compose(text)
    if not isinstance(root, yaml.MappingNode):  # the pack was loaded from it
        raise TypeError(pack_yaml)
    edited = with_child(root, ("id",), scalar(name))
    edited = with_child(edited, ("year",), scalar(str(year), f"{TAG}int"))
    edited = with_child(edited, ("label",), scalar(re.sub(rf"\b{last.year}\b", str(year), last.label)))
    for field, first in (("from", year), ("until", year + 1)):
        edited = with_child(edited, ("validity", field), scalar(f"{first}-01-01", f"{TAG}timestamp"))
    put(pack_yaml, splice(text, root, edited))
