"""Every measure of the packs agrees with the same measure written by hand in SQL over the files as delivered."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest
import yaml

from piramide.kernel.periods import parse_period
from piramide.measurement.contract import ColumnType, contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.sources import open_source
from piramide.measurement.measure import Scope, fold_new, measured_at
from piramide.measurement.values.figures import Measured
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack
from tests.measurement.plain_facts import Facts

PACKS: Final = {"inps-2021": 2021, "inps-2024": 2024}
BELOW: Final = {
    "prov_torino": ("prov_torino",),
    "prov_asti": ("prov_asti",),
    "fm_roma": ("fm_roma",),
    "piemonte": ("prov_torino", "prov_asti", "piemonte"),
    "dcm_roma": ("fm_roma", "dcm_roma"),
    "dc_risorse_umane": ("dc_risorse_umane",),
    "nazionale": ("prov_torino", "prov_asti", "fm_roma", "piemonte", "dcm_roma", "dc_risorse_umane"),
}
PARTS: Final = {
    True: {"dcm_roma": ("fm_roma",), "nazionale": ("piemonte", "fm_roma")},
    False: {
        "piemonte": ("prov_torino", "prov_asti", "piemonte"),
        "dcm_roma": ("fm_roma",),
        "nazionale": ("prov_torino", "prov_asti", "fm_roma", "piemonte"),
    },
}
"""Of what a mean is taken: with budgets, of who has one; without, of everybody's own rows."""
BOOK: Final[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("check_queries.yaml").read_text(encoding="utf-8"))
ITEM: Final = re.compile(r"item = '(\w+)'")
PROJECTS: Final = re.compile(r"project in \(([^)]*)\)")
WORD: Final = re.compile(r"'([^']+)'")
EXPECTED: Final = re.compile(r"measure = '(\w+)'")


@cache
def pack_called(name: str) -> Pack:
    """A pack that ships, with the sheets of its demonstration where it has one."""
    return load_pack(shipped_packs() / name, demonstration=True)


@cache
def book_of(pack: str) -> Mapping[str, Mapping[str, str]]:
    """The checks of a pack by measure, families spelt out."""
    checks: dict[str, Mapping[str, str]] = {}
    for part in ("both", pack):
        for name, check in BOOK["measures"][part].items():
            for words in _members(name, pack):
                spelt = {key: filled(text, words) for key, text in check.items()}
                checks.setdefault(filled(name, words), spelt)
            if "{" not in name:
                checks[name] = check
    return checks


def _members(name: str, pack: str) -> Iterator[dict[str, str]]:
    for family in re.findall(r"{(\w+)}", name):
        group = BOOK["families"][family]
        for members in (group.get("both", {}), group.get(pack, {})):
            for member in members:
                yield {family: member} | ({group["word"]: members[member]} if "word" in group else {})


def filled(text: str, words: Mapping[str, str]) -> str:
    """A text with its {words} filled in, again and again; those not known stay."""
    for _ in range(4):
        text = re.sub(r"{(\w+)}", lambda found: str(words.get(found[1], found[0])), text)
    return text


def moment_words(year: int, month: int, *, is_final: bool) -> dict[str, str]:
    """What is asked at a moment, and at the same moment of the year before."""
    days = {9: 30, 12: 31}
    words = {"months": str(month), "is_final": str(is_final).lower()}
    for before, of in (("", year), ("before_", year - 1)):
        words |= {
            f"{before}opening": f"{of}-01-01",
            f"{before}moment": f"{of}-{month:02d}-{days[month]}",
            f"{before}opening_month": f"{of}-01",
            f"{before}moment_month": f"{of}-{month:02d}",
            f"{before}recent_month": f"{of}-{month - 2:02d}",
        }
    return words | {
        "trailing": f"{year - 1}-10-01" if month == 9 else f"{year}-01-01",
        "before_year_end": f"{year - 1}-12-31",
        "before_year_end_month": f"{year - 1}-12",
        "before_year_recent_month": f"{year - 1}-10",
    }


