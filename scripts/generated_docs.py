"""Pages of docs/ that are made from code: run it to write them again; a test compares them with what it would write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from piramide.kernel import glossary

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
NOTICE: Final = "<!-- Made by scripts/docs from the code: change it there. -->"


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def glossary_page() -> str:
    """The terms of the kernel's glossary, by section, and the words it refuses."""
    parts = [
        "# Glossary",
        NOTICE,
        "One concept, one word: the name in the code, what Italian acts and pages call it, what it means.",
    ]
    for title, terms in glossary.SECTIONS.items():
        rows = ((f"`{term.name}`", term.label, term.meaning) for term in terms)
        parts += [f"## {title}", table(("Name", "Italian", "Meaning"), rows)]
    refused = ((f"`{never.word}`", f"`{never.use}`", never.reason) for never in glossary.NEVER)
    parts += ["## Never in a name", table(("Never", "Use", "Because"), refused)]
    return "\n\n".join(parts) + "\n"


PAGES: Final[dict[str, Callable[[], str]]] = {
    "glossary.md": glossary_page,
}


def write() -> None:
    """Write every generated page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
