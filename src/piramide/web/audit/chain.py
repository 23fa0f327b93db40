"""Appending to the register and proving it whole."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from piramide.kernel.findings import Place, refuse
from piramide.web.audit.models import Entry

GENESIS: Final = "0" * 64
_FIELDS: Final = ("number", "who", "verb", "subject", "structure", "before", "after", "reason", "act", "previous")
_HEAD: Final = re.compile(r"(\d{1,15}):([0-9a-f]{64})")
PROGRAM: Final = "piramide"
"""Who changes what nobody asked for."""
_LOCK: Final = 0x7069_7261  # any number of ours: PostgreSQL's lock for one writer at a time


@dataclass(frozen=True, slots=True)
class Change:
    """What is said of a change; `before` and `after` are JSON values of what changed and nothing else."""

    verb: str
    subject: str
    structure: str = ""
    before: Any = None
    after: Any = None
    reason: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The register: how many rows, hash of the last, and the first row that does not follow, with what is wrong."""

    rows: int
    head: str
    broken_at: int | None = None
    fault: str = ""

    @property
    def is_whole(self) -> bool:
        """Nothing is removed or altered."""
        return self.broken_at is None


@dataclass(frozen=True, slots=True)
class Head:
    """How long the register is and the hash of its last row, written as `ROWS:HASH`.

    Kept where whoever owns the database cannot reach, it shows a cut tail and a rewritten register.
    """

    rows: int
    hash: str

    def __str__(self) -> str:
        return f"{self.rows}:{self.hash}"


def head_of(entry: Entry) -> Head:
    """The head of the register when `entry` was its last row."""
    return Head(entry.number, entry.hash)


def head() -> Head:
    """The head of the register now."""
    last = Entry.objects.order_by("-number").only("number", "hash").first()
    return head_of(last) if last else Head(0, GENESIS)


def read_head(text: str) -> Head:
    """A head as it was written. Refuses (SI016) what is none."""
    if not (found := _HEAD.fullmatch(text.strip().lower())):
        raise refuse("SI016", Place("--expect"), text)
    return Head(int(found.group(1)), found.group(2))


@transaction.atomic
def record(who: str, change: Change) -> Entry:
    """Append a change in the transaction of the caller: the change and its row are kept together or not at all.

    `who` is the name that the row keeps: a person's of that day, or `PROGRAM`.
    """
    one_writer()
    last = Entry.objects.order_by("-number").first()
    entry = Entry(
        number=last.number + 1 if last else 1,
        at=timezone.now().replace(microsecond=0),
        who=who,
        verb=change.verb,
        subject=change.subject,
        structure=change.structure,
        before=change.before,
        after=change.after,
        reason=change.reason,
        act=change.act,
        previous=last.hash if last else GENESIS,
    )
    entry.hash = digest(entry)
    entry.save()
    return entry


def one_writer() -> None:
    """Let nobody else append until the transaction ends: two would follow the same row.

    Whoever asks for it before looking finds what the one before has done, where no row can be held for that. SQLite
    lets one write at a time by itself.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def digest(entry: Entry) -> str:
    """SHA-256 over the canonical JSON of a row without its own hash."""
    content = {name: getattr(entry, name) for name in _FIELDS}
    content["at"] = _utc(entry.at)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def check_chain(expected: Head | None = None) -> ChainReport:
    """Walk the whole register. With a head of an earlier day, also what was cut off or written again is found."""
    previous, count = GENESIS, 0
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        count += 1
        if entry.number != count:
            return ChainReport(count - 1, previous, count, "removed")
        if entry.previous != previous:
            return ChainReport(count - 1, previous, count, "unchained")
        if entry.hash != digest(entry):
            return ChainReport(count - 1, previous, count, "altered")
        previous = entry.hash
        if expected and count == expected.rows and previous != expected.hash:
            return ChainReport(count, previous, count, "rewritten")
    if expected and count < expected.rows:
        return ChainReport(count, previous, count + 1, "removed")
    return ChainReport(count, previous)
