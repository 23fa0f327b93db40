"""Files that people upload: judged by their content, shown before they are written, written whole or not at all."""

from __future__ import annotations

import csv
import errno
import io
import os
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.utils import timezone

from piramide.cycle import uploads
from piramide.cycle.uploads import MOST_REJECTED
from piramide.kernel.packed.unfolding import TABLE
from piramide.scoring import reading
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.audit.models import Entry
from piramide.web.collection.campaigns import Opening, open_campaign
from piramide.web.collection.cells import Typed, write_cell
from piramide.web.collection.models import Ask, Campaign, Evidence, Upload, Value
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.databases

Answer = Any
SignIn = Callable[..., Client]
People = Callable[..., User]
MILAN, TRENTO, AUDIT, FLOW = "dcm_milano", "trentino_alto_adige", "indice_audit", "indice_deflusso"
HEAD = "structure,indicator,period,value,status,note\n"
GOOD = f"{HEAD}{MILAN},{AUDIT},2024-Q4,98.5,,\n{MILAN},{FLOW},2024-12,1.02,estimated,stima di dicembre\n"


@pytest.fixture
def campaign(runs: list[RunRecord], person: People) -> Campaign:
    """Two indicators of two structures."""
    due = timezone.localdate() + timedelta(days=10)
    chosen = Opening("Raccolta di prova", "2024-Q4", due, "", frozenset({MILAN, TRENTO}), frozenset({AUDIT, FLOW}))
    return open_campaign(person(Role.PLANNER), chosen)


@pytest.fixture
def director(campaign: Campaign, sign_in: SignIn) -> Client:
    """The director of Milan."""
    return sign_in(Role.DIRECTOR, MILAN)


def _send(client: Client, data: bytes | str, name: str = "valori.csv") -> Answer:
    file = SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)
    return client.post(f"/raccolta/{Campaign.objects.get().pk}/carica/", {"file": file}, follow=True)


def _workbook(rows: list[list[object]], formula: str = "") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("valori")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if formula:
            sheet.write_formula(1, 3, formula, None, 98.5)
    return out.getvalue()


