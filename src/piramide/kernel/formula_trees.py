"""From the text of a formula to its program, and back to SQL: the part that knows the grammar of SQL.

Apart from `expressions`, because the library that reads SQL takes longer to start than most commands to answer.

program_of   the steps of a formula, or a refusal
as_sql       a formula for an engine
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from piramide.kernel.arithmetic import Program, Step
from piramide.kernel.findings import refuse
from piramide.kernel.numbers import parse_machine

LONGEST: Final = 1000
"""Characters of a formula; the longest a plan needs is under 300."""
DIALECT: Final = "duckdb"
"""The SQL in which formulas are written."""
DEEPEST: Final = 12
"""Parentheses and cases one inside the other."""
TALLEST: Final = 100
"""Operations that hang one below the other, such as the terms of a sum."""


def program_of(formula: str) -> Program:
    """The steps of a formula without blanks around it. Raises `Refusal` as `expressions.parse`, without a place."""
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
        return tuple(_number(tree))
    except _NotArithmeticError as error:
        raise refuse("KN202", formula=formula, part=error.args[0]) from error


def as_sql(formula: str, dialect: str = "") -> str:
    """A checked formula in the SQL of an engine (empty: that of formulas), with the meaning it has here."""
    return _as_evaluated(sqlglot.parse_one(formula, dialect=DIALECT)).sql(dialect=dialect or DIALECT)


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
