"""The licences that an installation may publish under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its name, its own page, and its entry in the Italian vocabulary of licences."""

    name: str
    address: str
    concept: str


_VOCABULARY: Final = "https://w3id.org/italia/controlled-vocabulary/licences"
LICENCES: Final = {
    "cc-by-4.0": Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", f"{_VOCABULARY}/A21_CCBY40"),
    "iodl-2.0": Licence("IODL 2.0", "https://www.dati.gov.it/content/italian-open-data-license-v20",
                        f"{_VOCABULARY}/A29_IODL20"),
}  # fmt: skip


def licence() -> Licence:
    """The licence of this installation; an unknown name in its settings falls back on the default."""
    return LICENCES.get(settings.CONFIGURATION.licence, LICENCES["cc-by-4.0"])
