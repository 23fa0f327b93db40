"""The boards of plans that were kept or adopted before plans stated any: those of the plan that ships in their place.

What pages show was in the code once, for every plan alike. A plan written since says it itself; of one from before,
which nobody may change any more, it is taken from the shipped plan of the same administration and year. No figure of a
sheet depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache

from piramide.methodology.boards import Boards
from piramide.methodology.checks.definitions import check_boards
from piramide.methodology.loading import open_folder, shipped_packs
from piramide.methodology.measures import Measure
from piramide.methodology.model import Pack


def with_boards(pack: Pack) -> Pack:
    """The plan with boards, and what its budgets are expected of, where it states none and a shipped one does.

    Of a board that names what the plan does not have nothing is taken.
    """
    none = Boards()
    shipped = _shipped(pack.administration, pack.year) if pack.boards == none else None
    if shipped is None:
        return pack
    wrong = {finding.subject.removeprefix("boards.") for finding in check_boards(replace(pack, boards=shipped.boards))}
    boards = replace(shipped.boards, **{one.name: getattr(none, one.name) for one in fields(none) if one.name in wrong})
    return replace(pack, boards=boards, measures=_with_budgets(pack.measures, shipped.measures))


def _with_budgets(own: Mapping[str, Measure], shipped: Mapping[str, Measure]) -> dict[str, Measure]:
    """The measures, those of budgets with the measure that they are the budget of."""
    expected = {name: one.expected_of for name, one in shipped.items() if one.expected_of in own}
    return {
        name: replace(one, expected_of=expected[name]) if name in expected and not one.expected_of else one
        for name, one in own.items()
    }


@lru_cache(maxsize=8)
def _shipped(administration: str, year: int) -> Pack | None:
    """The shipped plan of an administration and a year."""
    from piramide.cycle.plans.known import known_packs  # noqa: PLC0415 - plans of today state their boards

    found = [line for line in known_packs() if (line.administration, line.year) == (administration, year)]
    return open_folder(shipped_packs() / found[0].id) if found else None
