"""Every text of every room is said in every language of the site."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po

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
                said = {message.id: _whole(message.string) for message in read_po(file) if message.id}
        assert [text for text in wanted if not said.get(text)] == []
        assert [text for text in said if text not in wanted] == []
