"""The words of the commands (help, headings, short answers) as data, so that a language is added without code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from piramide.kernel import wording


@cache
def _catalogue(language: str) -> Mapping[str, Any]:
    path = resources.files("piramide.cli") / "words" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def say(key: str, **fields: object) -> str:
    """The text called `key` (`section.name`) in the user's language, with its fields filled in."""
    section, _, name = key.partition(".")
    text = str(_catalogue(wording.current_language())[section][name])
    return text.format_map(fields) if fields else text


def example(command: str) -> str:
    """The line of `--help` that shows how the command is used."""
    return f"{say('help.example')}: piramide {command}"
