"""`piramide pack chain`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.chain import Carried, ChainOfPlan, State, chain_in_run, standing_of
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.runs.store import Store
from piramide.methodology.carried import structures_of


@dataclass(frozen=True, slots=True)
class Asked:
    """The chain of a plan: whole, or the line called `code`; with a run, how what carries each line stands in it."""

    pack: str
    code: str
    run: str
    demonstration: bool


def show_chain(asked: Asked, folders: Sequence[Path], store: Path, *, as_json: bool) -> None:
    """The chain of a plan, or one of its lines."""
    pack, code = open_pack(asked.pack, folders, demonstration=asked.demonstration), asked.code
    chain = chain_in_run(pack, Store(store), asked.run) if asked.run else ChainOfPlan(pack)
    if as_json:
        terminal.print_json(chain.as_json(code))
    elif code:
        _print_line(chain, code)
    elif not pack.chain.levels:
        terminal.print_text(say("answer.no_chain"))
    else:
        _print_levels(chain)
        _print_lines(chain)
        terminal.print_text(say("answer.chain_loose", **_loose(chain)))


def _loose(chain: ChainOfPlan) -> dict[str, int]:
    return {"lines": len(chain.carrying.loose_lines), "nodes": len(chain.carrying.loose)}


def _print_levels(chain: ChainOfPlan) -> None:
    columns = [(say("answer.chain_level"), False)]
    columns += [(say(f"answer.chain_{key}"), True) for key in ("declared", "listed", "carried")]
    rows = [
        (
            level.label,
            "–" if level.declared is None else str(level.declared),
            str(sum(1 for _ in chain.pack.chain.of_level(level.id))),
            str(chain.carried_of(level.id)),
        )
        for level in chain.pack.chain.levels.values()
    ]
    terminal.print_table(columns, rows)


def _print_lines(chain: ChainOfPlan) -> None:
    columns = [(say("answer.chain_code"), False), (say("answer.label"), False)]
    columns += [(say("answer.chain_carried_by"), True), (say("answer.chain_structures"), True)]
    columns += [(say("answer.chain_standing"), False)] if chain.figures else []
    rows = []
    for line in chain.pack.chain.lines.values():
        carries = chain.carries(line.id)
        found = structures_of((one.structure, one.node) for one in carries)
        row = [line.id, line.label or "–", str(len(carries)), str(len(found))]
        rows.append([*row, _standing(carries)] if chain.figures else row)
    terminal.print_table(columns, rows)


def _standing(carries: Sequence[Carried]) -> str:
    """How many stand how, in words; what nothing stands in is left out."""
    counted = standing_of(carries)
    return ", ".join(f"{say(f'chain_state.{state.value}')} {counted[state]}" for state in State if counted[state])


def _print_line(chain: ChainOfPlan, code: str) -> None:
    line = chain.line(code)
    level = chain.pack.chain.levels[line.level]
    terminal.print_text(f"{line.id} · {level.label}" + (f" · {line.label}" if line.label else ""))
    for above in chain.carrying.at_or_above(line.id):
        if above.id != line.id:
            terminal.print_text(say("answer.chain_under", code=above.id, label=above.label or "–"))
    carries = chain.carries(line.id)
    found = structures_of((one.structure, one.node) for one in carries)
    if not carries:
        terminal.print_text(say("answer.chain_nothing"))
        return
    terminal.print_text(say("answer.chain_carriers", count=len(carries), structures=len(found)))
    columns = [(say("answer.structure"), False), (say("answer.chain_code"), False), (say("answer.label"), False)]
    if chain.figures:
        columns += [(say("answer.index"), True), (say("answer.chain_standing"), False)]
    terminal.print_table(columns, [_row(one, with_run=chain.figures is not None) for one in carries])


def _row(one: Carried, *, with_run: bool) -> tuple[str, ...]:
    row = (one.structure, one.node, one.label)
    if not with_run or one.state is None:
        return row
    return (*row, terminal.index(one.index), say(f"chain_state.{one.state.value}"))
