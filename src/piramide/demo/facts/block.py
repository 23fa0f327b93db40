"""A run of offices: what comes in, who passes work on, and the cases that waited before the first day.

Blocks keep memory flat: cases of a block never meet those of another, because the hours that a provider lends are
fixed beforehand. What happens to a case is drawn from the seed and its code alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from piramide.demo.facts.entries import (
    AUTOMATIC,
    CASES_OF_A_MONTH,
    RECEIVED,
    RESOLVED,
    REVERSAL,
    REVERSED,
    TRANSFERRED,
    Entries,
    entries,
)
from piramide.demo.facts.hashing import Hashes, Integers, Reals, bits, lognormal_slots, mixed
from piramide.demo.facts.staffing import shared_lines
from piramide.demo.facts.waiting import Waiting, turns
from piramide.demo.facts.workdays import Month, working_days_before
from piramide.demo.facts.world import World

# Chances are drawn from bits: out of 256, 4,096 or 65,536.
_URGENT, _SLOW = 26, 230
_URGENT_DAYS, _SLOW_DAYS = 45, 30
_REGISTERED_TWICE = 2
_CHANNEL_EDGES: Final = (158, 179, 230, 256)
_CHANNEL_SLOTS: Final = np.searchsorted(np.array(_CHANNEL_EDGES), np.arange(256), side="right").astype(np.int8)
_HOURS_SLOTS: Final = lognormal_slots(0.35)
LONGER_THAN_MEAN: Final = float((_HOURS_SLOTS**2).mean())
"""How much longer than the mean the case is that is found under way, by chance of its hours alone."""
_OLDEST: Final = 1600
_DAYS_BEFORE: Final = 3000

ARRIVAL, MOVE = 11, 12
"""Salts: each purpose draws its own bits."""


@dataclass(frozen=True, slots=True)
class Block:
    """Offices `[first, last)` and their queues: office and line, then the pairs of work sharing given by them.

    `competence` and `work` are the offices of each queue; `pairs` positions in the world's pairs; `number` is the first
    case number of each month (index 0: the opening), so that codes do not depend on the other blocks.
    """

    first: int
    last: int
    pairs: npt.NDArray[np.int64]
    competence: npt.NDArray[np.int16]
    work: npt.NDArray[np.int16]
    arrivals: npt.NDArray[np.int32]
    opening: npt.NDArray[np.int32]
    number: Integers

    @property
    def queues(self) -> int:
        """How many queues there are."""
        return len(self.competence)


def blocks_of(
    world: World, arrivals: npt.NDArray[np.int32], opening: npt.NDArray[np.int32], count: int
) -> tuple[Block, ...]:
    """Split the sites in `count` runs of about the same work."""
    load = np.cumsum(world.offices.points)
    cuts = np.searchsorted(load, np.arange(1, count) / count * load[-1]) + 1
    edges = sorted({0, *(int(cut) for cut in cuts), world.offices.sites})
    numbers = np.concatenate([[opening.sum(axis=1)], arrivals.sum(axis=2)]).astype(np.int64)
    before = np.cumsum(numbers, axis=1) - numbers
    line_count = len(world.lines.codes)
    blocks = []
    for first, last in pairwise(edges):
        pairs = np.flatnonzero((world.sharing.receiver >= first) & (world.sharing.receiver < last))
        own = np.repeat(np.arange(first, last), line_count)
        competence = np.concatenate([own, world.sharing.receiver[pairs]]).astype(np.int16)
        work = np.concatenate([own, world.sharing.provider[pairs]]).astype(np.int16)
        mine = slice(first, last)
        blocks.append(
            Block(first, last, pairs, competence, work, arrivals[:, mine], opening[mine], before[:, first].copy())
        )
    return tuple(blocks)


def turn_day(world: World, day: npt.NDArray[np.int32], hashes: Hashes) -> npt.NDArray[np.int32]:
    """The day that decides the turn: earlier for urgent cases, later for those that wait for papers."""
    chance = bits(hashes, 32, 8)
    moved = day + bits(hashes, 52, 4) - (world.months[0].first - _DAYS_BEFORE)
    moved -= np.where(chance < _URGENT, _URGENT_DAYS, 0)
    moved += np.where(chance >= _SLOW, _SLOW_DAYS, 0)
    return moved


def channels(hashes: Hashes) -> npt.NDArray[np.int8]:
    """How each request came in, automatic ones apart."""
    return _CHANNEL_SLOTS[bits(hashes, 24, 8)]


def case_hours(world: World, product: npt.NDArray[np.int16], hashes: Hashes) -> npt.NDArray[np.int32]:
    """Standard hours that each case takes, in hundredths: those of its product, more or less."""
    hours: npt.NDArray[np.int32] = np.rint(world.hours[product] * 100 * _HOURS_SLOTS[bits(hashes, 12, 12)])
    return np.maximum(hours, 1).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Intake:
    """What a month brings: cases that wait at once, cases that wait at another office from next month, entries."""

    waiting: Waiting
    moved: Waiting
    entries: tuple[Entries, ...]


def _expanded(counts: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """Office of the block and product of each case, from counts by [office, product]."""
    offices, products = counts.shape
    product = np.repeat(np.tile(np.arange(products, dtype=np.int16), offices), counts.ravel())
    return np.repeat(np.arange(offices, dtype=np.int16), counts.sum(axis=1)), product


def intake(world: World, block: Block, month: Month) -> Intake:
    """Everything that is received in a month."""
    office, product = _expanded(block.arrivals[month.index])
    code = (month.year % 100 * 100 + month.month) * CASES_OF_A_MONTH + int(block.number[month.index + 1])
    case = code + np.arange(len(office), dtype=np.int64)
    hashes = mixed(case, world.seed + ARRIVAL)
    automatic = bits(hashes, 40, 12) < (world.products.automated * 4096)[product]
    draw = bits(hashes, 0, 12)
    place = month.slots[draw]
    day = np.where(automatic, month.calendar_days[draw * len(month.calendar_days) >> 12], month.working[place])
    queue, twice = _queues(world, block, office, product, case, automatic)
    competence = office + np.int16(block.first)
    offices = (competence, competence)
    channel = np.where(automatic, np.int8(AUTOMATIC), channels(hashes))
    parts = [entries(RECEIVED, case, day, product, offices, day, channel=channel)]
    parts += _done_at_once(world, automatic, parts[0], hashes)
    later = month.working[np.minimum(place + 1 + bits(hashes, 60, 2), len(month.working) - 1)]
    # What came on the last working day is not put right in the same month.
    twice &= later > day
    own = queue < (block.last - block.first) * len(world.lines.codes)
    moved, waits = ~own & ~automatic, own & ~automatic & ~twice
    parts.append(_passed_on(block, moved, parts[0], queue, later))
    parts.append(_taken_back(twice, parts[0], later))
    everybody = Waiting(
        turn=turns(queue, turn_day(world, day, hashes)),
        product=product,
        received=day,
        hours=case_hours(world, product, hashes),
        case=case,
        again=np.zeros(len(case), np.bool_),
    )
    return Intake(everybody.take(waits), everybody.take(moved), tuple(parts))


def _queues(
    world: World,
    block: Block,
    office: npt.NDArray[np.int16],
    product: npt.NDArray[np.int16],
    case: Integers,
    automatic: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Queue of each case, and which were registered twice by mistake."""
    line_count = len(world.lines.codes)
    line = world.products.line[product]
    queue = (office.astype(np.int32) * line_count + line).astype(np.int32)
    hashes = mixed(case, world.seed + MOVE)
    draw = bits(hashes, 0, 16)
    twice = (bits(hashes, 16, 12) < _REGISTERED_TWICE) & ~automatic
    movable = shared_lines(world.lines)[line] & ~automatic & ~twice
    bounds = np.searchsorted(office, np.arange(block.last - block.first + 1))
    reached = np.zeros(block.last - block.first)
    for place, pair in enumerate(block.pairs):
        receiver = int(world.sharing.receiver[pair]) - block.first
        mine = slice(bounds[receiver], bounds[receiver + 1])
        low = reached[receiver]
        reached[receiver] = high = low + world.sharing.part[pair] * 65536
        chosen = movable[mine] & (draw[mine] >= low) & (draw[mine] < high)
        queue[mine][chosen] = (block.last - block.first) * line_count + place
    return queue, twice


