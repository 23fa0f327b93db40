"""What whoever publishes a run has to answer first: values of parents that look wrong (R43)."""

from __future__ import annotations

from piramide.cycle.runs.implausible_parents import at_the_cap, implausible_parents
from piramide.cycle.runs.open_run import OpenRun
from piramide.kernel.findings import Finding
from piramide.kernel.periods import parse_period


def questions_of(opened: OpenRun) -> tuple[Finding, ...]:
    """Values of parents outside their parts (CY081), and values at the top at their cap (CY082), of a kept run."""
    moment = parse_period(str(opened.run.manifest["period"])).moment
    outside = implausible_parents(opened.pack, opened.scores, opened.values, moment, opened.as_of)
    return (*outside, *at_the_cap(opened.pack, opened.scores, opened.as_of))
