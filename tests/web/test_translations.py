"""Every text of every room is said in every language of the site."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import piramide
from piramide.web import messages
from piramide.web.rooms import ROOMS


def _whole(said: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether a text, or each of its plural forms, is said."""
    return bool(said) and all(said or ())


@pytest.mark.parametrize("room", [room.name for room in ROOMS])
def test_it_says_every_text_in_every_language(room: str) -> None:
    wanted = {message.id for message in messages.words_of(room) if message.id}
    for language in messages.other_languages():
        path = messages.catalogue_file(room, language)
        said = {}
        if path.is_file():
            with path.open("rb") as file:
                said = {one.id: _whole(one.string) and not one.fuzzy for one in read_po(file) if one.id}
        assert [text for text in wanted if not said.get(text)] == []
        assert [text for text in said if text not in wanted] == []


def test_words_are_compiled_at_installation_by_who_may_write_there(tmp_path: Path) -> None:
    source = shutil.copytree(
        Path(piramide.__file__).parent, tmp_path / "piramide", ignore=shutil.ignore_patterns("*.mo")
    )

    command = [sys.executable, "-m", "piramide.web.messages"]
    subprocess.run(command, check=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)})

    words = {path.with_suffix(".mo") for path in source.rglob("*.po")}
    assert words
    assert {path for path in words if not path.is_file()} == set()
