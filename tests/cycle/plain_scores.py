"""Sheets scored a second way: the files of a pack read plainly, fractions on a walk down each tree, figures in words.

Nothing of the product is used. Weights, targets and rules are those of the CSV and YAML files, values those of a
values file; the rules are written again from the acts (R1, R2, R3, R8, R22, R40, R44).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from tests.half_up import half_up

CAP = Fraction(1, 2)
ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)
ON_A_HUNDRED = ("zero_gap", "milestone")


@dataclass(slots=True)
class Leaf:
    """A row of a sheet: what it is asked, and what its structure did at the scored quarter and at those before."""

    id: str
    label: str
    weight: Fraction
    rule: Mapping[str, Any] = field(default_factory=dict)
    target: Fraction | None = None
    values: Mapping[str, Fraction] = field(default_factory=dict)
    children: list[Leaf] = field(default_factory=list)
    parts: list[tuple[Fraction, Leaf]] = field(default_factory=list)
    place: str = ""

    @property
    def is_reported(self) -> bool:
        """Whether it is reported only: of these rules nothing is said here."""
        kind = self.rule.get("rule")
        return kind == "report_only" or (not self.weight and kind in {"composite", "bands"})

    @property
    def is_made_of_parts(self) -> bool:
        """Whether its value comes from other rows of the sheet."""
        return "composite" in self.rule


@dataclass(frozen=True, slots=True)
class Known:
    """Of a row: its gap times the share that is known, that share, and the ends of the gap."""

    total: Fraction
    share: Fraction
    low: Fraction
    high: Fraction
    raw: Fraction | None = None


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


class PlainPack:
    """A pack as its files say it, and the values of a file at the quarters up to `period`."""

    def __init__(
        self, folder: Path, values: Path, period: str, *, targets: Mapping[tuple[str, str], Fraction] | None = None
    ) -> None:
        """`targets` are those that the pack gives by a rule, worked by hand."""
        self.period, self.year = period, period[:4]
        head = yaml.safe_load((folder / "pack.yaml").read_text(encoding="utf-8"))
        file = folder / "indicators.yaml"
        self.indicators = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else head["indicators"]
        file = folder / "profiles.yaml"
        self.profiles = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
        if (folder / "organisation.csv").is_file():
            self.kinds = {row["id"]: row["kind"] for row in read_rows(folder / "organisation.csv")}
        else:
            self.kinds = {name: said["kind"] for name, said in head["organisation"].items()}
        own = [row for path in sorted((folder / "trees").glob("*.csv")) for row in read_rows(path)]
        layer = [row for path in sorted((folder / "demonstration" / "trees").glob("*.csv")) for row in read_rows(path)]
        self.places: dict[tuple[str, str], str] = {}
        self.targets = {
            (row["structure"], row["node"]): Fraction(row["target"])
            for path in sorted((folder / "demonstration" / "targets").glob("*.csv"))
            for row in read_rows(path)
        }
        for row in (row for path in sorted((folder / "targets").glob("*.csv")) for row in read_rows(path)):
            self.targets[row["structure"], row["node"]] = Fraction(row["target"])
            self.places[row["structure"], row["node"]] = row["place"]
        for said in _read_yaml(folder / "overrides.yaml") or ():
            if said["field"] == "target":
                self.targets[said["subject"]["structure"], said["subject"]["node"]] = Fraction(said["value"])
        self.targets |= targets or {}
        self.scales = _read_yaml(folder / "scales.yaml") or {}
        self.rows = self._by_structure(own, layer)
        self._sheets: dict[str, Leaf] = {}
        self._wholes: dict[str, Known] = {}
        self.values: dict[tuple[str, str], dict[str, Fraction]] = {}
        for row in read_rows(values) if values.is_file() else ():
            if row["value"]:
                of = self.values.setdefault((row["structure"], row["indicator"]), {})
                of[row["period"]] = Fraction(row["value"])

    def _by_structure(self, own: list[dict[str, str]], layer: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
        """A structure's own tree, or else the invented one of its own, or of its kind."""
        stated, named = _grouped(own), _grouped([row | {"place": ""} for row in layer])  # no act prints these
        found = {}
        for name, kind in self.kinds.items():
            of_kind = f"kind:{kind}"
            if rows := stated.get(name) or stated.get(of_kind) or named.get(name) or named.get(of_kind):
                found[name] = rows
        return found

    def sheet(self, structure: str) -> Leaf:
        """The tree of a structure below one root."""
        if structure not in self._sheets:
            self._sheets[structure] = self._read(structure)
        return self._sheets[structure]

    def whole(self, structure: str) -> Known:
        """What a sheet comes to, worked out once."""
        if structure not in self._wholes:
            self._wholes[structure] = self.known(self.sheet(structure))
        return self._wholes[structure]

    def _read(self, structure: str) -> Leaf:
        rows = self.rows[structure]
        root = Leaf("", structure, ONE)
        at = {"": root} | {row["node"]: self._leaf(structure, row) for row in rows}
        for row in rows:
            at[row["parent"]].children.append(at[row["node"]])
        for parent in at.values():
            blank = [child for child in parent.children if child.weight < 0]
            left = ONE - sum((child.weight for child in parent.children if child.weight >= 0), ZERO)
            for child in blank:
                child.weight = left / len(blank)
        for leaf in at.values():
            parts = leaf.rule.get("composite", {}).get("parts", {})
            leaf.parts = [(Fraction(str(share)), at[name]) for name, share in parts.items()]
        return root

    def _leaf(self, structure: str, row: Mapping[str, str]) -> Leaf:
        weight = Fraction(row["weight"]) if row["weight"] else -ONE
        if row["kind"] not in {"indicator", "composite"}:
            return Leaf(row["node"], row["label"], weight)
        rule = self.indicators[row.get("indicator") or row["node"]]
        target = Fraction(row["target"]) if row["target"] else self.targets.get((structure, row["node"]))
        if target is None and (rule["rule"] in ON_A_HUNDRED or "score_of" in rule):
            target = HUNDRED
        target = None if target is None or rule["rule"] == "report_only" else target * self._part(rule)
        given = self.values.get((structure, row["node"])) or {}
        if not given and "value_from" in rule:
            given = self.values.get((rule["value_from"], row["node"])) or {}
        return Leaf(
            row["node"],
            row["label"],
            weight,
            rule,
            target,
            given,
            place=self.places.get((structure, row["node"]), row["place"]),
        )

    def _part(self, rule: Mapping[str, Any]) -> Fraction:
        """How much of the year's target is asked by the period (R13)."""
        quarters = self.profiles.get(rule.get("profile", ""), {}).get("quarters")
        return Fraction(str(quarters[int(self.period[-1]) - 1])) if quarters and "Q" in self.period else ONE

    def known(self, leaf: Leaf) -> Known:
        """What a row comes to, from what stands under it."""
        if leaf.children:
            below = [(child.weight, self.known(child)) for child in leaf.children]
            sums = [sum((w * getattr(k, n) for w, k in below), ZERO) for n in ("total", "share", "low", "high")]
            return Known(*sums)
        if leaf.is_made_of_parts:
            return self._of_parts(leaf)
        if "score_of" in leaf.rule:
            return self._of_score(leaf)
        if leaf.rule["rule"] == "threshold":
            return self._threshold(leaf)
        return self._relative(leaf)

    def _of_score(self, leaf: Leaf) -> Known:
        """The score of a node of another structure's sheet (R5, R42)."""
        of = leaf.rule["score_of"]
        known = self.known(next(node for node in all_below(self.sheet(of["structures"])) if node.id == of["node"]))
        raw = known.total / (known.share or 1)
        held = [max(-CAP, min(end, CAP)) for end in (raw, known.low, known.high)]
        return Known(held[0] * known.share, known.share, held[1], held[2], raw)

    def _of_parts(self, leaf: Leaf) -> Known:
        """What is made of other rows: all of them known, or none (R18, R24-R27)."""
        if not leaf.weight:  # reported beside its parts: nothing is said of it here
            return Known(ZERO, ZERO, -CAP, CAP)
        of = "shares" if leaf.rule["rule"] == "sum_of_shares" else leaf.rule["composite"]["of"]
        if any(part.values.get(self.period) is None for _share, part in leaf.parts):
            assert all(part.values.get(self.period) is None for _share, part in leaf.parts)
            points = sum((w * self._ends_of_scale(part)[1] for w, part in leaf.parts), ZERO)
            most = min(CAP, points / (leaf.target or ONE) - 1)
            return Known(ZERO, ZERO, -CAP, most if of == "points" else CAP)
        if of == "points":
            raw = sum((w * self._points(part) for w, part in leaf.parts), ZERO) / (leaf.target or 1) - 1
        else:
            gaps = [(w, self.known(part)) for w, part in leaf.parts]
            if any(not gap.share for _w, gap in gaps):
                return Known(ZERO, ZERO, -CAP, CAP)
            cut = [(w, gap.total if of == "capped_gap" else gap.raw or ZERO) for w, gap in gaps]
            if of in {"gap", "capped_gap"}:
                raw = sum((w * gap for w, gap in cut), ZERO)
            else:
                attained = sum((w * (1 + gap) for w, gap in cut), ZERO)
                held = max(ZERO, min(attained, Fraction(3, 2))) if of == "shares" else attained
                raw = held - 1 if of == "shares" else held / (leaf.target or 1) - 1
        gap = max(-CAP, min(raw, CAP))
        return Known(gap, ONE, gap, gap, raw)

    def _points(self, part: Leaf) -> Fraction:
        """The points of the band that a value lies in: a band ends with its upper bound (R26)."""
        bands = self.scales[part.rule["scale"]]["bands"]
        value = part.values[self.period]
        found = next((band for band in bands if value <= Fraction(str(band["to"]))), bands[-1])
        return Fraction(str(found["points"]))

    def _ends_of_scale(self, part: Leaf) -> tuple[Fraction, Fraction]:
        points = [
            Fraction(str(band["points"])) for band in self.scales.get(part.rule.get("scale", ""), {}).get("bands", ())
        ]
        return (min(points), max(points)) if points else (ZERO, ZERO)

    def _relative(self, leaf: Leaf) -> Known:
        most = ZERO if leaf.rule["rule"] == "milestone" else CAP
        value, target = leaf.values.get(self.period), leaf.target
        if target is None:  # a composite, reported only: it weighs nothing
            return Known(ZERO, ZERO, -CAP, CAP)
        sign = -1 if leaf.rule["rule"] == "gap_down" else 1
        if value is None:
            ends = leaf.rule.get("range") or {}
            reached = sorted(sign * (Fraction(str(end)) / target - 1) for end in ends.values()) or [-CAP, CAP]
            return Known(ZERO, ZERO, max(-CAP, reached[0]), min(most, reached[-1]))
        raw = sign * (value - target) / target
        gap = max(-CAP, min(raw, most))
        return Known(gap, ONE, gap, gap, min(raw, most) if leaf.rule["rule"] == "milestone" else raw)

    def _threshold(self, leaf: Leaf) -> Known:
        if leaf.target is None and not leaf.rule.get("checkpoints"):
            return Known(ZERO, ZERO, -CAP, ZERO)
        judged = [(point, leaf.values.get(moment)) for point, moment in self.due(leaf)]
        shares = [share_met(point, value) for point, value in judged if value is not None]
        unseen = len(judged) - len(shares)
        failed = any(
            point.get("mandatory") and value is not None and share_met(point, value) < 1 for point, value in judged
        )
        may_fail = any(point.get("mandatory") and value is None for point, value in judged)
        least, most = sum(shares, ZERO) / len(judged) - 1, (sum(shares, ZERO) + unseen) / len(judged) - 1
        low = max(-CAP, -ONE if failed or may_fail else least)
        high = max(-CAP, -ONE if failed else most)
        if not shares:
            return Known(ZERO, ZERO, low, high)
        raw = -ONE if failed else sum(shares, ZERO) / len(shares) - 1
        share = Fraction(len(shares), len(judged))
        return Known(max(-CAP, raw) * share, share, low, high, raw)

    def due(self, leaf: Leaf) -> Iterator[tuple[Mapping[str, Any], str]]:
        """The checkpoints due, each with its quarter; a bound in the tree is one of now."""
        direction = "least" if leaf.rule["direction"] == "up" else "most"
        points = leaf.rule.get("checkpoints") or [{"moment": "any", direction: leaf.target}]
        for point in points:
            is_now = point["moment"] == "any" or (self.period == self.year and point["moment"] == "Q4")
            moment = self.period if is_now else f"{self.year}-{point['moment']}"
            if moment <= self.period or self.period == self.year:
                yield point, moment


