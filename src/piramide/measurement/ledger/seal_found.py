"""Loads of a time before seals are sealed as they are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from piramide.measurement.contract import contracts
from piramide.measurement.ledger.store import SEALED_SINCE, Ledger, sealed_manifest


def seal_found(ledger: Ledger, today: date, progress: Callable[[int, int], None], on_wait: Callable[[], None]) -> int:
    """Seal every load that is not, oldest first, and say in each since when; how many loads were sealed.

    What was sealed before a kill is left as it is. `progress` is called with how many loads are done and how many there
    are. Raises `Refusal`: FA012 when writing fails, FA018, FA070 for manifests that cannot be read or were touched.
    """
    found = replace(ledger, is_sealed=False)
    with found.locked(on_wait):
        codes = found.codes()
        found.keep_codes(codes, anew=True)
        found.keep_pack_name(found.pack_name(), anew=True)
        waiting = [load for dataset in contracts() for load in found.listed(dataset) if not load.seal]
        for done, load in enumerate(waiting):
            progress(done, len(waiting))
            before = [one for one in found.listed(load.dataset) if one.id < load.id]
            noted = load.manifest | {SEALED_SINCE: today.isoformat()}
            manifest = sealed_manifest(load.folder, noted, before[-1].seal if before else "", codes)
            found.keep_manifest(load, manifest)
        progress(len(waiting), len(waiting))
    return len(waiting)
