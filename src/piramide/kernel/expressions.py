"""Formulas of packs: SQL scalar expressions over named numbers, of which only arithmetic is let through.

Allowed: `+ - * /`, parentheses, numbers, names, `least`, `greatest`, `coalesce`, `nullif`, `abs`, `round`, and
`case when … then … else … end` with comparisons, `and`, `or`, `not`. Nothing else is parsed into anything that runs.

>>> target = parse("least(greatest(target, actual), 1.15 * target)", ["target", "actual"])
>>> target.evaluate({"target": Fraction(100), "actual": Fraction(130)})
Fraction(115, 1)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from piramide.kernel.arithmetic import Array, Program, Step, run_arrays, run_exact
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.naming import nearest

MOST_READ: Final = 2048
"""Formulas that a process remembers as it read them: a plan has under 900 and asks for each once per leaf."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula that has been checked: its text, the names it reads in order of appearance, its program."""

    text: str
    names: tuple[str, ...]
    program: Program

    @property
    def divides_by_zero(self) -> bool:
        """Whether a number 0 stands as a divisor: then the result is always null."""
        pairs = pairwise(self.program)
        return any(a.operation == "number" and not a.number and b.operation == "divide" for a, b in pairs)

    def over_positive(self) -> Expression:
        """The same formula where nothing is divided by zero or less: such a division is null (R43)."""
        guarded = ((Step("positive", 1), step) if step.operation == "divide" else (step,) for step in self.program)
        return replace(self, program=tuple(step for steps in guarded for step in steps))

    def evaluate(self, values: Mapping[str, Fraction | None]) -> Fraction | None:
        """Exact result, `None` for null. `values` holds every name; nulls and division as in `arithmetic`."""
        return run_exact(self.program, values)

    def evaluate_arrays(self, values: Mapping[str, Array]) -> Array:
        """Result on float arrays that broadcast together, NaN for null.

        `round` takes a float within four units in the last place of a tie for the tie; what is printed is rounded
        from `evaluate`.
        """
        return run_arrays(self.program, values)

    def sql(self, dialect: str = "") -> str:
        """The formula for an engine, with the meaning it has here: x / 0 and `least(x, null)` are null."""
        from piramide.kernel.formula_trees import as_sql  # noqa: PLC0415 - as in `_read`

        return as_sql(self.text, dialect)


def parse(text: str, names: Collection[str], place: Place | None = None) -> Expression:
    """Read a formula over `names`.

    Raises `Refusal`: KN201 not SQL, KN202 more than arithmetic, KN203 unknown name, KN204 too long, KN205 too deep,
    KN206 empty; KN009 for a number out of scale.
    """
    formula = text.strip()
    try:
        program = _read(formula)
    except Refusal as refusal:
        raise Refusal(*(replace(one, place=place or one.place) for one in refusal.findings)) from refusal.__cause__
    used = tuple(dict.fromkeys(step.name for step in program if step.operation == "name"))
    unknown = [_unknown_name(name, names, formula, place) for name in used if name not in names]
    if unknown:
        raise Refusal(*(finding for refusal in unknown for finding in refusal.findings))
    return Expression(formula, used, program)


_known: dict[str, Program] = {}
"""Programs of formulas as this process read them, whatever their names mean; the newest last."""


def _read(formula: str) -> Program:
    """Program of a formula."""
    program = _known.get(formula)
    if program is None:
        # The reader of SQL takes longer to start than most commands to answer, and most formulas are known.
        from piramide.kernel.formula_trees import program_of  # noqa: PLC0415

        program = program_of(formula)
        remember({formula: program})
    return program


def remember(programs: Mapping[str, Program]) -> None:
    """Take over programs that were read before; beyond `MOST_READ` the oldest are forgotten."""
    _known.update(programs)
    for formula in list(_known)[: max(0, len(_known) - MOST_READ)]:
        _known.pop(formula, None)


def programs(formulas: Iterable[str]) -> dict[str, Program]:
    """The programs of those formulas that are arithmetic, by their text."""
    found = {}
    for formula in formulas:
        with suppress(Refusal):
            found[formula.strip()] = _read(formula.strip())
    return found


def _unknown_name(name: str, names: Collection[str], formula: str, place: Place | None) -> Refusal:
    return refuse("KN203", place, name=name, formula=formula, nearest=", ".join(nearest(name, names)) or "–")
