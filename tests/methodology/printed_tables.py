"""Packs made of printed tables and identities alone, for the tests of the checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from piramide.kernel.findings import Finding, Place, Severity
from piramide.kernel.organisation import Organisation
from piramide.methodology.checks.check_report import CheckReport
from piramide.methodology.checks.report import examine
from piramide.methodology.identity import Identity
from piramide.methodology.model import Act, Citation, Pack, Table

ACT = "piano"


def table(name: str, text: str, key: tuple[str, ...] = ("key",)) -> Table:
    """A table from lines of cells separated by `|`; line 1 is the header."""
    header, *lines = [line.strip() for line in text.strip().splitlines()]
    rows = tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines)
    columns = tuple(cell.strip() for cell in header.split("|"))
    numbers = tuple(range(2, len(rows) + 2))
    return Table(name, name.title(), f"tables/{name}.csv", key, columns, rows, numbers, "eur", Citation(ACT))


def identity(kind: str, tolerance: int | str = 0, name: str = "", **arguments: object) -> Identity:
    return declared(kind, arguments, tolerance, name)


def declared(kind: str, arguments: Mapping[str, object], tolerance: int | str = 0, name: str = "") -> Identity:
    sentence = "Le figure tornano"
    return Identity(name or kind, kind, sentence, arguments, Fraction(tolerance), Place("identities.yaml", 1))


def report(tables: Table | tuple[Table, ...], *identities: Identity) -> CheckReport:
    """The report of a pack that holds these tables and identities."""
    listed = tables if isinstance(tables, tuple) else (tables,)
    pack = Pack(
        id="borgo",
        label="Borgo",
        administration="Borgo",
        year=2025,
        since=date(2025, 1, 1),
        until=date(2026, 1, 1),
        hash="",
        root="",
        language="it",
        acts={ACT: Act(ACT, "Piano")},
        organisation=Organisation(()),
        indicators={},
        measures={},
        sheets={},
        tables={one.id: one for one in listed},
        identities=identities,
    )
    return examine(pack)


def slips(found: CheckReport) -> list[Finding]:
    """Findings that are more than notes."""
    return [finding for finding in found.findings if finding.level is not Severity.NOTE]


def only(found: CheckReport) -> Finding:
    """The one finding that is more than a note."""
    listed = slips(found)
    assert len(listed) == 1, [finding.message("en") for finding in listed]
    return listed[0]
