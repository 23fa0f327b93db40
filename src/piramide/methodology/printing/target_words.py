"""Targets as plans print them, in words and signs: the figure, its side, its unit, the day it is due.

What has more than one reading, or none, is not read: the caller leaves the target empty and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Refusal
from piramide.kernel.numbers import Printed, parse_italian
from piramide.methodology.printing.tokens import without_marks


@dataclass(frozen=True, slots=True)
class Reading:
    """A target as read: exact value (a percentage as its fraction), unit (empty where none is printed), side.

    `side` is `up` (at least), `down` (at most) or empty; `is_delivery` a yes or a deed, whose target is 100; `due` the
    day printed beside; `is_working` days that leave out holidays.
    """

    value: Fraction
    unit: str = ""
    side: str = ""
    is_delivery: bool = False
    due: date | None = None
    is_working: bool = False


_MONTHS: Final = [
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
]  # fmt: skip
_UP: Final = re.compile(
    r"^(?:[≥⩾>]|>=|=>|≥=)\s*(?=[\d€(−-])|^(?:almeno|non meno di|non inferior[ei] al?|superior[ei] al?"
    r"|maggior[ei] (?:o uguale )?(?:di|a)|minimo|min\.?|(?:un )?minimo di)\s+",
    re.IGNORECASE,
)
_DOWN: Final = re.compile(
    r"^(?:[≤⩽<]|<=|=<)\s*(?=[\d€(−-])|^(?:al massimo|al più|non più di|non superior[ei] al?|non oltre|inferior[ei] al?"
    r"|minor[ei] (?:o uguale )?(?:di|a)|massimo|max\.?|(?:un )?massimo di|fino a|entro)\s+",
    re.IGNORECASE,
)
_EXACTLY: Final = re.compile(r"^(?:=|pari a(?:l|lla|ll['’])?|uguale a)\s*(?=\d|[€−-])", re.IGNORECASE)
_DAY: Final = (
    r"(?:il |lo |l['’]|la data del )?(?:(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})(?:[/.-](?P<y>\d{4}))?"
    rf"|(?P<day>\d{{1,2}})[°º]?\s+(?P<month>{'|'.join(_MONTHS)})(?:\s+(?P<year>\d{{4}}))?)"
)
_BY: Final = re.compile(rf"\(?\s*(?:da )?entro\s+(?:e non oltre\s+)?{_DAY}\s*\)?$", re.IGNORECASE)
_DATE_ALONE: Final = re.compile(rf"^{_DAY}$", re.IGNORECASE)
_DEED: Final = re.compile(
    r"^(?:s[iì]|sì|vero|fatto|ok|mantenimento|realizzazione|realizzato|completamento|completato|conclusione|attuazione"
    r"|adozione|approvazione|pubblicazione|rilascio|consegna|avvio|attivazione|on/off|sì/no|si/no)$",
    re.IGNORECASE,
)
_DEED_BY_A_DAY: Final = re.compile(
    r"^(?:realizzazione|completamento|conclusione|attuazione|adozione|approvazione|pubblicazione|rilascio|consegna"
    r"|avvio|attivazione|redazione|predisposizione|trasmissione|invio|presentazione)\b[^\d%€]*$",
    re.IGNORECASE,
)
_OUT_OF: Final = re.compile(r"^(?P<figure>\d+(?:,\d+)?)\s*su\s*(?P<most>\d+)$|^(?P<points>\d+,\d+)\s*/\s*(?P<top>\d+)$")
_COUNT: Final = re.compile(
    r"^(?:n\.?|n°|nr\.?|num\.?|numero)\s*(?P<figure>\d[\d.]*)(?:\s+[^\W\d_][\w'’ -]*)?$", re.IGNORECASE
)
_SCALES: Final = ((r"mld\.?|miliard[oi](?:\s+di)?", 10**9), (r"mln\.?|milion[ei](?:\s+di)?", 10**6), (r"mila", 10**3))
_NOUNS: Final = (
    r"incontr[oi]|riunion[ei]|pratic(?:a|he)|event[oi]|cors[oi]|report|relazion[ei]|document[oi]|intervent[oi]|ispezion[ei]"
    r"|verific(?:a|he)|controll[oi]|progett[oi]|att[oi]|sedut[ae]|audit|domand[ae]|questionar(?:io|i)|pezz[oi]|iniziativ[ae]"
)
_UNITS: Final = (
    (r"(?:gg|giorni|giorno|g)\.?(?P<working>\s*(?:lavorativ[oi]|lav\.?))?", "days", "down"),
    (r"(?:minut[oi]|min\.?|['’\u2032])", "minutes", ""),
    (r"(?:or[ae]|h\.?)", "hours", ""),
    (r"(?:settiman[ae])", "weeks", ""),
    (r"(?:mes[ei])", "months", ""),
    (r"(?:ann[oi])", "years", ""),
    (r"(?:punt[oi])", "points", ""),
    (rf"(?:{_NOUNS})", "pieces", ""),
)
_FIGURE: Final = r"[−-]?\s*\d[\d.,]*"


def read_target(text: str, year: int) -> Reading | None:
    """Read a printed target; `year` is the sheet's, for days printed without theirs.

    >>> read_target("≥ 95%", 2024), read_target("15 giorni lavorativi", 2024).is_working
    (Reading(value=Fraction(19, 20), unit='ratio', side='up', is_delivery=False, due=None, is_working=False), True)
    >>> read_target("-5% rispetto al 2023", 2024) is read_target("da 80 a 90", 2024) is None
    True
    """
    bare = re.sub(r"\s+", " ", without_marks(text)).strip().rstrip(";.") if text.strip() else ""
    if match := _DATE_ALONE.match(bare):
        day = _day(match, year) if match["y"] or match["year"] else None
        return None if day is None else Reading(Fraction(100), is_delivery=True, due=day)
    if match := _BY.search(bare):
        day = _day(match, year)
        return None if day is None else _due(bare[: match.start()].strip(" ,;-–"), day)
    return Reading(Fraction(100), is_delivery=True) if _DEED.match(bare) else _figure(bare)


def is_compared(text: str) -> bool:
    """Whether a print says itself on which side of its figure the value must lie (`≥ 95%`, `al massimo 5`)."""
    bare = text.strip()
    return bool(_UP.match(bare) or _DOWN.match(bare))


def _day(match: re.Match[str], year: int) -> date | None:
    month = _MONTHS.index(match["month"].lower()) + 1 if match["month"] else int(match["m"])
    try:
        return date(int(match["y"] or match["year"] or year), month, int(match["d"] or match["day"]))
    except ValueError:
        return None


def _due(before: str, day: date) -> Reading | None:
    """What is due by a day: all of it, a deed, or a figure that must be reached by then."""
    if not before or _DEED.match(before) or _DEED_BY_A_DAY.match(before):
        return Reading(Fraction(100), is_delivery=True, due=day)
    figure = _figure(before)
    if figure is not None and figure.unit == "ratio" and figure.value == 1:
        return Reading(Fraction(100), is_delivery=True, due=day)
    return None if figure is None else replace(figure, due=day)


def _figure(bare: str) -> Reading | None:
    """A figure with its comparator and its unit."""
    for pattern, side in ((_UP, "up"), (_DOWN, "down"), (_EXACTLY, "")):
        if match := pattern.match(bare):
            inner = _quantity(bare[match.end() :].strip())
            return None if inner is None else replace(inner, side=side or inner.side)
    return _quantity(bare)


def _quantity(bare: str) -> Reading | None:
    if match := _OUT_OF.match(bare):
        most = match["most"] or match["top"]
        value = _number(match["figure"] or match["points"])
        is_inside = value is not None and value <= int(most)
        return (
            Reading(value, "score_1_5" if most == "5" else "points", "up") if is_inside and value is not None else None
        )
    if match := _COUNT.match(bare):
        value = _number(match["figure"])
        return None if value is None else Reading(value, "pieces")
    if bare.endswith("‰"):
        value = _number(bare[:-1].strip())
        return None if value is None else Reading(value / 1000, "ratio")
    if match := re.fullmatch(rf"(?P<figure>{_FIGURE})\s*(?:per\s*cento|percento)", bare, re.IGNORECASE):
        return _quantity(f"{match['figure']}%")
    return _with_unit(bare) or _large(bare) or _plain(bare)


def _with_unit(bare: str) -> Reading | None:
    for words, unit, side in _UNITS:
        if match := re.fullmatch(rf"(?P<figure>{_FIGURE})\s*{words}", bare, re.IGNORECASE):
            value = _number(match["figure"])
            is_working = bool(match.groupdict().get("working"))
            return None if value is None else Reading(value, unit, side, is_working=is_working)
    return None


def _large(bare: str) -> Reading | None:
    """Millions and thousands in words, of euros or of anything."""
    for words, times in _SCALES:
        pattern = rf"(?P<sign>€\s*)?(?P<figure>{_FIGURE})\s*(?:{words})\s*(?P<unit>€|euro|eur)?"
        if match := re.fullmatch(pattern, bare, re.IGNORECASE):
            value = _number(match["figure"])
            unit = "eur" if match["sign"] or match["unit"] else ""
            return None if value is None else Reading(value * times, unit)
    return None


def _plain(bare: str) -> Reading | None:
    """A bare figure, a percentage or an amount. A signed percentage and a plus are changes on something unsaid."""
    try:
        parsed = parse_italian(bare)
    except Refusal:
        return None
    is_change = parsed.signed and (parsed.unit == "pct" or bare.startswith("+"))
    if parsed.kind is not Printed.NUMBER or parsed.value is None or is_change:
        return None
    return Reading(parsed.value, {"pct": "ratio", "eur": "eur"}.get(parsed.unit, ""))


def _number(text: str) -> Fraction | None:
    try:
        parsed = parse_italian(text)
    except Refusal:
        return None
    return parsed.value if parsed.kind is Printed.NUMBER and not parsed.unit else None
