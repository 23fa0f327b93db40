"""The catalogue of messages: one template per code and language, as data, so that a language is added without code.

`catalogue/<language>.toml` holds a table per code: `severity` (in `en.toml` only), `title`, `text`, `remedy`, and
`reason` where what follows the figures may be told apart.
Templates name the fields of the finding in braces. `catalogue/words/<language>.toml` holds what the program composes:
separators, units, names of periods. The language is chosen by `use_language`, by the environment
variable `PIRAMIDE_LANG`, else Italian.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from piramide.kernel.templates import fill

DEFAULT_LANGUAGE = "it"
_chosen: list[str] = []
_speaking: ContextVar[str] = ContextVar("speaking", default="")


def _folder() -> Traversable:
    """The folder of the languages."""
    return resources.files("piramide.kernel") / "catalogue"


def use_language(language: str) -> None:
    """Speak `language` from now on in this process."""
    _chosen[:] = [language]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block and in this thread alone: a server answers several people at once."""
    token = _speaking.set(language)
    try:
        yield
    finally:
        _speaking.reset(token)


def current_language() -> str:
    """Return the language of the user: of the block, chosen, from the environment, or Italian."""
    wanted = _speaking.get() or (_chosen[0] if _chosen else os.environ.get("PIRAMIDE_LANG", DEFAULT_LANGUAGE))
    return wanted[:2] if wanted[:2] in languages() else DEFAULT_LANGUAGE


@cache
def languages() -> tuple[str, ...]:
    """Languages that have a catalogue."""
    names = (item.name for item in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """Every message of one language by code."""
    return tomllib.loads((_folder() / f"{language}.toml").read_text(encoding="utf-8"))


def severity(code: str) -> str:
    """Severity of a code: `error`, `warning` or `note`."""
    return catalogue("en")[code]["severity"]


def word(section: str, key: str, language: str | None = None) -> str:
    """A word that the program composes (separator, unit, period): in `language`, else in Italian, else nothing."""
    for spoken in (language or current_language(), DEFAULT_LANGUAGE):
        if found := _words(spoken).get(section, {}).get(key):
            return found
    return ""


def words(section: str, language: str) -> Mapping[str, str]:
    """Every word of one section in one language."""
    return _words(language).get(section, {})


@cache
def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    """The words of one language by section; empty when it brings none."""
    file = _folder() / "words" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def sentence(code: str, fields: Mapping[str, object], language: str | None = None) -> str:
    """Word the finding `code` with its `fields`: what, where, and what to do.

    A code that a language has not worded yet is said in Italian.
    """
    return _worded(code, ("text", "reason", "remedy"), fields, language)


def what(code: str, fields: Mapping[str, object], language: str | None = None) -> str:
    """The beginning of the sentence alone: what was found."""
    return _worded(code, ("text",), fields, language)


def reason(code: str, fields: Mapping[str, object], language: str | None = None) -> str:
    """The end of the sentence alone, from its `reason` on: rule, cause, remedy; nothing where the code has none."""
    has_one = "reason" in catalogue(DEFAULT_LANGUAGE)[code]
    return _worded(code, ("reason", "remedy"), fields, language) if has_one else ""


def _worded(code: str, names: Iterable[str], fields: Mapping[str, object], language: str | None) -> str:
    spoken = language or current_language()
    entry = catalogue(spoken).get(code) or catalogue(DEFAULT_LANGUAGE)[code]
    parts = [entry.get(name, "") for name in names]
    worded = " ".join(fill(part, fields, lambda section, key: word(section, key, spoken)) for part in parts if part)
    return worded.removeprefix(": ").strip()  # what has no place starts with its subject
