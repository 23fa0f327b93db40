"""Texts of the files of a pack: CSV and YAML as packs want them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import yaml


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows below their columns, cells quoted where they need it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


class _Dumper(yaml.SafeDumper):
    """Writes no anchors: packs refuse them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the signature of PyYAML
        return True


def yaml_text(value: object) -> str:
    """A section of a pack; nothing for an empty one."""
    if not value:
        return ""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
