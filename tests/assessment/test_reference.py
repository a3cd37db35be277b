from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from accord.assessment.reference import find, shipped_deals
from accord.errors import InputError


def test_a_name_with_variant_and_day() -> None:
    found = find("us-russia-2025:duty-free@2025-07-01")
    assert (found.path.name, found.variant, found.as_of) == (
        "us-russia-2025.toml",
        "duty-free",
        date(2025, 7, 1),
    )


def test_a_path_that_exists_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a@b.toml"
    path.write_text("")
    assert find(str(path)).path == path


def test_an_unknown_name_is_a_fault_with_the_likely_one() -> None:
    with pytest.raises(InputError, match="us-russia-2025"):
        find("us-rusia-2025")


def test_a_bad_day_is_a_fault() -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        find("us-russia-2025@2025-13-01")


def test_the_founding_case_ships() -> None:
    assert "us-russia-2025" in shipped_deals()
