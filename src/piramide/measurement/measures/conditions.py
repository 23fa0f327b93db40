"""Conditions and amounts over the columns of a dataset, as packs write them: SQL, of which little is let through.

Conditions: `and`, `or`, `not`, comparisons, `in`, `between`, `is null`, columns that are true or false. Amounts:
numbers, columns, `+ - *`, and `date_diff('day', from, to)`. Texts are compared with texts, days with days, numbers with
numbers. What passes is built again over the stored columns, where decimals are integers and texts may be codes: every
engine then adds up integers alone, and none can differ from another in the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from piramide.kernel.findings import Place, refuse
from piramide.kernel.formula_trees import DIALECT, LONGEST
from piramide.kernel.naming import nearest
from piramide.measurement.measures.fields import Field, Kind
from piramide.measurement.measures.of_nodes import with_node

MOST_OPERATIONS: Final = 200
"""Operations in one condition; the longest a plan needs has about thirty."""
MOST_DECIMALS: Final = 9
"""Decimals of a number that a condition compares with."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition: the fields it reads, and itself over the stored columns, in the SQL of the product."""

    names: tuple[str, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A checked amount: over the stored columns it is an integer, the value times ten to the `scale`."""

    scale: int
    sql: str


def parse_condition(
    text: str, fields: Mapping[str, Field], place: Place, numbers: Mapping[str, Fraction]
) -> tuple[Condition, frozenset[str]]:
    """One condition in which the names of `numbers` stand for these, and the fields that it reads.

    A column wins over a number of the same name. Raises `Refusal` as `parse_conditions`, and ME031 for a number that
    no decimal writes, such as 1/3.
    """
    tree = _parse(text, place)
    read = {name for name in _names(tree) if name in numbers and name not in fields}
    literals = {name: _decimal(name, numbers[name], place) for name in sorted(read)}
    filled = tree.transform(lambda part: literals.get(part.sql(), part) if isinstance(part, exp.Column) else part)
    names = _names(filled)
    return Condition(names, _sql(_Reader(text, fields, place).condition(filled))), frozenset(read)


def _decimal(name: str, number: Fraction, place: Place) -> exp.Expr:
    """A number as SQL writes it."""
    scale = next((digits for digits in range(MOST_DECIMALS + 1) if (number * 10**digits).denominator == 1), None)
    if scale is None:
        raise refuse("ME031", place, name, number=str(number))
    written = exp.Literal.number(f"{Decimal(abs(number.numerator)) / Decimal(number.denominator):.{scale}f}")
    return exp.paren(exp.Neg(this=written), copy=False) if number < 0 else written


def parse_conditions(text: str, fields: Mapping[str, Field], place: Place, node: str = "") -> tuple[Condition, ...]:
    """The parts of a filter that all must hold; none for an empty one. `node` is what the name `node` stands for.

    Raises `Refusal`: ME001 not SQL or too long, ME002 more than a condition, ME003 an unknown name, ME004 things that
    cannot be compared.
    """
    if not text.strip():
        return ()
    tree = with_node(_parse(text, place), node)
    reader = _Reader(text, fields, place)
    return tuple(Condition(_names(part), _sql(reader.condition(part))) for part in _conjuncts(tree))


def parse_amount(text: str, fields: Mapping[str, Field], place: Place) -> Amount:
    """What is added up. Raises `Refusal` as `parse_conditions`."""
    tree = _parse(text, place)
    expression, scale = _Reader(text, fields, place).amount(tree)
    return Amount(scale, _sql(expression))


def _parse(text: str, place: Place) -> exp.Expr:
    if len(text) > LONGEST:
        raise refuse("ME001", place, text[:60])
    try:
        trees = sqlglot.parse(text, dialect=DIALECT)
    except (SqlglotError, RecursionError) as error:
        raise refuse("ME001", place, text.strip()) from error
    if len(trees) != 1 or trees[0] is None or sum(1 for _ in trees[0].walk()) > MOST_OPERATIONS:
        raise refuse("ME001", place, text.strip())
    return trees[0]


def _sql(expression: exp.Expr) -> str:
    return expression.sql(dialect=DIALECT, copy=False)


def _names(tree: exp.Expr) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))


def _conjuncts(tree: exp.Expr) -> list[exp.Expr]:
    node = tree.unnest()
    if isinstance(node, exp.And):
        return [*_conjuncts(node.this), *_conjuncts(node.expression)]
    return [node]


_COMPARISONS: Final = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_ONLY_EQUAL: Final = (exp.EQ, exp.NEQ)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Builds what a text says over the stored columns, and refuses the rest."""

    text: str
    fields: Mapping[str, Field]
    place: Place

    def condition(self, node: exp.Expr) -> exp.Expr:  # noqa: PLR0911 - one answer for each form
        """A condition over stored columns."""
        match node:
            case exp.Paren():
                return self.condition(node.this)
            case exp.And() | exp.Or():
                parts = (self.condition(node.this), self.condition(node.expression))
                joined = exp.and_ if isinstance(node, exp.And) else exp.or_
                return exp.paren(joined(*parts, copy=False), copy=False)
            case exp.Not():
                return exp.not_(exp.paren(self.condition(node.this), copy=False), copy=False)
            case exp.Column():
                return self._flag(node)
            case exp.Is() if isinstance(node.expression, exp.Null):
                return self._is_empty(node.this)
            case exp.In() if node.expressions and isinstance(node.this, exp.Column):
                options = [self._comparison(exp.EQ, node.this, option) for option in node.expressions]
                return exp.paren(exp.or_(*options, copy=False), copy=False)
            case exp.Between():
                low = self._comparison(exp.GTE, node.this, node.args["low"])
                high = self._comparison(exp.LTE, node.this, node.args["high"])
                return exp.paren(exp.and_(low, high, copy=False), copy=False)
            case _ if isinstance(node, _COMPARISONS):
                return self._comparison(type(node), node.this, node.expression)
            case _:
                raise refuse("ME002", self.place, self.text.strip(), part=_short(node))

    def amount(self, node: exp.Expr) -> tuple[exp.Expr, int]:  # noqa: PLR0911 - one answer for each form
        """An integer over stored columns, and how many decimals of the value it holds."""
        match node:
            case exp.Paren():
                return self.amount(node.this)
            case exp.Literal() if not node.is_string:
                return self._number(node)
            case exp.Neg():
                inner, scale = self.amount(node.this)
                return exp.Neg(this=exp.paren(inner, copy=False)), scale
            case exp.Add() | exp.Sub():
                left, right, scale = self._aligned(node.this, node.expression)
                return exp.paren(type(node)(this=left, expression=right), copy=False), scale
            case exp.Mul():
                left, left_scale = self.amount(node.this)
                right, right_scale = self.amount(node.expression)
                return exp.paren(exp.Mul(this=left, expression=right), copy=False), left_scale + right_scale
            case exp.DateDiff() if str(node.args.get("unit")).upper() == "DAY":
                later, earlier = self._day(node.this), self._day(node.expression)
                return exp.DateDiff(this=later, expression=earlier, unit=exp.var("DAY")), 0
            case exp.Column() if self._field(node).kind is Kind.NUMBER:
                stored = self._field(node)
                return stored.expression(), stored.scale
            case _:
                raise refuse("ME002", self.place, self.text.strip(), part=_short(node))

    def _aligned(self, left: exp.Expr, right: exp.Expr) -> tuple[exp.Expr, exp.Expr, int]:
        """Two amounts with the same number of decimals."""
        (first, first_scale), (second, second_scale) = self.amount(left), self.amount(right)
        scale = max(first_scale, second_scale)
        return _times(first, scale - first_scale), _times(second, scale - second_scale), scale

    def _comparison(self, kind: type[exp.Expr], left: exp.Expr, right: exp.Expr) -> exp.Expr:
        left, right = left.unnest(), right.unnest()
        sides = {self._kind(left), self._kind(right)}
        kinds = sides - {None}
        if len(kinds) != 1 or sides == {Kind.NUMBER, None}:  # a text may stand for a day, never for a number
            raise refuse("ME004", self.place, self.text.strip(), part=f"{_short(left)}, {_short(right)}")
        match kinds.pop():
            case Kind.NUMBER:
                first, second, _ = self._aligned(left, right)
                return kind(this=first, expression=second)
            case Kind.DATE:
                return kind(this=self._day(left), expression=self._day(right))
            case _ if kind in _ONLY_EQUAL:
                coded = next((f for f in map(self._column, (left, right)) if f and f.codes is not None), None)
                return kind(this=self._word(left, coded), expression=self._word(right, coded))
            case _:
                raise refuse("ME004", self.place, self.text.strip(), part=f"{_short(left)}, {_short(right)}")

    def _kind(self, node: exp.Expr) -> Kind | None:
        """What a side of a comparison is; nothing for a text, which may stand for a day."""
        if (stored := self._column(node)) is not None:
            return stored.kind
        if isinstance(node, exp.Boolean):
            return Kind.BOOLEAN
        if isinstance(node, exp.Cast):
            return Kind.DATE
        if isinstance(node, exp.Literal) and node.is_string:
            return None
        return Kind.NUMBER

    def _word(self, node: exp.Expr, coded: Field | None) -> exp.Expr:
        """A text or a truth; where one side is stored as a code, the code."""
        if (stored := self._column(node)) is not None:
            return stored.expression()
        if isinstance(node, exp.Boolean):
            return node.copy()
        if not (isinstance(node, exp.Literal) and node.is_string):
            raise refuse("ME002", self.place, self.text.strip(), part=_short(node))
        if coded is None or coded.codes is None:
            return node.copy()
        if node.this not in coded.codes:
            near = ", ".join(nearest(node.this, coded.codes)) or ", ".join(list(coded.codes)[:8])
            raise refuse("ME005", self.place, node.this, column=coded.name, near=near or "–")
        return _integer(coded.codes[node.this])

    def _day(self, node: exp.Expr) -> exp.Expr:
        if (stored := self._column(node)) is not None and stored.kind is Kind.DATE:
            return stored.expression()
        literal = node.this if isinstance(node, exp.Cast) else node
        if isinstance(literal, exp.Literal) and literal.is_string:
            try:
                day = date.fromisoformat(literal.this)
            except ValueError as error:
                raise refuse("ME004", self.place, self.text.strip(), part=_short(node)) from error
            return exp.cast(exp.Literal.string(day.isoformat()), "date")
        raise refuse("ME004", self.place, self.text.strip(), part=_short(node))

    def _flag(self, node: exp.Column) -> exp.Expr:
        stored = self._field(node)
        if stored.kind is not Kind.BOOLEAN:
            raise refuse("ME004", self.place, self.text.strip(), part=node.name)
        return stored.expression()

    def _is_empty(self, node: exp.Expr) -> exp.Expr:
        """Whether a cell is empty: null, or the code or text that stands for nothing written."""
        stored = self._column(node.unnest())
        if stored is None:
            raise refuse("ME002", self.place, self.text.strip(), part=_short(node))
        is_null = exp.Is(this=stored.expression(), expression=exp.Null())
        if stored.kind is not Kind.TEXT or (stored.codes is not None and "" not in stored.codes):
            return is_null
        nothing = exp.Literal.string("") if stored.codes is None else _integer(stored.codes[""])
        return exp.paren(exp.or_(is_null, exp.EQ(this=stored.expression(), expression=nothing)), copy=False)

    def _number(self, node: exp.Expr) -> tuple[exp.Expr, int]:
        value = Decimal(node.this)
        scale = max(0, -int(value.as_tuple().exponent))
        return _integer(int(value.scaleb(scale))), scale

    def _column(self, node: exp.Expr) -> Field | None:
        return self._field(node) if isinstance(node, exp.Column) else None

    def _field(self, node: exp.Column) -> Field:
        found = None if node.args.get("table") else self.fields.get(node.name)
        if found is None:
            near = ", ".join(nearest(node.name, self.fields)) or ", ".join(self.fields)
            raise refuse("ME003", self.place, node.sql(), text=self.text.strip(), near=near)
        return found


def _integer(value: int) -> exp.Expr:
    literal = exp.Literal.number(abs(value))
    return exp.paren(exp.Neg(this=literal), copy=False) if value < 0 else literal


def _times(node: exp.Expr, decimals: int) -> exp.Expr:
    return node if not decimals else exp.paren(exp.Mul(this=node, expression=_integer(10**decimals)), copy=False)


def _short(node: exp.Expr) -> str:
    text = node.sql(dialect=DIALECT)
    return text if len(text) <= 60 else f"{text[:60]}…"
