"""What the product is when nobody says otherwise, as `packs/shipped.toml` says: a pack is data, and so is this."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from piramide.methodology.loading.folders import shipped_packs


@dataclass(frozen=True, slots=True)
class KindInPrint:
    """What opens the printed name of a structure of a kind, as a pattern; `short` opens its label in the plan.

    `printed` is what a sheet may write before the label; `territory` marks kinds that stand under the nation and not
    under the central structures.
    """

    pattern: str
    kind: str
    short: str
    territory: bool
    printed: str = ""


@dataclass(frozen=True, slots=True)
class SheetsInPrint:
    """How printed sheets are read beside the labels of a plan.

    `title` is what opens the line of a structure, `spending` what an indicator of spending says, both as patterns.
    `account` tells the indicator of the account from that of forecasts, each by its name in the plan. A structure that
    no plan knows is of the `other_kind` where nothing says more, and stands under the `central` one or the `nation`.
    """

    title: str
    spending: str
    account: str
    account_indicator: str
    forecasts_indicator: str
    nation: str
    central: str
    other_kind: str
    structures: tuple[KindInPrint, ...]


@dataclass(frozen=True, slots=True)
class Shipped:
    """The plan of a site that names none and whose it is; kinds that no pack has to declare; sheets that are read."""

    pack: str
    administration: str
    kinds: frozenset[str]
    sheets: SheetsInPrint


@cache
def shipped() -> Shipped:
    """What ships."""
    said = tomllib.loads((shipped_packs() / "shipped.toml").read_text(encoding="utf-8"))
    sheets = said["sheets"]
    structures = tuple(KindInPrint(**one) for one in sheets.pop("structures"))
    read = SheetsInPrint(**sheets, structures=structures)
    return Shipped(said["pack"], said["administration"], frozenset(said["kinds"]), read)
