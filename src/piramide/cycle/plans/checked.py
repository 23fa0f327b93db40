"""The check of a pack by the name a user gives; one of the same files that was checked before is not checked again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from piramide.cycle.plans.packs import open_pack
from piramide.kernel.kept import Kept
from piramide.methodology.checks.check_report import CheckReport
from piramide.methodology.model import Pack

_REPORTS: Final = Kept(CheckReport, ("kernel", "methodology", "measurement"))


def check_report(name: str, folders: Iterable[Path] = (), *, demonstration: bool = False) -> CheckReport:
    """Every finding of a pack that can be read."""
    pack = open_pack(name, folders, demonstration=demonstration)
    # Beside its files a pack has empty folders, of which a check says that nothing reads them.
    return _REPORTS.of((pack.hash, str(demonstration), *pack.unread), lambda: _examined(pack))


def _examined(pack: Pack) -> CheckReport:
    # Checks take longer to start than a known answer to be read.
    from piramide.cycle.plans.examining import examined  # noqa: PLC0415

    return examined(pack)
