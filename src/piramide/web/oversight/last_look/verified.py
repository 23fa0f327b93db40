"""The run was recomputed, and since then nobody has written its files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.web.oversight.last_look.line import Item, Kind, Line
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

STILL_GOOD: Final = timedelta(hours=24)
"""For how long a verification answers for a run that is validated or published."""


def look(record: RunRecord) -> tuple[Item, ...]:
    """Why the last verification does not answer for the run as it is now; nothing where it does."""
    address = reverse("oversight:run", args=[record.pk])
    last = record.verifications.first()
    if last is None:
        return (Item("never", _("Nessuno l'ha ancora ricalcolata."), address),)
    when = {"when": _moment(last.at)}
    if not last.is_whole:
        text = _("Alla verifica del %(when)s non si ricalcolava uguale.") % when
        return (Item("differs", text, address),)
    if last.at < _written_at(record):
        text = _("Dopo la verifica del %(when)s qualcuno ha riscritto i suoi file.") % when
        return (Item("written", text, address),)
    if timezone.now() - last.at > STILL_GOOD:
        text = _("L'ultima verifica è del %(when)s, più di un giorno fa.") % when
        return (Item("old", text, address),)
    return ()


def _moment(when: datetime) -> str:
    return date_format(timezone.localtime(when), "d/m/Y H:i")


def _written_at(record: RunRecord) -> datetime:
    """When the newest file of the run was written."""
    folder = opened_runs().store.folder(record.pk)
    newest = max((path.stat().st_mtime for path in folder.rglob("*") if path.is_file()), default=0.0)
    return datetime.fromtimestamp(newest, UTC)


VERIFIED: Final = Line(
    "verified",
    gettext_lazy("Verificata"),
    gettext_lazy("Qualcuno l'ha ricalcolata nell'ultimo giorno, e da allora i suoi file sono gli stessi."),
    gettext_lazy("Si ricalcola uguale in ogni cifra."),
    Kind.BLOCKS,
    look,
)
