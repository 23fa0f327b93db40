"""`piramide plan forecast`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.planning.forecasting import ForecastRequest, KeptForecast
from piramide.cycle.planning.forecasting import forecast as make_forecast
from piramide.kernel.figure import preview
from piramide.kernel.findings import findings_as_json

__all__ = ["ForecastRequest", "forecast"]

_FOUND: Final = "PN045"
_SHOWN: Final = 5


def forecast(request: ForecastRequest, out: Path | None, *, as_json: bool) -> None:
    """Forecast receipts and production, and say how good past forecasts were."""
    with steps("answer.forecasting") as progress:
        answer = make_forecast(request, out, progress)
    if as_json:
        terminal.print_json(_as_json(answer))
        return
    found = [finding for finding in answer.ahead.findings if finding.code == _FOUND]
    terminal.tell_findings([finding for finding in answer.ahead.findings if finding.code != _FOUND] + found[:_SHOWN])
    if len(found) > _SHOWN:
        terminal.tell(say("answer.forecast_more_events", count=len(found) - _SHOWN))
    forecast = answer.ahead.forecast
    nation = answer.ahead.outcome.levels[-1]
    columns = [(say("answer.forecast_month"), False), (say("answer.forecast_received"), True)]
    columns += [(say("answer.forecast_low"), True), (say("answer.forecast_high"), True)]
    columns += [(say("answer.forecast_resolved"), True)]
    resolved = forecast.resolved.sum(axis=(0, 1))
    rows = [
        (
            month,
            _pieces(nation.mean[0, 0, at]),
            _pieces(nation.low_80[0, 0, at]),
            _pieces(nation.high_80[0, 0, at]),
            _pieces(resolved[at]),
        )
        for at, month in enumerate(forecast.months)
    ]
    terminal.print_table(columns, rows)
    _print_backtest(answer)
    terminal.print_text(say("answer.plan_kept", plan=answer.plan.id))
    if out is not None:
        terminal.print_text(say("answer.written", path=out))


def _print_backtest(answer: KeptForecast) -> None:
    """How past forecasts went, by level."""
    levels = [row for row in answer.backtest["levels"] if row["mae"] is not None]
    if not levels:
        terminal.print_text(say("answer.forecast_untested"))
        return
    terminal.print_text()
    terminal.print_text(say("answer.forecast_tested", count=len(answer.backtest["origins"])))
    columns = [(say("answer.forecast_level"), False), (say("answer.forecast_model"), False)]
    columns += [(say("answer.forecast_mae"), True), (say("answer.forecast_skill"), True)]
    columns += [(say("answer.forecast_coverage"), True)]
    terminal.print_table(
        columns,
        [
            (
                row["level"],
                row["model"],
                terminal.figure(preview(row["mae"]), 1),
                "–" if row["skill"] is None else terminal.figure(preview(row["skill"]), 3),
                terminal.figure(preview(row["coverage_80"]), 3),
            )
            for row in levels
        ],
    )


def _pieces(value: float) -> str:
    return terminal.figure(preview(float(value)), 0)


def _as_json(answer: KeptForecast) -> dict[str, Any]:
    forecast, nation = answer.ahead.forecast, answer.ahead.outcome.levels[-1]
    return {
        "plan": answer.plan.id,
        "origin_month": forecast.origin_month,
        "months": list(forecast.months),
        "received": nation.mean[0, 0].tolist(),
        "low_80": nation.low_80[0, 0].tolist(),
        "high_80": nation.high_80[0, 0].tolist(),
        "resolved": forecast.resolved.sum(axis=(0, 1)).tolist(),
        "backtest": answer.backtest,
        "findings": findings_as_json(answer.ahead.findings),
    }
