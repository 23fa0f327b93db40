"""A pack as a spreadsheet and back: nothing that is not edited changes, and every edit survives.

    cells         what a cell holds, and when a text is a real number
    grids         tables of cells, and the sheets a planner sent back
    forms         how each file of a pack is shown, and how its edits come back
    yaml_tables   YAML sections as tables; yaml_nodes, yaml_splice: edits that touch their own lines only
    originals     the bytes of every file, carried in a hidden sheet
    package       what may be opened: limits, macros, links, damage
    exporting, importing
"""

from piramide.methodology.workbook.exporting import Exported, export_workbook
from piramide.methodology.workbook.importing import Imported, import_workbook

__all__ = ["Exported", "Imported", "export_workbook", "import_workbook"]
