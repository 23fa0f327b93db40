"""What a pack says, once it has been read: frozen values that every other room receives.

Nothing here reads files or computes scores. Numbers that an act prints are exact (`Fraction`). Every object keeps the
place it was read from, so that any later message can name file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Place
from piramide.kernel.organisation import Organisation
from piramide.methodology.awaited import Awaited
from piramide.methodology.boards import Boards
from piramide.methodology.chain import Chain
from piramide.methodology.citation import Citation as Citation  # noqa: PLC0414 - who reads a plan reads what it rests on
from piramide.methodology.identity import Identity
from piramide.methodology.measures import Measure
from piramide.methodology.money import Money
from piramide.methodology.parent_rules import ParentRule
from piramide.methodology.phases import Late, PhasesOf
from piramide.methodology.planning import Planning
from piramide.methodology.printing.form import PrintForm
from piramide.methodology.profile_kinds import ProfileKind
from piramide.methodology.quality_statement import QualityStatement
from piramide.methodology.reweighting import Reweighed, Reweighting
from piramide.methodology.score_of import ScoreOf
from piramide.methodology.sheet_words import SheetWords
from piramide.methodology.weight_source import WeightSource as WeightSource  # noqa: PLC0414 - a weight comes with it
from piramide.methodology.years import YearTargets


class RuleKind(StrEnum):
    """How a value becomes a gap (contract, "Scores")."""

    GAP_UP = "gap_up"
    GAP_DOWN = "gap_down"
    ZERO_GAP = "zero_gap"
    THRESHOLD = "threshold"
    BANDS = "bands"
    MILESTONE = "milestone"
    SUM_OF_SHARES = "sum_of_shares"
    RATIO_POINTS = "ratio_points"
    CURVE = "curve"
    PHASES = "phases"
    COMPOSITE = "composite"
    REPORT_ONLY = "report_only"


class NodeKind(StrEnum):
    """What a node of the weighted tree is.

    `indicator` and `composite` are leaves that have a value; `not_at_hand` is a weight of which the content is not
    known: no indicator, no target, nothing below it, and it stays unseen.
    """

    DIMENSION = "dimension"
    SUB_DIMENSION = "sub_dimension"
    PERSPECTIVE = "perspective"
    LINE = "line"
    OBJECTIVE = "objective"
    INDICATOR = "indicator"
    COMPOSITE = "composite"
    NOT_AT_HAND = "not_at_hand"


class MissingPolicy(StrEnum):
    """What a missing value does: `leave` (the index is null), `previous` (last known value), `worst` (the cap)."""

    LEAVE = "leave"
    PREVIOUS = "previous"
    WORST = "worst"


@dataclass(frozen=True, slots=True)
class Act:
    """An act the pack cites: `id` (used in citations), printed label, kind, number, issuer, day."""

    id: str
    label: str
    kind: str = ""
    number: str = ""
    issuer: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One moment of a threshold rule: met when `least <= value <= most` (a missing bound does not bind).

    Without any bound the value, from 0 to 1, is itself the share that is met (R22). `moment` is `Q1`..`Q4`, `year`, or
    `any`. The value is in the indicator's unit. `tolerance` widens both bounds (a ratio of zero may come
    out as 1e-12).
    """

    moment: str
    least: Fraction | None
    most: Fraction | None
    mandatory: bool = False
    tolerance: Fraction = Fraction(0)

    @property
    def takes_the_value(self) -> bool:
        """Whether its share is the value itself, for want of bounds."""
        return self.least is None and self.most is None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a composite: another node of the same structure and its share (1 for points)."""

    node: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Composite:
    """How a composite is made of its parts.

    - `attainment`: value = sum of share x part value / part target; target 1, uncapped parts (R18, R19).
    - `gap`: gap = sum of share x gap_raw of the parts (R20, R24); `capped_gap` caps each part first (R27).
    - `points`: value = sum of the parts' points, compared with the target as `gap_up` (R26); a part that is not
      applicable is left out and the target is rescaled on the points the others can reach.
    """

    of: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Points of a value in `(low, high]`; the first band of a scale includes its low."""

    low: Fraction
    high: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Scale:
    """A table of bands without gaps or overlaps (R26, R35). `most` is the highest number of points."""

    id: str
    label: str
    bands: tuple[Band, ...]
    citation: Citation
    place: Place

    @property
    def most(self) -> Fraction:
        """Highest points the scale can give."""
        return max(band.points for band in self.bands)


