"""Forecasts of a store: receipts and production of the months ahead, what past forecasts were worth, kept as a plan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from piramide.cycle.planning.kept import KeptPlan, keep_plan, refuse_filled
from piramide.cycle.planning.opening import Opened, Source, checked_month, month_before, open_state
from piramide.cycle.planning.people import people_ahead
from piramide.kernel.findings import Place, refuse
from piramide.kernel.progress import Progress, silent
from piramide.planning.calendar import months_from, place_of
from piramide.planning.forecast.ahead import Ahead, Asked, Ladder, cells_names, forecast_of
from piramide.planning.forecast.event_file import read_events
from piramide.planning.forecast.events import Event
from piramide.planning.forecast.tables import backtest_json, backtest_parquet, events_json, forecast_csv

FORECAST: Final = "forecast"
MOST_MONTHS: Final = 60
MOST_GAP: Final = 24
EVENTS: Final = "events.csv"


@dataclass(frozen=True, slots=True)
class ForecastRequest:
    """First month and how many, and a file of declared events if there is one."""

    source: Source
    first: str
    months: int
    events: Path | None = None


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """A forecast, and the plan that keeps it."""

    ahead: Ahead
    plan: KeptPlan
    backtest: dict[str, Any]


def forecast(request: ForecastRequest, out: Path | None, progress: Progress) -> KeptForecast:
    """Forecast, and keep the answer in the store and in a new folder if one is given.

    Refuses PN015 a folder that holds something, PN020-PN022, PN023 a number of months, PN028 facts that end too early,
    PN030-PN036 events, PN046-PN047 people.
    """
    if out is not None:
        refuse_filled(out)
    first = checked_month(request.first, "--from")
    if not 1 <= request.months <= MOST_MONTHS:
        raise refuse("PN023", Place("--months"), str(request.months), most=MOST_MONTHS)
    opened = open_state(request.source, month_before(first), progress, is_exact=False)
    events, raw = events_of(request.events, opened)
    ahead = look_ahead(opened, first, request.months, events, progress)
    backtest = backtest_json(ahead)
    files = {
        "forecast.csv": forecast_csv(ahead),
        "backtest.json": as_json(backtest),
        "backtest.parquet": backtest_parquet(ahead),
        "found.json": as_json(events_json(ahead)),
    }
    if raw:
        files[EVENTS] = raw
    asked = basis_of(opened) | {"first": first, "months": request.months}
    return KeptForecast(ahead, keep_plan(request.source.store, FORECAST, asked, files, out), backtest)


def look_ahead(
    opened: Opened, first: str, months: int, events: Sequence[Event] = (), progress: Progress = silent
) -> Ahead:
    """Forecast some months from `first` on, which may lie a while after the last month known. Refuses PN028."""
    last = opened.state.months[-1]
    gap = place_of(first) - place_of(last) - 1
    if gap > MOST_GAP:
        raise refuse("PN028", Place("--from"), first, last=last, most=MOST_GAP)
    start = months_from(last, 2)[1]
    people = people_ahead(opened, months_from(start, gap + months))
    asked = Asked(np.maximum(people.capacity, 0.0), tuple(events))
    whole = forecast_of(opened.state, ladder_of(opened), asked, progress)
    return whole.from_month(gap) if gap else whole


def ladder_of(opened: Opened) -> Ladder:
    """What stands above the offices and the lines of a plan."""
    roots = [structure.id for structure in opened.pack.organisation.versions if not structure.parent]
    return Ladder(roots[0] if roots else opened.pack.id, opened.areas())


def events_of(file: Path | None, opened: Opened) -> tuple[tuple[Event, ...], bytes]:
    """The declared events of a file, and its bytes; none without a file. Refuses PN030-PN037."""
    if file is None:
        return (), b""
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("PN037", Place(str(file)), problem=str(error)) from error
    except OSError as error:
        raise refuse("PN037", Place(str(file)), problem=error.strerror or str(error)) from error
    ladder = ladder_of(opened)
    structures = {*cells_names(opened.state), *(office.region for office in opened.state.offices), ladder.nation}
    return read_events(text, str(file), {*opened.state.lines, *ladder.areas}, structures), raw


def basis_of(opened: Opened) -> dict[str, Any]:
    """What a plan rests on: plan of the administration and its hash, day, loads, months of history."""
    state = opened.state
    return {
        "pack": opened.pack.id,
        "pack_hash": opened.pack.hash,
        "known_on": opened.known_on,
        "loads": dict(sorted(state.source.loads.items())),
        "history": [state.months[0], state.months[-1]],
    }


def as_json(body: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
    """A JSON text of a kept file. Raises `ValueError` for NaN and infinities."""
    return (json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
