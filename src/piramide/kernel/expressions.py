"""Formulas of packs: SQL scalar expressions over named numbers, of which only arithmetic is let through.

Allowed: `+ - * /`, parentheses, numbers, names, `least`, `greatest`, `coalesce`, `nullif`, `abs`, `round`, and
`case when … then … else … end` with comparisons, `and`, `or`, `not`. Nothing else is parsed into anything that runs.

>>> target = parse("least(greatest(target, actual), 1.15 * target)", ["target", "actual"])
>>> target.evaluate({"target": Fraction(100), "actual": Fraction(130)})
Fraction(115, 1)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from piramide.kernel.arithmetic import Array, Program, Step, run_arrays, run_exact
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.numbers import parse_machine

LONGEST: Final = 1000
"""Characters of a formula; the longest a plan needs is under 300."""
DEEPEST: Final = 12
"""Parentheses and cases one inside the other."""
TALLEST: Final = 100
"""Operations that hang one below the other, such as the terms of a sum."""
MOST_READ: Final = 2048
"""Formulas that a process remembers as it read them: a plan has under 900 and asks for each once per leaf."""
DIALECT: Final = "duckdb"
"""The SQL in which formulas are written."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula that has been checked: its text, the names it reads in order of appearance, its program."""

    text: str
    names: tuple[str, ...]
    program: Program
    _tree: exp.Expr = field(repr=False, compare=False)

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

    def sql(self, dialect: str = DIALECT) -> str:
        """The formula for an engine, with the meaning it has here: x / 0 and `least(x, null)` are null."""
        return _as_evaluated(self._tree).sql(dialect=dialect)


def parse(text: str, names: Collection[str], place: Place | None = None) -> Expression:
    """Read a formula over `names`.

    Raises `Refusal`: KN201 not SQL, KN202 more than arithmetic, KN203 unknown name, KN204 too long, KN205 too deep,
    KN206 empty; KN009 for a number out of scale.
    """
    formula = text.strip()
    try:
        program, tree = _read(formula)
    except Refusal as refusal:
        raise Refusal(*(replace(one, place=place or one.place) for one in refusal.findings)) from refusal.__cause__
    used = tuple(dict.fromkeys(step.name for step in program if step.operation == "name"))
    unknown = [_unknown_name(name, names, formula, place) for name in used if name not in names]
    if unknown:
        raise Refusal(*(finding for refusal in unknown for finding in refusal.findings))
    return Expression(formula, used, program, tree)


@lru_cache(maxsize=MOST_READ)
def _read(formula: str) -> tuple[Program, exp.Expr]:
    """Program and tree of a formula, whatever its names mean; the tree is never changed."""
    _refuse_before_parsing(formula)
    try:
        tree = sqlglot.parse_one(formula, dialect=DIALECT)
    except SqlglotError as error:
        raise refuse("KN201", formula=formula) from error
    except RecursionError as error:
        raise refuse("KN205", formula=_short(formula), most=DEEPEST) from error
    if _height(tree) > TALLEST:
        raise refuse("KN205", formula=_short(formula), most=TALLEST)
    try:
        return tuple(_number(tree)), tree
    except _NotArithmeticError as error:
        raise refuse("KN202", formula=formula, part=error.args[0]) from error


_ALLOWED: Final = re.compile(r"[A-Za-z0-9_\s+\-*/().,<>=!]*", re.ASCII)
# A comment would hide part of the formula, and the grouped number of SQL has a form no act prints.
_HIDDEN: Final = re.compile(r"--|/\*|//|\b\d+_")
_NESTING: Final = re.compile(r"[()]|\b(?:case|end)\b", re.IGNORECASE)


def _refuse_before_parsing(formula: str) -> None:
    """Refuse what the parser should not even see."""
    if not formula:
        raise refuse("KN206")
    if len(formula) > LONGEST:
        raise refuse("KN204", formula=_short(formula), length=len(formula), most=LONGEST)
    if hidden := _HIDDEN.search(formula):
        raise refuse("KN202", formula=formula, part=hidden.group())
    if len(allowed := _match(formula)) < len(formula):
        raise refuse("KN202", formula=formula, part=formula[len(allowed)])
    depth = 0
    for mark in _NESTING.findall(formula):
        depth += 1 if mark.lower() in {"(", "case"} else -1
        if depth > DEEPEST:
            raise refuse("KN205", formula=_short(formula), most=DEEPEST)


def _match(formula: str) -> str:
    """The longest start of `formula` made of allowed characters."""
    match = _ALLOWED.match(formula)
    return match.group() if match else ""


