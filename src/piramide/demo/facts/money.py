"""Costs, balances, spending, IEEP amounts and payments: the published figures of 2021 and 2024, more or less.

Money follows the size of the administration that the number of cases makes, so that ratios hold at any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Final

from piramide.demo.facts.invented import Chance, chance, decimals, directorates, quarters, staff_of
from piramide.demo.facts.rows import PLAN_YEAR, YEAR, Row, published
from piramide.demo.facts.workdays import EPOCH, Month
from piramide.demo.facts.world import World

_COST_STREAM, _BALANCE_STREAM, _SPENDING_STREAM, _IEEP_STREAM, _PAYMENT_STREAM = 30, 31, 32, 33, 34
_CLOSING_PART: Final = 0.004

# Item, kind, code of the published ratio, whether it is per head (else per square metre).
_BY_RATIO: Final = (
    ("rent", "indirect", "costo_fitti_per_mq", False),
    ("lighting", "indirect", "illuminazione_per_mq", False),
    ("heating", "indirect", "riscaldamento_per_mq", False),
    ("cleaning", "indirect", "pulizia_per_mq", False),
    ("guarding", "indirect", "vigilanza_guardiania_per_mq", False),
    ("water", "indirect", "acqua_igienico_per_mq", False),
    ("consumables", "direct", "materiale_consumo_procapite", True),
    ("haulage", "direct", "facchinaggio_trasporti_procapite", True),
    ("missions", "direct", "missione_procapite", True),
    ("inspection_missions", "direct", "missione_0107_procapite", True),
    ("meal_vouchers", "direct", "buoni_pasto_procapite", True),
)
# Printed ratios that hold others: the item is what is left.
_UPKEEP: Final = ("conduzione_pulizia_igiene_per_mq", ("pulizia_per_mq", "acqua_igienico_per_mq"))
_MAINTENANCE: Final = (
    "costo_immobili_netto_fitti_per_mq",
    (
        "illuminazione_per_mq",
        "riscaldamento_per_mq",
        "conduzione_pulizia_igiene_per_mq",
        "vigilanza_guardiania_per_mq",
    ),
)
HEADS_A_PRODUCER: Final = 1.23
_TRANSIT: Final = "1005"
_TRANSIT_PART: Final = (0.019, 0.0165, 0.0125)
_CHAPTERS_AN_IDLE_ONE: Final = 23
# Which structures spend the chapters that the note of 2024 prints, by its groups: invented, as no act assigns them.
_BUILDINGS: Final = ("Conduzione stabili strumentali", "Servizi e manutenzione stabili strumentali")
_CENTRAL: Final = {
    "dc_tecnologia_informatica": ("ICT",),
    "dc_risorse_umane": ("Formazione", "Parità di genere"),
    "dc_patrimonio_investimenti": _BUILDINGS,
    "dc_risorse_strumentali_cua": ("Acquisto beni e servizi",),
    "dc_organizzazione_comunicazione": ("Comunicazione",),
}
_VISITS: Final = (("GPA0037", 310.0, 0.93), ("GPA52002", 62.0, 0.88))


@cache
def _ratios() -> dict[tuple[str, str], float]:
    rows = published("costi_standard")
    return {(row["structure"], row["indicator_code"]): float(row["value"]) for row in rows if row["value"]}


def cost_rows(world: World) -> Iterator[Row]:
    """Rows of `costs`: items of each directorate, with its floor space."""
    draw = chance(world, _COST_STREAM)
    for directorate in directorates(world):
        for year in range(len(world.years)):
            whole = draw.near(world.work.scale * (1 + 0.01 * year), 0.015)
            items = yearly_costs(world, directorate, year)
            months = world.months[year * 12 : year * 12 + 12]
            for month in months:
                yield from _month_of_costs(draw, directorate, month, items, whole / 12)
            for (item, kind), amount in items.items():
                if kind != "quantity":
                    closing = amount * whole * _CLOSING_PART
                    yield _cost(directorate, months[-1], item, kind, closing) | {"closing": "true"}


def yearly_costs(world: World, directorate: str, year: int) -> dict[tuple[str, str], float]:
    """Items of a directorate in a year at full size, by (item, kind), and the heads and metres they are spread on."""
    ratios = _ratios()
    printed = next(row for row in published("costi_e_punti") if row["structure"] == directorate)
    total, direct = float(printed["implied_total_cost_eur"]), float(printed["implied_direct_cost_eur"])
    production = float(printed["implied_direct_production_cost_eur"])
    heads = staff_of(world, directorate, world.months[year * 12]) / world.work.scale * HEADS_A_PRODUCER
    space = heads * ratios[directorate, "toc_procapite"] / ratios[directorate, "toc_per_mq_lordi"]
    items = {
        (item, kind): ratios[directorate, code] * (heads if per_head else space)
        for item, kind, code, per_head in _BY_RATIO
    }
    for item, (whole, parts) in (("upkeep", _UPKEEP), ("maintenance", _MAINTENANCE)):
        rest = ratios[directorate, whole] - sum(ratios[directorate, part] for part in parts)
        items[item, "indirect"] = max(rest, 0.0) * space
    left = {"direct": direct - production, "indirect": total - direct}
    for kind, whole_kind in left.items():
        used = sum(amount for (_, of), amount in items.items() if of == kind)
        fit = min(1.0, 0.85 * whole_kind / used)
        items = {key: amount * fit if key[1] == kind else amount for key, amount in items.items()}
        left[kind] = whole_kind - used * fit
    legal = left["direct"] * ratios[directorate, "incidenza_legali_pct"] / 100
    consumed = ratios[directorate, "materiale_consumo_procapite_triennio"] * heads
    return items | {
        ("staff_production", "direct_production"): production,
        ("legal", "direct"): legal,
        ("overtime", "direct"): left["direct"] * 0.06,
        ("staff_other", "direct"): left["direct"] * 0.94 - legal,
        ("other_operating", "indirect"): left["indirect"] * 0.3,
        ("overheads", "indirect"): left["indirect"] * 0.7,
        ("floor_space_m2", "quantity"): space,
        ("consumables_three_years", "quantity"): consumed,
    }


def _month_of_costs(
    draw: Chance, directorate: str, month: Month, items: dict[tuple[str, str], float], part: float
) -> Iterator[Row]:
    for (item, kind), amount in items.items():
        if kind != "quantity":
            yield _cost(directorate, month, item, kind, draw.near(amount * part, 0.03))
        elif item == "floor_space_m2":
            yield _cost(directorate, month, item, kind, amount * part * 12)
        else:
            yield _cost(directorate, month, item, kind, amount * part)


def _cost(directorate: str, month: Month, item: str, kind: str, amount: float) -> Row:
    return {
        "structure": directorate,
        "month": month.label,
        "item": item,
        "kind": kind,
        "closing": "false",
        "amount": decimals(amount),
    }


def balance_rows(world: World) -> Iterator[Row]:
    """Rows of `balances`: transit account, medical visits, legal fees and credit recovery."""
    draw = chance(world, _BALANCE_STREAM)
    fees = {row["structure"]: float(row["obiettivo_2021_eur"]) for row in published("incassi_spese_legali")}
    accounts = published("conti_legali")
    costs = {row["structure"]: float(row["implied_total_cost_eur"]) for row in published("costi_e_punti")}
    scale = world.work.scale
    for directorate in directorates(world):
        fee = draw.near(fees[directorate], 0.08) * scale
        for month in world.months:
            part = month.month / 12
            running = (costs[directorate] * scale * 0.12) * part
            transit = 0.0 if month.month == 12 else draw.near(running * _TRANSIT_PART[month.month // 5], 0.15)
            yield _balance(directorate, month, _TRANSIT, transit)
            for account, of_costs, yearly in _VISITS:
                level = costs[directorate] * scale / 1e4 * of_costs / 10 * yearly ** (month.index / 12)
                yield _balance(directorate, month, account, draw.near(level, 0.02))
            for row in accounts:
                of_fees = row["purpose"] == "incassi per spese legali"
                yield _balance(directorate, month, row["account"], fee * part * (0.21 if of_fees else 3.1))


def _balance(directorate: str, month: Month, account: str, balance: float) -> Row:
    return {"structure": directorate, "month": month.label, "account": account, "balance": decimals(balance)}


def spending_rows(world: World) -> Iterator[Row]:
    """Rows of `spending`: forecast and use of each chapter, cumulative by quarter."""
    draw = chance(world, _SPENDING_STREAM)
    chapters = published("capitoli_spesa")
    for place, directorate in enumerate(directorates(world)):
        for number, row in enumerate(chapters):
            forecast = draw.near(2.1e6 * world.work.scale * world.offices.points.sum(), 0.7)
            forecast *= staff_of(world, directorate, world.months[0]) / world.work.scale / 500
            is_idle = (number + place) % _CHAPTERS_AN_IDLE_ONE == 0  # nothing forecast, nothing spent: not judged
            yield from _chapter(draw, world, (directorate, row["chapter"]), 0.0 if is_idle else forecast, number)
    for structure, groups in _CENTRAL.items():
        for number, row in enumerate(row for row in published("capitoli_2024", YEAR) if row["group"] in groups):
            yearly = float(row["budget_eur"]) * world.work.scale
            yield from _chapter(draw, world, (structure, row["chapter"]), yearly, number, since=PLAN_YEAR + 1)


def _chapter(
    draw: Chance, world: World, of: tuple[str, str], yearly: float, number: int, since: int = 0
) -> Iterator[Row]:
    """One chapter of a structure, quarter after quarter."""
    structure, chapter = of
    for month in quarters(world):
        if month.year >= since:
            # One chapter in eight is not spent as forecast.
            spread = 0.09 if (number + month.index) % 8 == 0 else 0.015
            expected = yearly * month.month / 12
            figures = {"forecast": decimals(expected), "used": decimals(draw.near(expected * 0.995, spread))}
            yield {"structure": structure, "month": month.label, "chapter": chapter} | figures


def ieep_rows(world: World) -> Iterator[Row]:
    """Rows of `ieep`: leaves of the tree of 2021 and of the tree of 2024, by month."""
    draw = chance(world, _IEEP_STREAM)
    for directorate in directorates(world):
        for section, line, amount in (*_tree_2021(directorate), *_tree_2024(directorate)):
            for year in range(len(world.years)):
                result = draw.near(amount * world.work.scale * (1.01 + 0.01 * year), 0.05)
                for month in world.months[year * 12 : year * 12 + 12]:
                    yield _ieep(directorate, month, section, line, draw.near(result / 12, 0.12))
                yield _ieep(directorate, month, section, line, result * _CLOSING_PART) | {"closing": "true"}


@cache
def _leaves(table: str, pack: str) -> dict[str, list[tuple[str, float]]]:
    """Leaves of the printed trees: (code, amount) by structure."""
    rows = published(table, pack)
    parents = {row["parent_code"] for row in rows}
    leaves: dict[str, list[tuple[str, float]]] = {}
    for row in rows:
        if row["line_code"] not in parents and row["amount_eur"]:
            leaves.setdefault(row["structure"], []).append((row["line_code"], float(row["amount_eur"])))
    return leaves


def _tree_2021(directorate: str) -> Iterator[tuple[str, str, float]]:
    for line, amount in _leaves("ieep_2021", "inps-2021")[directorate]:
        yield ("revenue" if line.startswith("E") else "benefits", line, amount)


def _tree_2024(directorate: str) -> Iterator[tuple[str, str, float]]:
    """The tree printed for a directorate, or the nation's in proportion to the directorate's total of 2021."""
    printed = _leaves("ieep_2024", YEAR)
    totals = {row["structure"]: float(row["ieep_eur"]) for row in published("costi_e_punti")}
    own = printed.get(directorate)
    part = 1.0 if own else totals[directorate] / totals["nazionale"]
    for line, amount in own or printed["nazionale"]:
        yield ("assessments" if line.startswith("A") else "cash", line, amount * part)


def _ieep(directorate: str, month: Month, section: str, line: str, amount: float) -> Row:
    return {
        "structure": directorate,
        "month": month.label,
        "section": section,
        "line": line,
        "amount": decimals(amount),
    }


def payment_rows(world: World) -> Iterator[Row]:
    """Rows of `payments`: invoices of each directorate, most paid before they are due."""
    draw = chance(world, _PAYMENT_STREAM)
    for month in world.months:
        for directorate in directorates(world):
            for number in range(3 + draw.pieces(staff_of(world, directorate, world.months[0]) / world.work.scale / 70)):
                paid = int(month.working[draw.pick(len(month.working))])
                # An invoice is due thirty days after it comes, and is paid once it is there.
                due = paid + min(round(draw.near(14, 0.5)) - 8, 29)
                yield {
                    "invoice": f"{month.label}-{directorate}-{number + 1:03d}",
                    "structure": directorate,
                    "received_on": (EPOCH + timedelta(days=due - 30)).isoformat(),
                    "due_on": (EPOCH + timedelta(days=due)).isoformat(),
                    "paid_on": (EPOCH + timedelta(days=paid)).isoformat(),
                    "amount": decimals(draw.near(9_000 * world.work.scale, 1.1)),
                }
