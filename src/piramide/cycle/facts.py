"""Facts into the ledger, and what the ledger holds: where packs, store and measurement meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from piramide.cycle.plans.known import known_packs
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.numbers import parse_machine
from piramide.kernel.progress import silent
from piramide.measurement.contract import Contract, contract, contracts
from piramide.measurement.facts_check import CheckRequest, check_facts
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.load import LoadReport, Terms, load
from piramide.measurement.loading.mapped.mapping import FactsMapping, check_codes, open_mapping
from piramide.measurement.loading.mapped.source import MappedSource
from piramide.measurement.loading.sources import Source, open_source
from piramide.methodology.model import Pack

LATE_DAYS = 30
"""A month is due so many days after its end."""


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """What a user asks to load: (dataset, source) pairs, the query of a database, the day learned, the limit.

    `mapping` is a file that says how the sources are read; without it they have the columns of their datasets.

    `pass_over_known`: a source that is there already is passed over, where otherwise it refuses the load.
    """

    pairs: tuple[tuple[str, str], ...]
    learned_on: date
    query: str = ""
    most_rejected: Fraction = Fraction(1, 100)
    pack: str = ""
    pass_over_known: bool = False
    mapping: Path | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told how loads go on.

    `progress` gives for a source what is told how many more bytes of it have been read; `on_load` hears of each load as
    soon as it is committed, `on_known` of each source that was there already and is passed over.
    """

    progress: Callable[[Source], Callable[[int], None]] = lambda _: silent
    on_wait: Callable[[], None] = silent
    on_load: Callable[[LoadReport], None] = silent
    on_known: Callable[[str, str], None] = silent


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """What is there of a dataset; `late` are whole months that are over and due, and have no rows."""

    dataset: str
    label: str
    loads: int
    rows: int
    rejected: int
    first_month: str
    last_month: str
    months: int
    last_learned: str
    late: tuple[str, ...]


def parse_share(text: str) -> Fraction:
    """A share of rows: `0.01`, `1%`, or a number over 1 taken as per cent. Raises `Refusal` (FA039)."""
    percent = text.endswith("%")
    try:
        number = parse_machine(text.removesuffix("%").strip())
    except Refusal as error:
        raise refuse("FA039", subject=text) from error
    share = number / 100 if percent or number > 1 else number
    if not 0 <= share <= 1:
        raise refuse("FA039", subject=text)
    return share


def query_text(query: str) -> str:
    """The query itself: what the file holds when the text names one."""
    path = Path(query) if query and "\n" not in query and len(query) < 1024 else None
    return path.read_text(encoding="utf-8") if path and path.is_file() else query


def load_facts(
    request: LoadRequest, packs: Sequence[Path], store: Store, listener: Listener = Listener()
) -> tuple[LoadReport, ...]:
    """Load each source, one after the other; each is committed whole or not at all.

    Raises `Refusal` FA060 when every source was there already, FA078 to FA088 for a mapping that cannot be used.
    """
    query = query_text(request.query)
    mapping = open_mapping(request.mapping) if request.mapping else None
    sources = [_opened(dataset, text, query, mapping) for dataset, text in request.pairs]
    ledger = Ledger(store.root)
    name = request.pack or ledger.pack_name() or default_pack(packs)
    pack = open_pack(name, packs)
    if mapping:
        check_codes(mapping, pack.organisation.ids(), ledger.codes().products)
    store.prepare()
    reports = []
    for of, source in sources:
        progress = listener.progress(source)
        by = mapping.sha256 if mapping else ""
        terms = Terms(pack.organisation, request.learned_on, request.most_rejected, by, progress, listener.on_wait)
        try:
            report = load(ledger, of, source, terms)
        except Refusal as refusal:
            if not (request.pass_over_known and refusal.findings[0].code == "FA002"):
                raise
            listener.on_known(of.id, source.label)
        else:
            ledger.keep_pack_name(name)
            reports.append(report)
            listener.on_load(report)
    if not reports:
        raise refuse("FA060", count=len(sources))
    return tuple(reports)


def _opened(dataset: str, text: str, query: str, mapping: FactsMapping | None) -> tuple[Contract, Source]:
    """The contract of a dataset and a source of its rows. Refuses (FA088) a mapping that is of another dataset."""
    of = contract(dataset)
    if mapping is None:
        return of, open_source(text, query)
    if mapping.dataset != of.id:
        raise refuse("FA088", Place(text), dataset, of=mapping.dataset)
    return of, MappedSource(Path(text), mapping)


def default_pack(packs: Sequence[Path]) -> str:
    """The pack of the administration with most structures, the latest year first: what a first load is checked with."""
    known = [(line, open_pack(line.id, packs)) for line in known_packs(packs)]
    return max(known, key=lambda pair: (len(pair[1].organisation.ids()), pair[0].year))[0].id


def facts_status(store: Store, today: date) -> tuple[DatasetStatus, ...]:
    """What the ledger holds of each dataset that has been loaded."""
    store.check()
    ledger = Ledger(store.root)
    statuses = []
    for dataset, of in contracts().items():
        if loads := ledger.loads(dataset):
            months = sorted({month for one in loads for month in one.manifest["months"]})
            statuses.append(
                DatasetStatus(
                    dataset,
                    of.label,
                    len(loads),
                    sum(one.manifest["accepted"] for one in loads),
                    sum(one.manifest["rejected"] for one in loads),
                    months[0] if months else "",
                    months[-1] if months else "",
                    len(months),
                    max(one.manifest["learned_on"] for one in loads),
                    () if of.ahead or not months else _due_after(months[-1], today),
                )
            )
    return tuple(statuses)


def _due_after(month: str, today: date) -> tuple[str, ...]:
    """Months after `month` that ended at least `LATE_DAYS` ago."""
    due = today - timedelta(days=LATE_DAYS)
    late: list[str] = []
    year, number = int(month[:4]), int(month[5:])
    while True:
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)
        after = date(year + number // 12, number % 12 + 1, 1)
        if after > due:
            return tuple(late)
        late.append(f"{year:04d}-{number:02d}")


def findings_of_facts(store: Store, pack: str, packs: Sequence[Path], control: Path | None) -> tuple[Finding, ...]:
    """Every finding of the ledger, against a file of control totals when there is one."""
    store.check()
    ledger = Ledger(store.root)
    name = pack or ledger.pack_name() or default_pack(packs)
    opened: Pack = open_pack(name, packs)
    return tuple(check_facts(CheckRequest(ledger, opened.organisation, opened.id, control)))
