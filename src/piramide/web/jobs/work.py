"""The work of the cycle: measure and score a period, load facts, print every sheet."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.cycle.facts import Listener, LoadRequest, load_facts
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score_period import PeriodRequest, read_by_hand, score_period
from piramide.kernel.durable import whole_file
from piramide.kernel.findings import refuse
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action
from piramide.web.jobs.kinds import Outcome, Progress, work
from piramide.web.plans_in_force import plan, plan_of
from piramide.web.results.invented import invented_values
from piramide.web.results.models import RunRecord
from piramide.web.results.prepared_pages import prepare_pages
from piramide.web.results.registry import opened_runs, register_runs


def _store() -> Store:
    return Store(settings.CONFIGURATION.store)


@work("score", gettext_lazy("Misura e calcolo di un periodo"), Action.RUN_JOBS)
def score_work(progress: Progress, arguments: dict[str, Any]) -> Outcome:
    """Measure the facts of `period`, add collected values (`by_hand`, a path), score and register the run."""
    configuration = settings.CONFIGURATION
    pack = arguments.get("pack") or plan_of(arguments["period"]).id
    period = arguments["period"]
    file = Path(arguments["by_hand"]) if arguments.get("by_hand") else next(iter(invented_values(pack)), None)
    by_hand = read_by_hand(file, period) if file else None
    request = PeriodRequest(pack, period, by_hand, demonstration=configuration.demonstration)
    progress(_("Misura dei fatti"))
    scored = score_period(request, configuration.packs, _store(), progress)
    prepare_pages(scored.run_id, lambda done, total: progress(_("Preparazione delle pagine"), done, total))
    register_runs()
    asker = User.objects.filter(pk=int(arguments.get("user", 0))).first()
    RunRecord.objects.filter(run=scored.run_id, made_by=None).update(
        made_by=asker, reason=str(arguments.get("reason", ""))[:300]
    )
    text = _("Calcolate %(count)s strutture: esecuzione %(run)s.") % {
        "count": len(scored.scores.structures),
        "run": scored.run_id[:8],
    }
    return Outcome(text, f"{reverse('structures:index')}?run={scored.run_id[:12]}")


@work("load", gettext_lazy("Caricamento di fatti"), Action.RUN_JOBS)
def load_work(progress: Progress, arguments: dict[str, Any]) -> Outcome:
    """Load the file `path` into `dataset`; it is removed afterwards, whatever came of it."""
    path = Path(arguments["path"])
    if not path.is_file():
        raise refuse("SI006")
    read = 0

    def more(count: int) -> None:
        nonlocal read
        read += count
        progress(_("Lettura e controllo delle righe"), read, size)

    try:
        size = path.stat().st_size
        learned = date.fromisoformat(arguments["learned_on"])
        request = LoadRequest(((arguments["dataset"], str(path)),), learned, pack=plan().id)
        (report,) = load_facts(request, settings.CONFIGURATION.packs, _store(), Listener(lambda _: more))
    finally:
        path.unlink(missing_ok=True)
    counts = {key: report.load.manifest[key] for key in ("accepted", "rejected")}
    text = _("Accettate %(accepted)s righe, messe da parte %(rejected)s.") % counts
    return Outcome("\n".join((text, *(f"{f.code}: {f.message()}" for f in report.findings))))


@work("sheets", gettext_lazy("Stampa di tutte le schede"), Action.RUN_JOBS)
def sheets_work(progress: Progress, arguments: dict[str, Any]) -> Outcome:
    """Print the sheet of every structure of `run` as PDF, in one archive."""
    opened = opened_runs().opened(arguments["run"])
    folder = settings.MEDIA_ROOT / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{opened.run.id}-{arguments['language']}.zip"
    page = target.with_suffix(".pdf")  # another worker may print the other language
    structures = opened.scores.structures
    try:
        with whole_file(target) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            for count, structure in enumerate(structures):
                progress(structure.label, count, len(structures))
                write_sheet_of_run(_store(), opened.run.id, structure.id, page, arguments["language"])
                archive.write(page, get_valid_filename(f"{structure.id}.pdf"))
    finally:
        page.unlink(missing_ok=True)
    address = reverse("jobs:sheets", args=[opened.run.id, arguments["language"]])
    return Outcome(_("Stampate %(count)s schede.") % {"count": len(structures)}, address)
