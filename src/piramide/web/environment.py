"""Settings from the environment, each checked as it is read; all that are wrong are refused together, by name."""

from __future__ import annotations

import difflib
import os
import re
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

from piramide.kernel.findings import Finding, Place, Refusal

PREFIX: Final = "PIRAMIDE_"
_FROM_FILE: Final = "_FILE"
_NEAR: Final = 0.85
"""How alike two names must be for one to be a slip of the other."""
_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"", "0", "false", "no", "off"})
_HOST: Final = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")
_DATABASES: Final = frozenset({"sqlite", "postgres", "postgresql"})

Read = TypeVar("Read")


class Environment:
    """The variables of one process. What is wrong is kept until `refuse_wrong`, and the default stands in meanwhile."""

    def __init__(self) -> None:
        self._env = environ.FileAwareEnv()
        self._env.ENVIRON = FileAwareMapping(cache=False)  # a file is read again by whoever asks again
        self._names: set[str] = set()
        self._wrong: list[Finding] = []

    def text(self, name: str, default: str = "", needed_by: str = "") -> str:
        """Any text; wrong where it is missing and another setting needs it."""
        found = self._read(name, default, lambda given: given, "text")
        if needed_by and not found:
            self._wrong.append(Finding("SI013", Place(), f"{PREFIX}{name}", {"other": f"{PREFIX}{needed_by}"}))
        return found

    def flag(self, name: str) -> bool:
        """On or off; off when unset."""
        return self._read(name, default=False, reading=_flag, expected="flag")

    def whole(self, name: str, default: int, least: int) -> int:
        """A whole number, `least` or more."""
        return self._read(name, default, lambda given: _whole(given, least), "whole", least=least)

    def day(self, name: str) -> date | None:
        """A day as `2025-09-23`."""
        return self._read(name, None, lambda given: date.fromisoformat(given) if given else None, "day")

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        """One of `known`; the first when unset."""
        return self._read(name, known[0], lambda given: _one_of(given, known), "one_of", known=", ".join(known))

    def origin(self, name: str, default: str, *, with_path: bool = False) -> str:
        """The address of a site: `http` or `https`, a host, perhaps a port; nothing behind, unless `with_path`."""
        expected = "address" if with_path else "origin"
        return self._read(name, default, lambda given: _origin(given, with_path=with_path), expected)

    def hosts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Names of hosts with commas."""
        return self._read(name, default, _hosts, "hosts")

    def mail_address(self, name: str, default: str) -> str:
        """An e-mail address, perhaps with a name before it."""
        return self._read(name, default, lambda given: _matching(given, _ADDRESS), "mail_address")

    def folders(self, name: str) -> tuple[Path, ...]:
        """Folders that are there, with commas."""
        return self._read(name, (), _folders, "folders")

    def secret(self, name: str, least: int) -> str:
        """A secret of `least` characters or more, or nothing; it is never told."""
        return self._read(name, "", lambda given: _secret(given, least), "secret", is_secret=True, least=least)

    def database(self, name: str, default: str) -> dict[str, Any]:
        """A database as Django wants it."""
        return self._read(name, _database(default), _database, "database", is_secret=True)

    def mail_server(self, name: str, default: str) -> dict[str, Any]:
        """How mail leaves, as Django wants it."""
        return self._read(name, _mail_server(default), _mail_server, "mail_server", is_secret=True)

    def refuse_wrong(self) -> None:
        """Raise a `Refusal` with every setting that is wrong (SI010) or misspelt (SI011)."""
        known = {name.removeprefix(PREFIX) for name in self._names}
        for name in sorted(os.environ):
            plain = name.removeprefix(PREFIX).removesuffix(_FROM_FILE)
            near = difflib.get_close_matches(plain, known, n=1, cutoff=_NEAR) if name.startswith(PREFIX) else []
            if near and plain not in known:
                self._wrong.append(Finding("SI011", Place(), name, {"near": f"{PREFIX}{near[0]}"}))
        if self._wrong:
            raise Refusal(*self._wrong)

    def _read(
        self,
        name: str,
        default: Read,
        reading: Callable[[str], Read],
        expected: str,
        *,
        is_secret: bool = False,
        **fields: object,
    ) -> Read:
        full = f"{PREFIX}{name}"
        self._names.add(full)
        if full not in os.environ and f"{full}{_FROM_FILE}" not in os.environ:
            return default
        try:
            given = str(self._env.str(full, "")).strip()
        except (OSError, ValueError) as error:
            problem = getattr(error, "strerror", None) or str(error)
            self._wrong.append(Finding("SI012", Place(), f"{full}{_FROM_FILE}", {"problem": problem}))
            return default
        try:
            return reading(given) if given else default
        except (ValueError, KeyError, ImproperlyConfigured):
            told = {"given": "" if is_secret else given, "setting": expected, **fields}
            self._wrong.append(Finding("SI010", Place(), full, told))
            return default


def _flag(given: str) -> bool:
    if given.lower() in _YES | _NO:
        return given.lower() in _YES
    raise ValueError(given)


def _whole(given: str, least: int) -> int:
    if (number := int(given)) < least:
        raise ValueError(given)
    return number


def _one_of(given: str, known: tuple[str, ...]) -> str:
    if given not in known:
        raise ValueError(given)
    return given


def _matching(given: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(given.partition("<")[2].removesuffix(">") or given):
        raise ValueError(given)
    return given


def _origin(given: str, *, with_path: bool) -> str:
    found = urlsplit(given)
    is_bare = not (found.query or found.fragment or found.username) and (with_path or found.path in {"", "/"})
    if found.scheme not in {"http", "https"} or not is_bare or not _HOST.fullmatch(_host_of(found.netloc)):
        raise ValueError(given)
    _ = found.port  # a port that is no number is refused
    return given.rstrip("/")


def _host_of(network: str) -> str:
    return network if network.endswith("]") else re.sub(r":\d*$", "", network)


def _hosts(given: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in given.split(","))
    if not all(_HOST.fullmatch(name) for name in names):
        raise ValueError(given)
    return names


def _folders(given: str) -> tuple[Path, ...]:
    folders = tuple(Path(name.strip()) for name in given.split(","))
    if not all(folder.is_dir() for folder in folders):
        raise ValueError(given)
    return folders


def _secret(given: str, least: int) -> str:
    if len(given) < least:
        raise ValueError
    return given


def _database(given: str) -> dict[str, Any]:
    if given.partition(":")[0] not in _DATABASES:
        raise ValueError(given)
    with warnings.catch_warnings(action="error"):
        try:
            found: dict[str, Any] = environ.Env.db_url_config(given)
        except Warning as warning:
            raise ValueError(given) from warning
    if not found.get("NAME"):
        raise ValueError(given)
    return found


def _mail_server(given: str) -> dict[str, Any]:
    found: dict[str, Any] = environ.Env.email_url_config(given)
    return found
