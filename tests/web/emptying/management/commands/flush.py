"""`flush` for tests: the triggers of the register are put away while the tables are emptied."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connection

from piramide.web.audit.triggers import seal, unseal


class Command(flush.Command):
    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        unseal(connection)
        super().handle(**options)
        seal(connection)
