"""The database itself refuses to change or remove a row of the register, whoever asks: not only our code.

Who owns the database can drop a trigger; then the chain shows what was touched. A migration that rebuilds the table on
SQLite drops them with it, and has to `seal` again.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE: Final = "audit_entry"
REFUSAL: Final = "the register of changes only grows"

_SQLITE: Final = {
    "audit_entry_no_update": f"BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "audit_entry_no_delete": f"BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    # INSERT OR REPLACE removes a row without asking the trigger above.
    "audit_entry_no_replace": (
        f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE number = NEW.number OR hash = NEW.hash) "  # noqa: S608 - constants
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE: {REFUSAL}'); END"
    ),
}
_POSTGRESQL: Final = {
    "audit_entry_no_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()",
    "audit_entry_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()",
}
_FUNCTION: Final = (
    "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
)


def seal(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers; what is there already stays."""
    unseal(connection)
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute(_FUNCTION)
        for name, what in (_POSTGRESQL if is_postgresql else _SQLITE).items():
            cursor.execute(f"CREATE TRIGGER {name} {what}")


def unseal(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration, and for tests that tamper or empty the tables."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for name in _POSTGRESQL if is_postgresql else _SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {TABLE}' if is_postgresql else ''}")