@dataclass(frozen=True)
class ByHand:
    """The hand-written queries over plain files, at one moment."""

    database: duckdb.DuckDBPyConnection
    pack: str
    moment: str
    words: Mapping[str, str]
    done: set[str] = field(default_factory=set)

    def values(self, name: str) -> dict[str, Any]:
        """The figures of a measure by structure."""
        return dict(self.database.execute(f"SELECT structure, value FROM {self._table(name)}").fetchall())  # noqa: S608  # our own names

    def _table(self, name: str, view: str = "") -> str:
        table = f'"{self.moment} {name} {view}"'
        if table not in self.done:
            self.database.execute(f"CREATE TABLE {table} AS {self._sql(name, view)}")
            self.done.add(table)
        return table

    def _sql(self, name: str, view: str) -> str:
        check = book_of(self.pack)[name]
        query = check["query"]
        if query == "weighted" and not view:
            return self._weighted(name, check)
        query = "computed" if query == "weighted" else query
        sql = filled(BOOK["queries"][query], BOOK["usual"][query] | dict(check))
        sql = filled(filled(sql, BOOK["words"]), self.words)
        if query == "computed":
            return self._checked(check["formula"], view) + guarded(sql)
        return sql.replace("JOIN below b", "JOIN alone b") if view == "alone" or check.get("own") else sql

    def _weighted(self, name: str, check: Mapping[str, str]) -> str:
        """The mean of parts; a part has its own formula, over everything below it where it has a budget of its own."""
        view = "formula" if check.get("budget") else "alone"
        pairs = PARTS[view == "formula"]
        rows = ", ".join(f"('{s}', '{part}')" for s, parts in pairs.items() for part in parts)
        words = {
            "formula_table": self._table(name, "formula"),
            "part_table": self._table(name, view),
            "by_table": self._table(check["by"], view if view == "alone" else ""),
        }
        return f"WITH parts AS (SELECT * FROM (VALUES {rows}) t (structure, part))" + filled(  # noqa: S608  # our own
            BOOK["queries"]["weighted"], words
        )

    def _checked(self, formula: str, view: str) -> str:
        """The table `checked`: the figures that a formula reads, one column each."""
        names = [n for n in dict.fromkeys(re.findall(r"[a-z_][a-z_0-9]*", formula)) if n in book_of(self.pack)]
        view = view if view == "alone" else ""
        columns = "".join(f", CAST(t{i}.value AS DOUBLE) AS {n}" for i, n in enumerate(names))
        joins = "".join(f" LEFT JOIN {self._table(n, view)} t{i} USING (structure)" for i, n in enumerate(names))
        return f"WITH checked AS (SELECT structure{columns} FROM (SELECT DISTINCT structure FROM below){joins}) "  # noqa: S608


def guarded(text: str) -> str:
    """A formula in which nothing is divided by zero or less: each divisor in the brackets of `over`."""
    before, slash, rest = text.partition("/")
    if not slash:
        return text
    rest = rest.lstrip()
    end = len(re.match(r"[\w.]*", rest)[0])  # type: ignore[index]  # always matches
    if rest.startswith("("):
        depth = 0
        for end, letter in enumerate(rest, 1):  # noqa: B007
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if not depth:
                break
    return f"{before}/ over({guarded(rest[:end])}){guarded(rest[end:])}"


@dataclass(frozen=True)
class Scene:
    """One pack with the engine's figures and the hand-written ones, at each moment."""

    measured: Measured
    by_hand: tuple[ByHand, ...]


