"""The texts of every sheet of shipped plans, and of a thousand ties, against fractions worked without the product."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.cycle.sheet_content import sheet_report
from piramide.reports.sheet_markdown import sheet_markdown
from piramide.reports.sheet_xlsx import sheet_xlsx
from tests.cycle.plain_scores import Leaf, PlainPack, Row, all_below, expected_rows, italian, whole_sheet
from tests.half_up import half_up

PACKS = Path(__file__).parents[2] / "src" / "piramide" / "packs"
NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
INDEX, POINTS = 6, 7
TIES = 1000


class Sheets:
    """The sheets of a run as they are handed out."""

    def __init__(
        self,
        tmp_path: Path,
        pack: Path,
        values: Path,
        period: str,
        *,
        demonstration: bool = False,
        targets: Mapping[tuple[str, str], Fraction] | None = None,
    ) -> None:
        self.plain = PlainPack(pack, values, period, targets=targets)
        store = Store(tmp_path / "store")
        run = score(Request(str(pack), values, period, demonstration=demonstration), [], store).run_id
        self.opened = open_run(store, run)

    def differences(self, every: int = 1, *, books: int = 1) -> list[tuple[str, ...]]:
        """Every cell of the sheets that does not read as it must: structure, row, what it says, what it must say.

        Of the sheets one in `every` is read, and of those one workbook in `books`.
        """
        found: list[tuple[str, ...]] = []
        for place, structure in enumerate(list(self.plain.rows)[::every]):
            report = sheet_report(self.opened, structure, "it")
            text = sheet_markdown(report)
            rows = list(expected_rows(self.plain, structure))
            found += [(structure, *said) for said in _markdown(text, rows, whole_sheet(self.plain, structure))]
            if place % books == 0:
                found += [(structure, *said) for said in _workbook(sheet_xlsx(report), rows)]
        return found


def _markdown(text: str, rows: list[Row], whole: tuple[str, str, str, str]) -> list[tuple[str, str, str]]:
    lines = [
        [cell.strip().strip("*_") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in text.split("## Obiettivi e risultati")[1].split("\n\n")[1].splitlines()[2:]
    ]
    found = []
    assert len(lines) == len(rows) + 1
    for cells, row in zip(lines, rows, strict=False):
        if row.leaf.is_reported:
            continue
        said = [cells[INDEX], cells[POINTS], cells[5].split(" (")[0]]
        must = [row.index, row.points, row.gap]
        for column, text_of in ((4, row.value), (3, row.target)):
            if text_of is not None:
                said.append(_figure(cells[column]))
                must.append(text_of)
        found += [(row.leaf.label, a, b) for a, b in zip(said, must, strict=True) if a != b]
        if row.leaf.place not in cells[1]:
            found.append((row.leaf.label, cells[1], row.leaf.place))
    index, low, high, points = whole
    head = text.split("\n\n")
    opening = next(part for part in head if part.startswith("**Indice"))
    must_open = [f": {index}**", *([f"tra {low} e {high}"] if low else [])]
    found += [("whole", opening, must) for must in must_open if must not in opening]
    return found + ([] if lines[-1][POINTS] == points else [("sum of points", lines[-1][POINTS], points)])


def _figure(text: str) -> str:
    """The number of a text with its unit."""
    match = re.search(r"[−+]?\d[\d.]*(,\d+)?", text)
    return match[0] if match else text


def _workbook(content: bytes, rows: list[Row]) -> list[tuple[str, str, str]]:
    lines = _shown(content)
    head = next(at for at, cells in enumerate(lines) if "Valore obiettivo" in cells.values())
    columns = {text: column for column, text in lines[head].items()}
    found = []
    for cells, row in zip(lines[head + 1 :], rows, strict=False):
        if row.leaf.is_reported:
            continue
        shown = {name: cells.get(columns[name], "") for name in ("Indice", "Punti", "Scostamento", "Valore")}
        must = {"Indice": row.index, "Punti": row.points, "Scostamento": row.gap}
        if not row.leaf.children and row.index.startswith("("):
            must.pop("Indice")
        if row.value is not None:
            must["Valore"] = row.value
        found += [
            (row.leaf.label, name, f"{shown[name]} / {text}")
            for name, text in must.items()
            if shown[name] != (text if text != "–" else "")
        ]
    return found


def _shown(content: bytes) -> list[dict[str, str]]:
    """The cells of the first page as a spreadsheet in Italian shows them, by column, row after row."""
    with zipfile.ZipFile(BytesIO(content)) as book:
        sheet, styles, shared = (
            ET.fromstring(book.read(f"xl/{name}.xml"))  # noqa: S314 - written a moment ago by the product
            for name in ("worksheets/sheet1", "styles", "sharedStrings")
        )
    texts = ["".join(part.text or "" for part in item.iter(f"{NAME}t")) for item in shared]
    codes = {item.get("numFmtId"): item.get("formatCode", "") for item in styles.iter(f"{NAME}numFmt")}
    built_in = {"0": "0", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%"}
    formats = [(built_in | codes)[look.get("numFmtId")] for look in next(styles.iter(f"{NAME}cellXfs"))]
    lines = []
    for row in sheet.iter(f"{NAME}row"):
        line = {}
        for cell in row:
            value = cell.findtext(f"{NAME}v")
            if value is not None:
                column = re.sub(r"\d", "", cell.get("r", ""))
                is_text = cell.get("t") == "s"
                line[column] = texts[int(value)] if is_text else _as_shown(value, formats[int(cell.get("s", "0"))])
        lines.append(line)
    return lines


def _as_shown(stored: str, code: str) -> str:
    """A number of a cell in its format; a spreadsheet rounds the fifteen digits that it computes with."""
    number = Fraction(Decimal(f"{float(stored):.15g}"))
    first = code.split(";", maxsplit=1)[0]
    decimals = len(re.sub(r"[^0]", "", first.partition(".")[2]))
    number = 100 * number if "%" in first else number
    text = italian(number, decimals, signed=first.startswith("+")) + ("%" if "%" in first else "")
    text = text if "," in first or "%" in first or abs(number) < 1000 else text.replace(".", "")
    return f"({text})" if first.startswith("(") else text


@pytest.mark.parametrize(("period", "every"), [("2024-Q4", 1), ("2024-Q2", 12)])
@pytest.mark.slow
def test_the_sheets_of_the_nation_read_as_fractions_do(tmp_path: Path, period: str, every: int) -> None:
    pack = PACKS / "inps-2024"
    values = pack / "demonstration" / "values" / "2024.csv"

    sheets = Sheets(tmp_path, pack, values, period, demonstration=True)

    assert len(sheets.plain.rows) > 160
    assert sheets.differences(every) == []


@pytest.mark.parametrize(("pack", "year"), [("inps-2020", "2020"), ("comune-esempio", "2025")])
def test_every_sheet_of_a_plan_with_results_reads_as_fractions_do(tmp_path: Path, pack: str, year: str) -> None:
    sheets = Sheets(tmp_path, PACKS / pack, PACKS / pack / "values" / f"{year}.csv", year)

    assert sheets.differences() == []


def test_every_sheet_of_2021_reads_as_fractions_do(tmp_path: Path) -> None:
    """Composites of every kind, bands, sums of shares, the entity's score in every sheet, targets by a rule."""
    pack = PACKS / "inps-2021"
    values = tmp_path / "values.csv"
    plain = PlainPack(pack, values_of_2021(pack, values), "2021")

    sheets = Sheets(tmp_path, pack, values, "2021", targets=TARGETS_BY_RULE)

    assert sum(TARGETS_BY_RULE[name, "giacenza_archivio_sisco_cv"] for name in _SISCO) == 114_328, (
        "as the act prints it"
    )
    kinds = {(leaf.rule["rule"], leaf.rule.get("composite", {}).get("of")) for leaf in leaves_of(plain) if leaf.weight}
    assert kinds >= {("composite", "points"), ("composite", "gap"), ("composite", "capped_gap"),
                     ("composite", "attainment"), ("sum_of_shares", "attainment"), ("threshold", None)}  # fmt: skip
    assert sum("score_of" in leaf.rule for leaf in leaves_of(plain)) > 40
    assert len(sheets.plain.rows) > 230
    assert sheets.differences(books=8) == []