def _read_yaml(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None


def all_below(leaf: Leaf) -> Iterator[Leaf]:
    """A node and all that stands below it, in the order of the paper."""
    yield leaf
    for child in leaf.children:
        yield from all_below(child)


def share_met(point: Mapping[str, Any], value: Fraction) -> Fraction:
    """1 within the bounds, else 0; without bounds the value itself (R22)."""
    if "least" not in point and "most" not in point:
        return max(ZERO, min(value, ONE))
    slack = Fraction(str(point.get("tolerance", 0)))
    above = "least" not in point or value >= Fraction(str(point["least"])) - slack
    below = "most" not in point or value <= Fraction(str(point["most"])) + slack
    return Fraction(above and below)


def _grouped(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["structure"], []).append(row)
    return found


def italian(value: Fraction, decimals: int, *, signed: bool = False) -> str:
    """A figure as Italian prints it, half-up."""
    shown = half_up(value, decimals)
    digits = f"{abs(shown):,.{decimals}f}".replace(",", "_").replace(".", ",").replace("_", ".")
    return ("−" if shown < 0 else "+" if signed and shown > 0 else "") + digits


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a sheet must print; `None` where nothing is said here."""

    leaf: Leaf
    index: str
    points: str
    gap: str
    value: str | None
    target: str | None


def expected_rows(pack: PlainPack, structure: str) -> Iterator[Row]:
    """The rows of a sheet, from above down, as they must read."""
    root, whole = pack.sheet(structure), pack.whole(structure)

    def below(parent: Leaf, share: Fraction) -> Iterator[Row]:
        for child in parent.children:
            known = pack.known(child)
            path = share * child.weight
            points = HUNDRED * path * known.total / whole.share if whole.share else None
            yield _row(pack, child, known, points)
            yield from below(child, path)

    yield from below(root, ONE)


def _row(pack: PlainPack, leaf: Leaf, known: Known, points: Fraction | None) -> Row:
    index = "–"
    if known.share:
        shown = shown_index(HUNDRED * (1 + known.total / known.share))
        index = shown if known.share == 1 else f"({shown})"
    is_whole, is_leaf = known.share == 1 and known.raw is not None, not leaf.children
    percent = HUNDRED * known.total
    gap = f"{italian(percent, _apart(percent, ZERO, 2), signed=True)}%" if is_leaf and is_whole else ""
    value = target = None
    is_told = not leaf.is_made_of_parts and "score_of" not in leaf.rule and leaf.rule.get("rule") != "threshold"
    if is_leaf and is_told and not leaf.is_reported and leaf.target is not None:
        found = leaf.values.get(pack.period)
        decimals = _apart(found, leaf.target, leaf.rule.get("rounding", 2))
        value = None if found is None else italian(found, decimals)
        target = None if leaf.rule["rule"] == "zero_gap" else italian(leaf.target, decimals)
    return Row(
        leaf, index, italian(points, 2, signed=True) if known.share and points is not None else "–", gap, value, target
    )


def _apart(value: Fraction | None, target: Fraction, decimals: int) -> int:
    while value is not None and value != target and half_up(value, decimals) == half_up(target, decimals):
        decimals += 1
    return decimals


def whole_sheet(pack: PlainPack, structure: str) -> tuple[str, str, str, str]:
    """Index, lower end, upper end and sum of points of a sheet, as they must read; no ends where it is complete."""
    known = pack.whole(structure)
    points = italian(HUNDRED * known.total / (known.share or 1), 2, signed=True)
    index, low, high = (HUNDRED * (1 + gap) for gap in (known.total / (known.share or 1), known.low, known.high))
    if known.share == 1:
        return shown_index(index), "", "", points
    if not known.share:
        return "non misurato", shown_index(low), shown_index(high), ""
    decimals = max(_apart(index, mark, 1) for mark in (HUNDRED, low, high))
    return italian(index, decimals), italian(low, decimals), italian(high, decimals), points


def shown_index(index: Fraction) -> str:
    """An index with one decimal, or as many more as it takes not to read 100."""
    return italian(index, _apart(index, HUNDRED, 1))
