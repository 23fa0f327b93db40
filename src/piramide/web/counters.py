"""Counters in the database that nobody can push out: what has not expired stays, however many there are."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from typing import Any, Final

from django.core.cache.backends.db import DatabaseCache
from django.db import connections
from django.db.backends.utils import CursorWrapper

CHECKED_ABOVE: Final = 10_000
"""Rows above which a new one first removes those past their time."""
NETWORK_BITS: Final = 64
"""What a provider gives to one customer of IPv6: addresses below count as one."""


class Counters(DatabaseCache):
    """A cache in a table of its own whose rows end with their time alone.

    The library's drops a third of the live rows once there are 300, which any stranger brings about by asking under as
    many names; counters of attempts would begin again. Rows live for minutes, so their number is bounded by what the
    site answers in as many minutes.
    """

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(table, {**params, "MAX_ENTRIES": CHECKED_ABOVE})
        self._rows = table

    def _cull(self, db: str, cursor: CursorWrapper, now: datetime, num: int) -> None:  # noqa: ARG002 - the library's
        """Remove what has expired, and nothing else."""
        self.delete_expired(db, cursor, now)

    def delete_expired(self, db: str, cursor: CursorWrapper, now: datetime) -> int:
        """Delete rows past their time by `now`; the number of rows."""
        operations = connections[db].ops
        table, moment = operations.quote_name(self._rows), operations.adapt_datetimefield_value(now)
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [moment])  # noqa: S608 - the name is a setting
        return int(cursor.rowcount)


def network_of(address: str) -> str:
    """What counts as one caller: an IPv4 address, the first 64 bits of an IPv6 one, anything else as it stands."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, NETWORK_BITS), strict=False))
    return str(found)
