"""Worksheets of the workbooks on paper."""

from __future__ import annotations

import xlsxwriter

from piramide.kernel.sheet_names import sheet_names


def free_name(book: xlsxwriter.Workbook, wanted: str) -> str:
    """A name for the next worksheet, as near to the wanted one as a workbook admits."""
    (name,) = sheet_names([wanted], [sheet.get_name() for sheet in book.worksheets()])
    return name
