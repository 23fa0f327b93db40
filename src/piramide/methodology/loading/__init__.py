"""Reading a pack from its folder, with file and line in every message."""

from piramide.methodology.loading.assemble import find_pack, load_pack, pack_folders, shipped_packs

__all__ = ["find_pack", "load_pack", "pack_folders", "shipped_packs"]
