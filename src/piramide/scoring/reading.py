"""Read the values to score, and refuse a file that says anything that cannot be, with every line at fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from piramide.kernel.findings import Finding, Refusal, Severity
from piramide.kernel.last_answers import LastAnswers
from piramide.kernel.naming import nearest
from piramide.kernel.periods import parse_period
from piramide.kernel.statuses import WITH_VALUE, WRITTEN, Status, position
from piramide.kernel.value_rows import NO, SEPARATOR, SIDES, YES
from piramide.methodology.model import Indicator, Node, Pack, RuleKind, parents
from piramide.methodology.model import leaves as leaves_of
from piramide.methodology.renaming import old_names
from piramide.scoring.arrays import FULL, Flags, Floats
from piramide.scoring.plan import refuse_outside
from piramide.scoring.value_columns import TextColumns
from piramide.scoring.value_file import read_columns
from piramide.scoring.value_sides import check_sides, from_sides
from piramide.scoring.values import Values, joined, moment_code

MOST_FAULTS: Final = 50
_NUMBER: Final = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$"
_COMMA: Final = r"^[+-]?[\d.]*\d?,\d+$"
_NOT_FINITE: Final = r"(?i)^[+-]?(nan|inf|infinity)$"
_YES: Final = (YES, "true")
_NO: Final = ("", NO, "false")


def read_values(path: Path | str, pack: Pack, *, with_sides: bool = True) -> Values:
    """Read and check a values file for `pack` (contract, "Files").

    Without `with_sides` a value is the decimal written, whatever numerator and denominator stand beside it: so it was
    under rules 1.

    Refuses with all faults, up to fifty, each with its line; leaves that the file does not name stay missing.
    Values carry no day on which they were learned: what was known on a day is another file.
    """
    return check_values(read_columns(Path(path)), pack, with_sides=with_sides)


def check_values(text: TextColumns, pack: Pack, *, with_sides: bool = True) -> Values:
    """Values from columns of text, or a refusal with everything that is wrong with them."""
    names = _names_of(pack)
    faults: list[Finding] = list(text.faults)
    remarks: list[Finding] = list(text.remarks)
    for finding in names.check(text):
        (faults if finding.level is Severity.ERROR else remarks).append(finding)
    moments = np.zeros(len(text.lines), np.int32)
    faults += _read_periods(text, pack, moments)
    values, has_value = _numbers(text, "value", faults)
    for side in SIDES:
        _numbers(text, side, faults)
    statuses = np.zeros(len(text.lines), np.int8)
    faults += _read_statuses(text, statuses)
    faults += _contested_faults(text)
    faults += _duplicates(text, moments)
    faults += names.check_milestones(text, values, has_value)
    faults += check_sides(text, pack, values, has_value) if with_sides else ()
    if faults:
        raise _all_of(faults)
    columns, ratios = text.columns, from_sides(text, pack, values, has_value) if with_sides else {}
    values[list(ratios)] = [float(ratio) for ratio in ratios.values()]
    keys = joined(columns["structure"], columns["indicator"]).dictionary_encode()
    return Values(
        source=text.source,
        structures=columns["structure"],
        indicators=columns["indicator"],
        moments=moments,
        values=values,
        has_value=has_value,
        texts=columns["value"],
        numerators=columns["numerator"],
        denominators=columns["denominator"],
        statuses=statuses,
        contested=_is_in(pc.utf8_lower(columns["contested"]), _YES),
        notes=columns["note"],
        lines=text.lines,
        keys=keys.dictionary,
        key_of=np.asarray(keys.indices, np.intp),
        findings=tuple(remarks),
        ratios=ratios,
    )


def _all_of(faults: list[Finding]) -> Refusal:
    """One refusal with the first faults by line, and how many more there are."""
    ordered = sorted(faults, key=lambda finding: finding.place)
    if len(ordered) > MOST_FAULTS:
        more = Finding("SC024", ordered[0].place, fields={"more": len(ordered) - MOST_FAULTS})
        return Refusal(*ordered[:MOST_FAULTS], more)
    return Refusal(*ordered)


def _matches(column: pa.StringArray, pattern: str) -> Flags:
    return np.asarray(pc.match_substring_regex(column, pattern), np.bool_)


def _is_in(column: pa.StringArray, names: tuple[str, ...]) -> Flags:
    return np.asarray(pc.is_in(column, value_set=pa.array(names, pa.string())), np.bool_)


def _is_blank(text: TextColumns, column: str) -> Flags:
    return np.asarray(pc.equal(text.columns[column], ""), np.bool_)


def _numbers(text: TextColumns, name: str, faults: list[Finding]) -> tuple[Floats, Flags]:
    """The numbers of a column and where there are any; what is no finite number is added to `faults`."""
    column = text.columns[name]
    blank, well_formed = _is_blank(text, name), _matches(column, _NUMBER)
    readable = pc.if_else(pa.array(well_formed), pc.replace_substring_regex(column, r"^\+", ""), "0")
    numbers = np.asarray(pc.cast(readable, pa.float64()), np.float64)
    finite = np.isfinite(numbers)
    good = well_formed & finite
    faults.extend(_number_fault(text, name, row) for row in np.flatnonzero(~(blank | good))[: MOST_FAULTS + 1].tolist())
    return np.where(good, numbers, 0.0), good


def _number_fault(text: TextColumns, name: str, row: int) -> Finding:
    printed = text.columns[name][row].as_py()
    one = pa.array([printed])
    code = "SC013" if _matches(one, _NOT_FINITE)[0] or _matches(one, _NUMBER)[0] else "SC011"
    code = "SC012" if _matches(one, _COMMA)[0] else code
    return Finding(
        code, text.place(row, name), printed[:40], {"suggested": printed.replace(".", "").replace(",", ".")[:40]}
    )


def _read_periods(text: TextColumns, pack: Pack, moments: NDArray[np.int32]) -> Iterator[Finding]:
    """Fill `moments`; each period is parsed once."""
    encoded = text.columns["period"].dictionary_encode()
    codes = np.asarray(encoded.indices, np.int64)
    for code, printed in enumerate(encoded.dictionary.to_pylist()):
        rows = np.flatnonzero(codes == code)
        place = text.place(int(rows[0]), "period")
        try:
            period = parse_period(printed, place)
            refuse_outside(pack, period, place)
            moments[rows] = moment_code(period.moment)
        except Refusal as refusal:
            yield from refusal.findings


def _read_statuses(text: TextColumns, statuses: NDArray[np.int8]) -> Iterator[Finding]:
    """Fill `statuses`; without one, a value is measured and its absence is missing. Statuses agree with values."""
    column = text.columns["status"]
    blank = _is_blank(text, "status")
    found = pc.index_in(column, value_set=pa.array(WRITTEN, pa.string()))
    given = np.asarray(pc.fill_null(found, -1), np.int64)
    for row in np.flatnonzero((given < 0) & ~blank)[: MOST_FAULTS + 1].tolist():
        yield Finding("SC017", text.place(row, "status"), column[row].as_py()[:40], {"known": ", ".join(WRITTEN)})
    has_value = ~_is_blank(text, "value")
    says_value = given < len(WITH_VALUE)
    for row in np.flatnonzero((given >= 0) & (says_value != has_value))[: MOST_FAULTS + 1].tolist():
        code = "SC016" if has_value[row] else "SC018"
        yield Finding(code, text.place(row, "status"), column[row].as_py())
    default = np.where(has_value, position(Status.MEASURED), position(Status.MISSING))
    statuses[:] = np.where(given >= 0, given, default)


def _contested_faults(text: TextColumns) -> Iterator[Finding]:
    column = pc.utf8_lower(text.columns["contested"])
    for row in np.flatnonzero(~_is_in(column, (*_YES, *_NO)))[: MOST_FAULTS + 1].tolist():
        yield Finding("SC014", text.place(row, "contested"), text.columns["contested"][row].as_py()[:40])


def _duplicates(text: TextColumns, moments: NDArray[np.int32]) -> Iterator[Finding]:
    """Two rows for one structure, indicator and moment, whatever the moment is called."""
    keys = joined(text.columns["structure"], text.columns["indicator"]).dictionary_encode()
    combined = np.asarray(keys.indices, np.int64) * 1_000_000 + moments
    order = np.argsort(combined, kind="stable")
    same = (combined[order][1:] == combined[order][:-1]) & (moments[order][1:] > 0)
    for place in np.flatnonzero(same)[: MOST_FAULTS + 1].tolist():
        first, second = int(order[place]), int(order[place + 1])
        structure, indicator, period = (
            text.columns[name][second].as_py() for name in ("structure", "indicator", "period")
        )
        fields = {
            "structure": structure,
            "indicator": indicator,
            "period": period,
            "first": int(text.lines[first]),
            "first_period": text.columns["period"][first].as_py(),
        }
        yield Finding("SC010", text.place(second), f"{structure}/{indicator}", fields)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a sheet asks for: its leaves and parts of composites; what it computes; what has a weight and no content."""

    leaves: frozenset[str]
    computed: frozenset[str]
    unseen: frozenset[str]