@dataclass(frozen=True, slots=True)
class Profile:
    """The quarterly programme of a target (R13).

    - `share`: target of the period = quarters[q] x year target (cumulative measures);
    - `level`: quarters are absolute values in the indicator's unit;
    - `reduction`: in the year the value must fall below the previous quarter's; the final one meets the target.
    - `linear`: q/4, months m/12; `year_end`, `final`: not due before the year ends, before accounting period 13.
    Months inside a quarter are interpolated linearly from the previous quarter's figure.
    """

    id: str
    kind: ProfileKind
    quarters: tuple[Fraction, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Range:
    """What a value can be, in its unit: a scale from 1 to 5, a share never below 0; `None` where nothing binds."""

    least: Fraction | None = None
    most: Fraction | None = None

    def holds(self, value: Fraction | float) -> bool:
        """Whether a value can be what it says."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of a curve: the index on 100 that it `gives`, and the value, or the attainment, `at` which it does."""

    at: Fraction
    gives: Fraction


@dataclass(frozen=True, slots=True)
class Curve:
    """An index drawn by the act (R37): `below` under the first point, straight from point to point, then the last.

    It is of the `value`, or of the `attainment`: value / target. `points` rise.
    """

    of: str
    below: Fraction
    points: tuple[CurvePoint, ...]


PARENT: Final = "parent"
"""In `measured_on`: the structure above."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """Definition of one indicator (contract, "Units" and "Scores").

    `cap` bounds the gap on both sides (fraction); `clip_positive` sets gains to zero; `value_from` names the
    structure whose value everybody takes; `range` is what a value can be (R44); `formula` is an SQL scalar expression
    over named measures; `level` is empty where the pack does not say; `measured_on` names, for a structure or a kind of
    structures, the structure on whose figures the formula is computed, or `PARENT`.
    `parent` is how a structure with others below gets its value, by case; empty: by the formula, over sums.
    `print` is how its targets are printed where no act is quoted. `is_amendable` says whether an act may change the
    indicator, its weights and its targets during the year.
    """

    id: str
    label: str
    definition: str
    unit: str
    direction: str
    rule: RuleKind
    cap: Fraction
    citation: Citation
    place: Place
    level: str = ""
    formula: str = ""
    clip_positive: bool = False
    missing: MissingPolicy = MissingPolicy.LEAVE
    value_from: str = ""
    source: str = ""
    owner: str = ""
    due: str = ""
    rounding: int = 2
    profile: str = ""
    scale: str = ""
    checkpoints: tuple[Checkpoint, ...] = ()
    composite: Composite | None = None
    curve: Curve | None = None
    score_of: ScoreOf | None = None
    late: Late = Late.COUNTS
    points: Fraction | None = None
    quality: QualityStatement = field(default_factory=QualityStatement)
    range: Range = Range()
    measured_on: Mapping[str, str] = field(default_factory=dict)
    parent: Mapping[str, ParentRule] = field(default_factory=dict)
    was: str = ""
    print: PrintForm = field(default_factory=PrintForm)
    is_amendable: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """A node of one structure's weighted tree.

    `weight` is the share inside the parent (a fraction; siblings sum to 1; a reported-only node has 0).
    Leaves carry `indicator` (key of `Pack.indicators`) and `target` in the indicator's unit, `None` where no act
    prints one. `weight_unit` is the unit of the weight as printed, where it is known. A target that `in_force` computed
    by `target_rule` is marked; one that it cannot compute yet `awaits` a parameter. `printed` is the target as the act
    words it, where the pack says so. `was` is the id in the pack before. `weight_rule` is the re-weighting of a guest;
    `in_force` computes its weight and those of its siblings, and `reweighed` says how.
    """

    id: str
    kind: NodeKind
    label: str
    weight: Fraction
    weight_source: WeightSource
    citation: Citation
    place: Place
    indicator: str = ""
    target: Fraction | None = None
    target_citation: Citation | None = None
    target_rule: str = ""
    is_target_computed: bool = False
    awaits: Awaited | None = None
    printed: str = ""
    was: str = ""
    weight_unit: Fraction | None = None
    weight_rule: str = ""
    reweighed: Reweighed | None = None
    children: tuple[Node, ...] = ()

    @property
    def is_leaf(self) -> bool:
        """A leaf is scored from a value; everything above is a weighted mean."""
        return not self.children

    @property
    def is_at_hand(self) -> bool:
        """Whether what the weight stands for is known."""
        return self.kind is not NodeKind.NOT_AT_HAND

    @property
    def stated_weight(self) -> Fraction:
        """The weight that the act states, before guests take from it."""
        return self.weight if self.reweighed is None or self.reweighed.stated is None else self.reweighed.stated

    def walk(self) -> Iterator[Node]:
        """The node and every one below, depth first, parents first."""
        return walk((self,))

    def mapped(self, change: Callable[[Node], Node]) -> Node:
        """The node after `change` of everything below, then of itself."""
        below = tuple(child.mapped(change) for child in self.children)
        return change(replace(self, children=below) if below else self)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node of some trees in the order of the paper: depth first, parents first."""
    pending = list(nodes)[::-1]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(node.children[::-1])


def leaves(nodes: Iterable[Node]) -> Iterator[Node]:
    """The leaves of some trees in the order of the paper."""
    return (node for node in walk(nodes) if node.is_leaf)


def parents(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes of some trees that have children, in the order of the paper."""
    return (node for node in walk(nodes) if not node.is_leaf)


def with_ancestors(nodes: Iterable[Node], above: tuple[Node, ...] = ()) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Every node in the order of the paper with the nodes above it, the root first."""
    for node in nodes:
        yield node, above
        yield from with_ancestors(node.children, (*above, node))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The objectives of one structure: its tree, and whether a document prints it.

    `source` is `stated` or `demonstration`.
    """

    structure: str
    tree: tuple[Node, ...]
    source: str = "stated"

    def walk(self) -> Iterator[Node]:
        """Every node in the order of the paper, parents first."""
        return walk(self.tree)

    def leaves(self) -> Iterator[Node]:
        """The leaves in the order of the paper."""
        return leaves(self.tree)

    def parents(self) -> Iterator[Node]:
        """The nodes that have children, in the order of the paper."""
        return parents(self.tree)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated number of the method: the value in force from each day on. `use` is why it is carried unread."""

    id: str
    label: str
    unit: str
    values: tuple[tuple[date, Fraction, Citation], ...]
    place: Place = field(default_factory=Place)
    use: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """A dated exception: what it departs from, what holds instead, by which act and for which reason."""

    id: str
    subject: Mapping[str, str]
    field: str
    before: str
    value: str
    since: date
    citation: Citation
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Alias:
    """A spelling variant of one label; each use in an import is a finding."""

    printed: str
    canonical: str
    kind: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Table:
    """A published table, cells as printed (text), with the line of each row for messages.

    `key` are the columns that identify a row; `columns` all of them in order; `rows` are the cells' texts;
    `lines` the line in the file of each row; `labels` what a reader calls a column; `codes` are the columns of years
    and codes, whose digits are never grouped.
    """

    id: str
    title: str
    path: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    unit: str
    citation: Citation
    labels: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    place: Place = field(default_factory=Place)
    use: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """One administration's method and plan for one year.

    `validity` is half-open `[since, until)`. `hash` is `sha256:` over sorted relative paths and raw bytes.
    `unread` names what lies at the top of the folder and no section reads (a folder ends with `/`), `empty_trees` the
    files of trees without a row; `structure_kinds` words the kinds of structure that the pack declares itself,
    `sheet_words` what the paper of each kind says beside its tree, `chain` what leads from strategy to the objectives,
    `money` the sums that are shared over sheets, `reweighting` how guests join their siblings. With `weighs_in_points`
    the plan prints weights as points of 100; here they are shares all the same.
    `sheets` are only those with complete weights; `templates` are trees by structure kind without weights.
    """

    id: str
    label: str
    administration: str
    year: int
    since: date
    until: date
    hash: str
    root: str
    language: str
    acts: Mapping[str, Act]
    organisation: Organisation
    indicators: Mapping[str, Indicator]
    measures: Mapping[str, Measure]
    sheets: Mapping[str, Sheet]
    templates: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    history: Mapping[tuple[str, str], Mapping[str, Fraction]] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    aliases: tuple[Alias, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()
    is_demonstration: bool = False
    cap: Fraction = Fraction(1, 2)
    missing: MissingPolicy = MissingPolicy.LEAVE
    organisation_places: tuple[Place, ...] = ()
    history_places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    boards: Boards = field(default_factory=Boards)
    unread: tuple[str, ...] = ()
    empty_trees: tuple[str, ...] = ()
    structure_kinds: Mapping[str, str] = field(default_factory=dict)
    sheet_words: Mapping[str, SheetWords] = field(default_factory=dict)
    chain: Chain = field(default_factory=Chain)
    money: Mapping[str, Money] = field(default_factory=dict)
    reweighting: Mapping[str, Reweighting] = field(default_factory=dict)
    weighs_in_points: bool = False
    phases: PhasesOf = field(default_factory=dict)
    years: YearTargets = field(default_factory=dict)
    planning: Planning = field(default_factory=Planning)
