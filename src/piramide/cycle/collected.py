"""Values that people collect by hand: which ones no data give, how a typed one is read, and what may be scored.

cells_without_data   what the sheets ask at a period and the ledger does not give
read_typed           the exact decimal behind what a person typed
check_collected      refuses a value that a file would not be allowed to carry
collected_rows       collected values as the rows that are scored
as_confirmed         what nobody signed is an estimate
last_answers         of one figure that several campaigns asked, the last answer
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

import pyarrow as pa

from piramide.cycle.measure import gives_facts
from piramide.cycle.score import day_of
from piramide.exchange.blank_values import Asked, asked_values
from piramide.kernel import durable
from piramide.kernel.findings import Place, refuse
from piramide.kernel.note import note
from piramide.kernel.numbers import parse_italian, parse_machine
from piramide.kernel.periods import Period, parse_period
from piramide.kernel.progress import silent
from piramide.kernel.statuses import Status
from piramide.kernel.value_rows import NO, YES, rows_of
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.measure import Measurement, Scope, measure
from piramide.measurement.pinned import last_loads
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack
from piramide.scoring.value_table import values_of_rows

__all__ = ["Asked", "Collected", "as_confirmed", "cells_without_data", "check_collected",
           "collected_rows", "known_loads", "last_answers", "read_typed"]  # fmt: skip

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


def as_confirmed(item: Collected, *, is_signed: bool) -> Collected:
    """A value as it is scored: one that nobody who answers for it has signed is an estimate, and its note says so."""
    if is_signed or item.status != Status.MEASURED:
        return item
    return replace(item, status=Status.ESTIMATED, note=" ".join(filter(None, (item.note, note("CO101")))))


def last_answers(campaigns: Iterable[Iterable[Collected]]) -> tuple[Collected, ...]:
    """What campaigns of one period collected, in the order in which they were opened: of one figure the last answer.

    An answer without a value takes the place of none that has one.
    """
    found: dict[tuple[str, str, str], Collected] = {}
    for campaign in campaigns:
        for item in campaign:
            key = (item.structure, item.indicator, item.period)
            if item.value or key not in found:
                found[key] = item
    return tuple(found.values())


def known_loads(store: Path) -> dict[str, str]:
    """The last load of each dataset in the ledger: what the answer of `cells_without_data` depends on."""
    return dict(last_loads(Ledger(store)))


def cells_without_data(pack: Pack, store: Path, period: Period) -> tuple[Asked, ...]:
    """Every figure that the sheets ask at `period` and that the ledger does not give, in the order of the sheets."""
    asked = asked_values(pack, period, tuple(pack.sheets))
    answer = _measured(pack, store, period)
    given = {(v.structure, v.indicator, v.moment) for v in answer.values if v.value is not None} if answer else set()
    return tuple(a for a in asked if (a.structure, a.node, parse_period(a.period).moment) not in given)


def _measured(pack: Pack, store: Path, period: Period) -> Measurement | None:
    """What the ledger gives; nothing where nothing was ever loaded that the pack reads."""
    if not gives_facts(pack, store):
        return None
    day = day_of("", pack, period)
    return measure(store, Scope(in_force(pack, day), period, day), silent)


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
    values_of_rows(collected_rows([collected]), pack, collected.structure)


def collected_rows(collected: Iterable[Collected]) -> pa.Table:
    """Collected values as the rows that are scored, in their order."""
    return rows_of(
        {
            "structure": item.structure,
            "indicator": item.indicator,
            "period": item.period,
            "value": item.value,
            "status": item.status,
            "contested": YES if item.is_contested else NO,
            "note": item.note,
        }
        for item in collected
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, making its folder. Refuses CO005 when the disk is full or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write_whole(path, content, mode=0o600)
    except OSError as error:
        raise refuse("CO005", Place(path.name), problem=error.strerror or str(error)) from error
