"""A forecast and its back-test as tables: every level, every cell, and what was said of the past beside what came."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from piramide.planning.calendar import month_at, place_of
from piramide.planning.forecast.ahead import Ahead
from piramide.planning.forecast.events import RECEIVED, RESOLVED
from piramide.planning.forecast.levels import Level

MEASURES: Final = (RECEIVED, f"{RECEIVED}_points", RESOLVED, f"{RESOLVED}_points")


def forecast_csv(ahead: Ahead) -> bytes:
    """`structure,line,month,measure,mean,low_80,high_80,model,origin_month`, most detailed level first.

    An empty line is all lines together. Every parent is the sum of its children. The interval of receipts is that of
    their level; those of the other measures are as wide for their mean.
    """
    tables = []
    for of_level in ahead.outcome.levels:
        level = of_level.level
        for measure in MEASURES:
            mean = level.total(getattr(ahead.forecast, measure))
            low, high = of_level.low_80, of_level.high_80
            if measure != RECEIVED:
                part = np.divide(mean, of_level.mean, out=np.zeros_like(mean), where=of_level.mean > 0)
                low, high = low * part, high * part
            columns = _names(level, ahead.forecast.months)
            count = mean.size
            columns["measure"] = _repeated(measure, count)
            columns |= {"mean": pa.array(mean.ravel()), "low_80": pa.array(low.ravel())}
            columns |= {"high_80": pa.array(high.ravel()), "model": _repeated(of_level.model, count)}
            columns["origin_month"] = _repeated(ahead.forecast.origin_month, count)
            tables.append(pa.table(columns))
    text = io.BytesIO()
    pa_csv.write_csv(pa.concat_tables(tables), text, pa_csv.WriteOptions(quoting_style="none"))
    return text.getvalue().replace(b'"', b"")  # of the header alone: names are never quoted


def backtest_parquet(ahead: Ahead) -> bytes:
    """`level,series,origin,month,came,said,naive,low_80,high_80`; a series is `structure/line`."""
    months = [month_at(place_of(ahead.forecast.origin_month) + at + 1 - ahead.known) for at in range(ahead.known)]
    tables = []
    for past in ahead.outcome.past:
        low, high = past.bounds()
        counts = np.isfinite(past.came)
        origin, row, column, month = np.nonzero(counts)
        known = np.array(ahead.outcome.origins)[origin]
        level = past.level
        names = pa.array([f"{name}/{line}" for name in level.offices.groups for line in level.lines.groups])
        series = pa.DictionaryArray.from_arrays(pa.array(row * level.shape[1] + column, pa.int32()), names)
        columns: dict[str, pa.Array] = {
            "level": _repeated(level.name, len(origin)),
            "series": series.cast(pa.string()),
            "origin": pa.array(months).take(pa.array(known - 1)),
            "month": pa.array(months).take(pa.array(known + month)),
        }
        figures = {"came": past.came, "said": past.said, "naive": past.naive, "low_80": low, "high_80": high}
        tables.append(pa.table(columns | {name: pa.array(figure[counts]) for name, figure in figures.items()}))
    file = io.BytesIO()
    pq.write_table(pa.concat_tables(tables) if tables else pa.table(_EMPTY), file, compression="zstd")
    return file.getvalue()


def backtest_json(ahead: Ahead) -> dict[str, Any]:
    """Errors, skill, coverage and width of every level; without a back-test no origins and no levels."""
    last = place_of(ahead.forecast.origin_month)
    models = {one.level.name: one.model for one in ahead.outcome.levels}
    return {
        "origins": [month_at(last + known - ahead.known) for known in ahead.outcome.origins],
        "levels": [past.summary(models[past.level.name]) for past in ahead.outcome.past],
    }


def events_json(ahead: Ahead) -> list[dict[str, Any]]:
    """The events that nobody told and that the past shows."""
    return [
        {
            "event": event.name,
            "lines": ";".join(event.lines),
            "structures": ";".join(event.structures),
            "from": event.since,
            "until": event.until,
            "measure": event.measure,
            "factor": event.factor,
        }
        for event in ahead.found
    ]


_EMPTY: Final[Mapping[str, pa.Array]] = {
    name: pa.array([], pa.float64() if name in {"came", "said", "naive", "low_80", "high_80"} else pa.string())
    for name in ("level", "series", "origin", "month", "came", "said", "naive", "low_80", "high_80")
}


def _names(level: Level, months: Sequence[str]) -> dict[str, pa.Array]:
    shape = (*level.shape, len(months))
    row, column, month = (np.ascontiguousarray(each).ravel() for each in np.indices(shape))
    lines = pa.array(list(level.lines.groups))
    return {
        "structure": pa.array(list(level.offices.groups)).take(pa.array(row)),
        "line": lines.take(pa.array(column)),
        "month": pa.array(list(months)).take(pa.array(month)),
    }


def _repeated(text: str, count: int) -> pa.Array:
    return pa.array(np.repeat(np.array([text], dtype=object), count), pa.string())
