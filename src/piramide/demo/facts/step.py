"""One month of one block: capacity is shared out, cases are resolved in their turn, a few come back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from piramide.demo.facts import chances
from piramide.demo.facts.block import ARRIVAL, LONGER_THAN_MEAN, Block, Intake, before_the_first_day, channels, intake
from piramide.demo.facts.entries import (
    OUTCOMES,
    REOPENED,
    RESOLVED,
    REVERSAL,
    REVERSED,
    Entries,
    entries,
)
from piramide.demo.facts.hashing import Hashes, Integers, Reals, bits, lognormal_slots, mixed
from piramide.demo.facts.staffing import AT_ONCE, INSPECTION
from piramide.demo.facts.waiting import Served, Waiting, allotted, queue_hours, serve
from piramide.demo.facts.workdays import Month
from piramide.demo.facts.world import World

_OUTCOME_EDGES: Final = (210, 243, 256)
_OUTCOME_SLOTS: Final = (1 + np.searchsorted(np.array(_OUTCOME_EDGES), np.arange(256), side="right")).astype(np.int8)
_ACCEPTED: Final = OUTCOMES.index("accepted")
_AMOUNT_SLOTS: Final = lognormal_slots(0.6)
_YEARLY_INTEREST: Final = 0.03
_END, _BACK = 13, 14


@dataclass(frozen=True, slots=True)
class State:
    """What a month hands to the next: cases waiting, hours begun by queue, cases to reopen, entries to take back."""

    waiting: Waiting
    begun: Integers
    to_reopen: Waiting
    to_take_back: Waiting
    taken_back: Entries


def opening_state(world: World, block: Block) -> tuple[State, Entries]:
    """The state before the first day, and the received entries of the cases that wait in it."""
    waiting, received = before_the_first_day(world, block)
    nobody = waiting.take(np.zeros(len(waiting.case), bool))
    nothing = entries(REVERSAL, *_columns(block, nobody))
    line = np.arange(block.queues) % len(world.lines.codes)
    chance = bits(mixed(np.arange(block.queues) + 4096 * block.first, world.seed), 0, 12) / 2048
    begun = np.floor(chance * _half_a_case(world)[line]).astype(np.int64)
    return State(waiting, begun, nobody, nobody, nothing), received


def _half_a_case(world: World) -> Reals:
    """Hours (hundredths) that are on average under way in a queue, by line: they count as waiting until it is done.

    The case that is under way on some day is a long one more often than not: hours are weighed by hours.
    """
    hours = np.bincount(
        world.products.line, weights=world.products.share * world.hours, minlength=len(world.lines.codes)
    )
    half: Reals = (50 * LONGER_THAN_MEAN * hours).astype(float)
    return half


def _columns(
    block: Block, of: Waiting
) -> tuple[
    Integers,
    npt.NDArray[np.int32],
    npt.NDArray[np.int16],
    tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]],
    npt.NDArray[np.int32],
]:
    queue = of.queue
    return of.case, of.received, of.product, (block.competence[queue], block.work[queue]), of.received


def step(world: World, block: Block, state: State, month: Month) -> tuple[Entries, State]:
    """Everything that happens in a month, and what is left for the next."""
    brought = intake(world, block, month)
    waiting = state.waiting.merged(brought.waiting)
    bounds, running, hours = queue_hours(waiting, block.queues)
    served = serve(bounds, running, _hours_of(world, block, month, hours, state.begun) + state.begun)
    place = _day_place(world, waiting, served, month)
    in_time = place < len(month.working)
    chosen, late = served.chosen[in_time], served.chosen[~in_time]
    begun = served.left + np.bincount(waiting.queue[late], waiting.hours[late], block.queues).astype(np.int64)
    done = waiting.take(chosen)
    fate = mixed(done.case, world.seed + _END)
    resolved = _resolved(world, block, done, month, month.working[place[in_time]], fate)
    back = (bits(fate, 24, 10) < chances.REOPENED) & ~done.again
    wrong = (bits(fate, 34, 12) < chances.TAKEN_BACK) & ~done.again & ~back
    returned, reopened, taken_back = _come_back(world, block, state, month)
    stays = np.ones(len(waiting.case), bool)
    stays[chosen] = False
    after = State(
        waiting=waiting.take(stays).merged(brought.moved, *returned),
        begun=begun,
        to_reopen=done.take(back),
        to_take_back=done.take(wrong),
        taken_back=_rows(resolved, wrong),
    )
    return _all(brought, resolved, reopened, taken_back), after


def _all(brought: Intake, *others: Entries) -> Entries:
    return brought.entries[0].together([*brought.entries[1:], *others])


def _hours_of(world: World, block: Block, month: Month, waiting: Integers, begun: Integers) -> Integers:
    """Standard hours (hundredths) that each queue gets: the line's distance from where it should end the month."""
    codes, sites = world.lines, block.last - block.first
    mine = slice(block.first, block.last)
    own = waiting[: sites * len(codes.codes)].reshape(sites, -1)
    at_once, inspected = codes.where(*AT_ONCE), codes.where(*INSPECTION)
    under_way = begun[: sites * len(codes.codes)].reshape(sites, -1) - _half_a_case(world).astype(np.int64)
    wanted = np.maximum(own - under_way - world.path[month.index, mine], 0)
    staff, year = world.staff, month.index // 12
    lent = np.bincount(world.sharing.provider, staff.lent[month.index], len(world.offices.ids))[mine]
    limit = (staff.capacity[month.index, mine] - lent.astype(np.int64)) * 1000 // staff.effort[year, mine]
    hours = np.where(at_once, own, np.where(inspected, wanted, 0))
    normal = ~(at_once | inspected)
    limit -= own[:, at_once].sum(axis=1)
    hours[:, normal] = allotted(wanted[:, normal], own[:, normal], limit)
    provider = world.sharing.provider[block.pairs]
    shared = staff.lent[month.index, block.pairs] * 1000 // staff.effort[year, provider]
    return np.concatenate([hours.ravel(), shared])


