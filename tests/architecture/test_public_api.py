"""What `import piramide` promises."""

from __future__ import annotations

import tomllib
from pathlib import Path

import piramide


def test_it_exports_few_names_and_has_them_all() -> None:
    assert len(piramide.__all__) <= 12
    assert all(hasattr(piramide, name) for name in piramide.__all__)


def test_its_version_is_the_one_of_the_project(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert piramide.__version__ == project["version"]
