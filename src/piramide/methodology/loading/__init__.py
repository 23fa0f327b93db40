"""Reading a pack from its folder, with file and line in every message."""

from piramide.methodology.loading.folders import find_pack, pack_folders, shipped_packs
from piramide.methodology.loading.opening import load_pack, open_folder
from piramide.methodology.loading.shipped import shipped

__all__ = ["find_pack", "load_pack", "open_folder", "pack_folders", "shipped", "shipped_packs"]