def _open_files(folder: Path, datasets: tuple[str, ...]) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(config={"threads": 1})
    for name in datasets:
        agreed = contract(name)
        header = (folder / f"{name}.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
        types = {c: _sql_type(agreed.column(c).type, agreed.column(c).scale) for c in header}
        told = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
        missing = "" if "closing" in header else ", false AS closing"
        file = folder / f"{name}.csv"
        database.execute(f"CREATE TABLE {name} AS SELECT *{missing} FROM read_csv('{file}', columns = {{{told}}})")  # noqa: S608
    database.execute(
        "CREATE VIEW versions AS SELECT *, valid_from AS since, coalesce(lead(valid_from) OVER "
        "(PARTITION BY product ORDER BY valid_from), DATE '9999-01-01') AS until FROM products"
    )
    pairs = ", ".join(f"('{s}', '{office}')" for s, offices in BELOW.items() for office in offices)
    database.execute(f"CREATE TABLE below AS SELECT * FROM (VALUES {pairs}) t (structure, office)")  # noqa: S608
    database.execute("CREATE VIEW alone AS SELECT * FROM below WHERE structure = office")
    database.execute("CREATE MACRO over(x) AS CASE WHEN x > 0 THEN x END")
    return database


def _sql_type(kind: ColumnType, scale: int) -> str:
    if kind is ColumnType.DECIMAL:
        return f"DECIMAL(18, {scale})"
    return {ColumnType.INTEGER: "INTEGER", ColumnType.DATE: "DATE", ColumnType.BOOLEAN: "BOOLEAN"}.get(kind, "VARCHAR")


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """Both packs over facts of their years."""
    return {name: _scene(name, tmp_path_factory.mktemp(name)) for name in PACKS}


def _scene(name: str, folder: Path) -> Scene:
    pack, year = pack_called(name), PACKS[name]
    filters = [(m.dataset, m.filter) for m in pack.measures.values()]
    items = sorted({found for dataset, text in filters if dataset == "headcounts" for found in ITEM.findall(text)})
    expected = sorted({found for _, text in filters for found in EXPECTED.findall(text)})
    projects = sorted(
        {found for _, text in filters for group in PROJECTS.findall(text) for found in WORD.findall(group)}
    )
    projects += sorted({check["node"] for check in book_of(name).values() if "node" in check})
    datasets = Facts(folder, year, items, expected, projects).write()
    ledger = Ledger(folder / "store")
    terms = Terms(pack.organisation, date(year + 1, 2, 1), Fraction(0))
    for dataset in datasets:
        load(ledger, contract(dataset), open_source(str(folder / f"{dataset}.csv")), terms)
    scope = Scope(pack, parse_period(str(year)), date(year, 12, 31))
    moments = (parse_period(f"{year}-09").moment, parse_period(str(year)).moment)
    folded = fold_new(folder / "store", scope, lambda *_: None).folded
    measured = measured_at(folder / "store", scope, folded, moments)
    database = _open_files(folder, datasets)
    asked = (("september", moment_words(year, 9, is_final=False)), ("final", moment_words(year, 12, is_final=True)))
    return Scene(measured, tuple(ByHand(database, name, moment, words) for moment, words in asked))


CASES: Final = [(pack, measure) for pack in PACKS for measure in pack_called(pack).measures]


@pytest.mark.parametrize(("pack", "measure"), CASES)
def test_it_agrees_with_the_query_written_by_hand(scenes: dict[str, Scene], pack: str, measure: str) -> None:
    scene = scenes[pack]
    stated = pack_called(pack).measures[measure]
    is_exact = bool(stated.dataset) and not stated.span and book_of(pack)[measure]["query"] != "monthly_mean"
    figures = scene.measured.figures(measure, book_of(pack)[measure].get("node", "")).values
    places = {structure: scene.measured.tree.ids.index(structure) for structure in BELOW}
    seen = 0
    for moment, by_hand in enumerate(scene.by_hand):
        told = by_hand.values(measure)
        for structure, place in places.items():
            found, expected = float(figures[place, moment]), told.get(structure)
            where = f"{measure} of {structure}, {by_hand.moment}"
            if expected is None or (expected == 0 and math.isnan(found)):  # nothing there: no figure, or none counted
                assert math.isnan(found) or found == 0, f"{where}: {found}, by hand nothing"
            else:
                assert found == (float(expected) if is_exact else pytest.approx(float(expected), rel=1e-9)), where
                seen += found != 0
    assert seen > 0, f"{measure}: the facts of the test say nothing about it"


def test_it_has_no_check_of_a_measure_that_is_not_there() -> None:
    known = set(itertools.chain.from_iterable(pack_called(pack).measures for pack in PACKS))
    single = {name for part in BOOK["measures"].values() for name in part if "{" not in name}

    assert single <= known
