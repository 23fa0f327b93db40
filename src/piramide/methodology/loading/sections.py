"""The sections of a pack as authors write them: shapes only, checked by Pydantic and published as JSON schemas.

Exact numbers are `Fraction`s; what a section means is given in `definitions` and checked in `methodology.checks`.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from piramide.methodology.loading.chain_section import ChainSection
from piramide.methodology.loading.money_section import MoneySection
from piramide.methodology.loading.planning_section import PlanningSection
from piramide.methodology.loading.reweighting_section import ReweightingSection
from piramide.methodology.loading.section import AsWritten, Cited, Exact, Section, not_negative
from piramide.methodology.loading.sheet_section import PrintSection, SheetSection
from piramide.methodology.model import MissingPolicy, RuleKind
from piramide.methodology.parent_rules import ELSE
from piramide.methodology.phases import Late
from piramide.methodology.profile_kinds import ProfileKind


class ChildrenSection(Section):
    """Whose values a parent's is made of, and what weighs them."""

    kinds: list[str] = Field(default=[], description="Kinds of the structures below; without, those directly below")
    by: str = Field(default="", description="The measure that weighs them")


class ParentRuleSection(Section):
    """One rule, and its terms."""

    formula: ChildrenSection | None = None
    ratio_of_sums: ChildrenSection | None = None
    mean_of_children: ChildrenSection | None = None
    weighted_mean_of_children: ChildrenSection | None = None
    same_for_all: ChildrenSection | None = None
    none: ChildrenSection | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise PydanticCustomError("too_long", "one rule", {"max_length": 1})
        return self


def _cases(value: object) -> object:
    """Rules by case; a rule alone holds for every structure, and may be a word, or a word and what weighs."""
    if isinstance(value, str):
        return {ELSE: _rule(value)} if value else {}
    if not isinstance(value, dict):
        return value
    if value.keys() & ParentRuleSection.model_fields.keys():
        return {ELSE: _rule(value)}
    return {case: _rule(rule) for case, rule in value.items()}


def _rule(value: object) -> object:
    if isinstance(value, str):
        return {value: {}}
    if isinstance(value, dict):
        return {name: {"by": terms} if isinstance(terms, str) else terms or {} for name, terms in value.items()}
    return value


ParentAsWritten = Annotated[
    dict[str, ParentRuleSection],
    BeforeValidator(_cases),
    WithJsonSchema(
        {
            "description": "How a structure with others below gets its value: a rule, or rules by kind of structure, "
            "`cluster`, `own`, `else`",
            "anyOf": [{"type": "string"}, {"type": "object"}],
        }
    ),
]


class ActSection(Section):
    """An act that the pack cites."""

    label: str
    kind: str = ""
    number: str = ""
    issuer: str = ""
    day: date | None = None


class ValiditySection(Section):
    """Half-open interval of days `[from, until)` for which the pack holds."""

    since: date = Field(alias="from")
    until: date


class CapSection(Cited):
    """Bound of a gap on both sides, as a fraction."""

    value: Annotated[Exact, AfterValidator(not_negative)]


class QualitySection(Section):
    """Data-quality statement."""

    verified: str = ""
    source: str = ""
    accuracy: str = ""
    limits: str = ""
    compensation: str = ""


class RangeSection(Section):
    """What a value can be, in the indicator's unit; a missing end does not bind."""

    least: Exact | None = None
    most: Exact | None = None


def _listed(value: object) -> object:
    """A list of ids as one text."""
    return ";".join(map(str, value)) if isinstance(value, list) else value


def _yes_or_no(value: object) -> object:
    """YAML 1.2 reads `yes` and `no` as text."""
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


class CheckpointSection(Section):
    """A moment of a threshold rule: met when `least <= value <= most`; without bounds the value is the share met."""

    moment: Literal["Q1", "Q2", "Q3", "Q4", "year", "any"]
    least: Exact | None = None
    most: Exact | None = None
    mandatory: bool = False
    tolerance: Exact = Fraction(0)


