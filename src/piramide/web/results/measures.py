"""Measures behind a run, kept in memory like the run itself."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from piramide.cycle.run_figures import RunMeasures, run_measures
from piramide.web.results.shelf import library


@lru_cache(maxsize=4)
def measures_of(run_id: str) -> RunMeasures | None:
    """The measures of a run; `None` where the store holds no facts."""
    return run_measures(settings.CONFIGURATION.store, library().opened(run_id))