def asked_values(pack: Pack) -> Iterator[tuple[str, str]]:
    """Every (structure, name) whose value some sheet of the pack asks for."""
    for name, sheet in pack.sheets.items():
        yield from ((name, leaf) for leaf in _asked(name, sheet.tree, pack).leaves)
    yield from _shared(pack)


class _Names:
    """Names of structures and nodes that a file may carry."""

    def __init__(self, pack: Pack) -> None:
        self._structures = frozenset(pack.organisation.ids())
        self._by_structure = {name: _asked(name, sheet.tree, pack) for name, sheet in pack.sheets.items()}
        self._shared = frozenset(_shared(pack))
        leaves: frozenset[str] = frozenset().union(*(asked.leaves for asked in self._by_structure.values()))
        self._known = frozenset(pack.indicators) | leaves
        self._milestones = frozenset(_milestones(pack))
        self._now = {name: old_names(pack, name) for name in pack.sheets}
        asked = [(name, leaf) for name, of in self._by_structure.items() for leaf in of.leaves]
        self._accepted = pa.array([f"{name}{SEPARATOR}{leaf}" for name, leaf in {*asked, *self._shared}], pa.string())

    def check(self, text: TextColumns) -> Iterator[Finding]:
        """Structures and indicators that do not exist, nodes that are computed, values that no sheet asks for."""
        structures, indicators = text.columns["structure"], text.columns["indicator"]
        keys = joined(structures, indicators)
        rows = np.flatnonzero(~np.asarray(pc.is_in(keys, value_set=self._accepted), np.bool_))
        unused: dict[str, list[int]] = {}
        faulty = 0
        for same in _grouped(keys.take(pa.array(rows)), rows):
            structure, indicator = structures[same[0]].as_py(), indicators[same[0]].as_py()
            fault = self._fault(structure, indicator, is_shown=faulty <= MOST_FAULTS)
            if fault is None:
                unused.setdefault(structure, []).extend(same)
            else:
                faulty += 1
                column = "structure" if fault.code == "SC008" else "indicator"
                yield from (replace(fault, place=text.place(row, column)) for row in same[: MOST_FAULTS + 1])
        yield from self._unused(text, unused)

    def _unused(self, text: TextColumns, unused: dict[str, list[int]]) -> Iterator[Finding]:
        """One remark per structure whose sheet asks for less, and one on all structures that have no sheet."""
        for structure in sorted(unused.keys() & self._by_structure.keys()):
            first = min(unused[structure])
            fields = {"structure": structure, "count": len(unused[structure])}
            yield Finding("SC025", text.place(first, "indicator"), text.columns["indicator"][first].as_py(), fields)
        if without := unused.keys() - self._by_structure.keys():
            rows = [row for structure in without for row in unused[structure]]
            first = min(rows)
            fields = {"structures": len(without), "count": len(rows)}
            yield Finding("SC026", text.place(first, "structure"), text.columns["structure"][first].as_py(), fields)

    def _fault(self, structure: str, indicator: str, *, is_shown: bool) -> Finding | None:
        """Why a value of `indicator` cannot be of `structure`; `None` when it is only not asked for.

        Names like a wrong one take long to find: they are for faults that are shown, not for those that are counted.
        """
        if structure not in self._structures:
            near = _near(structure, self._structures) if is_shown else ""
            return Finding("SC008", subject=structure, fields={"near": near})
        asked = self._by_structure.get(structure)
        if asked and indicator in asked.computed:
            return Finding("SC020", subject=indicator, fields={"structure": structure})
        if asked and indicator in asked.unseen:
            return Finding("SC051", subject=indicator, fields={"structure": structure})
        if indicator not in self._known:
            now = self._now.get(structure, {}).get(indicator, "")
            near = _near(indicator, asked.leaves if asked else self._known) if is_shown and not now else ""
            return Finding("SC009", subject=indicator, fields={"structure": structure, "near": near, "now": now})
        return None

    def check_milestones(self, text: TextColumns, values: Floats, has_value: Flags) -> Iterator[Finding]:
        """A milestone is a share of progress: from 0 to 100."""
        for row in np.flatnonzero(has_value & ((values < 0) | (values > FULL))).tolist():
            structure, indicator = text.columns["structure"][row].as_py(), text.columns["indicator"][row].as_py()
            if (structure, indicator) in self._milestones:
                fields = {"value": text.columns["value"][row].as_py()}
                yield Finding("SC019", text.place(row, "value"), indicator, fields)