def _short(formula: str) -> str:
    return formula if len(formula) <= 60 else f"{formula[:60]}…"


def _unknown_name(name: str, names: Collection[str], formula: str, place: Place | None) -> Refusal:
    return refuse("KN203", place, name=name, formula=formula, nearest=", ".join(nearest(name, names)) or "–")


class _NotArithmeticError(Exception):
    """The part of a formula that is not arithmetic."""


_OPERATIONS: Final[Mapping[type[exp.Expr], str]] = {
    exp.Add: "add",
    exp.Sub: "subtract",
    exp.Mul: "multiply",
    exp.Div: "divide",
    exp.Neg: "negate",
    exp.Nullif: "nullif",
    exp.Abs: "abs",
    exp.Least: "least",
    exp.Greatest: "greatest",
    exp.Coalesce: "coalesce",
}
_COMPARISONS: Final[Mapping[type[exp.Expr], str]] = {
    exp.LT: "lt",
    exp.LTE: "le",
    exp.GT: "gt",
    exp.GTE: "ge",
    exp.EQ: "eq",
    exp.NEQ: "ne",
}


def _number(node: exp.Expr) -> Iterator[Step]:
    """Steps that leave one number; anything that is none is refused."""
    kind = type(node)
    if kind is exp.Paren:
        yield from _number(node.this)
    elif kind is exp.Literal and not node.is_string:
        yield Step("number", number=parse_machine(node.this))
    elif kind is exp.Column and not node.args.get("table"):
        yield Step("name", name=node.name)
    elif kind in _OPERATIONS:
        arguments = [argument for argument in (node.this, node.expression, *node.expressions) if argument]
        for argument in arguments:
            yield from _number(argument)
        yield Step(_OPERATIONS[kind], len(arguments))
    elif kind is exp.Round:
        yield from _number(node.this)
        yield Step("round", 1, number=_decimals(node))
    elif kind is exp.Case and not node.this:
        yield from _case(node)
    else:
        raise _NotArithmeticError(_short(node.sql()))


def _decimals(node: exp.Expr) -> Fraction:
    """How many decimals `round` keeps: a whole number written out, from 0 to 12."""
    decimals = node.args.get("decimals")
    if decimals is None:
        return Fraction(0)
    if not (isinstance(decimals, exp.Literal) and decimals.this.isdecimal() and int(decimals.this) <= 12):
        raise _NotArithmeticError(_short(node.sql()))
    return Fraction(int(decimals.this))


def _case(node: exp.Expr) -> Iterator[Step]:
    branches = node.args["ifs"]
    for branch in branches:
        yield from _condition(branch.this)
        yield from _number(branch.args["true"])
    default = node.args.get("default")
    if default is None:
        yield Step("null")
    else:
        yield from _number(default)
    yield Step("case", 2 * len(branches) + 1)


def _condition(node: exp.Expr) -> Iterator[Step]:
    """Steps that leave true, false or unknown."""
    kind = type(node)
    if kind is exp.Paren:
        yield from _condition(node.this)
    elif kind is exp.Not:
        yield from _condition(node.this)
        yield Step("not", 1)
    elif kind in (exp.And, exp.Or):
        yield from _condition(node.this)
        yield from _condition(node.expression)
        yield Step("and" if kind is exp.And else "or", 2)
    elif kind in _COMPARISONS:
        yield from _number(node.this)
        yield from _number(node.expression)
        yield Step(_COMPARISONS[kind], 2)
    else:
        raise _NotArithmeticError(_short(node.sql()))


def _height(tree: exp.Expr) -> int:
    """How many operations hang one below the other, found without recursing."""
    heights = {id(tree): 1}
    tallest = 1
    for node in tree.bfs():
        height = heights[id(node)]
        tallest = max(tallest, height)
        heights.update((id(child), height + 1) for child in node.iter_expressions())
    return tallest


def _as_evaluated(tree: exp.Expr) -> exp.Expr:
    """A copy that spells out what engines do each in its own way: division by zero, null in least and greatest."""
    root = exp.paren(tree, copy=True)
    for node in reversed(list(root.find_all(exp.Div, exp.Least, exp.Greatest))):  # parts before what holds them
        if isinstance(node, exp.Div):
            node.set("expression", exp.Nullif(this=node.expression.unnest(), expression=exp.Literal.number(0)))
        else:
            parts = (node.this, *node.expressions)
            unknown = exp.or_(*(exp.Is(this=exp.paren(part.copy()), expression=exp.Null()) for part in parts))
            node.replace(exp.Case(ifs=[exp.If(this=unknown, true=exp.Null())], default=node.copy()))
    return root.unnest()
