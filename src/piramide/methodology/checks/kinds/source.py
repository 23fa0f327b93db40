"""What a kind of identity reads: the arguments of one identity, checked against the tables of the pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from piramide.methodology.checks.cells import Book, Cell, exact
from piramide.methodology.identity import Identity


class MisdeclaredIdentityError(Exception):
    """An identity asks for what its kind or its tables do not have; becomes a finding."""

    def __init__(self, argument: str, value: str = "", known: Iterable[str] = ()) -> None:
        super().__init__(argument, value)
        self.argument = argument
        self.value = value
        self.known = tuple(known)


@dataclass(frozen=True, slots=True)
class Source:
    """The arguments at one level of an identity (the identity itself, or one side of it)."""

    book: Book
    identity: Identity
    arguments: Mapping[str, object]
    path: str = ""

    def has(self, name: str) -> bool:
        """Whether the argument is given."""
        return self.arguments.get(name) is not None

    def side(self, name: str) -> Source:
        """The arguments of one side."""
        value = self.arguments.get(name)
        if not isinstance(value, Mapping):
            raise MisdeclaredIdentityError(self._named(name), "" if value is None else str(value))
        return Source(self.book, self.identity, value, self._named(name) + ".")

    def text(self, name: str, default: str | None = None) -> str:
        """A word: the name of a table, of a column, of a row."""
        value = self.arguments.get(name, default)
        if value is None or isinstance(value, Mapping | list | tuple):
            raise MisdeclaredIdentityError(self._named(name))
        return str(value)

    def number(self, name: str, default: Fraction | None = None) -> Fraction:
        """An exact number of the identity."""
        value = self.arguments.get(name, default)
        figure = value if isinstance(value, Fraction) else exact(str(value))
        if figure is None:
            raise MisdeclaredIdentityError(self._named(name), "" if value is None else str(value))
        return figure

    def decimals(self) -> int | None:
        """Decimals of the print, if the identity fixes them."""
        return int(self.number("decimals")) if self.has("decimals") else None

    def says(self, name: str) -> bool:
        """A yes or a no, no by default."""
        return self.arguments.get(name) in {True, "yes", "true"}

    def table(self, name: str = "table") -> str:
        """The id of a table of the pack."""
        table = self.text(name)
        if table not in self.book.tables:
            raise MisdeclaredIdentityError(self._named(name), table, self.book.tables)
        return table

    def column(self, name: str, table: str | None = None) -> str:
        """A column of the table."""
        return self._known_column(self.text(name), name, table)

    def columns(self, name: str, table: str | None = None) -> tuple[str, ...]:
        """Columns of the table: a list, or one word; empty where not given."""
        value = self.arguments.get(name)
        listed = [] if value is None else list(value) if isinstance(value, list | tuple) else [value]
        return tuple(self._known_column(str(column), name, table) for column in listed)

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words, empty where not given."""
        value = self.arguments.get(name)
        return tuple(map(str, value)) if isinstance(value, list | tuple) else (() if value is None else (str(value),))

    def choice(self, name: str, table: str | None = None) -> dict[str, frozenset[str]]:
        """A mapping of columns to the texts they may have."""
        value = self.arguments.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise MisdeclaredIdentityError(self._named(name), str(value))
        return {
            self._known_column(str(column), name, table): frozenset(
                text for item in (texts if isinstance(texts, list | tuple) else [texts]) for text in _as_printed(item)
            )
            for column, texts in value.items()
        }

    def rows(self) -> list[int]:
        """Rows of the table that `where` and `unless` leave."""
        return self.book.rows(self.table(), self.choice("where"), self.choice("unless"))

    def cell(self) -> Cell:
        """The one cell that `table`, `row` and `column` name."""
        table, column = self.table(), self.column("column")
        if isinstance(self.arguments.get("row"), Mapping):
            rows = self.book.rows(table, self.choice("row"), {})
        else:
            wanted = self.text("row")
            rows = [row for row in range(len(self.book.tables[table].rows)) if self.book.key(table, row) == wanted]
        if len(rows) != 1:
            known = (self.book.key(table, row) for row in range(len(self.book.tables[table].rows)))
            raise MisdeclaredIdentityError(self._named("row"), str(self.arguments.get("row")), known)
        return Cell(table, rows[0], column)

    def groups(self, columns: Iterable[str], rows: Iterable[int] | None = None) -> dict[tuple[str, ...], list[int]]:
        """Rows that have the same texts in `columns`, in order of appearance."""
        table, found = self.table(), dict[tuple[str, ...], list[int]]()
        chosen = tuple(columns)
        for row in self.rows() if rows is None else rows:
            found.setdefault(self.book.texts(table, row, chosen), []).append(row)
        return found

    def _known_column(self, column: str, name: str, table: str | None) -> str:
        table = table or self.table()
        if not self.book.has_column(table, column):
            raise MisdeclaredIdentityError(self._named(name), column, self.book.tables[table].columns)
        return column

    def _named(self, name: str) -> str:
        return self.path + name


def _as_printed(value: object) -> tuple[str, ...]:
    """The texts that a cell may have for a value of the identity."""
    if isinstance(value, bool):
        return ("true", "yes") if value else ("false", "no")
    return ("" if value is None else str(value),)
