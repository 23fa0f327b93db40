"""Weights as a pack writes them."""

from __future__ import annotations

from piramide.exchange.sheets.imported import decimal
from piramide.methodology.printing.tokens import figure, share


def share_text(text: str) -> str:
    """A weight as a pack writes it, with the decimals that were printed: they say how exact it is.

    >>> share_text("40%"), share_text("33,30%"), share_text("33,3")
    ('0.4', '0.3330', '0.333')
    """
    value = share(text)
    if value is None:
        return ""
    parsed = figure(text)
    if not parsed.decimals:
        return decimal(value)
    decimals = parsed.decimals + (2 if parsed.unit == "pct" or parsed.value != value else 0)
    whole, _, cents = decimal(value).partition(".")
    return f"{whole}.{cents.ljust(decimals, '0')}"
