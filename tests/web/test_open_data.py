"""Open data: what is published, for everybody, as files that never change and a catalogue that machines read."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client
from pyshacl import validate
from rdflib import DCAT, DCTERMS, SH, Graph, Literal
from rdflib import RDF as RDF_OF

from piramide.cycle.runs.store import Store
from piramide.cycle.verification.verify import verify
from piramide.methodology.show import show
from piramide.reports.rdf import RDF
from piramide.reports.table_csv import cell, csv_pieces
from piramide.web.accounts.roles import Role
from piramide.web.opendata.catalogue import PREFIXES
from piramide.web.opendata.columns import COLUMNS
from piramide.web.opendata.datasets import DATASETS, OF_RUN, Dataset
from piramide.web.opendata.remembered import Remembered
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

SignIn = Callable[..., Client]
HOME = "/dati-aperti/"


def body(address: str, **headers: str) -> bytes:
    answer: Any = Client().get(address, headers=headers)
    assert answer.status_code == 200, (address, answer)
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def table(address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(address).decode())))


def of_run(record: RunRecord, file: str = "") -> str:
    return f"{HOME}esecuzioni/{record.run}/{file}"


def test_it_says_what_is_there_to_who_has_not_signed_in(runs: list[RunRecord]) -> None:
    page = body(HOME).decode()

    assert "2 esecuzioni pubblicate, da 2° trimestre 2024 a 3° trimestre 2024" in page
    assert all(
        f"{HOME}{dataset.id}.csv" in page and f"{HOME}{dataset.id}.json" in page for dataset in DATASETS.values()
    )
    assert runs[2].run not in page
    assert "CC BY 4.0" in page
    assert "2 published runs, from " in body(f"/en{HOME}").decode()


def test_it_gives_the_plan_before_any_result_is_published(db: None, site_store: Path) -> None:
    assert "Ancora nessun risultato è pubblicato" in body(HOME).decode()
    assert {row["structure"] for row in table(f"{HOME}piano.csv")} == set(plan().sheets)
    assert table(f"{HOME}risultati.csv") == []
    assert json.loads(body(f"{HOME}risultati.json"))["runs"] == []


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_it_explains_every_column_of_every_file(runs: list[RunRecord], dataset: Dataset) -> None:
    page = body(f"{HOME}tracciati/{dataset.id}/").decode()

    assert body(f"{HOME}{dataset.id}.csv").decode().splitlines()[0] == ",".join(dataset.columns)
    assert all(f"<code>{name}</code>" in page for name in dataset.columns)
    assert set(dataset.columns) <= set(COLUMNS)


def test_it_gives_the_results_of_a_run_as_they_were_scored(runs: list[RunRecord]) -> None:
    rows = table(of_run(runs[1], "risultati.csv"))
    scored = opened_runs().opened(runs[1].run).scores.structures

    assert len(rows) == sum(1 + len(s.nodes) for s in scored)
    printed = {(row["structure"], row["node"]): row for row in rows}
    for structure in scored:
        assert printed[structure.id, ""]["index"] == cell(structure.index)
        for node in structure.nodes:
            row = printed[structure.id, node.id]
            assert (row["value"], row["gap_raw"], row["status"]) == (cell(node.value), cell(node.gap_raw), node.status)
    assert {row["demonstration"] for row in rows} == {"yes"}


def test_it_gives_the_same_figures_as_json_in_the_shape_of_the_answers(runs: list[RunRecord]) -> None:
    told = json.loads(body(of_run(runs[1], "risultati.json")))
    scored = opened_runs().opened(runs[1].run).scores.structures

    assert (told["run"], told["period"], told["demonstration"]) == (runs[1].run, "2024-Q3", True)
    assert told["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [s["id"] for s in told["structures"]] == [s.id for s in scored]
    assert [n["index"] for n in told["structures"][5]["nodes"]] == [n.index for n in scored[5].nodes]


def test_it_gives_every_published_run_in_one_file_and_no_other(runs: list[RunRecord]) -> None:
    published = {runs[0].run, runs[1].run}

    assert {row["run"] for row in table(f"{HOME}risultati.csv")} == published
    assert {row["run"] for row in table(f"{HOME}esecuzioni.csv")} == published
    assert {one["run"] for one in json.loads(body(f"{HOME}valori.json"))["runs"]} == published


def test_it_gives_the_plan_with_the_act_of_every_objective(runs: list[RunRecord]) -> None:
    rows = table(of_run(runs[1], "piano.csv"))
    told = json.loads(body(of_run(runs[1], "piano.json")))

    leaves = [row for row in rows if row["indicator"]]
    assert all(row["act"] and row["rule"] and row["cap"] for row in leaves)
    expected = next(s for s in show(plan())["structures"] if s["id"] == "dcm_milano")
    assert next(s for s in told["structures"] if s["id"] == "dcm_milano")["label"] == expected["label"]
    assert {row["structure"] for row in rows} == {s["id"] for s in told["structures"]}


def test_it_gives_the_exact_values_and_the_methods_with_their_quality(runs: list[RunRecord]) -> None:
    values = table(of_run(runs[1], "valori.csv"))
    methods = {row["indicator"]: row for row in table(of_run(runs[1], "metodi.csv"))}
    kept = opened_runs().opened(runs[1].run)

    assert [row["value"] for row in values] == [text or "" for text in kept.values.texts.to_pylist()]
    assert set(methods) == set(kept.pack.indicators)
    assert methods["indice_deflusso"]["formula"] == kept.pack.indicators["indice_deflusso"].formula
    assert methods["indice_deflusso"]["limits"] == kept.pack.indicators["indice_deflusso"].quality.limits


def test_it_knows_nothing_of_what_is_not_published_not_even_for_who_may_read_it(
    runs: list[RunRecord], sign_in: SignIn
) -> None:
    for client in (Client(), sign_in(Role.PLANNER)):
        for file in ("", "risultati.csv", "piano.json", "esecuzione.tar"):
            assert client.get(of_run(runs[2], file)).status_code == 404


def test_it_knows_only_datasets_and_forms_that_exist(runs: list[RunRecord]) -> None:
    for file in ("niente.csv", "risultati.exe", "esecuzioni.csv"):
        assert Client().get(of_run(runs[1], file)).status_code == 404
    for file in ("niente.csv", "risultati.exe", "catalogo.pdf", "tracciati/niente/"):
        assert Client().get(HOME + file).status_code == 404
    assert Client().post(f"{HOME}risultati.csv").status_code == 405


def test_a_file_of_a_run_may_be_kept_for_ever(runs: list[RunRecord]) -> None:
    first = Client().get(of_run(runs[1], "risultati.csv"))
    again = Client().get(of_run(runs[1], "risultati.csv"), headers={"If-None-Match": first["ETag"]})

    assert "immutable" in first["Cache-Control"]
    assert 'rel="license"' in first["Link"]
    assert (again.status_code, b"".join(getattr(again, "streaming_content", [again.content]))) == (304, b"")
    assert Client().get(of_run(runs[0], "risultati.csv"))["ETag"] != first["ETag"]


def test_a_file_that_grows_may_be_kept_for_minutes_and_changes_its_tag(runs: list[RunRecord]) -> None:
    before = Client().get(f"{HOME}risultati.csv")
    RunRecord.objects.filter(run=runs[0].run).update(published_at=None)
    after = Client().get(f"{HOME}risultati.csv", headers={"If-None-Match": before["ETag"]})

    assert "immutable" not in before["Cache-Control"]
    assert after.status_code == 200


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_long_file_is_made_once_and_forgotten_when_something_is_published(runs: list[RunRecord], form: str) -> None:
    folder = settings.CONFIGURATION.data / "open-data"
    first = body(f"{HOME}risultati.{form}")
    kept = list(folder.glob(f"risultati.{form}.*.gz"))
    again = body(f"{HOME}risultati.{form}")
    packed = body(f"{HOME}risultati.{form}", **{"Accept-Encoding": "gzip"})
    RunRecord.objects.filter(run=runs[0].run).update(published_at=None)
    after = body(f"{HOME}risultati.{form}")

    assert gzip.decompress(packed) == first == again
    assert len(kept) == 1
    assert not kept[0].exists()
    assert len(list(folder.glob(f"risultati.{form}.*.gz"))) == 1
    assert runs[0].run.encode() not in after


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_of_one_run_is_made_once_for_everybody(
    runs: list[RunRecord], form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{HOME}esecuzioni/{runs[0].run}/risultati.{form}"
    first = body(address)
    monkeypatch.setattr("piramide.web.opendata.datasets.csv_pieces", lambda *_: iter((b"written again",)))
    assert body(address) == first
    assert gzip.decompress(body(address, **{"Accept-Encoding": "gzip"})) == first
    assert first != body(f"{HOME}esecuzioni/{runs[1].run}/risultati.json")


def test_files_that_are_kept_are_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("piramide.web.opendata.remembered.MOST_FILES", 3)
    files = [Remembered(f"una-{number}.csv", '"abc"') for number in range(5)]
    for number, file in enumerate(files):
        assert b"".join(file.keeping([b"a"])) == b"a"
        os.utime(file.path, ns=(number + 10**18, number + 10**18))
    assert len(list(files[0].folder.glob("*.gz"))) <= 3
    assert not files[0].path.exists()


def test_the_catalogue_is_written_again_when_something_is_published(runs: list[RunRecord]) -> None:
    before = body(f"{HOME}catalogo.rdf")
    assert body(f"{HOME}catalogo.rdf") == before
    RunRecord.objects.filter(run=runs[0].run).update(published_at=None)
    assert body(f"{HOME}catalogo.rdf") != before


def test_who_stops_reading_a_long_file_leaves_nothing_behind() -> None:
    file = Remembered("prova.csv", '"abc"')
    stopped = file.keeping([b"a", b"b"])
    next(stopped)
    stopped.close()  # type: ignore[attr-defined]

    assert not list(file.folder.glob("*prova*")) + list(file.folder.glob(".draft-*"))
    assert b"".join(file.keeping([b"a", b"b"])) == b"ab" == b"".join(file.read())


def test_a_disk_that_takes_nothing_is_no_reason_not_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("piramide.web.opendata.remembered.gzip.GzipFile.write", full)
    file = Remembered("piena.csv", '"abc"')

    assert b"".join(file.keeping([b"a", b"b"])) == b"ab"
    assert not file.path.exists()


def test_the_beginning_of_an_id_leads_to_the_one_address(runs: list[RunRecord]) -> None:
    answer = Client().get(f"/en{HOME}esecuzioni/{runs[1].short}/valori.json")

    assert (answer.status_code, answer["Location"]) == (302, of_run(runs[1], "valori.json"))


def test_it_says_in_the_name_of_a_file_that_it_is_invented(runs: list[RunRecord]) -> None:
    named = Client().get(of_run(runs[1], "risultati.csv"))["Content-Disposition"]

    assert f"dimostrazione-risultati-2024-Q3-{runs[1].short}.csv" in named
    assert "dimostrazione-piano.csv" in Client().get(f"{HOME}piano.csv")["Content-Disposition"]


def test_no_cell_is_run_by_a_spreadsheet() -> None:
    rows = [("=1+1", "@x", "-0.5", -0.5, "+39", "a\nb", None, True)]
    pieces = b"".join(csv_pieces("abcdefgh", rows)).decode()

    assert next(csv.reader(io.StringIO(pieces.split("\r\n", 1)[1]))) == [
        "'=1+1", "'@x", "-0.5", "-0.5", "'+39", "a\nb", "", "yes",
    ]  # fmt: skip


def test_a_long_table_comes_in_pieces() -> None:
    def endless() -> Iterator[tuple[object, ...]]:
        while True:
            yield ("x" * 100,)

    pieces = csv_pieces(("a",), endless())

    assert len(next(pieces)) < 70_000
    assert next(pieces).startswith(b"x")


def test_anybody_can_recompute_a_published_run(runs: list[RunRecord], tmp_path: Path) -> None:
    first, again = body(of_run(runs[1], "esecuzione.tar")), body(of_run(runs[1], "esecuzione.tar"))
    with tarfile.open(fileobj=io.BytesIO(first)) as archive:
        archive.extractall(tmp_path, filter="data")

    assert first == again
    assert verify(Store(tmp_path / "store"), runs[1].short).verified
    assert f"verify {runs[1].short} --store store" in body(f"{HOME}ricalcolo/").decode()


def test_it_shows_what_a_run_was_made_from(runs: list[RunRecord]) -> None:
    page = body(of_run(runs[1])).decode()
    manifest = opened_runs().run(runs[1].run).manifest

    assert runs[1].run in page
    assert manifest["results"] in page
    assert all(of_run(runs[1], f"{dataset.id}.csv") in page for dataset in OF_RUN)


def test_it_shows_the_quality_statement_of_every_indicator(db: None, site_store: Path) -> None:
    page = body(f"{HOME}qualita/").decode()

    assert page.count('class="open-quality"') == len(plan().indicators)
    assert "Come è verificato" in page


def statements(text: bytes) -> set[tuple[str, str, str]]:
    """Subject, name and object of every statement of a document in RDF/XML."""
    found = set()
    for element in ET.fromstring(text):  # noqa: S314 - our own
        subject = element.attrib[f"{{{RDF}}}about"]
        found.add((subject, f"{RDF}type", element.tag.replace("{", "").replace("}", "")))
        for said in element:
            name = said.tag.replace("{", "").replace("}", "")
            found.add((subject, name, said.attrib.get(f"{{{RDF}}}resource") or said.text or ""))
    return found


def statements_of_json(text: bytes) -> set[tuple[str, str, str]]:
    """The same from JSON-LD."""
    document = json.loads(text)

    def full(name: str) -> str:
        prefix, _, local = name.partition(":")
        return str(document["@context"][prefix]) + local

    found = set()
    for node in document["@graph"]:
        found |= {(node["@id"], f"{RDF}type", full(kind)) for kind in node["@type"]}
        for name, values in node.items():
            if not name.startswith("@"):
                found |= {(node["@id"], full(name), value.get("@id") or value["@value"]) for value in values}
    return found


def test_the_catalogue_says_the_same_in_both_its_forms(runs: list[RunRecord]) -> None:
    said = statements(body(f"{HOME}catalogo.rdf"))

    assert said == statements_of_json(body(f"{HOME}catalogo.jsonld"))
    assert len(said) > 200


SHAPES = Path(__file__).with_name("dcat_ap.ttl")
MANDATORY = {
    "dcatapit:Catalog": ("dct:title", "dct:description", "dct:publisher", "dct:modified", "dcat:dataset"),
    "dcatapit:Dataset": (
        "dct:identifier", "dct:title", "dct:description", "dct:modified", "dcat:theme", "dct:rightsHolder",
        "dct:accrualPeriodicity", "dcat:distribution",
    ),
    "dcatapit:Distribution": ("dct:format", "dcat:accessURL", "dct:license"),
    "dcatapit:Agent": ("foaf:name", "dct:identifier"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MANDATORY)
def test_the_catalogue_holds_what_the_italian_profile_asks(runs: list[RunRecord], kind: str) -> None:
    def full(name: str) -> str:
        prefix, _, local = name.partition(":")
        return PREFIXES[prefix] + local

    said = statements(body(f"{HOME}catalogo.rdf"))
    things = {subject for subject, name, value in said if name == f"{RDF}type" and value == full(kind)}

    assert things
    for thing in things:
        assert [name for name in MANDATORY[kind] if not any(s == thing and n == full(name) for s, n, _v in said)] == []


def told_by_shapes(catalogue: Graph) -> list[str]:
    """What the shapes of DCAT-AP find, each as property and what is wrong with it."""
    _conforms, report, _text = validate(catalogue, shacl_graph=Graph().parse(SHAPES))
    kinds = dict(report.subject_objects(SH.sourceConstraintComponent))
    told = [(str(path), str(kinds[result])) for result, path in report.subject_objects(SH.resultPath)]
    return sorted(": ".join(re.split("[/#]", name)[-1] for name in pair) for pair in told)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # by the reader of JSON-LD
@pytest.mark.parametrize(("form", "syntax"), [("rdf", "xml"), ("jsonld", "json-ld")])
def test_the_catalogue_passes_the_shapes_of_the_european_profile(runs: list[RunRecord], form: str, syntax: str) -> None:
    catalogue = Graph().parse(data=body(f"{HOME}catalogo.{form}"), format=syntax)

    assert len(list(catalogue.subjects(RDF_OF.type, DCAT.Dataset))) == len(DATASETS)
    assert told_by_shapes(catalogue) == []


def test_the_shapes_of_the_european_profile_see_what_is_missing_or_odd(runs: list[RunRecord]) -> None:
    catalogue = Graph().parse(data=body(f"{HOME}catalogo.rdf"), format="xml")
    (home,) = catalogue.subjects(RDF_OF.type, DCAT.Catalog)
    file = next(iter(catalogue.subjects(RDF_OF.type, DCAT.Distribution)))
    catalogue.remove((home, DCTERMS.publisher, None))
    catalogue.remove((file, DCAT.accessURL, None))
    catalogue.add((file, DCTERMS.modified, Literal("ieri")))

    told = told_by_shapes(catalogue)

    assert set(told) == {
        "accessURL: MinCountConstraintComponent", "publisher: MinCountConstraintComponent",
        "modified: MaxCountConstraintComponent", "modified: NodeConstraintComponent",
    }  # fmt: skip


def test_every_file_of_the_catalogue_is_there_under_the_licence_of_the_installation(
    runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(settings.CONFIGURATION, licence="iodl-2.0", origin="https://dati.example.it")
    monkeypatch.setattr(settings, "CONFIGURATION", other)
    said = statements(body(f"{HOME}catalogo.rdf"))
    files = [value for _subject, name, value in said if name == f"{PREFIXES['dcat']}downloadURL"]

    assert len(files) == 2 * (len(DATASETS) + 2 * len(OF_RUN))
    assert all(file.startswith("https://dati.example.it/dati-aperti/") for file in files)
    for file in files:
        assert Client().get(file.removeprefix("https://dati.example.it")).status_code == 200
    assert {v.rsplit("/", 1)[-1] for _s, name, v in said if name == f"{PREFIXES['dct']}license"} == {"A29_IODL20"}


def test_search_engines_find_every_public_page_in_every_language(runs: list[RunRecord]) -> None:
    root = ET.fromstring(body("/sitemap.xml"))  # noqa: S314 - our own
    found = [element.text or "" for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    origin = settings.CONFIGURATION.origin

    assert f"{origin}/strutture/dcm_milano/" in found
    assert f"{origin}/en{of_run(runs[1])}" in found
    assert not [address for address in found if runs[2].run in address]
    for address in found[:12]:
        assert Client().get(address.removeprefix(origin)).status_code == 200


def test_invented_data_are_kept_out_of_search_engines(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Disallow: /\n" in body("/robots.txt").decode()
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, demonstration=False))
    real = body("/robots.txt").decode()
    assert "Disallow: /\n" not in real
    assert "Sitemap: " in real
