"""The rooms of the house: each is a Django application with its addresses, in the order of the menu."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """One application: `name` under `piramide.web`, and the first part of its addresses (empty for the home page)."""

    name: str
    address: str | None = None


ROOMS: tuple[Room, ...] = (
    Room("house"),
    Room("accounts", "account/"),
    Room("help", ""),
    Room("audit"),
    Room("results"),
    Room("structures", "strutture/"),
    Room("jobs", "lavori/"),
    Room("calendar", "calendario/"),
    Room("spending", "spesa/"),
    Room("quality", "qualita/"),
    Room("charts"),
    Room("indicators", "indicatori/"),
    Room("pyramid", ""),
    Room("strategy", "strategia/"),
    Room("search", "cerca/"),
    Room("collection", "raccolta/"),
    Room("plans", "piano/"),
    Room("assignments", "piano/assegnazioni/"),
    Room("projects", "progetti/"),
    Room("oversight", "vigilanza/"),
    Room("opendata", "dati-aperti/"),
    Room("api", "api/"),
    Room("demonstration"),
)
