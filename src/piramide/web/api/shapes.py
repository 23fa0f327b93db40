"""The shapes of the answers; names and units are those of the contract, figures are not rounded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from ninja import P, PathEx, Schema
from pydantic import Field, JsonValue, create_model

from piramide.kernel import statuses
from piramide.kernel.node_fields import FIELDS, INDEX_FIELDS, NodeField, Of, Type

IDENTIFIER = "^[a-z0-9_]+$"
RunId = PathEx[
    str, P(pattern="^(latest|[0-9a-f]{8,64})$", max_length=64, description="Id of a run, its beginning, or `latest`.")
]
StructureId = PathEx[str, P(pattern=IDENTIFIER, max_length=100, description="Id of a structure.")]
NodeId = PathEx[str, P(pattern=IDENTIFIER, max_length=200, description="Id of a node of the sheet.")]
IndicatorId = PathEx[str, P(pattern=IDENTIFIER, max_length=200, description="Id of an indicator.")]
Share = Annotated[float, Field(description="A fraction, 0 to 1.")]
Figure = float | None


class Run(Schema):
    """A kept run. Published ones are for everybody, the others for who may read results."""

    run: Annotated[str, Field(description="Its id, 64 hexadecimal digits.")]
    pack: str
    period: Annotated[str, Field(examples=["2024-Q3"])]
    ends_on: date
    demonstration: Annotated[bool, Field(description="Whether its data are invented.")]
    published_at: datetime | None
    publication_act: str


class Hashes(Schema):
    """SHA-256 of what went into a run and of what came out."""

    method: str
    values: str
    organisation: str
    results: str


class WholeRun(Run):
    """A run with what it was made from; `files` are the permanent addresses of a published one."""

    as_of: date
    known_on: str
    code: Annotated[str, Field(description="Version of the program that computed it.")]
    hashes: Hashes
    files: list[str]


class Place(Schema):
    """A structure of the organisation."""

    id: str
    label: str
    kind: str
    parent: str | None
    additive: Annotated[bool, Field(description="Whether it adds up into the one above.")]
    clusters: Annotated[dict[str, str], Field(description="Its cluster in each scheme.")]


def _shape(name: str, told: Iterable[NodeField]) -> type[Schema]:
    """A shape with fields of a node, as they are declared; what is not always said has a default."""
    shown: dict[str, Any] = {one.name: (_type_of(one), _field_of(one)) for one in told}
    return create_model(name, __base__=Schema, **shown)


def _type_of(one: NodeField) -> Any:
    kind: Any = {Type.TEXT: str, Type.FLAG: bool, Type.FIGURE: float}[one.type]
    return kind | None if one.is_nullable else kind


def _field_of(one: NodeField) -> Any:
    empty: Any = {Type.TEXT: "", Type.FLAG: False, Type.FIGURE: None}[one.type]
    form: dict[str, JsonValue] | None = {"format": "double"} if one.type is Type.FIGURE else None
    default = ... if one.is_required else empty
    return Field(default, description=one.words.meaning("en"), json_schema_extra=form)


if TYPE_CHECKING:

    class OfIndex(Schema):
        """The figures of an index."""

    class OfStructure(Schema):
        """What is said of a whole structure."""

    class OfNode(Schema):
        """What is said of a node."""
else:
    OfIndex = _shape("OfIndex", (one for one in FIELDS if one.name in INDEX_FIELDS))
    OfStructure = _shape("OfStructure", (one for one in FIELDS if one.of is Of.STRUCTURE))
    OfNode = _shape("OfNode", FIELDS)


class StructureIndex(OfStructure):
    """A structure with its index in a run: null unless all below is measured; `index_measured` is the partial one."""


class ScoredNode(OfNode):
    """A node of a sheet; `indicator`, `rule`, `unit`, value, target, gaps, status and note for leaves alone."""


class Worth(Schema):
    """What a node is worth of a sum of money, and what it earns: null while its index is."""

    id: str
    quota: str
    earned: str | None


class Money(Schema):
    """A sum of money over the leaves of the sheet: amounts as text with two decimals, null while unknown."""

    id: str
    structure: str
    total: str
    earned: str | None
    nodes: list[Worth]


class Sheet(StructureIndex):
    """The sheet of a structure with its results, nodes in the order of the paper, parents first."""

    run: str
    pack: str
    period: str
    demonstration: bool
    source: Annotated[str, Field(description="`stated`, or `demonstration` where no document prints it.")]
    nodes: list[ScoredNode]
    money: Annotated[
        list[Money], Field(description="Sums that the plan ties to its objectives, where it has any.")
    ] = []


class Cited(Schema):
    """An act and the place in it."""

    id: str
    place: str


class CitedByName(Cited):
    """An act with its printed name."""

    label: str


class Contribution(Schema):
    """Points that a node brings to one above it."""

    ancestor: str
    label: str
    points: float


class Exchange(Schema):
    """What a leaf would have to change, and for how many points of the structure's index."""

    per_unit: Figure
    for_one_point: Figure
    wasted: float
    per_percent: Figure
    next_step: Figure
    step_points: Figure
    sentence: str


class Effect(Schema):
    """A leaf that takes points, or brings some."""

    node: str
    label: str
    points: float
    reason: str


