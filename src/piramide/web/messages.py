"""The site in other languages: catalogues beside each room, gathered from templates and code, compiled where stale.

Italian is what the source says; `locale/<language>/LC_MESSAGES/django.po` of a room says the rest, so that a language
is added without code.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from piramide.kernel.durable import whole_file
from piramide.web.rooms import ROOMS

HERE = Path(__file__).resolve().parent
_KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2), "_": None,
}  # fmt: skip
SOURCE_LANGUAGE = "it"


def catalogue_file(room: str, language: str) -> Path:
    """Where the words of a room in one language are."""
    return HERE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def other_languages() -> tuple[str, ...]:
    """Languages of the site that need a catalogue."""
    return tuple(code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE)


def template_words(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """What a template asks to translate, as Babel's extractors give it."""
    source = templatize(file.read().decode())
    in_brackets = f"({source}\n)"  # where the tokens of Python do not mind how lines are indented
    yield from extract_python(BytesIO(in_brackets.encode()), keywords, comment_tags, options)


def words_of(room: str) -> Catalog:
    """Every text of a room that a language must say."""
    found = Catalog(charset="utf-8")
    for path in sorted((HERE / room).rglob("*")):
        method: Any = {".py": "python", ".html": template_words, ".txt": template_words}.get(path.suffix)
        if method is None or "migrations" in path.parts:
            continue
        where = str(path.relative_to(HERE))
        for line, message, _comments, context in extract_from_file(method, path, keywords=_KEYWORDS):
            found.add(message, locations=[(where, line)], context=context)
    return found


def gather() -> tuple[tuple[str, str], ...]:
    """Bring every catalogue up to date: new texts are added without words, old ones are dropped, words are kept.

    Gives the file and the text of all that have no words yet.
    """
    missing = []
    for room in ROOMS:
        words = words_of(room.name)
        if not len(words):
            continue
        for language in other_languages():
            path = catalogue_file(room.name, language)
            kept = Catalog(locale=language, charset="utf-8")
            if path.is_file():
                with path.open("rb") as file:
                    kept = read_po(file, locale=language)
            kept.update(words, no_fuzzy_matching=True, update_creation_date=False)
            kept.obsolete.clear()
            path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(path) as draft, draft.open("wb") as out:
                write_po(out, kept, omit_header=False, width=110, sort_output=True, include_lineno=False)
            missing += [(str(path.relative_to(HERE)), _first(one.id)) for one in kept if one.id and not _is_said(one)]
    return tuple(missing)


def _first(text: Any) -> str:
    """A text, or the singular of one that counts."""
    return str(text if isinstance(text, str) else text[0])


def _is_said(message: Message) -> bool:
    """Whether a text, or each of its plural forms, has words that are shown: doubtful (`fuzzy`) ones never are."""
    words = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(words) and all(words) and not message.fuzzy


def compile_stale() -> int:
    """Compile the catalogues that are newer than what was compiled from them; their number."""
    made = 0
    for path in HERE.glob("*/locale/*/LC_MESSAGES/*.po"):
        target = path.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as file:
            words = read_po(file)
        with whole_file(target) as draft, draft.open("wb") as out:
            write_mo(out, words)
        made += 1
    return made


if __name__ == "__main__":  # at installation, while the folder of the program may be written
    compile_stale()
