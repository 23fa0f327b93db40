"""Pages made from code say what the code says."""

from __future__ import annotations

import generated_docs
import pytest


@pytest.mark.parametrize("name", generated_docs.PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    kept = (generated_docs.DOCS / name).read_text(encoding="utf-8")

    assert kept == generated_docs.PAGES[name](), "run scripts/docs"
