"""Saving and restoring an installation: its store, its files and the rows of its database."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Final

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, OperationalError, connection, models, transaction

from piramide.cycle.backup import STORE, Backup, put_store, unpacked, write_backup
from piramide.kernel.durable import copy_tree
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.progress import Progress
from piramide.web import restoring
from piramide.web.accounts.models import User
from piramide.web.audit.chain import head
from piramide.web.database import is_untouched, pending_steps
from piramide.web.plans.adoptions import note_adoptions
from piramide.web.sealing import WrongKeyError, seal, unseal

ROWS: Final = "rows.jsonl"
SITE: Final = "site"
FOLDERS: Final = ("collected", "media", "plans")
"""What people put into the folder of the installation."""
PASSING_FOLDERS: Final = ("media/uploads", "media/sheets")
"""Files on their way into a job, and archives of sheets that a job makes again."""
REGISTER: Final = "register"
SECRETS: Final = "secrets.sealed"
SECRET_ROWS: Final = frozenset({"mfa.Authenticator", "socialaccount.SocialToken", "socialaccount.SocialApp"})
"""Rows that open accounts or speak for the site elsewhere; of `accounts.User` it is the password."""
_PASSING: Final = frozenset({"sessions", "contenttypes", "auth"})
"""What a restored site makes again: sessions end, and nothing uses Django's own permissions."""


def save(target: Path, progress: Progress) -> Backup:
    """Write store, uploaded files and the rows of the database into `target`, readable by its owner alone.

    What opens accounts goes in encrypted with the backup key of the installation, or not at all where there is none.
    """
    parts = {STORE: settings.CONFIGURATION.store} if settings.CONFIGURATION.store.is_dir() else {}
    with _passing_folder() as name:
        rows = Path(name)
        register = _rows_kept(rows)
        for folder in FOLDERS:
            if (settings.CONFIGURATION.data / folder).is_dir():
                parts[folder] = settings.CONFIGURATION.data / folder
        return write_backup(
            target, {**parts, SITE: rows}, progress, leave_out=PASSING_FOLDERS, notes={REGISTER: register}
        )


def _passing_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes away again. Raises `Refusal` (CY022) where the system has room for none."""
    try:
        return tempfile.TemporaryDirectory(prefix="piramide-")
    except OSError as error:
        where = os.environ.get("TMPDIR", "/tmp")  # noqa: S108 - where it would have been
        raise refuse("CY022", Place(where), problem=error.strerror or str(error)) from error


def _rows_kept(folder: Path) -> str:
    """`_write_rows`, or a `Refusal` (CY022) with the folder or the database that takes no more."""
    try:
        return _write_rows(folder)
    except OSError as error:
        raise refuse("CY022", Place(str(folder)), problem=error.strerror or str(error)) from error
    except OperationalError as error:
        raise _not_written(error) from error


def has_secrets(backup: Backup) -> bool:
    """Whether a backup holds what opens accounts, encrypted."""
    return f"{SITE}/{SECRETS}" in backup.files


def must_set_again() -> int:
    """How many active people have no password here: they choose one again, or come by the provider."""
    return User.objects.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX).count()


def _write_rows(folder: Path) -> str:
    """Every row as one line of JSON, what opens accounts apart, encrypted; answers the register's head of then."""
    if is_untouched():  # a store without a site
        (folder / ROWS).touch()
        return ""
    if pending := pending_steps():
        raise refuse("SI001", pending=pending)
    secret = StringIO()
    with transaction.atomic(), (folder / ROWS).open("w", encoding="utf-8") as out:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        serializers.serialize("jsonl", _rows(_models(without=SECRET_ROWS)), stream=out)
        _write_secrets(secret)
        register = str(head())
    if key := settings.CONFIGURATION.backup_key:
        (folder / SECRETS).write_bytes(seal(secret.getvalue().encode(), key))
    return register


def _write_secrets(out: StringIO) -> None:
    """Password hashes, then the rows that are secret as a whole; each one line of JSON."""
    hashes = dict(User.objects.order_by("pk").values_list("pk", "password"))
    out.write(json.dumps({"passwords": hashes}) + "\n")
    serializers.serialize("jsonl", _rows(model for model in _models() if model._meta.label in SECRET_ROWS), stream=out)  # noqa: SLF001


