"""Documents that prove something: judged by their content, kept outside the database, given only to who may read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from piramide.cycle.collected import write_whole
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.scoring.value_workbook import safe_package
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record
from piramide.web.collection.models import Evidence

FOLDER: Final = "evidence"
_STARTS: Final = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
_LONGEST_NAME: Final = 150


def kind_of(data: bytes, name: str) -> str:
    """The media type that the content of a document has. Refuses CO012 any other, CO003 a package that would burst."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(safe_package(data, Place(name)))) as package:
                names = set(package.namelist())
                if "xl/workbook.xml" in names and not any(part.endswith("vbaProject.bin") for part in names):
                    return _XLSX
                if "mimetype" in names and package.read("mimetype").decode(errors="replace").strip() == _ODS:
                    return _ODS
        except Refusal as refusal:
            if refusal.findings[0].code == "CO003":
                raise
    raise refuse("CO012", Place(name))


@transaction.atomic
def attach(user: User, subject: str, structure: str, file: UploadedFile[Any]) -> Evidence:
    """Keep a document as evidence of `subject`. Refuses CO003, CO005, CO012, CO013."""
    data = file.read()
    name = Path(file.name or "documento").name[-_LONGEST_NAME:]
    if not data:
        raise refuse("CO013")
    evidence = Evidence(
        subject=subject, structure=structure, name=name, kind=kind_of(data, name), size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), file=f"{FOLDER}/{uuid4().hex}", by=user,
    )  # fmt: skip
    path = Path(settings.MEDIA_ROOT) / evidence.file
    write_whole(path, data)
    try:
        evidence.save()
        after = {"name": name, "kind": evidence.kind, "size": evidence.size, "sha256": evidence.sha256}
        record(named(user), Change("evidence.attached", subject, structure, after=after))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return evidence


def evidence_of(subject: str) -> list[Evidence]:
    """The documents of something."""
    return list(Evidence.objects.filter(subject=subject).select_related("by"))


def content_of(evidence: Evidence) -> bytes | None:
    """The document as it was; `None` when it is gone or no longer the same."""
    path = Path(settings.MEDIA_ROOT) / evidence.file
    data = path.read_bytes() if path.is_file() else b""
    return data if hashlib.sha256(data).hexdigest() == evidence.sha256 else None