def _zip(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def _with_part(workbook: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    return _zip(parts | {name: data})


def test_it_shows_what_would_change_and_writes_it_only_when_told(director: Client) -> None:
    page = _send(director, GOOD)
    upload = Upload.objects.get()
    assert "2 valori cambierebbero" in page.content.decode()
    assert not Value.objects.exists()
    director.post(f"/raccolta/caricamenti/{upload.pk}/")
    assert set(Value.objects.values_list("value", "status", "note", "origin")) == {
        ("98.5", "measured", "", "uploaded"),
        ("1.02", "estimated", "stima di dicembre", "uploaded"),
    }
    assert Ask.objects.get(structure=MILAN, indicator=AUDIT).current is not None
    assert [
        change["before"] for change in Entry.objects.values_list("after", flat=True).get(verb="values.uploaded") or []
    ] == [
        None,
        None,
    ]


def test_a_double_click_writes_once(director: Client) -> None:
    _send(director, GOOD)
    address = f"/raccolta/caricamenti/{Upload.objects.get().pk}/"
    director.post(address)
    director.post(address)
    assert Value.objects.count() == 2


def test_it_reads_a_workbook_like_a_csv(director: Client) -> None:
    rows: list[list[object]] = [["structure", "indicator", "period", "value"], [MILAN, AUDIT, "2024-Q4", 98.5]]
    page = _send(director, _workbook(rows), "valori.xlsx").content.decode()
    assert "1 valore cambierebbe" in page
    assert Upload.objects.get().content["accepted"][0]["value"] == "98.5"


@pytest.mark.parametrize(("line", "said"), [
    (f"{MILAN},{AUDIT},2024-Q4,tanto", "non è un numero"),
    (f'{MILAN},{AUDIT},2024-Q4,"98,5"', "virgola decimale"),
    (f"{MILAN},{AUDIT},2024-Q4,nan", "non è un numero finito"),
    (f"milano,{AUDIT},2024-Q4,98", "non ha una struttura"),
    (f"{MILAN},indice_auditt,2024-Q4,98", "nulla si chiama"),
    (f"{MILAN},{AUDIT},2023-Q4,98", "fuori dalla validità"),
    (f"{MILAN},{AUDIT},2024-Q2,98", "la campagna non chiede"),
    (f"{TRENTO},{AUDIT},2024-Q4,98", "non puoi inserire"),
    (f"{MILAN},{AUDIT},2024-Q4,98,inventato", "non è uno stato"),
    (f"{MILAN},{AUDIT},2024-Q4,98,missing", "il valore non c’è"),
    (f"{MILAN},{AUDIT},mai,98", "mai"),
])  # fmt: skip
def test_a_row_that_cannot_be_accepted_says_why_and_the_others_can(director: Client, line: str, said: str) -> None:
    cells = line.count(",") - (1 if '"' in line else 0)
    page = _send(director, f"{HEAD}{line}{',' * (5 - cells)}\n{MILAN},{FLOW},2024-Q4,1.02,,\n")
    text = page.content.decode()
    assert "1 riga non si può accettare" in text
    assert "1 valore cambierebbe" in text
    assert said in text.replace("&#x27;", "'")


def test_of_a_pair_given_twice_neither_row_is_taken(director: Client) -> None:
    text = _send(director, f"{HEAD}{MILAN},{AUDIT},2024-Q4,98,,\n{MILAN},{AUDIT},2024-12,99,,\n").content.decode()
    assert "2 righe non si possono accettare" in text
    assert "Scrivi" not in text


def test_rows_left_empty_in_the_template_are_left_alone(director: Client) -> None:
    text = _send(director, f"{HEAD}{MILAN},{AUDIT},2024-Q4,,,\n{MILAN},{FLOW},2024-Q4,1.02,,\n").content.decode()
    assert "1 riga è vuota" in text
    assert "1 valore cambierebbe" in text


def test_a_file_that_a_spreadsheet_in_italian_saved_is_read_and_that_is_said(director: Client) -> None:
    data = f"{HEAD}{MILAN},{FLOW},2024-Q4,1#02,,però\n".replace(",", ";").replace("#", ",").encode("cp1252")
    text = _send(director, data).content.decode()
    assert "1 valore cambierebbe" in text
    assert "«;» fra le colonne e «,» prima dei decimali, in Windows-1252" in text


def test_the_preview_warns_of_what_score_would(director: Client) -> None:
    text = _send(director, f"{HEAD}{MILAN},{AUDIT},2024-Q4,98.5,,\n{MILAN},{FLOW},2024-Q4,102,,\n").content.decode()
    assert "Da guardare prima di scrivere" in text
    assert "valori.csv:3 [value]" in text
    assert "valori.csv:2" not in text


def test_a_row_of_a_mixed_file_is_set_aside_and_never_written(director: Client) -> None:
    rows = f"{MILAN};{FLOW};2024-Q4;1,02;;\n{MILAN};{AUDIT};2024-Q4;98.5;;\n"
    text = _send(director, HEAD.replace(",", ";") + rows).content.decode()
    assert "1 valore cambierebbe" in text
    assert "«98.5» ha un punto che può aprire i decimali" in text


@pytest.mark.parametrize(("data", "name", "said"), [
    ("structure,period,value\nx,2024,1\n", "a.csv", "manca la colonna"),
    ("structure\tindicator\tperiod\tvalue\n", "a.csv", "separate da"),
    (f"{HEAD[:-1]},peso\n", "a.csv", "nessuna colonna si chiama"),
    ("", "a.csv", "vuoto"),
    ("   \n", "a.csv", "non contiene valori"),
    (b"structure,indicator\x81\n", "a.csv", "UTF-8"),
    (b"%PDF-1.7 finto.csv", "a.csv", "né CSV né XLSX"),
    (b"PAR1....", "a.csv", "né CSV né XLSX"),
    (b"structure\0", "a.csv", "né CSV né XLSX"),
    (b"PK\x03\x04 rotto", "a.xlsx", "danneggiat"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", ""),
])  # fmt: skip
def test_a_file_that_is_no_table_of_values_is_refused_in_words(
    director: Client, data: bytes | str, name: str, said: str
) -> None:
    page = _send(director, data, name)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not Upload.objects.exists()


ENTITY = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
ROWS: list[list[object]] = [["structure", "indicator", "period", "value"], [MILAN, AUDIT, "2024-Q4", 98.5]]


@pytest.mark.parametrize(("data", "said"), [
    (lambda: _workbook(ROWS, "=1+97.5"), "formule"),
    (lambda: _with_part(_workbook(ROWS), "xl/externalLinks/externalLink1.xml", b"<a/>"), "colleg"),
    (lambda: _with_part(_workbook(ROWS), "xl/vbaProject.bin", b"macro"), "macro"),
    (lambda: _with_part(_workbook(ROWS), "xl/worksheets/huge.xml", b"0" * 30_000_000), "anomalo|troppo grande"),
    (lambda: _zip({f"xl/{n}.xml": b"x" for n in range(2100)}), "troppo grande"),
    (lambda: _zip({"ciao.txt": b"non un foglio"}), "danneggiat"),
    (lambda: _workbook(ROWS)[:-200], "danneggiat"),
    (lambda: _with_part(_workbook(ROWS), "xl/worksheets/sheet1.xml", ENTITY), "danneggiat"),
])  # fmt: skip
def test_an_unsafe_workbook_is_not_opened(director: Client, data: Callable[[], bytes], said: str) -> None:
    page = _send(director, data(), "a.xlsx")
    assert page.status_code == 422
    text = page.content.decode()
    assert any(part in text for part in said.split("|")), text[text.find("alert-danger") :][:600]


def test_a_part_that_lies_about_its_size_unfolds_no_further(director: Client) -> None:
    bomb = bytearray(_with_part(_workbook(ROWS), "xl/worksheets/sheet1.xml", b"<a>" + b" " * 5_000_000 + b"</a>"))
    real = (5_000_007).to_bytes(4, "little")
    while (at := bomb.find(real)) >= 0:
        bomb[at : at + 4] = (100).to_bytes(4, "little")
    assert _send(director, bytes(bomb), "a.xlsx").status_code == 422
    assert TABLE.octets <= 200_000_000


def test_a_file_over_the_limit_is_refused_without_being_kept(director: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UPLOAD_LIMIT", 1024 * 1024)
    page = _send(director, HEAD + "x" * (2 * 1024 * 1024))
    assert page.status_code == 422
    assert "supera 1 MB" in page.content.decode()


def test_a_disk_that_fills_while_a_file_comes_in_is_said_in_words(
    director: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    page = _send(director, HEAD + "x" * (3 * 1024 * 1024))
    assert page.status_code == 422
    assert "lo spazio su disco è finito" in page.content.decode()
    assert not Upload.objects.exists()


def test_evidence_on_a_full_disk_leaves_no_half_file_and_no_row(
    director: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    ask = Ask.objects.get(structure=MILAN, indicator=AUDIT)
    page = director.post(f"/raccolta/celle/{ask.pk}/versioni/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")})
    assert page.status_code == 422
    assert "lo spazio su disco è finito" in page.content.decode()
    assert not Evidence.objects.exists()
    assert not list((Path(settings.MEDIA_ROOT) / "evidence").glob(".draft-*"))


@pytest.mark.parametrize(("data", "name", "kind"), [
    (b"%PDF-1.7 x", "a.pdf", "application/pdf"),
    (b"\x89PNG\r\n\x1a\nx", "a.png", "image/png"),
    (b"\xff\xd8\xff\xe0x", "foto.jpg", "image/jpeg"),
    (_zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}), "a.ods",
     "application/vnd.oasis.opendocument.spreadsheet"),
    (_workbook(ROWS), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
])  # fmt: skip
def test_evidence_is_what_its_content_says(director: Client, data: bytes, name: str, kind: str) -> None:
    ask = Ask.objects.get(structure=MILAN, indicator=AUDIT)
    director.post(f"/raccolta/celle/{ask.pk}/versioni/", {"file": SimpleUploadedFile(name, data, "text/html")})
    kept = Evidence.objects.get()
    assert (kept.kind, kept.name) == (kind, name)
    assert kept.file.startswith("evidence/")
    assert name not in kept.file


@pytest.mark.parametrize("data", [
    b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"", _zip({"a.txt": b"x"}), b"PK\x03\x04rotto",
    _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "big": b"0" * 40_000_000}),
])  # fmt: skip
def test_a_document_of_another_kind_is_refused_whatever_its_name(director: Client, data: bytes) -> None:
    ask = Ask.objects.get(structure=MILAN, indicator=AUDIT)
    file = SimpleUploadedFile("../../verbale.pdf", data, "application/pdf")
    assert director.post(f"/raccolta/celle/{ask.pk}/versioni/", {"file": file}).status_code == 422
    assert not Evidence.objects.exists()


def test_what_somebody_wrote_since_the_preview_is_not_overwritten(director: Client, person: People) -> None:
    _send(director, GOOD)
    ask = Ask.objects.get(structure=MILAN, indicator=AUDIT)
    write_cell(person(Role.DATA_OWNER), ask.pk, Typed("97", "measured", "", 0))
    page = director.post(f"/raccolta/caricamenti/{Upload.objects.get().pk}/")
    assert page.status_code == 422
    text = page.content.decode()
    assert "97" in text
    assert "98,5" in text
    assert Value.objects.count() == 1


def test_only_who_uploaded_a_file_writes_it(director: Client, sign_in: SignIn) -> None:
    _send(director, GOOD)
    address = f"/raccolta/caricamenti/{Upload.objects.get().pk}/"
    assert sign_in(Role.DIRECTOR, MILAN).get(address).status_code == 404
    assert sign_in(Role.OIV).get(address).status_code == 403


def test_who_may_not_collect_cannot_upload(campaign: Campaign, sign_in: SignIn) -> None:
    for role, where, status in ((Role.OIV, "nazionale", 403), (Role.DIRECTOR, "piemonte", 404)):
        client = sign_in(role, where)
        assert client.get(f"/raccolta/{campaign.pk}/carica/").status_code == status
        assert client.get(f"/raccolta/{campaign.pk}/modello.csv").status_code == status


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_comes_back_as_it_went_out(director: Client, person: People, kind: str) -> None:
    ask = Ask.objects.get(structure=MILAN, indicator=AUDIT)
    write_cell(person(Role.DIRECTOR, MILAN), ask.pk, Typed("98,5", "measured", "", 0))
    answer = director.get(f"/raccolta/{ask.campaign_id}/modello.{kind}")
    assert "dati-dimostrativi" in answer["Content-Disposition"]
    text = _send(director, answer.content, f"modello.{kind}").content.decode()
    assert "1 è uguale a ciò che c" in text
    assert "1 riga è vuota" in text


def test_no_cell_of_a_template_begins_a_formula(director: Client, person: People) -> None:
    ask = Ask.objects.get(structure=MILAN, indicator=AUDIT)
    write_cell(person(Role.DIRECTOR, MILAN), ask.pk, Typed("-5", "measured", "=cmd|' /C calc'!A0", 0))
    answer = director.get(f"/raccolta/{ask.campaign_id}/modello.csv")
    row = next(row for row in csv.DictReader(io.StringIO(answer.content.decode())) if row["indicator"] == AUDIT)
    assert row["note"] == "'=cmd|' /C calc'!A0"
    assert row["value"] == "-5"


def test_thousands_of_wrong_rows_are_answered_and_do_not_hang(director: Client) -> None:
    rows = "".join(f"{MILAN},indicatore_{n},2024-Q4,1,,\n" for n in range(5000))
    page = _send(director, HEAD + rows)
    assert page.status_code == 422
    assert "non si possono accettare" in page.content.decode()


def test_no_name_is_looked_for_beyond_the_faults_that_are_shown(
    director: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def nearest(name: str, _known: object) -> tuple[str, ...]:
        asked.append(name)
        return ()

    monkeypatch.setattr(reading, "nearest", nearest)
    rows = "".join(f"{MILAN},indicatore_{n},2024-Q4,1,,\n" for n in range(MOST_REJECTED))

    page = _send(director, HEAD + rows)

    assert page.status_code == 200
    rounds = MOST_REJECTED / reading.MOST_FAULTS
    assert MOST_REJECTED <= len(asked) <= (reading.MOST_FAULTS + 1) * rounds


def test_a_file_with_more_rows_than_can_be_accepted_is_not_judged_row_by_row(
    director: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "check_values", _fail)
    rows = "".join(f"{MILAN},{FLOW},2024-12,{n},,\n" for n in range(MOST_REJECTED + Ask.objects.count() + 1))
    assert "non si possono accettare" in _send(director, HEAD + rows).content.decode()


def _fail(*_arguments: object) -> NoReturn:
    raise AssertionError


def test_a_closed_campaign_takes_no_file(director: Client) -> None:
    Campaign.objects.update(closed_at=timezone.now())
    page = _send(director, GOOD)
    assert page.status_code == 422
    assert "chiusa" in page.content.decode()
