"""What all tests share: Hypothesis tries the same examples in every run, and time on a busy machine is no failure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from piramide.kernel import wording

settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """No test is named after bytes: an archive holds the second it was made in, and each worker makes its own."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A language that one test chose is not spoken in the next."""
    yield
    wording._chosen.clear()
