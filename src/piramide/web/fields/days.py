"""Days that people write in forms."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2199, 12, 31)


class DayField(forms.DateField):
    """A day picked in the calendar of the browser, or typed the Italian way; of a year that somebody may mean.

    The days around it can be computed: `9999-12-31` has no day after, and whoever writes it is told so.
    """

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        """As any field of days, with our ways of writing one."""
        within = (MinValueValidator(EARLIEST), MaxValueValidator(LATEST))
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], validators=within, **options)