def _picked(of: Entries, chosen: npt.NDArray[np.bool_], kind: int, **known: npt.NDArray[np.generic]) -> Entries:
    offices = (of.competence[chosen], of.work[chosen])
    day = known.pop("day", of.day[chosen]).astype(np.int32)
    known.setdefault("channel", of.channel[chosen])
    return entries(kind, of.case[chosen], day, of.product[chosen], offices, of.received[chosen], **known)


def _done_at_once(world: World, automatic: npt.NDArray[np.bool_], of: Entries, hashes: Hashes) -> list[Entries]:
    product = of.product[automatic]
    amount = np.rint(world.products.amount_cents[product] * _HOURS_SLOTS[bits(hashes[automatic], 12, 12)])
    accepted = np.ones(len(product), np.int8)
    return [_picked(of, automatic, RESOLVED, outcome=accepted, amount=amount)]


def _passed_on(
    block: Block,
    moved: npt.NDArray[np.bool_],
    of: Entries,
    queue: npt.NDArray[np.int32],
    later: npt.NDArray[np.int32],
) -> Entries:
    offices = (of.competence[moved], block.work[queue[moved]])
    known = {"channel": of.channel[moved]}
    return entries(TRANSFERRED, of.case[moved], later[moved], of.product[moved], offices, of.received[moved], **known)


