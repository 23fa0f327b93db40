"""Findings of the plans, computed once for each hash and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from piramide.cycle.plans.checked import check_report
from piramide.cycle.plans.known import known_packs
from piramide.kernel import wording
from piramide.methodology.loading import find_pack
from piramide.methodology.loading.files import PackFiles
from piramide.web.fields.language import spoken
from piramide.web.oversight.models import PlanFindings
from piramide.web.plans_in_force import plan

LEVELS: Final[Mapping[str, str | Promise]] = {
    "error": gettext_lazy("errori"),
    "warning": gettext_lazy("avvisi"),
    "note": gettext_lazy("note"),
}
SIGNS: Final = {"error": "✖", "warning": "▲", "note": "○"}
_WORDS: Final[Mapping[str, str | Promise]] = {
    "error": gettext_lazy("errore"),
    "warning": gettext_lazy("avviso"),
    "note": gettext_lazy("nota"),
}


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as the page prints it."""

    code: str
    level: str
    word: str
    sign: str
    title: str
    where: str
    subject: str
    stated: str
    recomputed: str
    difference: str
    suggestion: str
    cause: str
    message: str


def packs() -> dict[str, str]:
    """Label of each plan of this administration, that of this installation first."""
    mine = plan()
    lines = [line for line in known_packs(settings.CONFIGURATION.packs) if line.administration == mine.administration]
    return {line.id: line.label for line in sorted(lines, key=lambda line: line.id != mine.id)}


def findings_of(pack: str) -> PlanFindings:
    """The findings of a plan as it is now: kept ones when its bytes have not changed."""
    return findings_in(find_pack(pack, settings.CONFIGURATION.packs), pack)


def findings_in(folder: Path, pack: str) -> PlanFindings:
    """The findings of the plan called `pack` that lies in `folder`: kept ones when its bytes are known."""
    digest = PackFiles(folder).digest()
    if kept := PlanFindings.objects.filter(hash=digest).first():
        return kept
    report = check_report(str(folder))
    made, _is_new = PlanFindings.objects.get_or_create(
        hash=digest,
        defaults={
            "pack": pack,
            "relations": report.relations,
            "failing": report.failing,
            "findings": [_as_json(finding.as_json(), finding.difference) for finding in report.findings],
        },
    )
    return made


def _as_json(finding: dict[str, Any], difference: str) -> dict[str, Any]:
    return {name: value for name, value in finding.items() if name != "message"} | {"difference": difference}


def lines_for(report: PlanFindings) -> list[FindingLine]:
    """The findings in the language of the page, the gravest first."""
    language = spoken()
    titles = wording.catalogue(language)
    order = {level: place for place, level in enumerate(LEVELS)}
    rows = sorted(report.findings, key=lambda row: order[row["severity"]])
    return [
        FindingLine(
            code=row["code"],
            level=row["severity"],
            word=str(_WORDS[row["severity"]]),
            sign=SIGNS[row["severity"]],
            title=titles[row["code"]]["title"],
            where=row["where"],
            subject=row["subject"],
            stated=row.get("stated", ""),
            recomputed=row.get("recomputed", ""),
            difference=row.get("difference", ""),
            suggestion=row.get("suggestion", ""),
            cause=wording.word("cause", row["cause"], language) or row["cause"] if row.get("cause") else "",
            message=row.get(f"message_{language}", row["message_it"]),
        )
        for row in rows
    ]