class Explanation(OfIndex):
    """One number told: sentence, formula with its figures, act, contributions; `inputs` is the same one level down."""

    node: str
    structure: str
    label: str
    kind: str
    basis: str
    value: Figure
    target: Figure
    unit: str
    gap_raw: Figure
    gap: Figure
    cap: Figure
    weight: float
    weight_source: str
    share: float
    rule: str
    status: str
    contested: bool
    definition: str
    demonstration: bool
    sentence: str
    formula: str
    act: CitedByName
    rule_act: Cited
    contributions: list[Contribution]
    exchange: Exchange | None
    losses: list[Effect]
    gains: list[Effect]
    notes: list[str]
    inputs: list[Explanation]
    money: list[Worth] = []


class Quality(Schema):
    """The data-quality statement of an indicator; empty where the plan does not say."""

    verified: str
    source: str
    accuracy: str
    limits: str
    compensation: str


class IndicatorLine(Schema):
    """An indicator in a list."""

    id: str
    label: str
    unit: str
    rule: str
    direction: str


class Indicator(IndicatorLine):
    """An indicator: definition, exact formula (empty where the value is collected), act, data quality."""

    definition: str
    formula: str
    cap: Share
    missing: str
    value_from: str
    owner: str
    due: str
    act: Cited
    quality: Quality


class IndicatorValue(Schema):
    """The value of an indicator in one node of one structure."""

    structure: str
    structure_label: str
    node: str
    label: str
    unit: str
    value: Figure
    target: Figure
    gap_raw: Figure
    gap: Figure
    index: Figure
    status: str
    contested: bool
    note: str


class Plan(Schema):
    """The plan in force."""

    pack: str
    hash: str
    label: str
    administration: str
    year: int
    since: date
    until: Annotated[date, Field(description="The first day on which it holds no more.")]
    demonstration: bool
    structures: Annotated[list[str], Field(description="Structures with objectives.")]


class Reweighted(Schema):
    """How the weight of a node came about: the rule, its guests, what they weigh together, the weight as stated."""

    rule: str
    guests: int
    together: float
    stated: Figure


class PlanNode(Schema):
    """A node of the weighted tree; leaves tell rule, unit, target, cap."""

    id: str
    kind: str
    label: str
    weight: Share
    weight_source: str
    act: Cited
    indicator: str = ""
    rule: str = ""
    unit: str = ""
    direction: str = ""
    target: Figure = None
    printed: Annotated[str, Field(description="The target as the act prints it.")] = ""
    cap: Figure = None
    value_from: str = ""
    parts: dict[str, float] = {}
    points: Annotated[Figure, Field(description="The weight in points of 100, where the plan prints it so.")] = None
    reweighting: Annotated[Reweighted | None, Field(description="How guests changed the weight.")] = None
    children: list[PlanNode] = []


class LinkShown(Schema):
    """What a node or a project is linked to: a line of the chain, a chapter, a goal, a stakeholder, an outcome."""

    node: str
    kind: str
    to: str
    act: Cited


class RiskShown(Schema):
    """A risk of an objective; its level is null where the document does not say."""

    node: str
    risk: str
    text: str
    level: str | None
    response: str
    act: Cited


class EntryShown(Schema):
    """An entry of the register of projects; what the document does not say is null."""

    id: str
    label: str
    kind: str
    node: Annotated[str | None, Field(description="The node of the sheet that scores it.")]
    scored: bool | None
    start: date | None
    end: date | None
    evidence: str
    responsible: str
    act: Cited


class PlannedStructure(Schema):
    """What the plan asks of a structure, with its part of the chain where the plan has one."""

    id: str
    label: str
    kind: str
    parent: str | None
    clusters: dict[str, str]
    source: str
    tree: list[PlanNode]
    links: list[LinkShown] = []
    risks: list[RiskShown] = []
    projects: list[EntryShown] = []


class KeyShown(Schema):
    """What the key of this request lets do."""

    label: str
    actions: list[str]
    structure: str
    ends_on: date


class CampaignShown(Schema):
    """A round of collection."""

    id: int
    title: str
    period: str
    pack: str
    due_on: date
    is_open: bool


class AskShown(Schema):
    """A figure that a campaign asks, with its answer: an exact decimal as text, empty while there is none.

    `version` changes with every answer: who writes sends the one they have seen.
    """

    id: int
    structure: str
    indicator: str
    period: str
    unit: str
    value: str
    status: str
    note: str
    version: int


class ValueWritten(Schema):
    """An answer: a value, or a status that says why there is none, with a note."""

    value: Annotated[
        str,
        Field(max_length=400, pattern=r"^(-?[0-9]+(\.[0-9]+)?)?$", description="Exact decimal with a point, or empty."),
    ] = ""
    status: Annotated[str, Field(pattern=f"^({'|'.join(statuses.ANSWERED)})$")] = statuses.Status.MEASURED.value
    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")] = ""
    version: Annotated[int, Field(ge=0, le=2**62, description="The version that was read; 0 for none.")]


class Wrong(Schema):
    """A parameter or field that is not as it must be."""

    field: str
    message: str


class FindingShown(Schema):
    """A reason for which something was refused."""

    code: str
    message: str


class ProblemShown(Schema):
    """An error, as RFC 9457 says it."""

    type: str
    title: str
    status: Annotated[int, Field(ge=100, le=599)]
    detail: str
    errors: list[Wrong] = []
    findings: list[FindingShown] = []


class Status(Schema):
    """Whether the service answers."""

    title: str
    status: int
    detail: str


Explanation.model_rebuild()
PlanNode.model_rebuild()
Body = dict[str, Any]