class CompositeSection(Section):
    """What is combined, and the share of each part."""

    of: Literal["attainment", "gap", "capped_gap", "points"]
    parts: dict[str, Exact] = Field(min_length=1)


class CurvePointSection(Section):
    """A point of a curve."""

    at: Exact = Field(description="The value in the unit of the indicator, or the attainment (1: the target)")
    gives: Exact = Field(description="The index on 100")


class CurveSection(Section):
    """An index drawn by the act: `below` under the first point, straight from point to point, then the last."""

    of: Literal["attainment", "value"]
    below: Exact
    points: list[CurvePointSection] = Field(min_length=1)


class ScoreOfSection(Section):
    """Whose score a node takes; without weights, the mean in equal shares."""

    structures: Annotated[str, BeforeValidator(_listed)] = Field(
        min_length=1, description="`children`, `kind:K`, an id, or ids by `;`"
    )
    node: str = ""
    weights: dict[str, Exact] = Field(default={})


class IndicatorSection(Cited):
    """Definition of one indicator."""

    label: str
    definition: str = ""
    unit: str
    direction: Literal["up", "down", "both", "none"]
    rule: RuleKind
    level: Literal["flow", "level", "ratio"] | None = None
    formula: str = ""
    source: str = ""
    owner: str = ""
    due: str = ""
    was: str = ""
    quality: QualitySection = QualitySection()
    cap: Annotated[Exact, AfterValidator(not_negative)] | None = None
    clip_positive: bool = False
    missing: MissingPolicy | None = None
    value_from: str = ""
    measured_on: str = Field(
        default="",
        pattern=r"^([a-z0-9_]+=[a-z0-9_]+(;[a-z0-9_]+=[a-z0-9_]+)*)?$",
        description="Structures or kinds whose value comes from the figures of another: `coordination=parent`",
    )
    parent: ParentAsWritten = Field(default={})
    rounding: int = Field(default=2, ge=0, le=6)
    range: RangeSection = RangeSection()
    profile: str = ""
    scale: str = ""
    points: Exact | None = None
    checkpoints: list[CheckpointSection] = Field(default=[])
    composite: CompositeSection | None = None
    curve: CurveSection | None = None
    score_of: ScoreOfSection | None = None
    late: Late | None = Field(default=None, description="For rule phases: progress after the end counts, or fails")
    print: PrintSection = PrintSection()
    amendable: Annotated[bool, BeforeValidator(_yes_or_no)] = Field(
        default=True, description="`no`: no act of the year changes it, its weights or its targets"
    )


class HoldsSection(Section):
    """What a group must satisfy at each checkpoint: SQL conditions over added up columns and parameters."""

    q1: str = Field(default="", alias="Q1")
    q2: str = Field(default="", alias="Q2")
    q3: str = Field(default="", alias="Q3")
    q4: str = Field(default="", alias="Q4")
    year: str = ""
    any: str = ""


class GroupsSection(Section):
    """Groups of rows that a measure counts instead of adding up rows."""

    by: list[str] = Field(default=[], description="Columns that make a group, the structure of the row first")
    among: str = Field(default="", description="Table of the pack with the groups looked at; empty: all that rows name")
    judged: str = Field(default="", description="Condition without which a group is passed over")
    holds: HoldsSection = HoldsSection()
    scored_by: Literal["count", "amount", "all"] = Field(
        default="count", description="Each group is one, or weighs its amount, or all have to pass"
    )
    amount: str = Field(default="", description="For scored_by amount: the column that a group weighs")
    judged_by: str = Field(default="", description="Instead of all others: the measure whose judged groups are counted")


