"""What a file of values was measured from: noted in the store by its hash, and kept with the runs that score it.

    STORE/measured/<sha256 of the file>.json     written by measure
    STORE/runs/<run id>/facts.json               copied by score; of a file that was not measured as it is, what the
                                                 ledger held on scoring

Loads are only ever added, so the last one of each dataset names all that counted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from piramide.kernel.durable import write_whole
from piramide.kernel.findings import Place, refuse
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.pinned import last_loads

FACTS = "facts.json"


@dataclass(frozen=True, slots=True)
class MeasuredFrom:
    """The last load of each dataset; the day of the organisation and the day known on, empty where nobody said."""

    loads: Mapping[str, str]
    as_of: str = ""
    known_on: str = ""


def note_measured(store: Path, file: Path, made: MeasuredFrom) -> None:
    """Note what a values file was measured from. Raises `Refusal` (ME014) when the store cannot be written."""
    path = _path(store, file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(asdict(made), sort_keys=True))
    except OSError as error:
        raise refuse("ME014", Place(str(path)), problem=error.strerror or str(error)) from error


def measured_from(store: Path, file: Path) -> MeasuredFrom | None:
    """What a values file was measured from; else what the ledger holds now; nothing where there is no ledger."""
    if noted := _read(_path(store, file)):
        return noted
    loads = last_loads(Ledger(store))
    return MeasuredFrom(loads) if loads else None


def kept_with(run: Path) -> MeasuredFrom | None:
    """What the values of a run were measured from; nothing for a run that does not say."""
    return _read(run / FACTS)


def as_text(made: MeasuredFrom) -> str:
    """The file that a run keeps."""
    return json.dumps(asdict(made), sort_keys=True, indent=1) + "\n"


def _read(path: Path) -> MeasuredFrom | None:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        return MeasuredFrom(dict(body["loads"]), str(body["as_of"]), str(body["known_on"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _path(store: Path, file: Path) -> Path:
    return store / "measured" / f"{hashlib.sha256(file.read_bytes()).hexdigest()}.json"
