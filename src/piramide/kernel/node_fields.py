"""What is said of a node of a sheet with its results: every field once, with its type, its words and where it stands.

    IndexFields      the figures of an index: of a structure, of a node, of an explanation, of a sheet on paper
    NodeFields       all that is said of a node; whoever carries one inherits it
    FIELDS           the same as data, in the order of kept results: tables, answers, files and open data follow it

A field is added here, and in what works it out (`scoring.tabulate`). Indices are on 100, points in those of the
structure's index; weights, gaps and coverage are fractions; value and target are in the indicator's unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

N = TypeVar("N")
"""The numbers of a figure: doubles that know their exact number where it is kept, any exact number on paper."""


class Of(StrEnum):
    """What a field belongs to: the whole structure as well as its nodes, every node, or leaves alone."""

    STRUCTURE = "structure"
    NODE = "node"
    LEAF = "leaf"


class Type(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    FIGURE = "figure"
    FLAG = "flag"


class Unit(StrEnum):
    """What a figure is counted in."""

    INDEX = "index"
    POINTS = "points"
    FRACTION = "fraction"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Words:
    """The heading of a column and the meaning of its cells, in Italian and in English."""

    it: str
    en: str
    means_it: str
    means_en: str

    def heading(self, language: str) -> str:
        """The heading of a column, in English for who reads no Italian."""
        return self.it if language == "it" else self.en

    def meaning(self, language: str) -> str:
        """What the cells mean, in English for who reads no Italian."""
        return self.means_it if language == "it" else self.means_en


def _said(
    of: Of, it: str, en: str, means_it: str, means_en: str, unit: Unit | None = None, **more: object
) -> Mapping[str, Any]:
    """The rest of a declaration: `open_data` is another name there, `pages` whether pages of the site ask for it.

    `differs` marks what an answer says only where it is not the rule, `always` what only paper may leave out.
    """
    return {"of": of, "words": Words(it, en, means_it, means_en), "unit": unit, **more}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFields(Generic[N]):
    """An index, or what is known of it while a value is missing (R44)."""

    # fmt: off
    index: N | None = field(default=None, metadata=_said(
        Of.STRUCTURE, "Indice", "Index",
        "Indice, 100 è l'obiettivo; vuoto se manca una parte.",
        "Index, 100 is the objective; empty where a part is missing.", Unit.INDEX))
    index_measured: N | None = field(default=None, metadata=_said(
        Of.STRUCTURE, "Indice parziale, sulle parti misurate", "Partial index, on the measured parts",
        "Indice delle sole parti misurate.", "Index of the measured parts alone.", Unit.INDEX))
    index_low: N | None = field(default=None, metadata=_said(
        Of.STRUCTURE, "Indice più basso possibile", "Lowest possible index",
        "Il più basso che l'indice completo può essere.", "The lowest that the complete index can be.",
        Unit.INDEX))
    index_high: N | None = field(default=None, metadata=_said(
        Of.STRUCTURE, "Indice più alto possibile", "Highest possible index",
        "Il più alto che l'indice completo può essere.", "The highest that the complete index can be.",
        Unit.INDEX))
    coverage: N = field(metadata=_said(
        Of.STRUCTURE, "Peso misurato", "Weight measured",
        "Quota del peso che ha un valore, da 0 a 1.",
        "Share of the weight that has a value, 0 to 1.", Unit.FRACTION))
    # fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFields(IndexFields[N]):
    """All that is said of one node of one structure in one period (contract, "Answers in JSON").

    `value`, `target`, `gap_raw`, `gap`, `status` belong to leaves, `points` to those scored in points. `index` is
    `None` unless every leaf below has a value or its policy fills one; `index_measured` is the weighted mean over the
    leaves that have one; `index_low` and `index_high` are the bounds it must lie in; `coverage` is the share of
    weight that has a value; `contribution` the points that it brings to the index of the structure, or to its partial
    one (the weighted gap on that part of the weight that is measured). `due` is the share of weight that the index
    stands on where not all is due (0: the node is not due, and has no index and no bounds), `counted` the weight by
    which the node enters the index above it where that is not `weight`; both are `None` elsewhere.
    """

    # fmt: off
    id: str = field(metadata=_said(
        Of.STRUCTURE, "Identificativo", "Id",
        "Identificativo della voce nella scheda; vuoto per la struttura intera.",
        "Id of the node in the sheet; empty for the whole structure.", open_data="node"))
    parent: str | None = field(default=None, metadata=_said(
        Of.NODE, "Voce superiore", "Above it",
        "Ciò che sta sopra: la voce nella scheda, la struttura nell'organizzazione.",
        "What stands above: the node in the sheet, the structure in the organisation."))
    kind: str = field(metadata=_said(
        Of.STRUCTURE, "Livello", "Level",
        "Che cos'è: dimensione, sotto ambito, indicatore; o il tipo di struttura.",
        "What it is: dimension, sub-dimension, indicator; or the kind of structure."))
    label: str = field(metadata=_said(
        Of.STRUCTURE, "Indicatore", "Indicator",
        "Nome come lo stampa l'atto.", "Name as the act prints it."))
    weight: N | None = field(default=None, metadata=_said(
        Of.NODE, "Peso", "Weight",
        "Peso dentro la voce superiore, da 0 a 1.",
        "Weight inside the node above, 0 to 1.", Unit.FRACTION, always=True))
    weight_source: str = field(default="stated", metadata=_said(
        Of.NODE, "Origine del peso", "Source of the weight",
        "Da dove viene il peso: stated, equal_split, reconstructed, decision, demonstration, rule.",
        "Where the weight comes from: stated, equal_split, reconstructed, decision, demonstration, rule."))
    indicator: str = field(default="", metadata=_said(
        Of.LEAF, "Indicatore", "Indicator",
        "Identificativo dell'indicatore.", "Id of the indicator."))
    rule: str = field(default="", metadata=_said(
        Of.LEAF, "Regola", "Rule",
        "Regola che trasforma il valore in scostamento.", "Rule that turns the value into a gap."))
    unit: str = field(default="", metadata=_said(
        Of.LEAF, "Unità", "Unit",
        "Unità di misura del valore e dell'obiettivo.", "Unit of the value and of the target."))
    value: N | None = field(default=None, metadata=_said(
        Of.LEAF, "Valore", "Value",
        "Valore misurato o raccolto; vuoto se non c'è.",
        "Value measured or collected; empty where there is none.", Unit.OWN))
    target: N | None = field(default=None, metadata=_said(
        Of.LEAF, "Valore obiettivo", "Target",
        "Valore obiettivo del periodo.", "Target of the period.", Unit.OWN))
    gap_raw: N | None = field(default=None, metadata=_said(
        Of.LEAF, "Scostamento senza limite", "Gap without cap",
        "Distanza relativa dall'obiettivo, positiva se favorevole.",
        "Relative distance from the target, positive when favourable.", Unit.FRACTION, pages=False))
    gap: N | None = field(default=None, metadata=_said(
        Of.LEAF, "Scostamento", "Gap",
        "La stessa distanza entro il limite della regola.",
        "The same distance within the cap of the rule.", Unit.FRACTION))
    points: N | None = field(default=None, metadata=_said(
        Of.NODE, "Punti della regola", "Points of the rule",
        "Punti ottenuti, dove la regola ne dà.",
        "Points obtained, where the rule gives any.", Unit.OWN, pages=False))
    contribution: N | None = field(default=None, metadata=_said(
        Of.NODE, "Punti", "Points",
        "Punti che la voce porta all'indice della struttura, o a quello parziale.",
        "Points that the node brings to the index of the structure, or to the partial one.", Unit.POINTS))
    status: str = field(default="", metadata=_said(
        Of.LEAF, "Stato", "Status",
        "Stato del valore: measured, estimated, adjusted, missing, not_applicable, not_started, not_due.",
        "Status of the value: measured, estimated, adjusted, missing, not_applicable, not_started, not_due."))
    contested: bool = field(default=False, metadata=_said(
        Of.LEAF, "Contestato", "Contested",
        "Se qualcuno contesta il dato: yes o no.", "Whether somebody contests the figure: yes or no."))
    note: str = field(default="", metadata=_said(
        Of.LEAF, "Nota", "Note",
        "Nota al valore.", "Note on the value."))
    due: N | None = field(default=None, metadata=_said(
        Of.STRUCTURE, "Peso dovuto", "Weight that is due",
        "Quota del peso su cui l'indice poggia, dove non tutto è dovuto; vuota se tutto lo è.",
        "Share of the weight that the index stands on, where not all is due; empty where all is.",
        Unit.FRACTION, open_data="due_share", differs=True))
    counted: N | None = field(default=None, metadata=_said(
        Of.NODE, "Peso con cui conta", "Weight it counts by",
        "Peso con cui la voce entra nell'indice superiore, dove non è quello stampato.",
        "Weight by which the node enters the index above, where that is not the printed one.",
        Unit.FRACTION, open_data="counted_weight", differs=True, pages=False))
    # fmt: on


@dataclass(frozen=True, slots=True)
class NodeField:
    """A field as data.

    `is_required` is never absent from an answer, `is_nullable` may be `null`; `differs` is said only where it is not
    the rule. `open_data` is its name in files for everybody. `is_on_pages` is what pages of the site ask of many runs.
    """

    name: str
    type: Type
    of: Of
    unit: Unit | None
    words: Words
    open_data: str
    is_nullable: bool
    is_required: bool
    differs: bool
    is_on_pages: bool


_TYPES: Final = {"N": Type.FIGURE, "bool": Type.FLAG, "str": Type.TEXT}
INDEX_FIELDS: Final = tuple(one.name for one in fields(IndexFields))
"""The figures of an index, its coverage last."""


def _as_data() -> dict[str, NodeField]:
    found: dict[str, NodeField] = {}
    for one in fields(NodeFields):
        said, kind = one.metadata, str(one.type).removesuffix(" | None")
        found[one.name] = NodeField(
            name=one.name,
            type=_TYPES[kind],
            of=said["of"],
            unit=said["unit"],
            words=said["words"],
            open_data=said.get("open_data", one.name),
            is_nullable=str(one.type).endswith("None") and not said.get("always", False),
            is_required=said["of"] is not Of.LEAF and not said.get("differs", False),
            differs=said.get("differs", False),
            is_on_pages=said.get("pages", True),
        )
    return found


def _in_order() -> tuple[NodeField, ...]:
    """The figures of the index stand after what the rule gave and before what that brings."""
    found = _as_data()
    own = [name for name in found if name not in INDEX_FIELDS]
    at = own.index("contribution")
    return tuple(found[name] for name in (*own[:at], *INDEX_FIELDS, *own[at:]))


FIELDS: Final = _in_order()
FIGURES: Final = tuple(one.name for one in FIELDS if one.type is Type.FIGURE)


def index_of(carrier: IndexFields[N]) -> dict[str, Any]:
    """The figures of an index by name, to be carried on."""
    return {name: getattr(carrier, name) for name in INDEX_FIELDS}


def carried(carrier: NodeFields[N]) -> dict[str, Any]:
    """All that is said of a node by name, to be carried on."""
    return {one.name: getattr(carrier, one.name) for one in FIELDS}