class MeasureSection(Section):
    """A named measure that formulas may use; without `dataset` and `formula` it is collected by hand."""

    label: str
    unit: str = ""
    level: Literal["flow", "level", "ratio"] = "flow"
    definition: str = ""
    dataset: str = Field(default="", description="Contract of the rows that are counted or added up (docs/datasets.md)")
    entry: Literal["", "received", "transferred", "resolved", "reopened", "pending"] = Field(
        default="", description="Of the work ledger: which entries count; pending is received + reopened - resolved"
    )
    aggregate: Literal["", "count", "sum", "last", "mean"] = Field(
        default="", description="Empty: count without a column, else sum for a flow and last for a level"
    )
    column: str = Field(default="", description="Column, or arithmetic over columns, that is added up")
    filter: str = Field(default="", description="SQL condition over columns and attributes of the product")
    credit: Literal["competence", "work", "split", "own"] = Field(
        default="competence", description="Which office the work counts for; own leaves work sharing out"
    )
    share: str = Field(default="", description="For credit split: parameter with the share of the office of work")
    across: str = Field(
        default="",
        description="Only work done for an office under another structure of these kinds (`region;area`), as of then",
    )
    window: Literal["", "period", "year_to_date", "trailing_12", "month_end", "running", "integral"] = Field(
        default="", description="Empty: year_to_date for a flow, month_end for a level"
    )
    before: Literal["", "same_moment", "year_end"] = Field(
        default="", description="Taken a year before: at the same moment, or at the end of that year"
    )
    adds: Literal["", "sum", "none", "absolute"] = Field(
        default="", description="How it adds up over structures; none: it stands only on the structure its row names"
    )
    span: Literal["", "year", "to_date", "month"] = Field(default="", description="The time that a stated mean is of")
    formula: str = Field(default="", description="Instead of a dataset: an expression over measures and parameters")
    expected_of: str = Field(default="", description="The measure of which this one is what the budget expects")
    groups: GroupsSection | None = None
    parent: ParentAsWritten = Field(default={})


class DatedValue(Cited):
    """A value that holds from a day on."""

    since: date = Field(alias="from")
    value: Exact


class ParameterSection(Section):
    """A dated number of the method."""

    label: str
    unit: str
    values: list[DatedValue] = Field(min_length=1)
    use: str = ""


class BandSection(Section):
    """Points of the values above `from` up to and including `to`."""

    low: Exact = Field(alias="from")
    high: Exact = Field(alias="to")
    points: Exact


class ScaleSection(Cited):
    """A table of bands."""

    label: str
    bands: list[BandSection] = Field(min_length=1)


class ProfileSection(Cited):
    """Quarterly programme of a target."""

    kind: ProfileKind
    quarters: list[Exact] = Field(default=[], max_length=4)


class OverrideSection(Cited):
    """A dated exception."""

    id: str
    subject: dict[str, str]
    field: Literal["target", "weight", "cap", "rule", "label", "value", "each", "most"]
    before: AsWritten
    value: AsWritten
    since: date = Field(alias="from")
    reason: str


class TableSection(Cited):
    """A published table; its cells stand in `tables/<id>.csv`."""

    title: str
    key: list[str] = Field(min_length=1)
    unit: str = ""
    use: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    codes: list[str] = Field(default_factory=list)


class IdentitySection(Cited):
    """A relation that published figures satisfy; further keys depend on the kind."""

    model_config = ConfigDict(extra="allow", frozen=True, coerce_numbers_to_str=False, arbitrary_types_allowed=True)

    id: str
    kind: str
    sentence: str
    tolerance: Exact = Fraction(0)


class StructureSection(Section):
    """A structure that never changes, for a small organisation written inside `pack.yaml`."""

    label: str
    kind: str
    parent: str = ""


class SpendingBoardSection(Section):
    """What the page of spending shows."""

    forecasts: list[str] = Field(
        default=[],
        description="Indicators whose measures judge groups; of each structure the first that its sheet holds",
    )
    names: dict[str, str] = Field(
        default={}, description="For a table of the pack, its column with the names of groups"
    )
    account: str = Field(default="", description="The indicator of the transit account")
    balance: str = Field(default="", description="The measure with the signed balance of the transit account")


