"""Fixtures of the sheets: the official ones in every format, and the shipped pack that they must equal."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from piramide.exchange.sheets import ImportedSheet, SheetImport, import_sheets, write_pack
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Node, Pack

FIXTURES = Path(__file__).parent / "fixtures"


def _sheet_files() -> ModuleType:
    """The module beside this one: folders of tests are no packages."""
    spec = importlib.util.spec_from_file_location("sheet_files", Path(__file__).parent / "sheet_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


sheet_files = _sheet_files()

WRITERS: dict[str, Callable[[str, Path], Path]] = {
    "txt": lambda name, path: Path(shutil.copy(FIXTURES / f"{name}.txt", path)),
    "xlsx": sheet_files.write_xlsx,
    "docx": sheet_files.write_docx,
    "pdf": sheet_files.write_pdf,
    "unruled.pdf": lambda name, path: Path(sheet_files.write_pdf(name, path, stroke="none")),
}


@pytest.fixture(scope="session")
def shipped() -> Pack:
    return load_pack(find_pack("inps-2024"))


@pytest.fixture(scope="session", params=["dcm_milano", "trentino_alto_adige", "dc_risorse_umane"])
def official(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session", params=sorted(WRITERS))
def official_read(
    official: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SheetImport:
    """An official sheet in one of the formats, imported once for all tests."""
    folder = tmp_path_factory.mktemp(official)
    return import_sheets([WRITERS[request.param](official, folder / f"{official}.{request.param}")])


@pytest.fixture
def fixture_path() -> Callable[[str], Path]:
    return lambda name: FIXTURES / name


@pytest.fixture
def sheet_of(tmp_path: Path) -> Callable[..., ImportedSheet]:
    """Import a sheet whose table is given, one row a line, cells between bars."""

    def read(*rows: str, structure: str = "DR Puglia") -> ImportedSheet:
        return import_sheets([sheet_text(tmp_path, *rows, structure=structure)]).structures[0]

    return read


HEADER = "AMBITO DI PERFORMANCE|CONTRIBUTO AL VALORE PUBBLICO|SOTTO AMBITI|KPI|RIFERIMENTI|VALORE OBIETTIVO"
ACT = "Obiettivi 2024: Determinazione del Direttore Generale N. 28 del 28 febbraio 2024"


def sheet_text(folder: Path, *rows: str, structure: str = "DR Puglia") -> Path:
    lines = ["Obiettivi di performance organizzativa per l'anno 2024", structure, HEADER, *rows, "", ACT]
    path = folder / "scheda.txt"
    path.write_text("\n".join(lines).replace("|", "\t"), encoding="utf-8")
    return path


@pytest.fixture
def write_sheet(tmp_path: Path) -> Callable[..., Path]:
    return lambda *rows, **more: sheet_text(tmp_path, *rows, **more)


def below(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from below(node.children)


@pytest.fixture(scope="session")
def flat() -> Callable[[tuple[Node, ...]], list[Node]]:
    return lambda nodes: list(below(nodes))


@pytest.fixture
def round_trip() -> Callable[[SheetImport, Path], int]:
    """Write an import, load the pack, and count the sheets that came back as they were."""

    def count(read: SheetImport, folder: Path) -> int:
        write_pack(read, folder)
        pack = load_pack(folder)
        equal = 0
        for sheet in read.structures:
            own, back = list(below(sheet.tree)), list(below(pack.sheets[sheet.structure.id].tree))
            keys = [[(n.id, n.label, n.weight, n.target, n.citation) for n in nodes] for nodes in (own, back)]
            equal += keys[0] == keys[1]
        return equal

    return count