def _models(without: frozenset[str] = frozenset()) -> list[type[models.Model]]:
    """Models with rows that people made, those that others refer to first."""
    ours = [(config, None) for config in apps.get_app_configs() if config.label not in _PASSING]
    found = [model for model in serializers.sort_dependencies(ours) if not model._meta.proxy]  # noqa: SLF001
    return [model for model in found if model._meta.label not in without]  # noqa: SLF001


def _rows(chosen: Iterable[type[models.Model]]) -> Iterator[models.Model]:
    """Rows of the chosen models; of a person everything but the password."""
    for model in chosen:
        for row in model._default_manager.order_by("pk").iterator():  # noqa: SLF001
            if isinstance(row, User):
                row.set_unusable_password()
            yield row


def restore(file: Path, progress: Progress, *, without_secrets: bool = False) -> Backup:
    """Put a backup into an installation that is empty. Nothing is touched unless all of it is as it was saved.

    `without_secrets` leaves out what is encrypted: people then set passwords and second factors again. Stopped in the
    middle, it goes on when it is asked for again.
    """
    store, data = settings.CONFIGURATION.store, settings.CONFIGURATION.data
    restoring.refuse_unless_empty()
    _lay_tables()
    if (people := User.objects.count()) and not restoring.is_going_on():
        raise refuse("SI004", count=people)
    with unpacked(file, store, progress) as folder:
        backup = _backup_of(folder)
        secret = b"" if without_secrets else _secrets(folder / SITE / SECRETS)
        restoring.begin(folder)
        if not _has_rows():
            _read_rows(folder / SITE / ROWS, backup, secret)
        for part in FOLDERS:
            if (folder / part).is_dir():
                copy_tree(folder / part, data / part)
        if (folder / STORE).is_dir() and not (store.is_dir() and any(store.iterdir())):
            put_store(folder, store)
        restoring.end()
    note_adoptions()  # one that an earlier version saved has none
    return backup


def _lay_tables() -> None:
    """The tables of this version. Raises `Refusal` (CY022) where the database has no room for them."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except OperationalError as error:
        raise _not_written(error) from error


def _not_written(error: OperationalError) -> Refusal:
    """A database that takes no more, with its name: a full disk, a file that may not be written."""
    name = str(connection.settings_dict["NAME"])
    return refuse("CY022", Place(name), problem=str(error).splitlines()[0][:200])


def _has_rows() -> bool:
    """Whether the rows of a backup are there already: they come all together or not at all."""
    return any(model._default_manager.exists() for model in _models())  # noqa: SLF001


def _secrets(path: Path) -> bytes:
    """What was encrypted, in clear; nothing where the backup has none. Raises `Refusal` without the right key."""
    if not path.is_file():
        return b""
    if not settings.CONFIGURATION.backup_key:
        raise refuse("SI014")
    try:
        return unseal(path.read_bytes(), settings.CONFIGURATION.backup_key)
    except WrongKeyError as error:
        raise refuse("SI015") from error


def _backup_of(folder: Path) -> Backup:
    body = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return Backup({name: tuple(pair) for name, pair in body["files"].items()}, body["made_with"], body.get("notes", {}))


def _read_rows(path: Path, backup: Backup, secret: bytes) -> None:
    try:
        with transaction.atomic(), connection.constraint_checks_disabled():
            with path.open(encoding="utf-8") as rows:
                for row in serializers.deserialize("jsonl", rows):
                    row.save(force_insert=True)
            if secret:
                _read_secrets(secret.decode())
            _continue_counting()
    except OperationalError as error:
        raise _not_written(error) from error
    except (DatabaseError, serializers.base.DeserializationError) as error:
        raise refuse("SI005", problem=str(error)[:200], version=backup.made_with) from error


def _read_secrets(text: str) -> None:
    hashes, _line, rows = text.partition("\n")
    for key, password in json.loads(hashes)["passwords"].items():
        User.objects.filter(pk=key).update(password=password)
    for row in serializers.deserialize("jsonl", rows):
        row.save(force_insert=True)


def _continue_counting() -> None:
    """New rows get numbers after the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
