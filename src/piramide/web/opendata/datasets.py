"""The datasets: what each is, its columns, and where its rows come from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from piramide.cycle import open_data as rows
from piramide.cycle.money import MONEY_COLUMNS, money_document, money_rows, ties_money
from piramide.cycle.open_data import Row
from piramide.cycle.runs.store import Run
from piramide.methodology.in_force import in_force, last_day
from piramide.methodology.model import Pack
from piramide.reports.table_csv import csv_pieces
from piramide.scoring.score_print import structure_as_json
from piramide.web.opendata.licences import licence
from piramide.web.oversight.last_look.lines import title_of
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

FORMAT: Final = "3"
"""Part of every ETag: raise it when the files of a run that is already published would come out differently."""

RUN_COLUMNS: Final = (
    "run", "period", "ends_on", "pack", "demonstration", "as_of", "known_on", "made_at", "published_at",
    "publication_act", "register_head", "method_hash", "values_hash", "organisation_hash", "results_hash", "code",
)  # fmt: skip
PASSED_COLUMNS: Final = (
    "run",
    "period",
    "pack",
    "demonstration",
    "step",
    "line",
    "title",
    "count",
    "reason",
    "written_at",
)
Source = RunRecord | None
"""Where rows come from: a run, or the plan of the installation as it is in force today."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset: its name in addresses, what it is for people, its columns.

    `of_run` gives the rows of one source, `document` their JSON; without `of_run` it is about all published runs.
    """

    id: str
    title: str | Promise
    description: str | Promise
    columns: tuple[str, ...]
    of_run: Callable[[Source], Iterable[Row]] | None = None
    document: Callable[[Source], dict[str, Any]] | None = None
    keeps_history: bool = False
    """Whether the file without a run holds every published run; else it holds the plan as it is in force."""

    def current(self) -> tuple[Source, ...]:
        """What the file without a run is made from."""
        return published() if self.keeps_history or self.of_run is None else (None,)

    def rows(self, sources: Sequence[Source]) -> Iterator[Row]:
        """Rows of some sources, one after the other."""
        give = self.of_run or _run_rows
        for source in sources:
            yield from give(source)

    def csv(self, sources: Sequence[Source]) -> Iterator[bytes]:
        """The file as CSV, in pieces."""
        return csv_pieces(self.columns, self.rows(sources))

    def json(self, sources: Sequence[Source], *, alone: bool) -> Iterator[bytes]:
        """The file as JSON, in pieces: one object for one source `alone`; else `runs` holds one of each."""
        if self.document is None:
            body = {"runs": [dict(zip(self.columns, _told(row), strict=True)) for row in self.rows(sources)]}
            yield _bytes(self._head() | body)
        elif alone:
            yield _bytes(self._head() | self.document(sources[0]))
        else:
            yield _bytes(self._head())[:-1] + b', "runs": ['
            for place, source in enumerate(sources):
                yield (b",\n" if place else b"\n") + _bytes(self.document(source))
            yield b"]}\n"

    def _head(self) -> dict[str, Any]:
        return {"dataset": self.id, "licence": licence().address}


def _bytes(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()


def _told(row: Row) -> Iterator[object]:
    """Cells as JSON has them: days and moments in ISO 8601."""
    return (cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row)


def published() -> tuple[RunRecord, ...]:
    """What everybody may read, the newest period first."""
    return tuple(RunRecord.objects.exclude(published_at=None))


def method_of(source: Source) -> tuple[Pack, date]:
    """The method in force and the day it is taken on: those of a run, or today's."""
    if source is not None:
        opened = opened_runs().opened(source.run)
        return opened.pack, opened.as_of
    printed = plan()
    return _in_force(printed.hash, min(max(timezone.localdate(), printed.since), last_day(printed)))


@lru_cache(maxsize=2)
def _in_force(_hash: str, day: date) -> tuple[Pack, date]:
    return in_force(plan(), day), day


def _kept(source: Source) -> Run:
    """The run of a source that must be one."""
    if source is None:
        raise LookupError("No run")
    return opened_runs().run(source.run)


def _run_rows(record: Source) -> Iterator[Row]:
    if record is None:
        return
    manifest = opened_runs().run(record.run).manifest
    inputs = manifest["inputs"]
    yield (
        record.run, manifest["period"], record.ends_on, record.pack, bool(manifest["demonstration"]),
        manifest["as_of"], manifest["known_on"], record.made_at, record.published_at, record.publication_act,
        record.register_head,
        inputs["method"], inputs["values"], inputs["organisation"], manifest["results"], inputs["code"],
    )  # fmt: skip


def _passed_rows(source: Source) -> Iterator[Row]:
    """The lines of the checklist that were passed over before a run was published, in the language of the data."""
    if source is None:
        return
    passed = list(source.passed_over.all())
    with override(rows.LANGUAGE):  # not around what is yielded: whoever stops half-way would stay in that language
        titles = [title_of(one.line) for one in passed]
    for one, title in zip(passed, titles, strict=True):
        yield (
            source.run, source.period, source.pack, source.is_demonstration,
            one.step, one.line, title, one.count, one.reason, one.at,
        )  # fmt: skip


def _passed_document(source: Source) -> dict[str, Any]:
    names = PASSED_COLUMNS[4:]
    told = [dict(zip(names, list(_told(row))[4:], strict=True)) for row in _passed_rows(source)]
    return _of(source) | {"passed_over": told}


