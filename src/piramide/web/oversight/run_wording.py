"""What the pages say of runs: which were verified, validated, published, and what each was made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.cycle.runs.exact_kept import ExactNote, note_beside
from piramide.cycle.runs.holding import holding, later_than, run_before
from piramide.cycle.runs.measured_from import kept_with
from piramide.cycle.runs.rules import RULES, SINCE, rules_of
from piramide.cycle.runs.store import SHORTEST_PREFIX
from piramide.kernel.findings import Refusal
from piramide.web.accounts.models import User
from piramide.web.house.templatetags.piramide import day
from piramide.web.oversight.decisions import adjustments_in, people_behind
from piramide.web.oversight.models import Adjustment, PassedOver, ResultsValidation, Verification
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs, run_called

INPUTS: Final = {
    "pack": gettext_lazy("Piano"),
    "period": gettext_lazy("Periodo"),
    "as_of": gettext_lazy("Metodo e organizzazione al"),
    "known_on": gettext_lazy("Come noto il"),
    "tried_on": gettext_lazy("Metodo provato sui fatti del"),
    "structures": gettext_lazy("Sole strutture"),
    "demonstration": gettext_lazy("Dati dimostrativi"),
    "method": gettext_lazy("Metodo e piano"),
    "values": gettext_lazy("Valori"),
    "organisation": gettext_lazy("Organizzazione"),
    "code": gettext_lazy("Versione del programma"),
    "load": gettext_lazy("Ultimo carico di fatti"),
}


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list with the last that was said of it."""

    record: RunRecord
    verification: Verification | None
    validation: ResultsValidation | None
    is_replaced: bool

    @property
    def gate(self) -> str:
        """Whether payment and publication may go on: `published`, `open`, `refused` or `closed`."""
        return gate_of(self.record, self.validation)


def gate_of(record: RunRecord, validation: ResultsValidation | None) -> str:
    """`published`; else `open` when the OIV validated, `refused` when it did not, `closed` when it said nothing."""
    if record.is_published:
        return "published"
    if validation is None:
        return "closed"
    return "open" if validation.opens else "refused"


def every_run() -> QuerySet[RunRecord]:
    """Every run, newest period first, with who made it."""
    return RunRecord.objects.select_related("made_by", "published_by").order_by("-ends_on", "-made_at")


def lines_of(records: Sequence[RunRecord]) -> list[RunLine]:
    """The records with their last verification and validation: three queries for any number of them."""
    keys = [record.pk for record in records]
    verified: dict[str, Verification] = {}
    for one in Verification.objects.filter(run__in=keys).order_by("at", "pk"):
        verified[one.run_id] = one
    validated: dict[str, ResultsValidation] = {}
    for document in ResultsValidation.objects.filter(run__in=keys).order_by("at", "pk"):
        validated[document.run_id] = document
    held = holding(RunRecord.objects.only("pack", "period", "ends_on", "made_at", "is_partial").order_by())
    return [
        RunLine(r, verified.get(r.pk), validated.get(r.pk), held.get((r.pack, r.period), r).pk != r.pk) for r in records
    ]


def find_run(prefix: str) -> RunRecord:
    """The record whose id starts with `prefix`; 404 for none, and for several."""
    return run_called(prefix, every_run())


@dataclass(frozen=True, slots=True)
class InputLine:
    """An input of a run: its name, its text or its hash."""

    label: str
    text: str
    is_hash: bool = False


def inputs_of(record: RunRecord) -> list[InputLine]:
    """What a run was made from, in the words of the page."""
    run = opened_runs().run(record.pk)
    manifest = run.manifest
    inputs = manifest["inputs"]
    lines = [InputLine(str(INPUTS["pack"]), manifest["pack"])]
    days = [name for name in ("as_of", "known_on") if manifest.get(name)]
    lines += [InputLine(str(INPUTS[name]), day(date.fromisoformat(manifest[name]))) for name in days]
    if manifest.get("tried_on"):
        lines.append(InputLine(str(INPUTS["tried_on"]), str(manifest["tried_on"])))
    lines += [InputLine(str(INPUTS[name]), inputs[name], is_hash=True) for name in ("method", "values", "organisation")]
    lines.append(InputLine(str(INPUTS["code"]), inputs["code"]))
    made = kept_with(run.folder)
    for dataset, load in sorted(made.loads.items()) if made else ():
        lines.append(InputLine(f"{INPUTS['load']} · {dataset}", load, len(load) > SHORTEST_PREFIX * 2))
    lines.append(InputLine(_("Risultati"), manifest["results"], True))
    return lines


@dataclass(frozen=True, slots=True)
class RunInWords:
    """Everything the page of one run says beyond its inputs."""

    record: RunRecord
    verifications: tuple[Verification, ...]
    validations: tuple[ResultsValidation, ...]
    adjustments: tuple[Adjustment, ...]
    proposed: tuple[Adjustment, ...]
    left_out: tuple[Adjustment, ...]
    passed_over: tuple[PassedOver, ...]
    others: tuple[RunRecord, ...]
    before: RunRecord | None
    rules_since: date | None = None
    """The day of the rules of the run, where they have changed since."""
    exact: ExactNote | None = None
    """The exact figures laid beside a run made before there were any."""

    @property
    def verification(self) -> Verification | None:
        """The last one."""
        return self.verifications[0] if self.verifications else None

    @property
    def validation(self) -> ResultsValidation | None:
        """The one that holds."""
        return self.validations[0] if self.validations else None

    @property
    def gate(self) -> str:
        """Whether payment and publication may go on."""
        return gate_of(self.record, self.validation)

    @property
    def newer(self) -> RunRecord | None:
        """The run that took its place."""
        return later_than(self.record, self.others)


def run_in_words(record: RunRecord) -> RunInWords:
    """What is known of a run."""
    carried = adjustments_in(record)
    others = every_run().filter(pack=record.pack, period=record.period).exclude(pk=record.pk)
    on_period = Adjustment.objects.filter(run__pack=record.pack, period=record.period).select_related("proposed_by")
    keys = {adjustment.pk for adjustment in carried}
    decided = [a for a in on_period if a.state == Adjustment.State.CONFIRMED and a.pk not in keys]
    return RunInWords(
        record=record,
        verifications=tuple(record.verifications.select_related("by")),
        validations=tuple(record.validations.select_related("by")),
        adjustments=tuple(carried),
        proposed=tuple(a for a in on_period if a.is_open),
        left_out=tuple(decided),
        passed_over=tuple(record.passed_over.select_related("by")),
        others=tuple(others),
        before=run_before(record, every_run().filter(pack=record.pack)),
        rules_since=_earlier_rules(record),
        exact=_exact(record),
    )


def _earlier_rules(record: RunRecord) -> date | None:
    """The day from which the rules of a run held, where those of today are others."""
    try:
        rules = rules_of(opened_runs().store.found(record.pk).manifest)
    except Refusal:  # its page says why
        return None
    return SINCE.get(rules) if rules < RULES else None


def _exact(record: RunRecord) -> ExactNote | None:
    try:
        return note_beside(opened_runs().store.folder(record.pk))
    except Refusal:  # its page says why
        return None


def why_not_validate(user: User | None, told: RunInWords) -> str:
    """Why a person may not validate a run; empty when they may."""
    if told.record.is_published:
        return _("È già pubblicata: quello che resta da dire si dice su una nuova esecuzione.")
    if user is not None and user.pk in people_behind(told.record):
        return _("Chi ha fatto un'esecuzione o proposto una sua rettifica non la valida.")
    return ""
