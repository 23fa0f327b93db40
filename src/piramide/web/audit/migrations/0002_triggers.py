"""The database refuses to change or remove rows of the register."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from piramide.web.audit.triggers import seal, unseal


def forwards(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    seal(schema_editor.connection)


def backwards(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    unseal(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
