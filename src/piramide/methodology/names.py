"""Labels by id of what a pack knows, for texts that keep ids and are read by people."""

from __future__ import annotations

from piramide.kernel.note import Names
from piramide.methodology.model import Pack


def names_of(pack: Pack) -> Names:
    """Labels of structures and of indicators that are parts, by the field of a note that keeps their id."""
    return {
        "structure": {version.id: version.label for version in pack.organisation.versions},
        "parts": {name: indicator.label for name, indicator in pack.indicators.items()},
    }
