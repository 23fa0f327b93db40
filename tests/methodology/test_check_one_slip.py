"""One slip in a table that holds together is found where it is, alone, with the figure that was right."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from piramide.methodology.identity import Identity
from piramide.methodology.model import Table
from tests.methodology.printed_tables import identity, only, report, slips, table

REGIONS = ("abruzzo", "calabria", "lazio", "molise", "umbria", "veneto")
PARTS = {"E1": "E", "E2": "E", "E3": "E", "P1": "P", "P2": "P"}
IDENTITIES: tuple[Identity, ...] = (
    identity(
        "tree_sum", 1, table="t", columns=["amount"], row="line", parent="parent", sign="sign", within=["structure"]
    ),
    identity("regions_sum", 1, table="t", columns=["amount"], structure="structure", within=["line"]),
)


def whole(chance: random.Random) -> list[list[str]]:
    """Rows of structure, line, parent, sign, amount of six regions and their nation, all sums exact."""
    amounts = {(region, part): chance.randint(10**5, 10**8) for region in REGIONS for part in PARTS}
    for region in REGIONS:
        amounts[region, "E"] = sum(amounts[region, part] for part in ("E1", "E2", "E3"))
        amounts[region, "P"] = amounts[region, "P2"] - amounts[region, "P1"]
        amounts[region, "T"] = amounts[region, "E"] + amounts[region, "P"]
    lines = (*PARTS, "E", "P", "T")
    for line in lines:
        amounts["nazionale", line] = sum(amounts[region, line] for region in REGIONS)
    parents = PARTS | {"E": "T", "P": "T", "T": ""}
    return [
        [structure, line, parents[line], "-1" if line == "P1" else "1", str(amounts[structure, line])]
        for structure in ("nazionale", *REGIONS)
        for line in lines
    ]


def printed(rows: list[list[str]]) -> Table:
    text = "\n".join(" | ".join(row) for row in [["structure", "line", "parent", "sign", "amount"], *rows])
    return table("t", text, key=("structure", "line"))


def swapped(digits: str, chance: random.Random) -> str:
    places = [i for i in range(len(digits) - 1) if digits[i] != digits[i + 1] and digits[i].isdigit()]
    place = chance.choice(places)
    return digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]


def mistyped(digits: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(digits))  # a figure never begins with a zero
    return digits[:place] + chance.choice([d for d in "0123456789" if d != digits[place]]) + digits[place + 1 :]


def test_the_table_holds_together() -> None:
    for seed in range(20):
        assert slips(report(printed(whole(random.Random(seed))), *IDENTITIES)) == []  # noqa: S311 - repeatable on purpose


@pytest.mark.parametrize(
    ("slip", "causes"), [(swapped, {"swapped digits"}), (mistyped, {"digit typo", "swapped digits"})]
)
def test_one_slip_is_one_finding(slip: Callable[[str, random.Random], str], causes: set[str]) -> None:
    for seed in range(150):
        chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        rows = whole(chance)
        at = chance.randrange(len(rows))
        right = rows[at][4]
        rows[at][4] = slip(right, chance)
        if abs(int(rows[at][4]) - int(right)) <= 2:
            continue  # within the tolerance of the sums

        found = only(report(printed(rows), *IDENTITIES))

        assert (found.place.line, found.stated) == (at + 2, rows[at][4]), seed
        assert abs(int(found.suggestion) - int(right)) <= 1, seed
        small = abs(int(rows[at][4]) - int(right)) < 1000  # so near, chance finds an edit in any figure
        assert found.cause in causes or (small and found.cause == "unknown"), seed
