"""A pack as a spreadsheet and back: nothing that is not edited changes, and every edit survives.

- `cells`, `grids`: what a cell holds; tables as exported and as sent back
- `forms`: how each file of a pack is shown, and how its edits come back
- `yaml_tables`, `yaml_parts`, `shapes`: YAML sections as tables; `yaml_nodes`, `yaml_splice`: edits touch their lines
- `originals`: the bytes of every file, carried in a hidden sheet; `package`: what may be opened at all
- `exporting`, `importing`: the two ways
"""

from piramide.exchange.workbook.exporting import Exported, export_workbook
from piramide.exchange.workbook.importing import Imported, import_workbook

__all__ = ["Exported", "Imported", "export_workbook", "import_workbook"]
