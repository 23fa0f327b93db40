"""The invented values of a demonstration: those of its plan, else of the plan that the adopted one came from."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from piramide.kernel.findings import Refusal
from piramide.methodology.loading import find_pack


def invented_values(pack: str) -> tuple[Path, ...]:
    """Files of values, for what no facts measure; none outside a demonstration."""
    configuration = settings.CONFIGURATION
    if not configuration.demonstration:
        return ()
    for name in (pack, configuration.pack):
        try:
            folder = find_pack(name, configuration.packs) / "demonstration" / "values"
        except Refusal:
            continue
        if found := tuple(sorted(folder.glob("*.csv"))):
            return found
    return ()
