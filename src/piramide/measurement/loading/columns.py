"""Columns of a file against those of the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from piramide.kernel.findings import Finding, Place, refuse_if_errors
from piramide.kernel.naming import nearest
from piramide.measurement.contract import Contract


def check_columns(found: Sequence[str], contract: Contract, file: str) -> None:
    """Refuse a file that lacks a required column, repeats one or has one that the contract does not know.

    A missing column is named together with the unknown one that it may have been renamed to.
    """
    refuse_if_errors(_faults(found, contract, Place(file, 1)))


def _faults(found: Sequence[str], contract: Contract, place: Place) -> Iterator[Finding]:
    unknown = [name for name in found if name not in contract.names]
    for column in contract.columns:
        if column.required and column.name not in found:
            likely = nearest(column.name, unknown, 1)
            unknown = [name for name in unknown if name not in likely]
            yield Finding("FA003", place, column.name, {"found": "".join(likely)})
    for name in unknown:
        free = [known for known in contract.names if known not in found]
        near = ", ".join(nearest(name, free) or contract.names)
        yield Finding("FA004", place, name, {"dataset": contract.id, "nearest": near})
    for name, count in Counter(found).items():
        if count > 1:
            yield Finding("FA008", place, name, {"count": count})
