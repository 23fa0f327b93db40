"""Writing a file that a person asked for: whole or not at all, and never over what is there."""

from __future__ import annotations

from pathlib import Path

from piramide.kernel import durable
from piramide.kernel.findings import Place, Refusal, refuse


def folder_to_write(path: Path) -> None:
    """Make the folder of the files to be written, but none above it; refuses what cannot be one."""
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise refuse("CY018", Place(str(path)), problem=error.strerror or str(error)) from error


def write_new(text: str, path: Path) -> None:
    """Write a new text file; refuses one that is there already, and a folder that cannot be written."""
    try:
        durable.write_new(path, text)
    except OSError as error:
        raise refuse("CY014", Place(str(path)), problem=error.strerror or str(error)) from error


def write_new_beside(path: Path, text: str, guide: str) -> None:
    """Write a new CSV and its guide beside it (same name, `.md`): both or neither; refuses another extension."""
    if path.suffix.lower() != ".csv":
        raise refuse("CY020", Place(str(path)), found=path.suffix or "–")
    write_new(text, path)
    try:
        write_new(guide, path.with_suffix(".md"))
    except Refusal:
        path.unlink()
        raise
