"""Where the database of the site stands."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder


def pending_steps() -> int:
    """How many steps the database is behind the installed version."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def is_untouched() -> bool:
    """Whether no site was ever kept in it."""
    return not MigrationRecorder(connection).has_table()