_REMEMBERED: Final[LastAnswers[Pack, _Names]] = LastAnswers(2)
"""Of the plans read last: a site checks every cell that somebody types, and walking a whole plan takes 70 ms."""


def _names_of(pack: Pack) -> _Names:
    return _REMEMBERED.of(pack, lambda: _Names(pack))


def _near(name: str, known: frozenset[str]) -> str:
    """Known names that a wrong one may have been meant for."""
    return ", ".join(nearest(name, sorted(known))) or "-"


def _grouped(keys: pa.StringArray, rows: NDArray[np.intp]) -> list[list[int]]:
    """Rows that share a key, groups in the order of their first row."""
    groups: dict[int, list[int]] = {}
    for code, row in zip(np.asarray(keys.dictionary_encode().indices).tolist(), rows.tolist(), strict=True):
        groups.setdefault(code, []).append(row)
    return list(groups.values())


def _shared(pack: Pack) -> Iterator[tuple[str, str]]:
    """Values that one structure gives for all: by the node of whoever takes them, or by the indicator."""
    for sheet in pack.sheets.values():
        for node in sheet.leaves():
            indicator = pack.indicators.get(node.indicator or node.id)
            if indicator and indicator.value_from:
                yield indicator.value_from, node.id
                yield indicator.value_from, indicator.id
                yield from ((indicator.value_from, part) for part in _asked(sheet.structure, (node,), pack).leaves)


