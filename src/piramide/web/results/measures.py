"""Measures behind a run, kept in memory like the run itself."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from piramide.cycle.boards.run_figures import RunMeasures, run_measures
from piramide.cycle.collected import known_loads
from piramide.cycle.runs.measured_from import kept_with
from piramide.web.results.registry import opened_runs


def measures_of(run_id: str) -> RunMeasures | None:
    """The measures of a run; `None` where the store holds no facts."""
    return _measures(run_id, facts_of(run_id))


def facts_of(run_id: str) -> str:
    """The loads that the measures of a run are read from: the last there are for one that does not say which."""
    if kept_with(opened_runs().run(run_id).folder):
        return ""
    return " ".join(f"{name}={load}" for name, load in sorted(known_loads(settings.CONFIGURATION.store).items()))


@lru_cache(maxsize=4)
def _measures(run_id: str, _facts: str) -> RunMeasures | None:
    return run_measures(settings.CONFIGURATION.store, opened_runs().opened(run_id))