class QualityAreaSection(Section):
    """An area of the quality dashboard."""

    index: str = Field(description="The measure of the area's index")
    label: str
    elements: dict[str, str] = Field(default={}, description="Measures that the index is made of, with their labels")


class QualityBoardSection(Section):
    """What the page of quality shows."""

    areas: list[QualityAreaSection] = Field(default=[])
    together: str = Field(default="", description="The measure of all areas together")


class KindGroupSection(Section):
    """Kinds of structure that pages list together."""

    label: str
    kinds: list[str]


class MapPlaceSection(Section):
    """Where a structure lies on the map of tiles."""

    row: int = Field(ge=1, le=12)
    column: int = Field(ge=1, le=7)
    short: str
    beside: str = Field(default="", description="The structure on whose territory it lies, drawn next to it")


class BoardsSection(Section):
    """Pages of the site that show more than the sheets do."""

    spending: SpendingBoardSection = SpendingBoardSection()
    quality: QualityBoardSection = QualityBoardSection()
    clusters: dict[str, str] = Field(default={}, description="Schemes of clusters, each with its name on pages")
    peers: str = Field(default="", description="Scheme of clusters inside which structures are compared; else kinds")
    sites: list[str] = Field(default=[], description="Kinds that produce, by which size is counted; else every leaf")
    groups: list[KindGroupSection] = Field(default=[], description="Kinds that pages list together, in their order")
    map: dict[str, MapPlaceSection] = Field(default={}, description="Structures on the map of tiles")
    institutional: list[str] = Field(
        default=[], description="Nodes of the administration's sheet that stand for its institutional performance"
    )


class PackSection(Section):
    """`pack.yaml`: who, which year, defaults; any other section may stand inline."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    label: str
    administration: str
    year: int = Field(ge=1990, le=2200)
    validity: ValiditySection
    language: str = "it"
    cap: CapSection = CapSection(value=Fraction(1, 2))
    missing: MissingPolicy = MissingPolicy.LEAVE
    structure_kinds: dict[str, str] = Field(default={})
    weights: Literal["shares", "points"] = Field(
        default="shares", description="How trees write weights: shares of one, or points of 100, printed as such"
    )
    boards: BoardsSection = BoardsSection()
    organisation: dict[str, StructureSection] = Field(default={})


MODELS: dict[str, type[Section]] = {
    "acts": ActSection,
    "indicators": IndicatorSection,
    "measures": MeasureSection,
    "parameters": ParameterSection,
    "scales": ScaleSection,
    "profiles": ProfileSection,
    "overrides": OverrideSection,
    "tables": TableSection,
    "identities": IdentitySection,
    "sheet": SheetSection,
    "money": MoneySection,
    "reweighting": ReweightingSection,
}
WHOLE: dict[str, type[Section]] = {"chain": ChainSection, "planning": PlanningSection}
"""Sections of one mapping with keys of its own."""
LISTS = frozenset({"overrides", "identities"})

SECTIONS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(list[model] if name in LISTS else dict[str, model])  # type: ignore[valid-type]  # built at run time
    for name, model in MODELS.items()
} | {name: TypeAdapter(model) for name, model in WHOLE.items()}
"""Every section that may stand in a file of its own name, or inline in `pack.yaml`."""


def json_schemas() -> dict[str, dict[str, Any]]:
    """JSON schemas for editors by file name (`indicators.schema.json`)."""
    schemas = {f"{name}.schema.json": adapter.json_schema(by_alias=True) for name, adapter in SECTIONS.items()}
    pack = PackSection.model_json_schema(by_alias=True)
    for name, adapter in SECTIONS.items():
        inline = adapter.json_schema(by_alias=True)
        pack.setdefault("$defs", {}).update(inline.pop("$defs", {}))
        pack["properties"][name] = inline
    schemas["pack.schema.json"] = pack
    return {name: {"$schema": "https://json-schema.org/draft/2020-12/schema"} | body for name, body in schemas.items()}
