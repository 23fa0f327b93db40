"""The repository is the same wherever it is cloned and whatever index it installs from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

# In two halves, so that this file is not its own first finding.
INDEXES = [
    ".".join(parts).encode()
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("deb.debian", "org"),
    )
]
FOLDER_OF_A_MACHINE = re.compile(rb"(?<![\w./~-])/(?:home|root|Users|work|workspace|mnt|tmp/\w+)/\w")
NOT_OURS = {".git", ".uv", "__pycache__", "build", "dist", "site", "store", "out", "node_modules", ".node", "site-data"}
CACHES = re.compile(r"\.(?:venv|mypy|ruff|pytest|import_linter|hypothesis)")


def files(folder: Path, *, top: bool = True) -> Iterator[Path]:
    """Files of the repository, without what is installed, built or cached."""
    for path in sorted(folder.iterdir()):
        if (top and path.name in NOT_OURS) or path.name == "__pycache__" or CACHES.match(path.name):
            continue
        if path.is_dir():
            yield from files(path, top=False)
        elif path.is_file():
            yield path


def test_no_file_names_a_package_index(root: Path) -> None:
    named = [
        f"{path.relative_to(root)}: {index.decode()}"
        for path in files(root)
        for index in INDEXES
        if index in path.read_bytes()
    ]

    assert named == []


def test_no_file_names_a_folder_of_one_machine(root: Path) -> None:
    named = [
        f"{path.relative_to(root)}: {found.group().decode()}"
        for path in files(root)
        if (found := FOLDER_OF_A_MACHINE.search(path.read_bytes()))
    ]

    assert named == []


def test_every_locked_requirement_has_a_hash(root: Path) -> None:
    entry = re.compile(r"^[a-z0-9][^=\n]*==(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
    for lock in sorted((root / "requirements").glob("*.txt")):
        entries = entry.findall(lock.read_text(encoding="utf-8"))

        assert entries, lock.name
        assert [requirement for requirement in entries if "--hash=sha256:" not in requirement] == [], lock.name