def _day_place(world: World, waiting: Waiting, served: Served, month: Month) -> npt.NDArray[np.int32]:
    """Place among the working days; a case of this month waits a day or more after its receipt."""
    chosen = served.chosen
    order = (served.place * len(month.working)).astype(np.int32)
    since = waiting.received[chosen] - np.int32(month.first)
    # A look at the papers takes one to three days, where nothing waits none or one.
    at_once = world.lines.where(*AT_ONCE)[world.products.line[waiting.product[chosen]]]
    case = waiting.case[chosen]
    look = np.where(at_once, case % 2, 1 + case % 3).astype(np.int32)
    earliest = month.position[np.maximum(since, 0)] + look
    return np.where(since >= 0, np.maximum(order, earliest), order).astype(np.int32)


def _resolved(
    world: World, block: Block, done: Waiting, month: Month, day: npt.NDArray[np.int32], fate: Hashes
) -> Entries:
    case, _, product, offices, received = _columns(block, done)
    outcome = _OUTCOME_SLOTS[bits(fate, 0, 8)]
    accepted = outcome == _ACCEPTED
    products = world.products
    amount = np.where(accepted, np.rint(products.amount_cents[product] * _AMOUNT_SLOTS[bits(fate, 8, 12)]), 0)
    late = np.maximum(day - received - products.standard_days[product], 0) * products.interest[product]
    interest = np.rint(amount * (_YEARLY_INTEREST / 365) * late)
    effort = np.where(
        world.lines.where(*INSPECTION)[products.line[product]],
        1000,
        world.staff.effort[month.index // 12, offices[1]],
    )
    return entries(
        RESOLVED,
        case,
        day,
        product,
        offices,
        received,
        outcome=outcome,
        channel=_channel(world, case),
        hours=done.hours.astype(np.int64) * effort // 1000,
        interest=interest,
        amount=amount,
    )


def _channel(world: World, case: Integers) -> npt.NDArray[np.int8]:
    return channels(mixed(case, world.seed + ARRIVAL))


def _rows(of: Entries, chosen: npt.NDArray[np.bool_]) -> Entries:
    return Entries(*(getattr(of, name)[chosen] for name in Entries.__slots__))


def _come_back(
    world: World, block: Block, state: State, month: Month
) -> tuple[tuple[Waiting, Waiting], Entries, Entries]:
    """Cases reopened, and resolutions taken back: from now on they wait again."""
    returned, days = [], []
    for gone in (state.to_reopen, state.to_take_back):
        place = bits(mixed(gone.case, world.seed + _BACK + month.index), 0, 12) * len(month.working) >> 12
        days.append(month.working[place])
        returned.append(replace(gone, again=np.ones(len(gone.case), bool)))
    case, _, product, offices, received = _columns(block, state.to_reopen)
    reopened = entries(REOPENED, case, days[0], product, offices, received, channel=_channel(world, case))
    was = state.taken_back
    kind = np.full(len(was.case), REVERSED.index("resolved"), np.int8)
    taken_back = entries(
        REVERSAL,
        was.case,
        days[1],
        was.product,
        (was.competence, was.work),
        was.received,
        outcome=was.outcome,
        channel=was.channel,
        hours=was.hours,
        interest=was.interest,
        amount=was.amount,
        taken_back=kind,
    )
    return (returned[0], returned[1]), reopened, taken_back
