"""What all tests share: Hypothesis tries the same examples in every run, and time on a busy machine is no failure.

Django is started only for runs that may need it: tests of the rooms below the site do not wait for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

from piramide.kernel import wording
from tests.sharing import WholeFiles, longest_first

settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")

WITHOUT_SITE = ("kernel", "measurement", "methodology", "exchange", "packs", "reports", "scoring", "cycle")
"""Rooms below the site, by their folders of tests and of source."""


def pytest_configure(config: pytest.Config) -> None:
    """Keep packs that were read among the caches of tests; start Django unless all asked for lies below the site."""
    here = Path(__file__).parent
    os.environ["XDG_CACHE_HOME"] = str(here / ".pytest_cache" / "user")
    rooms = [here / folder / room for folder in ("tests", "src/piramide") for room in WITHOUT_SITE]
    asked = [(config.invocation_params.dir / str(argument).split("::")[0]).resolve() for argument in config.args]
    if not all(any(path.is_relative_to(room) for room in rooms) for path in asked):
        import_module("tests.web.started")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let workers begin with what takes longest."""
    if hasattr(config, "workerinput"):
        longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """Give each worker whole files."""
    return WholeFiles(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """No test is named after bytes: an archive holds the second it was made in, and each worker makes its own."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A language that one test chose is not spoken in the next."""
    yield
    wording._chosen.clear()  # noqa: SLF001 - nothing but tests forgets it