def leaves_of(plain: PlainPack) -> list[Leaf]:
    """The leaves of every sheet."""
    return [row.leaf for name in plain.rows for row in expected_rows(plain, name) if row.leaf.rule]


_SISCO = [f"coordinamento_legale_{name}" for name in
          ("campania", "puglia", "basilicata", "calabria", "sicilia", "dcm_roma", "dcm_napoli")]  # fmt: skip
TARGETS_BY_RULE = {
    ("nazionale", "continuity_of_income"): Fraction("0.8888"),  # 88 % + 1 %
    ("nazionale", "decreasing_average_time"): Fraction(27),  # 30 - 3 days
    ("nazionale", "decreasing_litigation_costs"): Fraction("219535401.35") * Fraction("0.96"),
    ("nazionale", "incremento_follower_social_network"): Fraction(1_158_599),  # 1,053,272 + 10 %, half-up
    ("dc_ammortizzatori_sociali", "ieep_competenza"): Fraction(724_908_367),
    ("dc_inclusione_invciv", "ieep_competenza"): Fraction(260_115_692),
    ("dc_pensioni", "ieep_competenza"): Fraction(1_117_271_017),
    ("cg_legale", "giacenza_archivio_sisco_cv"): Fraction(114_328),
    **{(name, "giacenza_archivio_sisco_cv"): Fraction(target)
       for name, target in zip(_SISCO, (738, 47_442, 110, 17_206, 3_265, 34_581, 10_986), strict=True)},
}  # fmt: skip
"""Targets that the plan gives by a rule (R10-R12, R29), as its pages print them."""


