"""Values that people collect by hand: which ones no data give, how a typed one is read, and scoring them with the rest.

cells_without_data   what the sheets ask at a period and the ledger does not give
read_typed           the exact decimal behind what a person typed
check_collected      refuses a value that a file would not be allowed to carry
score_collected      measured values first, collected ones where data give none; a run that is kept
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

from piramide.cycle.plans.packs import open_pack
from piramide.cycle.runs.measured_from import measured_now, note_measured
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, Scored, day_of, score
from piramide.exchange.blank_values import Asked, asked_values
from piramide.kernel import durable
from piramide.kernel.findings import Place, refuse
from piramide.kernel.numbers import parse_italian, parse_machine
from piramide.kernel.periods import Period, parse_period
from piramide.kernel.telling import silent
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.measure import Answer, Question, measure
from piramide.measurement.pinned import last_loads
from piramide.measurement.values.file import number_text, values_table
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack
from piramide.methodology.value_columns import COLUMNS
from piramide.scoring.value_table import values_from_rows

__all__ = ["Asked", "Collected", "cells_without_data", "check_collected",
           "known_loads", "read_typed", "score_collected"]  # fmt: skip

SHARES: Final = ("ratio", "fraction")
_DOT_DECIMAL: Final = re.compile(r"[+-]?\d*\.(?:\d{1,2}|\d{4,})")
_ONE_GROUP: Final = re.compile(r"[+-]?(\d{1,3})\.(\d{3})")
_EXACT: Final = Context(prec=400)


@dataclass(frozen=True, slots=True)
class Collected:
    """One collected value as a values file says it: exact decimal text (empty for none), status, whether contested."""

    structure: str
    indicator: str
    period: str
    value: str
    status: str = ""
    note: str = ""
    is_contested: bool = False


def known_loads(store: Path) -> dict[str, str]:
    """The last load of each dataset in the ledger: what the answer of `cells_without_data` depends on."""
    return dict(last_loads(Ledger(store)))


def cells_without_data(pack: Pack, store: Path, period: Period) -> tuple[Asked, ...]:
    """Every figure that the sheets ask at `period` and that the ledger does not give, in the order of the sheets."""
    asked = asked_values(pack, period, tuple(pack.sheets))
    answer = _measured(pack, store, period)
    given = {(v.structure, v.indicator, v.moment) for v in answer.values if v.value is not None} if answer else set()
    return tuple(a for a in asked if (a.structure, a.node, parse_period(a.period).moment) not in given)


def _measured(pack: Pack, store: Path, period: Period) -> Answer | None:
    """What the ledger gives; nothing where nothing was ever loaded."""
    if not known_loads(store):
        return None
    day = day_of("", pack, period)
    return measure(store, Question(in_force(pack, day), period, day), silent)


def read_typed(text: str, unit: str, language: str, place: Place | None = None) -> str:
    """The exact decimal, with a point, of what a person typed as their language writes numbers; empty for nothing.

    In Italian a comma opens the decimals; a point does where it can mean nothing else (`0.95`, not `1.234`). A
    percentage is a share. Raises `Refusal`: KN001 to KN009 for what is no number or has two readings, CO009 for
    a percentage of what is no share.

    >>> read_typed("1.234,50", "eur", "it"), read_typed("95%", "ratio", "it"), read_typed("0.95", "ratio", "it")
    ('1234.5', '0.95', '0.95')
    """
    printed = text.strip().replace("\u2212", "-")
    if not printed:
        return ""
    is_share = printed.endswith("%")
    if is_share and unit not in SHARES:
        raise refuse("CO009", place, printed[:40])
    if language == "it" and not _DOT_DECIMAL.fullmatch(printed.removesuffix("%").rstrip()):
        if match := _ONE_GROUP.fullmatch(printed):  # thousands, or decimals with the point of other languages
            raise refuse("KN002", place, printed=printed, readings=f"{match[1]}{match[2]} / {match[1]},{match[2]}")
        parsed = parse_italian(printed, place)
        return decimal_text(parsed.value or Fraction(0))
    number = parse_machine(printed.removesuffix("%").rstrip().replace(",", "" if language != "it" else ","), place)
    return decimal_text(number / 100 if is_share else number)


def decimal_text(value: Fraction) -> str:
    """A finite decimal as files carry it.

    >>> decimal_text(Fraction(5, 4)), decimal_text(Fraction(1200)), decimal_text(Fraction(0))
    ('1.25', '1200', '0')
    """
    number = _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def check_collected(pack: Pack, collected: Collected) -> None:
    """Refuse (SC008-SC020) what a values file of `pack` would not be allowed to say."""
    values_from_rows([_row(collected)], pack, collected.structure)


def _row(item: Collected) -> tuple[str, ...]:
    return (
        item.structure,
        item.indicator,
        item.period,
        item.value,
        item.status,
        "yes" if item.is_contested else "no",
        item.note,
    )


def score_collected(
    request: Request,
    collected: Sequence[Collected],
    contested: Collection[tuple[str, str]],
    folders: Sequence[Path],
    store: Store,
) -> Scored:
    """Score a period on what the ledger gives and, where it gives nothing, on what people collected; keep the run.

    `request.values` is the values file to write, whole or not at all; `contested` are the (structure, indicator) whose
    value somebody contests, measured ones too. Refuses what `measure` and `score` refuse, CO005 a file that cannot be
    written.
    """
    period = parse_period(request.period)
    pack = open_pack(request.pack, folders, demonstration=request.demonstration)
    answer = _measured(pack, store.root, period)
    write_whole(request.values, _completed(answer, collected, contested).encode())
    if answer:
        day = day_of("", pack, period)
        note_measured(store.root, request.values, measured_now(store.root, answer.loads, day.isoformat()))
    return score(request, list(folders), store)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, making its folder. Refuses CO005 when the disk is full or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write_whole(path, content, mode=0o600)
    except OSError as error:
        raise refuse("CO005", Place(path.name), problem=error.strerror or str(error)) from error


def _completed(answer: Answer | None, collected: Sequence[Collected], contested: Collection[tuple[str, str]]) -> str:
    """The text of a values file: measured rows, and collected ones for what has no measured value."""
    measured = [v for v in answer.values if v.value is not None] if answer else []
    given = {(v.structure, v.indicator, v.moment) for v in measured}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in values_table(measured).to_pylist():
        row["contested"] = "yes" if (row["structure"], row["indicator"]) in contested else "no"
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    for item in collected:
        if (item.structure, item.indicator, parse_period(item.period).moment) not in given:
            is_contested = "yes" if (item.structure, item.indicator) in contested else "no"
            cells = (
                item.structure,
                item.indicator,
                item.period,
                item.value,
                "",
                "",
                item.status,
                is_contested,
                item.note,
            )
            writer.writerow(cells)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return number_text(value) if isinstance(value, float) else str(value)
