"""How far the worker is with the older periods of a demonstration: noted in a file, as every page asks."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

from django.conf import settings

from piramide.kernel.durable import write_whole

NOTE: Final = "preparing.json"


@dataclass(frozen=True, slots=True)
class Preparing:
    """`made` of `of` periods are there."""

    made: int
    of: int


def now_preparing(told: Preparing) -> None:
    """Let every page say how far it is."""
    write_whole(settings.CONFIGURATION.data / NOTE, json.dumps(asdict(told)))


def done_preparing() -> None:
    """Nothing is being prepared (any more)."""
    (settings.CONFIGURATION.data / NOTE).unlink(missing_ok=True)


def preparing() -> Preparing | None:
    """What is being prepared; nothing in a true installation, and in a demonstration that has all its periods."""
    if not settings.CONFIGURATION.demonstration:
        return None
    try:
        return Preparing(**json.loads((settings.CONFIGURATION.data / NOTE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
