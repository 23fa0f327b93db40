"""Official objective sheets (text, XLSX, DOCX, PDF) read into pack files.

    lookups_for(paths)        what is known when they are read: the plan that the files name, else the shipped sheets
    import_sheets(paths)      sheets as read, with a finding for all that could not be placed
    write_pack(read, folder)  the pack folder of what was read, whole or not at all

A file becomes a grid of cells (`grid`, the readers), the grid is cut into sections (`layout`), each section is
read by its own module, and `importing` puts them together. Every cell that is not empty ends in a section or in a
finding.
"""

from piramide.exchange.sheets.imported import ImportedSheet, SheetImport
from piramide.exchange.sheets.importing import import_sheets
from piramide.exchange.sheets.own_plan import lookups_for
from piramide.exchange.sheets.writing import write_pack

__all__ = ["ImportedSheet", "SheetImport", "import_sheets", "lookups_for", "write_pack"]
