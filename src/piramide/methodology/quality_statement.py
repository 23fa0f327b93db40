"""What an indicator says of the data it is made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QualityStatement:
    """The data-quality statement of an indicator, in five fields of free Italian text."""

    verified: str = ""
    source: str = ""
    accuracy: str = ""
    limits: str = ""
    compensation: str = ""
