"""A pack that cannot be read is refused with one message: what, where, what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal, Severity
from piramide.methodology.checks.report import examine
from piramide.methodology.in_force import in_force
from piramide.methodology.loading import find_pack, load_pack

TREE = "trees/comune.csv"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the small municipality that a test may spoil."""
    folder = tmp_path / "comune"
    shutil.copytree(find_pack("comune-esempio"), folder)
    return folder


def replaced(file: str, before: str, after: str, times: int = 1) -> Callable[[Path], None]:
    """Replace a text that must stand in the file."""

    def spoil(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text, before
        path.write_text(text.replace(before, after, times), encoding="utf-8")

    return spoil


def written(file: str, content: bytes) -> Callable[[Path], None]:
    """Write a whole file."""

    def spoil(folder: Path) -> None:
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    return spoil


def outside(folder: Path) -> None:
    """A tree that leads out of the pack."""
    secret = folder.parent / "secret.csv"
    secret.write_text("structure,node,parent,kind,label\n", encoding="utf-8")
    (folder / "trees" / "other.csv").symlink_to(secret)


def pipe(folder: Path) -> None:
    """A file that never ends."""
    os.mkfifo(folder / "trees" / "pipe.csv")


def folder_link(folder: Path) -> None:
    """A folder that a copy would unroll and the hash would not see."""
    (folder / "again").symlink_to(folder / "values", target_is_directory=True)


def name_of_bytes(folder: Path) -> None:
    """A name that is no text."""
    Path(os.fsdecode(os.fsencode(folder) + b"/trees/\xff.csv")).touch()


ORGANISATION = "  borgoverde: {label: Comune di Borgoverde, kind: municipality}"
CSV_ORGANISATION = b"id,label,kind,parent\nborgoverde,Comune,%s,\n"

FAULTS = {
    "a list that would exhaust the stack": (written("scales.yaml", b"a: " + b"[" * 100_000), "PL013", "scales.yaml:1"),
    "a key that is a list": (written("scales.yaml", b"? [a, b]\n: 1\n"), "PL014", "scales.yaml:1"),
    "a control character": (written("scales.yaml", b"a:\n  label: \x07\n"), "PL009", "scales.yaml:2"),
    "a control character in a table": (replaced(TREE, "Conti in", "Conti\x00in"), "PL009", f"{TREE}:2"),
    "a table as a spreadsheet saves it": (replaced(TREE, ",", ";", -1), "PL027", f"{TREE}:1"),
    "a pipe": (pipe, "PL007", "trees/pipe.csv"),
    "a link to nothing": (lambda folder: (folder / "x.csv").symlink_to("nothing.csv"), "PL007", "x.csv"),
    "a link to itself": (lambda folder: (folder / "x.csv").symlink_to("x.csv"), "PL007", "x.csv"),
    "a link to a folder of the pack": (folder_link, "PL007", "again"),
    "a name that is no text": (name_of_bytes, "PL008", "trees/"),
    "a cap below zero": (replaced("pack.yaml", "cap: {value: 0.5", "cap: {value: -0.5"), "PL032", "pack.yaml:7"),
    "a number that is a text": (
        replaced("pack.yaml", "cap: {value: 0.5", "cap: {value: molto"),
        "PL032",
        "pack.yaml:7",
    ),
    "an organisation in two places": (
        written("organisation.csv", CSV_ORGANISATION % b"municipality"),
        "PL015",
        "pack.yaml:14",
    ),
    "an unknown kind of structure": (
        replaced("pack.yaml", ORGANISATION, ORGANISATION.replace("municipality", "comune")),
        "PL040",
        "pack.yaml:15",
    ),
    "a key written twice": (replaced("pack.yaml", "year: 2025", "year: 2025\nyear: 2026"), "PL011", "pack.yaml:6"),
    "an anchor": (replaced("pack.yaml", "year: 2025", "year: &y 2025"), "PL012", "pack.yaml:5"),
    "an alias that explodes": (
        written("scales.yaml", b"a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n"),
        "PL012",
        "scales.yaml:1",
    ),
    "an unknown key": (replaced("pack.yaml", "administration:", "adminstration:"), "PL031", "pack.yaml:4"),
    "a key that is missing": (replaced("pack.yaml", "label: Piano della performance 2025\n", ""), "PL030", "label"),
    "a value of another kind": (replaced("pack.yaml", "rule: threshold", "rule: treshold"), "PL032", "pack.yaml:"),
    "yaml that cannot be read": (replaced("pack.yaml", "validity: {", "validity: {{"), "PL010", "pack.yaml:"),
    "an empty file": (written("pack.yaml", b"\n"), "PL004", "pack.yaml"),
    "another encoding": (written("pack.yaml", "id: città\n".encode("latin-1")), "PL005", "pack.yaml:1"),
    "a section in two places": (written("acts.yaml", b"a: {label: b}\n"), "PL015", "acts.yaml"),
    "no pack.yaml": (lambda folder: (folder / "pack.yaml").unlink(), "PL001", "comune"),
    "a path outside the pack": (outside, "PL002", "trees/other.csv"),
    "a missing column": (replaced(TREE, "node,parent,kind", "node,parent,type"), "PL020", f"{TREE}:1"),
    "a column written twice": (replaced(TREE, "act,place", "act,act"), "PL022", f"{TREE}:1"),
    "a row of another length": (replaced(TREE, "0.5,stated,,piano,p. 8", "0.5,stated,piano,p. 8"), "PL025", ":2"),
    "a comma for a point": (replaced(TREE, "0.6,stated,0", '"0,6",stated,0'), "KN004", f"{TREE}:3"),
    "text in a number": (replaced(TREE, "0.6,stated,0", "sessanta,stated,0"), "KN003", f"{TREE}:3"),
    "not a number at all": (replaced(TREE, "0.6,stated,0", "nan,stated,0"), "KN005", f"{TREE}:3"),
    "a node written twice": (
        replaced(TREE, "riscossione_entrate_proprie,conti", "ritardo_pagamenti,conti"),
        "PL050",
        f"{TREE}:4",
    ),
    "an unknown parent": (replaced(TREE, "ritardo_pagamenti,conti_ordine", "ritardo_pagamenti,conti"), "PL051", ":3"),
    "a cycle in the tree": (
        replaced(TREE, "borgoverde,conti_ordine,,", "borgoverde,conti_ordine,ritardo_pagamenti,"),
        "PL052",
        f"{TREE}:2",
    ),
    "an unknown structure": (replaced(TREE, "area_servizi,famiglie", "area_servisi,famiglie"), "PL044", "area_servizi"),
    "an unknown kind of node": (replaced(TREE, "objective,Conti", "obiettivo,Conti"), "PL055", f"{TREE}:2"),
    "a target stated twice": (
        written("targets/t.csv", b"structure,node,target\nborgoverde,soddisfazione_cittadini,4\n"),
        "PL053",
        f"{TREE}:6",
    ),
    "a target of nobody": (
        written("targets/t.csv", b"structure,node,target\nborgoverde,soddisfazione,4\n"),
        "PL054",
        "targets/t.csv:2",
    ),
    "an undeclared table": (written("tables/t.csv", b"a,b\n1,2\n"), "PL016", "tables/t.csv"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("language", ["it", "en"])
def test_it_says_what_where_and_what_to_do(pack: Path, fault: str, language: str) -> None:
    spoil, code, where = FAULTS[fault]
    spoil(pack)

    with pytest.raises(Refusal) as refusal:
        load_pack(pack)

    said = {finding.code: finding for finding in refusal.value.findings}
    assert code in said
    message = said[code].message(language)
    assert where in message
    assert "{" not in message


def test_it_reports_every_fault_of_a_file_at_once(pack: Path) -> None:
    replaced(TREE, "0.6,stated,0", "x,stated,0")(pack)
    replaced(TREE, "3.8", "alto")(pack)

    with pytest.raises(Refusal) as refusal:
        load_pack(pack)

    assert [finding.place.line for finding in refusal.value.findings] == [3, 6]


def test_it_refuses_a_file_too_large_for_a_method(pack: Path) -> None:
    with (pack / "interpretations.md").open("wb") as file:
        file.truncate(21_000_000)

    with pytest.raises(Refusal) as refusal:
        load_pack(pack)

    assert refusal.value.findings[0].code == "PL003"


def test_it_suggests_the_nearest_pack() -> None:
    with pytest.raises(Refusal, match="inps-2024"):
        find_pack("inps-2042")


OVERRIDE = """
- id: {id}
  subject: {{structure: borgoverde, node: soddisfazione_cittadini}}
  field: target
  before: {before}
  value: 4
  from: 2025-07-01
  act: piano
  place: p. 20
  reason: Nuova indagine
"""


def test_an_override_holds_from_its_day(pack: Path) -> None:
    (pack / "overrides.yaml").write_text(OVERRIDE.format(id="indagine", before="3.8"), encoding="utf-8")
    loaded = load_pack(pack)

    before = in_force(loaded, loaded.since)
    after = in_force(loaded)

    targets = [p.sheets["borgoverde"].tree[1].children[0].target for p in (before, after)]
    assert [float(target or 0) for target in targets] == [3.8, 4]


def test_an_override_departs_from_what_stands_there(pack: Path) -> None:
    (pack / "overrides.yaml").write_text(OVERRIDE.format(id="indagine", before="3.7"), encoding="utf-8")

    with pytest.raises(Refusal, match="PL062"):
        in_force(load_pack(pack))


def test_two_overrides_of_one_field_clash(pack: Path) -> None:
    both = OVERRIDE.format(id="uno", before="3.8") + OVERRIDE.format(id="due", before="3.8")
    (pack / "overrides.yaml").write_text(both, encoding="utf-8")

    with pytest.raises(Refusal, match="PL060"):
        in_force(load_pack(pack))


def test_the_hash_follows_every_byte(pack: Path) -> None:
    before = load_pack(pack).hash

    (pack / "interpretations.md").write_text("Nulla da aggiungere.\n", encoding="utf-8")

    assert load_pack(pack).hash != before


def test_it_refuses_a_kind_of_structure_in_a_table(pack: Path) -> None:
    text = (pack / "pack.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if ", kind: " not in line and line != "organisation:\n"]
    acts = [line for line in text.splitlines(keepends=True) if "Delibera" in line]
    (pack / "pack.yaml").write_text("".join(lines).replace("acts:\n", "acts:\n" + "".join(acts)), encoding="utf-8")
    (pack / "organisation.csv").write_bytes(CSV_ORGANISATION % b"comune")

    with pytest.raises(Refusal, match=r"PL040: organisation.csv:2 .*comune"):
        load_pack(pack)


def test_it_tells_where_an_organisation_goes_in_a_circle(pack: Path) -> None:
    replaced("pack.yaml", ORGANISATION, ORGANISATION.replace("municipality}", "municipality, parent: area_tecnica}"))(
        pack
    )

    (finding,) = (found for found in examine(load_pack(pack)).findings if found.level is not Severity.NOTE)

    assert (finding.code, str(finding.place)) == ("KN101", "pack.yaml:17 [organisation.area_tecnica]")


@pytest.mark.parametrize("name", ["", "x" * 5000])
def test_a_name_that_no_folder_can_have_is_an_unknown_pack(name: str) -> None:
    with pytest.raises(Refusal, match="PL000"):
        find_pack(name)


def test_it_refuses_a_folder_of_packs_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="PL018"):
        find_pack("inps-2024", [tmp_path / "nowhere"])


@pytest.mark.parametrize("newline", [b"\r\n", b"\r"])
def test_it_reads_the_line_endings_of_every_system(pack: Path, newline: bytes) -> None:
    printed = load_pack(pack).sheets
    for path in (pack / "pack.yaml", pack / TREE):
        path.write_bytes(path.read_bytes().replace(b"\n", newline))

    assert load_pack(pack).sheets == printed
