"""What outlooks would have said in earlier years, beside what came: how far indicators of flows are from their word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from piramide.cycle.planning.opening import Opened
from piramide.cycle.planning.outlook_values import EndOfYear, Maker
from piramide.kernel.periods import Moment
from piramide.measurement.values.figures import Measured
from piramide.planning.calendar import MONTHS, place_of
from piramide.planning.forecast.forecast import Forecast
from piramide.planning.outlook.futures import Futures, middle_future
from piramide.planning.outlook.history import Going
from piramide.planning.outlook.measures import going_of
from piramide.planning.staff import productivity_of

Floats = NDArray[np.float64]


def tried_before(
    room: EndOfYear, measured: Measured, moments: Sequence[Moment], opened: Opened, forecast: Forecast
) -> EndOfYear:
    """The same with the errors that its indicators of flows would have had in earlier years; there are two at least.

    The receipts and hours of those years are those that came: what is not known of them is drawn apart.
    """
    wanted = {
        (leaf.expression.text, leaf.node): leaf.expression
        for leaf in room.leaves.values()
        if leaf.expression is not None
    }
    said: dict[tuple[str, str], list[Floats]] = {key: [] for key in wanted}
    came: dict[tuple[str, str], list[Floats]] = {key: [] for key in wanted}
    for then in range(2, len(moments) - 1, 2):
        maker, future = _as_then(measured, moments[: then + 1], opened, forecast)
        past = EndOfYear((), {}, maker.measures, maker.below, maker.years, maker.kinds)
        known: dict[tuple[str, str], Floats] = {}
        for key, expression in wanted.items():
            if maker.ready(expression, key[1]):
                said[key].append(past.of(expression, key[1], future, known)[:, 0])
                came[key].append(measured.of(expression, key[1]).values[:, then + 1])
    errors: dict[tuple[str, str], Going] = {}
    for key, years in said.items():
        if years:
            errors[key] = going_of(np.ones(len(room.kinds)), np.array(years), np.array(came[key]), room.kinds)
    return replace(room, errors=errors)


def _as_then(
    measured: Measured, moments: Sequence[Moment], opened: Opened, forecast: Forecast
) -> tuple[Maker, Futures]:
    """What was known at the last of some moments, and the future that came."""
    state, moment = opened.state, moments[-1]
    first = place_of(f"{moment.year}-{moment.month:02d}") + 1 - place_of(state.months[0])
    ahead = slice(first, first + MONTHS - moment.month)
    before = state.up_to(state.months[first - 1])
    came = replace(forecast, received=state.received[..., ahead], received_points=state.received_points[..., ahead])
    capacity = state.staff_hours[:, ahead] * productivity_of(before).points_per_hour[:, None]
    then = replace(opened, state=before)
    return Maker(measured, moments, then), middle_future(before, came, capacity)
