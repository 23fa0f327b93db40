"""Money by objective of kept runs: computed from the method and the results that a run keeps, never kept twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from piramide.cycle.runs.open_run import OpenRun
from piramide.cycle.runs.opened_runs import OpenedRuns
from piramide.cycle.runs.store import Run
from piramide.scoring.money import MoneyOfSheet, amount, as_json, money_of

MONEY_COLUMNS: Final = (
    "run", "pack", "period", "demonstration", "sum", "sum_label", "structure", "node", "label", "quota", "earned",
    "sum_unit", "act", "act_label", "place",
)  # fmt: skip
_FILE: Final = "money.yaml"
_INLINE: Final = b"\nmoney:"


def ties_money(run: Run) -> bool:
    """Whether the plan that a run kept ties money to objectives, without reading the plan."""
    head = run.pack_folder / "pack.yaml"
    return (run.pack_folder / _FILE).is_file() or (head.is_file() and _INLINE in head.read_bytes())


def money_of_run(runs: OpenedRuns, run_id: str) -> tuple[MoneyOfSheet, ...]:
    """Every sum of the structures that a run scored; the run is opened only where its plan ties any."""
    if not ties_money(runs.run(run_id)):
        return ()
    opened = runs.opened(run_id)
    return money_of(opened.pack, opened.scores)


def money_rows(opened: OpenRun) -> Iterator[tuple[object, ...]]:
    """The sums of a run as open data: the whole of each (`node` is empty), then its leaves."""
    manifest, pack = opened.run.manifest, opened.pack
    head = (opened.run.id, manifest["pack"], manifest["period"], bool(manifest["demonstration"]))
    for one in money_of(pack, opened.scores):
        money, act = one.money, pack.acts.get(one.money.citation.act)
        tail = (money.unit, money.citation.act, act.label if act else "", money.citation.place)
        whole = ("", money.label, amount(one.total), _told(one.earned))
        parts = ((part.node, part.label, amount(part.quota), _told(part.earned)) for part in one.nodes)
        for node, label, quota, earned in (whole, *parts):
            yield (*head, money.id, money.label, money.structure, node, label, quota, earned, *tail)


def money_document(opened: OpenRun) -> list[dict[str, Any]]:
    """The sums of a run in the shape of `score`."""
    return as_json(money_of(opened.pack, opened.scores))


def _told(cents: int | None) -> str | None:
    return None if cents is None else amount(cents)