def values_of_2021(pack: Path, file: Path) -> Path:
    """A file with a value for most of what the sheets of 2021 ask for; what one composite is made of comes together."""
    dice = random.Random(7)  # noqa: S311 - the same values in every run
    plain = PlainPack(pack, file, "2021", targets=TARGETS_BY_RULE)
    lines = ["structure,indicator,period,value"]
    for name in plain.rows:
        root = plain.sheet(name)
        leaves = [leaf for leaf in all_below(root) if leaf.rule]
        parts = {part.id: leaf.id for leaf in leaves for _share, part in leaf.parts}
        halves = {part.id for leaf in leaves if leaf.rule["rule"] == "sum_of_shares" for _share, part in leaf.parts}
        silent = {of for of in sorted(set(parts.values())) if dice.random() < 0.05}
        for leaf in leaves:
            if leaf.is_made_of_parts or not {"score_of", "value_from"}.isdisjoint(leaf.rule):
                continue
            if parts.get(leaf.id) in silent or (leaf.id not in parts and dice.random() < 0.04):
                continue
            moments = [f"2021-{q}" for q in ("Q1", "Q2", "Q3")] if leaf.rule.get("checkpoints") else []
            known = [moment for moment in moments if dice.random() < 0.9]
            lines += [
                f"{name},{leaf.id},{moment},{_value_of_2021(leaf, dice, 2 if leaf.id in halves else 1)}"
                for moment in (*known, "2021")
            ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _value_of_2021(leaf: Leaf, dice: random.Random, part: int) -> str:
    """A value near the target, in the range of its unit, with decimals that no double holds."""
    unit, span = leaf.rule["unit"], leaf.rule.get("range")
    if leaf.rule["rule"] == "milestone":
        return str(dice.choice([100, 100, 100, 62.5, 0]))
    if unit == "ratio" or span == {"least": 0, "most": 1}:
        return f"{dice.choice([0, 0.02, dice.uniform(0, 1), dice.uniform(0.8, 1), 0.995, 1]):.4f}"
    if span:
        return f"{dice.uniform(span['least'], span['most']):.2f}"
    return f"{float(leaf.target or 50) / part * dice.uniform(0.55, 1.55):.{dice.choice([0, 1, 3])}f}"


def test_a_thousand_ties_are_rounded_half_up_wherever_they_are_printed(tmp_path: Path) -> None:
    pack, values = _ties(tmp_path)

    sheets = Sheets(tmp_path, pack, values, "2024")
    leaves = [row for name in sheets.plain.rows for row in expected_rows(sheets.plain, name) if not row.leaf.children]
    exact = [100 * leaf.leaf.values["2024"] / (leaf.leaf.target or 1) for leaf in leaves]

    assert len(leaves) == TIES
    assert all((20 * index).denominator == 1 and (10 * index).denominator == 2 for index in exact)
    assert sum(f"{float(index):.1f}" != str(half_up(index, 1)) for index in exact) > TIES // 10
    assert sheets.differences() == []


def _ties(tmp_path: Path) -> tuple[Path, Path]:
    """A hundred sheets of ten rows whose indices lie half-way between two decimals, weights of thirds among theirs."""
    dice = random.Random(20241231)  # noqa: S311 - the same ties in every run
    pack = tmp_path / "ties-2024"
    (pack / "trees").mkdir(parents=True)
    tree = ["structure,node,parent,kind,label,indicator,weight,weight_source,target,act,place"]
    values = ["structure,indicator,period,value"]
    for at in range(TIES // 10):
        for group, share in (("a", "0.35"), ("b", "0.65")):
            tree.append(f"s{at},{group},,dimension,Gruppo {group},,{share},stated,,piano,p. 1")
            for place in range(5):
                name = f"{group}{place}"
                target = Fraction(dice.choice([2, 7, 9, 25, 60, 128, 333, 4_000, 1_234_567]))
                index = Fraction(2 * dice.randrange(510, 1490) + 1, 20)
                tree.append(f"s{at},{name},{group},indicator,Riga {name},misura,,equal_split,{target},piano,p. 1")
                values.append(f"s{at},{name},2024,{_decimal(target * index / 100)}")
    (pack / "trees" / "all.csv").write_text("\n".join(tree) + "\n", encoding="utf-8")
    (pack / "pack.yaml").write_text(_HEAD + "".join(_PLACE.format(at=at) for at in range(TIES // 10)), "utf-8")
    file = tmp_path / "values.csv"
    file.write_text("\n".join(values) + "\n", encoding="utf-8")
    return pack, file


def _decimal(number: Fraction) -> str:
    return str(Decimal(number.numerator) / Decimal(number.denominator))


_HEAD = """id: ties-2024
label: Mezzi esatti
administration: Prova
year: 2024
validity: {from: 2024-01-01, until: 2025-01-01}
cap: {value: 0.5, act: piano, place: p. 1}
acts: {piano: {label: Piano, kind: Delibera, number: "1", day: 2024-01-01}}
indicators:
  misura: {label: Misura, unit: index, direction: up, rule: gap_up, act: piano, place: p. 1}
organisation:
  tutti: {label: Tutti, kind: municipality}
"""
_PLACE = "  s{at}: {{label: Ufficio {at}, kind: municipality, parent: tutti}}\n"
