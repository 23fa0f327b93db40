"""Uploaded files of values: judged, shown, and written together only when the person says so."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from piramide.cycle.collected import Collected
from piramide.cycle.uploads import Preview, Terms, preview
from piramide.kernel.findings import Refusal, capped, refuse
from piramide.kernel.statuses import Status
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record
from piramide.web.collection.cells import as_json, conflict, says_the_same, shown
from piramide.web.collection.models import Ask, Campaign, Upload, Value
from piramide.web.plans_in_force import plan_called

_LONGEST_NAME: Final = 150
_MOST_SHOWN: Final = 10
_PIECE: Final = 500


def judge(user: User, campaign: Campaign, file: UploadedFile[Any], structures: Collection[str]) -> Upload:
    """Read a file and keep what it would change; nothing is written yet. Refuses CO008 and what `preview` refuses."""
    if not campaign.is_open:
        raise refuse("CO008", subject=campaign.title)
    data = file.read()
    name = Path(file.name or "file").name[-_LONGEST_NAME:]
    asks = {(a.structure, a.indicator, a.period): a for a in campaign.asks.select_related("current")}
    found = preview(data, name, Terms(plan_called(campaign.pack), asks.keys(), structures))
    content = _as_json(found, asks)
    sha256 = hashlib.sha256(data).hexdigest()
    return Upload.objects.create(campaign=campaign, by=user, name=name, sha256=sha256, content=content)


def _as_json(found: Preview, asks: dict[tuple[str, str, str], Ask]) -> dict[str, Any]:
    accepted = []
    for row in found.accepted:
        ask = asks[row.key]
        status = row.status or (Status.MEASURED if row.value else Status.MISSING)
        said = Collected(*row.key, row.value, status, row.note[:500])
        accepted.append({
            "line": row.line,
            "ask": ask.pk,
            "structure": row.structure,
            "indicator": row.indicator,
            "period": row.period,
            "value": said.value,
            "status": said.status,
            "note": said.note,
            "seen": ask.current_id or 0,
            "before": ask.current.value if ask.current else "",
            "is_same": says_the_same(ask.current, said),
        })  # fmt: skip
    rejected = [
        {"line": row.line, "cells": list(row.cells), "findings": [_both(finding) for finding in row.findings]}
        for row in found.rejected
    ]
    return {
        "accepted": accepted,
        "rejected": rejected,
        "blank": found.blank,
        "remarks": [_both(finding) for finding in capped(found.remarks)],
    }


def _both(finding: Any) -> dict[str, str]:
    return {"code": finding.code, "it": finding.message("it"), "en": finding.message("en")}


@transaction.atomic
def apply(user: User, upload_id: int) -> Upload:
    """Write every accepted row as a new version, all or none; the second time nothing happens.

    Refuses CO008 in a closed campaign, CO014 for each cell that somebody wrote since the file was judged.
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.applied_at is not None:
        return upload
    upload.campaign = Campaign.objects.select_for_update().get(pk=upload.campaign_id)  # not closed meanwhile
    if not upload.campaign.is_open:
        raise refuse("CO008", subject=upload.campaign.title)
    rows = [row for row in upload.content["accepted"] if not row["is_same"]]
    asks = _locked([row["ask"] for row in rows])
    conflicts = [
        conflict(asks[row["ask"]], shown(row["value"] or row["status"])).findings[0]
        for row in rows
        if (asks[row["ask"]].current_id or 0) != row["seen"]
    ]
    if conflicts:
        raise Refusal(*capped(conflicts, _MOST_SHOWN))
    _write(user, upload, rows, asks)
    upload.applied_at, upload.written = timezone.now(), len(rows)
    upload.save(update_fields=["applied_at", "written"])
    return upload


def _locked(ids: list[int]) -> dict[int, Ask]:
    found: dict[int, Ask] = {}
    for start in range(0, len(ids), _PIECE):
        asks = Ask.objects.select_for_update(of=("self",)).select_related("current__by")
        found |= asks.in_bulk(ids[start : start + _PIECE])
    return found


def _write(user: User, upload: Upload, rows: list[dict[str, Any]], asks: dict[int, Ask]) -> None:
    changes = []
    values = []
    for row in rows:
        ask = asks[row["ask"]]
        number = ask.current.number + 1 if ask.current else 1
        value = Value(
            ask=ask, number=number, value=row["value"], status=row["status"], note=row["note"], by=user,
            origin=Value.Origin.UPLOADED,
        )  # fmt: skip
        names = {name: row[name] for name in ("structure", "indicator", "period")}
        changes.append(names | {"before": as_json(ask.current), "after": as_json(value)})
        values.append(value)
    Value.objects.bulk_create(values, batch_size=_PIECE)
    for value in values:  # both databases give the keys of what they were given
        asks[value.ask_id].current = value
    Ask.objects.bulk_update(asks.values(), ["current"], batch_size=_PIECE)
    subject = f"campaign:{upload.campaign_id} upload:{upload.pk} {upload.sha256[:12]}"
    record(named(user), Change("values.uploaded", subject, after=changes, reason=upload.name))
