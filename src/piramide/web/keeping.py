"""Saving and restoring an installation: its store, its files and the rows of its database."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from piramide.cycle.backup import STORE, Backup, Told, put_store, refuse_if_taken, unpacked, write_backup
from piramide.kernel.durable import copy_tree
from piramide.kernel.findings import refuse
from piramide.web.accounts.models import User
from piramide.web.database import is_untouched, pending_steps

ROWS: Final = "rows.jsonl"
SITE: Final = "site"
FOLDERS: Final = ("collected", "media", "plans")
"""What people put into the folder of the installation."""
_PASSING: Final = frozenset({"sessions", "contenttypes", "auth"})
"""What a restored site makes again: sessions end, and nothing uses Django's own permissions."""


def save(target: Path, told: Told) -> Backup:
    """Write store, uploaded files and the rows of the database into `target`."""
    parts = {STORE: settings.CONFIGURATION.store} if settings.CONFIGURATION.store.is_dir() else {}
    with tempfile.TemporaryDirectory(prefix="piramide-") as name:
        rows = Path(name)
        _write_rows(rows)
        for folder in FOLDERS:
            if (settings.CONFIGURATION.data / folder).is_dir():
                parts[folder] = settings.CONFIGURATION.data / folder
        return write_backup(target, {**parts, SITE: rows}, told)


def _write_rows(folder: Path) -> None:
    """Every row as one line of JSON, all of one moment."""
    if is_untouched():  # a store without a site
        (folder / ROWS).touch()
        return
    if pending := pending_steps():
        raise refuse("SI001", pending=pending)
    with transaction.atomic(), (folder / ROWS).open("w", encoding="utf-8") as out:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        serializers.serialize("jsonl", _rows(), stream=out)


def _models() -> list[type[models.Model]]:
    """Models with rows that people made, those that others refer to first."""
    ours = [(config, None) for config in apps.get_app_configs() if config.label not in _PASSING]
    return [model for model in serializers.sort_dependencies(ours) if not model._meta.proxy]  # noqa: SLF001


def _rows() -> Iterator[models.Model]:
    for model in _models():
        yield from model._default_manager.order_by("pk").iterator()  # noqa: SLF001


def restore(file: Path, told: Told) -> Backup:
    """Put a backup into an installation that is empty. Nothing is touched unless all of it is as it was saved."""
    store, data = settings.CONFIGURATION.store, settings.CONFIGURATION.data
    refuse_if_taken(store)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if people := User.objects.count():
        raise refuse("SI004", count=people)
    with unpacked(file, store, told) as folder:
        backup = _backup_of(folder)
        _read_rows(folder / SITE / ROWS, backup)
        for part in FOLDERS:
            if (folder / part).is_dir():
                copy_tree(folder / part, data / part)
        if (folder / STORE).is_dir():
            put_store(folder, store)
    return backup


def _backup_of(folder: Path) -> Backup:
    body = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return Backup({name: tuple(pair) for name, pair in body["files"].items()}, body["made_with"])


def _read_rows(path: Path, backup: Backup) -> None:
    try:
        with transaction.atomic(), connection.constraint_checks_disabled():
            with path.open(encoding="utf-8") as rows:
                for row in serializers.deserialize("jsonl", rows):
                    row.save(force_insert=True)
            _continue_counting()
    except (DatabaseError, serializers.base.DeserializationError) as error:
        raise refuse("SI005", fault=str(error)[:200], version=backup.made_with) from error


def _continue_counting() -> None:
    """New rows get numbers after the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
