"""An explanation on its way out: as JSON for machines, as a readable tree for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from piramide.kernel.figure import Figure
from piramide.kernel.node_fields import INDEX_FIELDS
from piramide.kernel.statuses import Status
from piramide.scoring.explain import change_text
from piramide.scoring.prose import Prose, prose
from piramide.scoring.result import NOTHING, Effect, Explanation

MOST_EFFECTS = 5
_LATER = "◷"
"""The mark of what is not due yet."""
_PLAIN = (
    "structure", "label", "kind", "basis", *INDEX_FIELDS, "value", "target",
    "unit", "gap_raw", "gap", "cap", "weight", "weight_source", "share", "rule", "status", "contested", "definition",
)  # fmt: skip


def as_json(explanation: Explanation) -> dict[str, Any]:
    """The shape that the contract fixes, one level after the other, with everything else beside it."""
    e = explanation
    answer: dict[str, Any] = {
        "node": e.node,
        "sentence": e.sentence,
        "formula": e.formula,
        "act": {"id": e.act, "label": e.act_label, "place": e.place},
        "contributions": [asdict(c) for c in e.contributions],
        "exchange": asdict(e.exchange) if e.exchange else None,
    }
    answer |= {name: getattr(e, name) for name in _PLAIN}
    if e.money:
        answer["money"] = [asdict(worth) for worth in e.money]
    return answer | {
        "rule_act": {"id": e.rule_act, "place": e.rule_place},
        "demonstration": e.is_demonstration,
        "losses": [asdict(effect) for effect in e.losses],
        "gains": [asdict(effect) for effect in e.gains],
        "notes": list(e.notes),
        "inputs": [as_json(below) for below in e.inputs],
    }


def as_text(explanation: Explanation, language: str | None = None, depth: int = 1) -> str:
    """The number in prose, why it is not 100, what would move it, and the tree below down to `depth` levels.

    `language` words the headings; the sentences are those the explanation was made with.
    """
    say = prose(language)
    return "\n".join([*_paragraph(explanation, say), *_effects(explanation, say), *_levers(explanation, say),
                      *_below(explanation, say, depth)])  # fmt: skip


def _paragraph(e: Explanation, say: Prose) -> Iterator[str]:
    yield e.sentence
    if e.formula:
        yield f"  {e.formula}"
    if e.exchange and e.exchange.sentence:
        yield f"  {e.exchange.sentence}"
    if e.act:
        key = "source" if e.place else "source_act"
        yield "  " + say("line", key, act=e.act_label, place=e.place)
    for note in e.notes:
        yield f"  · {note}"


def _effects(e: Explanation, say: Prose) -> Iterator[str]:
    for heading, effects in (("losses", e.losses), ("gains", e.gains)):
        if effects:
            yield ""
            yield say("line", heading)
            yield from _effect_lines(effects, say)


def _effect_lines(effects: Sequence[Effect], say: Prose) -> Iterator[str]:
    shown = effects[:MOST_EFFECTS]
    figures = [say.points(effect.points) for effect in shown]
    width = max(map(len, figures))
    for effect, points in zip(shown, figures, strict=True):
        line = say("line", "effect", points=points.rjust(width), label=effect.label, reason=effect.reason)
        yield f"  {line}"
    if len(effects) > len(shown):
        yield "  " + say("line", "and_more", count=len(effects) - len(shown))


def _levers(e: Explanation, say: Prose) -> Iterator[str]:
    """What each leaf would have to change for one more point of the structure's index, what counts most first.

    Steps come before the others: they bring their points at once.
    """
    levers = [leaf for leaf in e.leaves() if leaf.exchange and leaf.exchange.for_one_point is not None]
    levers.sort(key=lambda leaf: -_worth(leaf))
    if e.rule or not levers:
        return
    yield ""
    yield say("line", "exchange")
    changes = [change_text(_one_point(leaf), leaf.unit, leaf.decimals, say) for leaf in levers]
    width = max(map(len, changes))
    for leaf, change in zip(levers, changes, strict=True):
        yield "  " + say("line", "lever", change=change.rjust(width), label=leaf.label)


def _one_point(leaf: Explanation) -> Figure:
    return (leaf.exchange.for_one_point if leaf.exchange else None) or NOTHING


def _worth(leaf: Explanation) -> float:
    """Points of the index for an improvement of 1 % of the target; those of a whole step for a step."""
    if leaf.exchange is None:
        return 0.0
    return leaf.exchange.step_points or leaf.exchange.per_percent or 0.0


def _below(e: Explanation, say: Prose, depth: int) -> Iterator[str]:
    if not e.inputs or depth < 1:
        return
    yield ""
    yield say("line", "below")
    yield from _tree(e, say, depth, "  ")


def _tree(e: Explanation, say: Prose, depth: int, indent: str) -> Iterator[str]:
    for below in e.inputs:
        told = index_of(below)
        mark = _LATER if told is None and _is_later(below) else _mark(told)
        line = say("line", "header", mark=mark, label=below.label, index=_index_text(below, say))
        points = next((c.points for c in below.contributions if c.ancestor == e.node), None)
        if points is not None:
            figures = say("line", "figures", weight=say.share(below.weight), points=say.points(points))
            line = f"{line} ({figures})"
        yield f"{indent}{line}"
        if depth > 1:
            yield from _tree(below, say, depth - 1, indent + "  ")


def _index_text(e: Explanation, say: Prose) -> str:
    """The index; a partial one in brackets, apart from the ends of its band."""
    told = index_of(e)
    if told is None:
        return say("line", "later" if _is_later(e) else "absent")
    if e.basis == "index":
        return say.index(told)
    return f"({say.index(told, *(end for end in (e.index_low, e.index_high) if end is not None))})"


def _is_later(e: Explanation) -> bool:
    """Whether nothing of it is due yet: it is not missing."""
    if e.rule:
        return e.status == Status.NOT_DUE
    weighing = [below for below in e.inputs if below.weight]
    return bool(weighing) and all(_is_later(below) for below in weighing)


def index_of(explanation: Explanation) -> Figure | None:
    """The number that is told: the index, or the partial one."""
    return {"index": explanation.index, "measured": explanation.index_measured}.get(explanation.basis)


def _mark(index: float | None) -> str:
    """The mark that goes with a number: missing, on target, favourable, unfavourable."""
    if index is None:
        return "○"
    return "●" if abs(index - 100) < 1e-9 else "▲" if index > 100 else "▼"
