"""The pages of the tariff model and of gravity: what they print is what the program gives."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["economy-2025.md", "economy-gravity.md"])
def test_a_page_prints_what_it_says(page: str) -> None:
    found = doctest.testfile(str(DOCS / page), module_relative=False, encoding="utf-8")
    assert found.attempted > 0
    assert found.failed == 0
