"""What a file of values was measured from: noted in the store by its hash, and kept with the runs that score it.

    STORE/measured/<sha256 of the file>.json     written by measure, sealed
    STORE/runs/<run id>/facts.json               copied by score; of a file that was not measured as it is, what the
                                                 ledger held on scoring

Loads are only ever added, so the last one of each dataset names all that counted, and its seal stands for what was in
them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from piramide.kernel.durable import write_whole
from piramide.kernel.findings import Place, refuse
from piramide.kernel.sealing import sealed, unsealed
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.pinned import last_loads

FACTS = "facts.json"


@dataclass(frozen=True, slots=True)
class MeasuredFrom:
    """The last load of each dataset; the day of the organisation and the day known on, empty where nobody said.

    `seals` are those of these loads; none where the run is of a time before seals.
    """

    loads: Mapping[str, str]
    as_of: str = ""
    known_on: str = ""
    seals: Mapping[str, str] = field(default_factory=dict)


def measured_now(store: Path, loads: Mapping[str, str], as_of: str = "", known_on: str = "") -> MeasuredFrom:
    """What is measured from these loads now, with their seals."""
    ledger = Ledger(store)
    seals = {dataset: one.seal for dataset, last in loads.items() for one in ledger.loads(dataset) if one.id == last}
    return MeasuredFrom(dict(loads), as_of, known_on, seals)


def note_measured(store: Path, file: Path, made: MeasuredFrom) -> None:
    """Note what a values file was measured from. Raises `Refusal` (ME014) when the store cannot be written."""
    path = _path(store, file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, sealed(asdict(made)))
    except OSError as error:
        raise refuse("ME014", Place(str(path)), problem=error.strerror or str(error)) from error


def measured_from(store: Path, file: Path) -> MeasuredFrom | None:
    """What a values file was measured from; else what the ledger holds now; nothing where there is no ledger."""
    path = _path(store, file)
    if path.is_file():
        noted = _said(unsealed(path.read_bytes()))
        if noted is None:
            raise refuse("ME023", Place(str(path)))
        return noted
    loads = last_loads(Ledger(store))
    return measured_now(store, loads) if loads else None


def seal_notes(store: Path) -> None:
    """Seal the notes of a time before seals; one that cannot be read is removed, as if it had never been written."""
    for path in sorted((store / "measured").glob("*.json")):
        if unsealed(path.read_bytes()) is None:
            noted = _read(path)
            if noted is None:
                path.unlink()
            else:
                write_whole(path, sealed(asdict(noted)))


def kept_with(run: Path) -> MeasuredFrom | None:
    """What the values of a run were measured from; nothing for a run that does not say."""
    return _read(run / FACTS)


def as_text(made: MeasuredFrom) -> str:
    """The file that a run keeps."""
    return json.dumps(asdict(made), sort_keys=True, indent=1) + "\n"


def _read(path: Path) -> MeasuredFrom | None:
    try:
        return _said(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return None


def _said(body: object) -> MeasuredFrom | None:
    try:
        if isinstance(body, dict):
            seals = dict(body.get("seals", {}))
            return MeasuredFrom(dict(body["loads"]), str(body["as_of"]), str(body["known_on"]), seals)
    except (ValueError, TypeError, KeyError):
        pass
    return None


def _path(store: Path, file: Path) -> Path:
    return store / "measured" / f"{hashlib.sha256(file.read_bytes()).hexdigest()}.json"
