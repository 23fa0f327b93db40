"""What the home page says of a run: put together once from its figures and those of the period before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piramide.cycle.runs.moves import Move, moves
from piramide.cycle.runs.standing import tally
from piramide.kernel.figure import Figure, Printable, exactly
from piramide.kernel.numbers import format_number
from piramide.kernel.rounding import side_of
from piramide.methodology.model import Pack
from piramide.reports import figures
from piramide.reports.figures import measure, points, rounded, weight
from piramide.reports.labels import labels
from piramide.web.charts.chart import Chart
from piramide.web.charts.tiles import Tile, tiles
from piramide.web.fields.language import spoken
from piramide.web.plans_in_force import organisation_on, plan
from piramide.web.pyramid.levels import Level, Results, levels, sheet_address
from piramide.web.results.course import SpotInWords, course_chart, spots_in_words
from piramide.web.results.groups import kind_groups, peers
from piramide.web.results.registry import Chosen, opened_runs

MOST_MOVES = 5


@dataclass(frozen=True, slots=True)
class ToldMove:
    """A change of one structure in words: which indicator did it, from what to what."""

    label: str
    address: str
    index: Figure
    change: Figure
    cause: str


@dataclass(frozen=True, slots=True)
class ClusterMoves:
    """Who moved best and who worst inside one cluster, and how many are in it."""

    label: str
    count: int
    best: ToldMove
    worst: ToldMove


@dataclass(frozen=True, slots=True)
class Home:
    """Everything that the page prints of a run."""

    sentence: str
    since: str
    levels: tuple[Level, ...]
    moves: tuple[ToldMove, ...]
    moved: int
    compared: int
    clusters: tuple[ClusterMoves, ...]
    tiles: tuple[Tile, ...]
    map_label: str
    map_summary: str
    history: Chart | None
    lines: tuple[SpotInWords, ...]


def home_of(chosen: Chosen, top: str) -> Home:
    """The home page of the chosen run."""
    before = chosen.before
    results = Results(opened_runs().outline(chosen.record.run), chosen.figures, before, chosen.pack)
    found = moves(results.outline, results.now, before) if before else ()
    others = [move for move in found if move.structure != top]
    placed = tiles(chosen.pack.boards.map, results.outline, results.now.standing, results.stood, sheet_address)
    course = chosen.course(top)
    return Home(
        sentence=_sentence(results, top),
        since=_since(next((move for move in found if move.structure == top), None)),
        levels=levels(results, top),
        moves=tuple(_told(move) for move in others[:MOST_MOVES] if _prints(move.change)),
        moved=sum(_prints(move.change) for move in others),
        compared=len(others),
        clusters=tuple(_clusters(chosen, others, results)),
        tiles=placed,
        map_label=_map_label(results, placed),
        map_summary=_map_summary(placed),
        history=course_chart("storia", course, _("L'indice dell'amministrazione nel tempo")),
        lines=spots_in_words(course)[::-1],
    )


def _sentence(results: Results, top: str) -> str:
    """Where the administration stands against 100; a partial index is called so, and not set against it."""
    standing = results.now.standing(top)
    name, index = settings.CONFIGURATION.administration, standing.index
    if top not in results.outline.structures:
        return _("Questo calcolo riguarda solo alcune strutture: l'indice di %(name)s non c'è.") % {"name": name}
    if standing.is_partial:
        return labels(spoken())(
            "sentence", "partial", structure=name, index=_figure(standing.partial), low=_figure(standing.low),
            high=_figure(standing.high), coverage=weight(standing.coverage, labels(spoken())),
        )  # fmt: skip
    if index is None:
        return _("%(name)s non ha ancora un indice: nessun indicatore è stato misurato.") % {"name": name}
    decimals, side = figures.index_decimals(index), side_of(index.exact, 100)
    distance = format_number(abs(rounded(index, decimals) - 100), decimals, spoken())
    fields = {"name": name, "index": _figure(index), "points": distance}
    if not side:
        return _("%(name)s è a %(index)s: esattamente sull'obiettivo.") % fields
    if side > 0:
        return _("%(name)s è a %(index)s: %(points)s punti sopra l'obiettivo di 100.") % fields
    return _("%(name)s è a %(index)s: %(points)s punti sotto l'obiettivo di 100.") % fields


def _since(move: Move | None) -> str:
    """What moved the administration most since the period before; nothing where it stands still."""
    if move is None:
        return ""
    if not _prints(move.change) or move.cause is None:
        return _("È ferma rispetto al periodo prima.")
    words = {"change": _signed(move.change), "label": move.cause.label, "points": _points(move.cause.points)}
    return _("Dal periodo prima %(change)s punti, soprattutto per «%(label)s» (%(points)s).") % words


def _told(move: Move) -> ToldMove:
    return ToldMove(move.label, sheet_address(move.structure), move.index, move.change, _cause(move, plan()))


def _cause(move: Move, pack: Pack) -> str:
    """The indicator that did most of the change, with its values before and now."""
    cause = move.cause
    if cause is None:
        return ""
    say = labels(spoken())
    indicator = pack.indicators.get(cause.indicator)
    decimals = indicator.rounding if indicator else 2
    before, now = (None if v is None else measure(v, cause.unit, decimals, say) for v in (cause.before, cause.now))
    fields = {"label": cause.label, "points": _points(cause.points), "before": before, "now": now}
    if before and now:
        if before == now:
            return (
                _("%(label)s: valore fermo a %(now)s, ma cambia il suo obiettivo o il suo peso (%(points)s punti)")
                % fields
            )
        return _("%(label)s: da %(before)s a %(now)s (%(points)s punti)") % fields
    if now:
        return _("%(label)s: misurato ora, %(now)s (%(points)s punti)") % fields
    return _("%(label)s: non più misurato (%(points)s punti)") % fields


def _clusters(chosen: Chosen, found: Sequence[Move], results: Results) -> Iterable[ClusterMoves]:
    """Best and worst movers among structures that are compared with each other; a cluster of one has none."""
    changed = {move.structure: move for move in found}
    for label, names in peers(
        results.outline.structures.values(), organisation_on(chosen.record.ends_on), chosen.pack
    ).items():
        ranked = sorted((changed[name] for name in names if name in changed), key=lambda move: move.change)
        if len(ranked) > 1:
            yield ClusterMoves(label, len(ranked), _told(ranked[-1]), _told(ranked[0]))


def _map_label(results: Results, placed: Sequence[Tile]) -> str:
    """What the structures of the map are called: the groups they are listed in."""
    known = {tile.structure for tile in placed}
    groups = kind_groups(results.outline.structures.values(), results.pack)
    return ", ".join(label for _kind, label, names in groups if known & set(names))


def _map_summary(placed: Sequence[Tile]) -> str:
    """How many structures of the map reached 100, the highest and the lowest: of those whose index is complete."""
    counted = tally(tile.standing for tile in placed)
    known = [tile for tile in placed if tile.standing.index is not None]
    texts = []
    if known:
        worst, best = (pick(known, key=lambda tile: tile.standing.index or 0.0) for pick in (min, max))
        text = _(
            "Delle %(count)s strutture sulla mappa con un indice completo, %(reached)s sono a 100 o più. "
            "La più alta è %(best)s (%(high)s), la più bassa %(worst)s (%(low)s)."
        )
        texts.append(
            text
            % {
                "count": counted.scored,
                "reached": counted.reached,
                "best": best.label,
                "high": _figure(best.standing.index),
                "worst": worst.label,
                "low": _figure(worst.standing.index),
            }
        )
    if counted.partial:
        text = ngettext(
            "Una ha un indice parziale, tra parentesi.",
            "%(count)s hanno un indice parziale, tra parentesi.",
            counted.partial,
        )
        texts.append(text % {"count": counted.partial})
    return " ".join(texts)


def _prints(change: Printable) -> bool:
    """Whether a change is more than nothing."""
    return side_of(exactly(change), 0) != 0


def _figure(figure: Printable | None) -> str:
    return "" if figure is None else figures.index(figure, labels(spoken()))


def _signed(figure: Printable) -> str:
    return figures.change(figure, labels(spoken()))


def _points(figure: Printable) -> str:
    """Points that an indicator brings, with one digit more than the index: small ones add up."""
    return points(figure, labels(spoken()))