def _milestones(pack: Pack) -> Iterator[tuple[str, str]]:
    """Every (structure, node) that is a milestone, and every phase."""
    for name, sheet in pack.sheets.items():
        for node in sheet.leaves():
            indicator = pack.indicators.get(node.indicator or node.id)
            if indicator and indicator.rule is RuleKind.MILESTONE:
                yield name, node.id
                yield from ((owner, node.id) for owner in (indicator.value_from,) if owner)
            for phase in pack.phases.get((name, node.id), ()):
                yield name, phase.name


def _asked(structure: str, tree: tuple[Node, ...], pack: Pack) -> _Asked:
    leaves = {node.id: node.indicator or node.id for node in leaves_of(tree) if node.is_at_hand}
    waiting = list(leaves.values())
    names = set(leaves)
    while waiting:
        indicator = pack.indicators.get(waiting.pop())
        for part in indicator.composite.parts if indicator and indicator.composite else ():
            if part.node not in names:
                names.add(part.node)
                waiting.append(part.node)
    taken = {name for name in names if (known := pack.indicators.get(leaves.get(name, name))) and known.score_of}
    made = (name for name, of in leaves.items() if of in pack.indicators and _is_made_of_phases(pack.indicators[of]))
    phases = {name: pack.phases.get((structure, name), ()) for name in made}
    steps = (phase.name for several in phases.values() for phase in several)
    return _Asked(
        frozenset((*(names - taken - phases.keys()), *steps)),
        frozenset((*taken, *phases, *(node.id for node in parents(tree)))),
        frozenset(node.id for node in leaves_of(tree) if not node.is_at_hand),
    )


def _is_made_of_phases(indicator: Indicator) -> bool:
    return indicator.rule is RuleKind.PHASES
