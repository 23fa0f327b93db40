"""The catalogue of open data in the Italian profile of DCAT, for the national portal and others that gather it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import override

from piramide.kernel.periods import parse_period
from piramide.reports.rdf import Link, Text, Thing, json_ld, rdf_xml
from piramide.web.audit.chain import head
from piramide.web.configuration import Configuration
from piramide.web.opendata.datasets import DATASETS, Dataset
from piramide.web.opendata.files import address
from piramide.web.opendata.licences import licence
from piramide.web.results.models import RunRecord

PREFIXES: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
_DATE: Final = "http://www.w3.org/2001/XMLSchema#date"
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority"
_LANGUAGES: Final = ("it", "en")
_ATTRIBUTION: Final = "http://purl.org/adms/licencetype/Attribution"
FORMS: Final[Mapping[str, tuple[str, Callable[[tuple[Thing, ...]], str]]]] = {
    "jsonld": ("application/ld+json", lambda things: json_ld(things, PREFIXES)),
    "rdf": ("application/rdf+xml; charset=utf-8", lambda things: rdf_xml(things, PREFIXES)),
}
Said = tuple[str, Text | Link]
Records = tuple[RunRecord, ...]


def catalogue(configuration: Configuration, records: Records) -> tuple[Thing, ...]:
    """Everything that is said: catalogue, publisher, contact, licence, datasets, distributions, periods."""
    home = address("index", absolute=True)
    things = [_catalogue(configuration, home, records), *_around(configuration, home)]
    for dataset in DATASETS.values():
        files = list(_distributions(dataset, records, home))
        things.append(_dataset(configuration, dataset, records, home, files))
        things += files
    if records:
        things.append(_temporal(records, home))
    things.append(_register(home))
    return tuple(things)


def _in_words(name: str, text: object) -> Iterator[Said]:
    """A text in every language of the site."""
    for language in _LANGUAGES:
        with override(language):
            yield name, Text(str(text), language)


def _day(name: str, day: date) -> Said:
    return name, Text(day.isoformat(), kind=_DATE)


def _changed(records: Records) -> date:
    moments = [record.published_at for record in records if record.published_at]
    return timezone.localtime(max(moments)).date() if moments else timezone.localdate()


def _catalogue(configuration: Configuration, home: str, records: Records) -> Thing:
    name = f"Piramide – {configuration.administration}"
    return Thing(home, ("dcatapit:Catalog", "dcat:Catalog"), (
        ("dct:title", Text(f"{name}: dati aperti", "it")),
        ("dct:title", Text(f"{name}: open data", "en")),
        ("dct:description", Text("Piano, metodi e risultati del ciclo della performance.", "it")),
        ("dct:description", Text("Plan, methods and results of the performance cycle.", "en")),
        ("dct:publisher", Link(f"{home}#editore")),
        ("foaf:homepage", Link(home)),
        ("dct:language", Link(f"{_AUTHORITY}/language/ITA")),
        ("dcat:themeTaxonomy", Link(f"{_AUTHORITY}/data-theme")),
        _day("dct:modified", _changed(records)),
        *(("dcat:dataset", Link(f"{home}#{name}")) for name in DATASETS),
    ))  # fmt: skip


def _around(configuration: Configuration, home: str) -> Iterator[Thing]:
    code = configuration.ipa or slugify(configuration.administration)
    yield Thing(f"{home}#editore", ("dcatapit:Agent", "foaf:Agent"), (
        ("foaf:name", Text(configuration.administration, "it")), ("dct:identifier", Text(code)),
    ))  # fmt: skip
    yield Thing(f"{home}#contatto", ("dcatapit:Organization", "vcard:Kind", "vcard:Organization"), (
        ("vcard:fn", Text(configuration.administration)),
        ("vcard:hasEmail", Link(f"mailto:{configuration.feedback}")),
    ))  # fmt: skip
    yield Thing(licence().concept, ("dcatapit:LicenseDocument", "dct:LicenseDocument"), (
        ("foaf:name", Text(licence().name)),
        ("dct:type", Link(_ATTRIBUTION)),
    ))  # fmt: skip


def _dataset(configuration: Configuration, dataset: Dataset, records: Records, home: str, files: list[Thing]) -> Thing:
    invented = [("dct:description", Text("Dati dimostrativi: i valori sono inventati.", "it"))]
    code = configuration.ipa or slugify(configuration.administration)
    return Thing(f"{home}#{dataset.id}", ("dcatapit:Dataset", "dcat:Dataset"), (
        ("dct:identifier", Text(f"{code}:piramide-{dataset.id}")),
        *_in_words("dct:title", dataset.title),
        *_in_words("dct:description", dataset.description),
        *(invented if any(record.is_demonstration for record in records) else ()),
        ("dct:publisher", Link(f"{home}#editore")),
        ("dct:rightsHolder", Link(f"{home}#editore")),
        ("dct:creator", Link(f"{home}#editore")),
        ("dcat:contactPoint", Link(f"{home}#contatto")),
        ("dcat:theme", Link(f"{_AUTHORITY}/data-theme/GOVE")),
        ("dct:provenance", Link(f"{home}#registro")),
        ("dct:accrualPeriodicity", Link(f"{_AUTHORITY}/frequency/IRREG")),
        ("dct:language", Link(f"{_AUTHORITY}/language/ITA")),
        ("dcat:landingPage", Link(address("dataset", dataset.id, absolute=True))),
        _day("dct:modified", _changed(records)),
        *([("dct:temporal", Link(f"{home}#periodo"))] if records else ()),
        *(("dcat:distribution", Link(file.address)) for file in files),
    ))  # fmt: skip


def _temporal(records: Records, home: str) -> Thing:
    """From when to when: the Italian profile names the two days as schema.org does, the European one by itself."""
    begin = parse_period(min(records, key=lambda record: record.ends_on).period).year_to_date[0]
    end = max(record.ends_on for record in records)
    return Thing(f"{home}#periodo", ("dcatapit:PeriodOfTime", "dct:PeriodOfTime"), (
        _day("schema:startDate", begin), _day("schema:endDate", end),
        _day("dcat:startDate", begin), _day("dcat:endDate", end),
    ))  # fmt: skip


def _register(home: str) -> Thing:
    """How long the register of changes is and its last hash: who gathers the catalogue keeps it out of our reach."""
    return Thing(f"{home}#registro", ("dct:ProvenanceStatement",), (
        ("rdfs:label", Text(f"Registro delle modifiche, righe e ultima impronta: {head()}", "it")),
        ("rdfs:label", Text(f"Register of changes, rows and last hash: {head()}", "en")),
    ))  # fmt: skip


def _distributions(dataset: Dataset, records: Records, home: str) -> Iterator[Thing]:
    """The file as it is now, then those of each run, which never change."""
    page = address("dataset", dataset.id, absolute=True)
    for form in ("csv", "json"):
        own = address("file", dataset.id, form, absolute=True)
        yield _distribution(f"{home}#{dataset.id}-{form}", (own, page), form, str(dataset.title), _changed(records))
    if dataset.of_run is None:
        return
    for record in records:
        for form in ("csv", "json"):
            own = address("run_file", record.run, dataset.id, form, absolute=True)
            page_of_run = address("run", record.run, absolute=True)
            name = f"{home}#{dataset.id}-{record.run}-{form}"
            yield _distribution(name, (own, page_of_run), form, _titled(dataset, record), _changed((record,)))


def _titled(dataset: Dataset, record: RunRecord) -> str:
    with override("it"):
        return f"{dataset.title}, {record.period} ({record.short})"


def _distribution(name: str, addresses: tuple[str, str], form: str, title: str, changed: date) -> Thing:
    own, page = addresses
    return Thing(name, ("dcatapit:Distribution", "dcat:Distribution"), (
        ("dct:title", Text(title, "it")),
        ("dct:format", Link(f"{_AUTHORITY}/file-type/{form.upper()}")),
        ("dcat:accessURL", Link(page)),
        ("dcat:downloadURL", Link(own)),
        ("dct:license", Link(licence().concept)),
        _day("dct:modified", changed),
    ))  # fmt: skip
