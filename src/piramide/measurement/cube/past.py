"""The past: loads whose months lie before every window, added up once, so that reading the cube does not grow.

`STORE/cube/<key>/past/<load>.parquet` holds the sums of a load and all before it, without months: all rows are in the
last one. One is kept after every twelfth load; each is made of the one before and of the files of the loads since.
What a window ends before is counted in levels alone (pending cases), for which the sum of the months is enough.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from piramide.measurement.cube.cube import renumbered
from piramide.measurement.cube.files import CubeFile, CubeFolder, is_within

_EVERY: Final = 12
_OFFICES: Final = ("competence", "work", "line")
_PLACES: Final = ("month", "closing")


@dataclass(frozen=True, slots=True)
class Member:
    """A load and the membership of products that its file of the cube must have."""

    load: str
    membership: str


@dataclass(frozen=True, slots=True)
class Past:
    """The kept sums of the first loads of a dataset, under one plan."""

    folder: CubeFolder

    def keep(self, members: Sequence[Member]) -> None:
        """Add up the loads that are there, twelve after twelve, where that has not been done."""
        for count in range(_EVERY, len(members) + 1, _EVERY):
            if self._read(members[:count]) is not None:
                continue
            since = max(count - _EVERY, 0)
            before = self._read(members[:since]) if since else None
            first = since if before else 0
            files = [*([before] if before else []), *(self.folder.read(m.load) for m in members[first:count])]
            if not self._write(files, members[:count]):
                return

    def files(self, members: Sequence[Member], apart: int) -> list[CubeFile]:
        """Files of all loads; one for as many as is kept of the first `apart`, whose months need not be told apart."""
        for count in range(apart // _EVERY * _EVERY, 0, -_EVERY):
            past = self._read(members[:count])
            if past is not None:
                return [past, *(self.folder.read(member.load) for member in members[count:])]
        return [self.folder.read(member.load) for member in members]

    def _write(self, files: Sequence[CubeFile], members: Sequence[Member]) -> bool:
        """Whether the sums could be kept: not where estimates were taken back, whose months must be told apart."""
        names = tuple(dict.fromkeys(name for file in files for name in file.lines))
        table = pa.concat_tables([renumbered(file, names) for file in files])
        if not len(table) or pc.min(table["estimated"]).as_py() < 0 or pc.any(table["closing"]).as_py():
            return False
        sums = [name for name in table.column_names if name not in {*_OFFICES, *_PLACES}]
        added = table.group_by(_OFFICES, use_threads=False).aggregate([(name, "sum") for name in sums])
        last = pa.array([pc.max(table["month"]).as_py()] * len(added), table.schema.field("month").type)
        columns = [added[name] for name in _OFFICES] + [last, pa.array([False] * len(added))]
        columns += [added[f"{name}_sum"] for name in sums]
        kept = pa.table(dict(zip([*_OFFICES, *_PLACES, *sums], columns, strict=True))).select(table.column_names)
        noted = json.dumps([[member.load, member.membership] for member in _shortened(members)])
        self.folder.write(_name(members), kept, names, noted)
        return True

    def _read(self, members: Sequence[Member]) -> CubeFile | None:
        """What is kept of some loads, if it was made of them and each was folded with products in the same lines."""
        noted = self.folder.membership(_name(members))
        if noted is None:
            return None
        kept = [Member(*pair) for pair in json.loads(noted)]
        if [m.load for m in kept] != [m.load for m in members]:
            return None
        pairs: set[tuple[str, str]] = set()
        latest = ""
        for one, member in zip(kept, members, strict=True):
            latest = one.membership or latest
            pairs.add((latest, member.membership))
        if not all(is_within(*pair) for pair in pairs):
            return None
        return self.folder.read(_name(members))


def _shortened(members: Sequence[Member]) -> list[Member]:
    """The members, each membership that is that of the load before left out."""
    before = ["", *(member.membership for member in members)]
    return [Member(m.load, "" if m.membership == last else m.membership) for m, last in zip(members, before)]  # noqa: B905 - the last one is followed by nobody


def _name(members: Sequence[Member]) -> str:
    return f"past/{members[-1].load}"
