"""Pages of a run that are made before it is registered: it takes the place of another when they are there.

Whoever asks meanwhile is shown the run that held until then, by its own name. Made are the pages that somebody has
asked for of that one. Each room registers what it shows of a run: `register(makers)` in its module `prepared`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.safestring import SafeString

from piramide.kernel import wording
from piramide.kernel.findings import Refusal
from piramide.web.house.pages import is_kept
from piramide.web.plans_in_force import line_of
from piramide.web.results.known_runs import known_runs, line_from
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import Chosen, opened_runs, record_of

MOST_SECONDS: Final = 20.0
"""How much longer a run may wait for its pages; those left are made when somebody asks."""
Make = Callable[[], SafeString]
Makers = Callable[[Chosen], Iterator[tuple[str, Make]]]
"""The pages of a run by name, as who may read every result sees them."""
_MAKERS: list[Makers] = []
_LOG = logging.getLogger("piramide.web.pages")


def register(makers: Makers) -> Makers:
    """Add the pages of a room; those that are there already are not added again."""
    if makers not in _MAKERS:
        _MAKERS.append(makers)
    return makers


def prepare_pages(run_id: str, progress: Callable[[int, int], None]) -> int:
    """Make the pages of a kept run that is not registered yet, those of the run before that are kept; how many.

    `progress` is told how many are made, of how many. Nothing is made for a run that takes the place of none.
    """
    known = known_runs().every
    if any(record.run == run_id for record in known.records):
        return 0
    coming = RunRecord(run=run_id, **record_of(opened_runs().run(run_id)))
    line = known.line(line_of(coming.pack))
    held = line.by_day.get(coming.ends_on)
    if held is None:
        return 0
    before, after = Chosen(held, line), Chosen(coming, line_from(line.by_day | {coming.ends_on: coming}))
    try:
        wanted = list(_asked_for(before, after))
    except Refusal:  # the run before was touched
        return 0
    return _make(wanted, progress)


def _asked_for(before: Chosen, after: Chosen) -> Iterator[tuple[str, Make]]:
    """The pages to be made, each with its language."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language), wording.speaking(language):
            for makers in _MAKERS:
                kept = {name for name, make in makers(before) if is_kept(make)}
                yield from ((language, make) for name, make in makers(after) if name in kept)


def _make(wanted: list[tuple[str, Make]], progress: Callable[[int, int], None]) -> int:
    until = time.monotonic() + MOST_SECONDS
    for made, (language, make) in enumerate(wanted):
        if time.monotonic() > until:
            return made
        progress(made, len(wanted))
        with translation.override(language), wording.speaking(language):
            _made(make)
    return len(wanted)


def _made(make: Make) -> None:
    """Make a page; one that cannot be made stops no job: who asks for it is told why."""
    try:
        make()
    except Refusal:
        return
    except Exception:  # noqa: BLE001 - whatever a page raises, the run is kept and has to be shown
        _LOG.exception("a page is not made before its run is shown")