def _of(source: Source) -> dict[str, Any]:
    if source is None:
        return {"run": None, "period": None, "demonstration": settings.CONFIGURATION.demonstration}
    manifest = _kept(source).manifest
    return {
        "run": source.run,
        "pack": manifest["pack"],
        "period": manifest["period"],
        "demonstration": bool(manifest["demonstration"]),
    }


def _results(source: Source) -> Iterable[Row]:
    return rows.result_rows(_kept(source))


def _results_document(source: Source) -> dict[str, Any]:
    scores = opened_runs().scores(_kept(source).id)
    names = {"structure": {one.id: one.label for one in scores.structures}}
    return _of(source) | {"structures": [structure_as_json(one, rows.LANGUAGE, names) for one in scores.structures]}


def _values(source: Source) -> Iterable[Row]:
    return rows.value_rows(_kept(source))


def _values_document(source: Source) -> dict[str, Any]:
    names = rows.VALUE_COLUMNS
    return _of(source) | {"values": [dict(zip(names[2:], row[2:], strict=True)) for row in _values(source)]}


def _plan(source: Source) -> Iterable[Row]:
    return rows.plan_rows(*method_of(source))


def _plan_document(source: Source) -> dict[str, Any]:
    return _of(source) | rows.plan_document(*method_of(source))


def _methods(source: Source) -> Iterable[Row]:
    return rows.method_rows(method_of(source)[0])


def _methods_document(source: Source) -> dict[str, Any]:
    pack, _day = method_of(source)
    indicators = [rows.method_document(pack, name) for name in pack.indicators]
    return _of(source) | {"pack": pack.id, "hash": pack.hash, "indicators": indicators}


def _chain(source: Source) -> Iterable[Row]:
    return rows.chain_rows(method_of(source)[0])


def _chain_document(source: Source) -> dict[str, Any]:
    return _of(source) | rows.chain_document(method_of(source)[0])


def _money(source: Source) -> Iterable[Row]:
    run = _kept(source)
    return money_rows(opened_runs().opened(run.id)) if ties_money(run) else ()


def _money_document(source: Source) -> dict[str, Any]:
    run = _kept(source)
    return _of(source) | {"money": money_document(opened_runs().opened(run.id)) if ties_money(run) else []}


def _structures(source: Source) -> Iterable[Row]:
    return rows.structure_rows(*method_of(source))


def _structures_document(source: Source) -> dict[str, Any]:
    pack, day = method_of(source)
    organisation = pack.organisation.on(day)
    return _of(source) | {
        "pack": pack.id,
        "day": day.isoformat(),
        "structures": [rows.structure_document(organisation, name) for name in organisation.structures],
    }


DATASETS: Final[Mapping[str, Dataset]] = {
    dataset.id: dataset
    for dataset in (
        Dataset("risultati", _("Risultati"),
                _("Indice, scostamento, valore e obiettivo di ogni struttura e di ogni voce della sua scheda, in ogni "
                  "esecuzione pubblicata."),
                rows.RESULT_COLUMNS, _results, _results_document, keeps_history=True),
        Dataset("valori", _("Valori degli indicatori"),
                _("I valori da cui i risultati sono calcolati, esatti come sono stati misurati o raccolti, con "
                  "numeratore, denominatore e stato."),
                rows.VALUE_COLUMNS, _values, _values_document, keeps_history=True),
        Dataset("somme", _("Somme legate agli obiettivi"),
                _("Quanto vale ogni voce della scheda delle somme che il piano lega ai risultati, e quanto ne spetta."),
                MONEY_COLUMNS, _money, _money_document, keeps_history=True),
        Dataset("piano", _("Piano e obiettivi"),
                _("Che cosa è chiesto a ogni struttura: voci, pesi, obiettivi, regole, con l'atto che li stabilisce."),
                rows.PLAN_COLUMNS, _plan, _plan_document),
        Dataset("catena", _("Catena dalla strategia agli obiettivi"),
                _("Le linee strategiche, livello per livello, con gli obiettivi e i progetti che portano avanti "
                  "ciascuna."),
                rows.CHAIN_COLUMNS, _chain, _chain_document),
        Dataset("metodi", _("Metodi e qualità dei dati"),
                _("Ogni indicatore con definizione, formula, atto e dichiarazione di qualità del dato."),
                rows.METHOD_COLUMNS, _methods, _methods_document),
        Dataset("strutture", _("Strutture"),
                _("L'organizzazione: strutture, dipendenza, tipo e gruppi omogenei."),
                rows.STRUCTURE_COLUMNS, _structures, _structures_document),
        Dataset("esecuzioni", _("Esecuzioni"),
                _("Le esecuzioni pubblicate con l'impronta di metodo, valori, organizzazione e risultati, per chi "
                  "vuole ricalcolarle."),
                RUN_COLUMNS),
        Dataset("motivi", _("Motivi scritti prima di pubblicare"),
                _("Le righe della lista di controllo che l'OIV o chi pubblica ha superato, ciascuna con il suo motivo "
                  "scritto."),
                PASSED_COLUMNS, _passed_rows, _passed_document, keeps_history=True),
    )
}  # fmt: skip
OF_RUN: Final = tuple(dataset for dataset in DATASETS.values() if dataset.of_run is not None)
