"""Rules of what is carried: a parameter has a value on every day that needs it, and nothing is carried unread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from piramide.kernel.findings import Finding
from piramide.methodology.model import Pack

_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_NAMED: Final = 3
"""Readers that a message names before it says how many more there are."""


def check_parameters_cover_the_year(pack: Pack) -> Iterator[Finding]:
    """A parameter that something reads has a value from the first day of the pack (PK051)."""
    readers = _readers(pack)
    for key, parameter in pack.parameters.items():
        first = parameter.values[0][0]
        if key in readers and first > pack.since:
            until = min(first, pack.until) - timedelta(days=1)
            fields = {"since": pack.since, "until": until, "used": _told(readers[key])}
            yield Finding("PK051", parameter.place, parameter.label, fields)


def check_parameters_are_read(pack: Pack) -> Iterator[Finding]:
    """A parameter that nothing reads says why it is carried (PK041)."""
    readers = _readers(pack)
    for key, parameter in pack.parameters.items():
        if key not in readers and not parameter.use:
            yield Finding("PK041", parameter.place, key)


def check_tables_are_read(pack: Pack) -> Iterator[Finding]:
    """A table that nothing reads says why it is carried (PK042)."""
    read = {word for identity in pack.identities for word in _words(identity.arguments)}
    read |= {word for measure in pack.measures.values() for word in _words(asdict(measure))}
    read |= {annex.table for words in pack.sheet_words.values() for annex in words.annexes}
    for key, table in pack.tables.items():
        if key not in read and not table.use:
            yield Finding("PK042", table.place, key)


def _readers(pack: Pack) -> dict[str, list[str]]:
    """What reads each parameter, by label: target rules, measures, indicators, re-weighting."""
    found: dict[str, dict[str, None]] = {}
    read = [
        *((node.label, node.target_rule) for sheet in pack.sheets.values() for node in sheet.leaves()),
        *((target.node, target.target_rule) for targets in pack.years.values() for target in targets),
        *((measure.label, asdict(measure)) for measure in pack.measures.values()),
        *((item.label, (item.formula, asdict(item)["parent"])) for item in pack.indicators.values()),
        *((rule.label, (rule.each, rule.most)) for rule in pack.reweighting.values()),
    ]
    for label, text in read:
        for word in _words(text):
            if word in pack.parameters:
                found.setdefault(word, {})[label] = None
    return {key: list(labels) for key, labels in found.items()}


def _words(value: object) -> Iterator[str]:
    """Names in the texts of a definition, however deep."""
    if isinstance(value, str):
        yield from _WORD.findall(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _words(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _words(item)


def _told(labels: list[str]) -> str:
    named = ", ".join(f"«{label}»" for label in labels[:_NAMED])
    return f"{named} (+{len(labels) - _NAMED})" if len(labels) > _NAMED else named


RULES = (check_parameters_cover_the_year, check_parameters_are_read, check_tables_are_read)
