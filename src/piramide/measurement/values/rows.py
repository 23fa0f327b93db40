"""Values of indicators as the rows that are scored."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from piramide.kernel.value_rows import NO, rows_of
from piramide.measurement.values.indicators import IndicatorValue


def measured_rows(values: Iterable[IndicatorValue]) -> pa.Table:
    """One row for each value; a period is named in the shortest way that names its moment."""
    return rows_of(
        {
            "structure": value.structure,
            "indicator": value.indicator,
            "period": value.moment,
            "value": value.value,
            "numerator": value.numerator,
            "denominator": value.denominator,
            "status": value.status,
            "contested": NO,
            "note": value.note,
        }
        for value in values
    )