def _taken_back(twice: npt.NDArray[np.bool_], of: Entries, later: npt.NDArray[np.int32]) -> Entries:
    kind = np.full(int(twice.sum()), REVERSED.index("received"), np.int8)
    return _picked(of, twice, REVERSAL, day=later[twice], taken_back=kind)


def before_the_first_day(world: World, block: Block) -> tuple[Waiting, Entries]:
    """The cases that wait when the facts begin, with their received entries of the years before."""
    office, product = _expanded(block.opening)
    start = world.months[0]
    code = (start.year - 1) % 100 * 100 * CASES_OF_A_MONTH + int(block.number[0])
    case = code + np.arange(len(office), dtype=np.int64)
    hashes = mixed(case, world.seed + ARRIVAL)
    line = world.products.line[product]
    age = _longest_wait(world, block)[office, line] * bits(hashes, 0, 12) / 4096
    days = working_days_before(start.first, _OLDEST)
    day = days[np.minimum(age.astype(np.int32), _OLDEST - 1)]
    queue = (office.astype(np.int32) * len(world.lines.codes) + line).astype(np.int32)
    waiting = Waiting(
        turn=turns(queue, turn_day(world, day, hashes)),
        product=product,
        received=day,
        hours=case_hours(world, product, hashes),
        case=case,
        again=np.zeros(len(case), np.bool_),
    )
    competence = office + np.int16(block.first)
    received = entries(RECEIVED, case, day, product, (competence, competence), day, channel=channels(hashes))
    return waiting.take(np.argsort(waiting.turn, kind="stable")), received


def _longest_wait(world: World, block: Block) -> Reals:
    """Days of receipts that wait at the opening, by [office of the block, line]."""
    mine = slice(block.first, block.last)
    by_hand = 1 - world.products.automated_points(len(world.lines.codes))
    received = world.work.received[0, mine] * by_hand
    wait: Reals = np.maximum(365 * world.work.pending[0, mine] / received, 1.0)
    return wait
