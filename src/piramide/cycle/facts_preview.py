"""What an export holds before it is loaded: its mapping, rows that would be set aside, measures and indicators fed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from piramide.cycle.facts import default_pack
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import slug
from piramide.measurement.contract import contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.load import Terms
from piramide.measurement.loading.mapped.mapping import FactsMapping, as_mapping, check_codes, is_answered, open_mapping
from piramide.measurement.loading.mapped.proposal import proposed
from piramide.measurement.loading.mapped.source import MappedSource
from piramide.measurement.loading.preview import RowsAhead, lacking, preview
from piramide.measurement.measures.of_nodes import measures_read
from piramide.methodology.model import Pack


@dataclass(frozen=True, slots=True)
class Feeds:
    """Measures that an export feeds, indicators that read one of them, and what the others lack, column by column."""

    measures: tuple[str, ...]
    indicators: tuple[str, ...]
    lacking: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """The mapping as data, with `None` where a person must say; without rows and feeds while anything is open."""

    mapping: Mapping[str, Any]
    rows: RowsAhead | None
    feeds: Feeds


def preview_export(
    path: Path, dataset: str, mapping: Path | None, pack_name: str, packs: Sequence[Path], store: Store
) -> ExportPreview:
    """Preview an export through a mapping, or through the one that is proposed for it; nothing is written.

    Raises `Refusal`: FA088 for a mapping of another dataset, and what a load refuses.
    """
    ledger = Ledger(store.root)
    pack = open_pack(pack_name or ledger.pack_name() or default_pack(packs), packs)
    if mapping is not None:
        read = open_mapping(mapping)
        if dataset and dataset != read.dataset:
            raise refuse("FA088", Place(str(path)), dataset, of=read.dataset)
        return _through(read, as_mapping(mapping), path, pack, ledger)
    if dataset:
        contract(dataset)
    body = proposed(path, dataset, lambda kind: _names(kind, pack, ledger))
    if not is_answered(body):
        return ExportPreview(body, None, Feeds((), (), {}))
    return _through(open_mapping(path, body), body, path, pack, ledger)


def _through(mapping: FactsMapping, body: Mapping[str, Any], path: Path, pack: Pack, ledger: Ledger) -> ExportPreview:
    check_codes(mapping, pack.organisation.ids(), ledger.codes().products)
    of = contract(mapping.dataset)
    source = MappedSource(path, mapping)
    today = date.today()  # noqa: DTZ011 - a day of the calendar, not a moment
    rows = preview(ledger, of, source, Terms(pack.organisation, today))
    missing = lacking(mapping, pack.measures.values(), of)
    fed = {name for name, columns in missing.items() if not columns}
    indicators = [
        name for name, one in pack.indicators.items() if not fed.isdisjoint(measures_read(one.formula, pack.measures))
    ]
    open_ones = {name: columns for name, columns in missing.items() if columns}
    return ExportPreview(body, rows, Feeds(tuple(sorted(fed)), tuple(sorted(indicators)), open_ones))


def _names(kind: str, pack: Pack, ledger: Ledger) -> Mapping[str, str]:
    """Codes as they are, and names as slugs after `=`; a name that two of them have stands for neither."""
    if kind != "structure":
        return {code: code for code in ledger.codes().products} if kind == "product" else {}
    names: dict[str, set[str]] = {}
    for version in pack.organisation.versions:
        names.setdefault(f"={slug(version.label)}", set()).add(version.id)
    single = {name: ids.pop() for name, ids in names.items() if len(ids) == 1}
    return {**single, **{one: one for one in pack.organisation.ids()}}
