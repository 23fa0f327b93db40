"""What carries each line of the chain, the way up from a node or a project, and what is loose at either end.

What carries a line is linked to it, or to a line that stands under it. A node leads up by its own links, by those of
what it stands under, and by those of the projects that it scores.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from piramide.methodology.chain import Chain, ChainLine, Link, LinkKind, RegisterEntry
from piramide.methodology.model import Node, Pack, with_ancestors

Carrier = tuple[str, str]
"""A structure, and a node of its sheet or a project of its register."""


@dataclass(frozen=True)
class Carrying:
    """The chain of a plan, read from both ends."""

    pack: Pack

    @property
    def chain(self) -> Chain:
        """What the plan says of it."""
        return self.pack.chain

    @cached_property
    def _of_carrier(self) -> Mapping[Carrier, tuple[Link, ...]]:
        found: dict[Carrier, list[Link]] = {}
        for link in self.chain.links:
            found.setdefault((link.structure, link.node), []).append(link)
        return {carrier: tuple(links) for carrier, links in found.items()}

    @cached_property
    def _entries(self) -> Mapping[Carrier, RegisterEntry]:
        return {entry.key: entry for entry in self.chain.register}

    @cached_property
    def _scored_by(self) -> Mapping[Carrier, tuple[RegisterEntry, ...]]:
        """The entries that each node scores."""
        found: dict[Carrier, list[RegisterEntry]] = {}
        for entry in self.chain.register:
            if entry.node:
                found.setdefault((entry.structure, entry.node), []).append(entry)
        return {carrier: tuple(entries) for carrier, entries in found.items()}

    @cached_property
    def _line_of_nodes(self) -> Mapping[str, Mapping[str, tuple[Node, ...]]]:
        """Each node of each structure that the chain names, with all above it, the root first, itself last."""
        named = {structure for structure, _node in (*self._of_carrier, *self._scored_by)}
        return {
            name: {node.id: (*above, node) for node, above in with_ancestors(sheet.tree)}
            for name, sheet in self.pack.sheets.items()
            if name in named
        }

    @cached_property
    def carries(self) -> Mapping[str, tuple[Carrier, ...]]:
        """What leads to each line, each once, in the order of the links."""
        found: dict[str, dict[Carrier, None]] = {code: {} for code in self.chain.lines}
        for link in self.chain.links:
            if link.kind is LinkKind.CHAIN:
                for line in self.at_or_above(link.to):
                    found[line.id][link.structure, link.node] = None
        return {code: tuple(carriers) for code, carriers in found.items()}

    def at_or_above(self, code: str) -> tuple[ChainLine, ...]:
        """A line and all above it, the highest first."""
        found: set[str] = set()
        pending = [code]
        while pending:
            found.add(pending[-1])
            pending.extend(self.chain.lines[pending.pop()].under)
        return self._from_above(found)

    def _from_above(self, lines: Collection[str]) -> tuple[ChainLine, ...]:
        """Lines by their codes, the highest first, those of one level in the order of the files."""
        found = (line for code, line in self.chain.lines.items() if code in lines)
        return tuple(sorted(found, key=self.chain.rank))

    def lines_of_chapter(self, chapter: str) -> tuple[ChainLine, ...]:
        """The lines under which a chapter of spending is listed, with all above them, the highest first."""
        found = {line.id: line for code in self.chain.chapter_lines.get(chapter, ()) for line in self.at_or_above(code)}
        return tuple(sorted(found.values(), key=self.chain.rank))

    def below(self, code: str) -> tuple[ChainLine, ...]:
        """The lines that stand under a line, in the order of the files."""
        return tuple(line for line in self.chain.lines.values() if code in line.under)

    def entry(self, carrier: Carrier) -> RegisterEntry | None:
        """The entry of the register; nothing for a node."""
        return self._entries.get(carrier)

    def ways_up(self, structure: str, node: str) -> tuple[Link, ...]:
        """The links of a node or a project: its own first, then of what it stands under, then of the entries it scores.

        An entry of the register stands under the node that scores it.
        """
        entry = self.entry((structure, node))
        start = entry.node if entry else node
        line = self._line_of_nodes.get(structure, {}).get(start, ())
        carriers = [(structure, node), *((structure, one.id) for one in reversed(line))]
        carriers += [one.key for one in self._scored_by.get((structure, node), ())]
        found: dict[tuple[LinkKind, str], Link] = {}
        for carrier in carriers:
            for link in self._of_carrier.get(carrier, ()):
                found.setdefault((link.kind, link.to), link)
        return tuple(found.values())

    def lines_of(self, structure: str, node: str) -> tuple[ChainLine, ...]:
        """Every line that a node or a project leads to, the highest first."""
        reached = {
            line.id
            for link in self.ways_up(structure, node)
            if link.kind is LinkKind.CHAIN
            for line in self.at_or_above(link.to)
        }
        return self._from_above(reached)

    @property
    def loose_lines(self) -> tuple[ChainLine, ...]:
        """Lines that nothing carries."""
        return tuple(line for line in self.chain.lines.values() if not self.carries[line.id])

    @cached_property
    def top(self) -> str:
        """The highest level to which an entry of the register leads; empty where none leads to any."""
        reached = {line.level for entry in self.chain.register for line in self.lines_of(*entry.key)}
        return next((level for level in self.chain.levels if level in reached), "")

    @cached_property
    def loose(self) -> tuple[Carrier, ...]:
        """Objectives without a line: entries of the register, then nodes of sheets; none where there is no chain.

        An entry leads to no line of the level `top`. A node leads to no line, and so does everything below it, while
        the document links one that stands beside it: of a tree that it does not link it says nothing.
        """
        if not self.chain.levels:
            return ()
        entries = (entry.key for entry in self.chain.register if not self._reaches_top(entry))
        nodes = (
            (name, node.id)
            for name in self._line_of_nodes
            for node in self._loose_beside(name, self.pack.sheets[name].tree)
        )
        return tuple(dict.fromkeys((*entries, *nodes)))

    def _reaches_top(self, entry: RegisterEntry) -> bool:
        return bool(self.top) and any(line.level == self.top for line in self.lines_of(*entry.key))

    def _loose_beside(self, structure: str, tree: tuple[Node, ...]) -> Iterator[Node]:
        for node, above in with_ancestors(tree):
            beside = above[-1].children if above else tree
            leads = (*above, *node.walk())
            if (
                node.weight
                and node.is_at_hand
                and any(self._is_named(structure, one.id) for one in beside)
                and not any(self._is_linked(structure, one) for one in leads)
            ):
                yield node

    def _is_linked(self, structure: str, node: Node) -> bool:
        """Whether the document links a node, or a project that it scores, to a line."""
        scores = self._scored_by.get((structure, node.id), ())
        return any(self._is_named(structure, name) for name in (node.id, *(entry.id for entry in scores)))

    def _is_named(self, structure: str, name: str) -> bool:
        """Whether a link of this node or project itself leads to a line."""
        return any(link.kind is LinkKind.CHAIN for link in self._of_carrier.get((structure, name), ()))


def structures_of(carriers: Iterable[Carrier]) -> tuple[str, ...]:
    """The structures of some carriers, each once, in their order."""
    return tuple(dict.fromkeys(structure for structure, _node in carriers))


def codes_of_chapters(pack: Pack) -> tuple[str, ...]:
    """The codes of the chapters that the chain of a plan lists; none where it names no table of them."""
    table = pack.tables.get(pack.chain.chapters)
    if table is None:
        return ()
    at = table.columns.index("chapter")
    return tuple(row[at] for row in table.rows)
