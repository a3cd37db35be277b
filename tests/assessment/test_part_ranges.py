"""Every row of a part has a range and says what it is, or says why it has none."""

from __future__ import annotations

import pytest

from accord.assessment.assess import assess_named
from accord.assessment.serialise import to_json

DEALS = (
    "us-russia-2025",
    "krasnoyarsk-2025:plan-of-2005",
    "rare-earths-2025",
    "halve-defence-2025",
)


@pytest.mark.parametrize("deal", DEALS)
def test_no_row_is_silent_about_its_range(deal: str) -> None:
    parts = to_json(assess_named(deal))["parts"]
    assert parts
    for row in (row for part in parts for row in part["rows"]):
        says = row["range_note"]
        assert says, row
        ranged = row["low"] is not None and row["high"] is not None
        assert says.startswith("not drawn: ") is not ranged, row
        if ranged:
            assert row["low"] <= row["high"], row


def test_what_a_budget_buys_has_the_range_of_what_plants_cost() -> None:
    (part,) = (p for p in assess_named("us-russia-2025").parts if p.id == "project")
    made, power, share = (
        next(x for x in part.rows if x.measure == f"project_{name}")
        for name in ("output", "power", "part_of_imports")
    )
    (built, *_) = part.summary.quantities
    for row in (made, share):
        assert row.low / row.after == pytest.approx(built.low / built.value, rel=1e-12)
        assert row.high / row.after == pytest.approx(built.high / built.value, rel=1e-12)
    assert power.low < power.after < power.high


def test_a_project_of_stated_size_has_none() -> None:
    (part,) = (p for p in assess_named("krasnoyarsk-2025:plan-of-2005").parts if p.id == "project")
    made = next(x for x in part.rows if x.measure == "project_output")
    assert made.low is None
    assert "the deal states it" in part.range_note(made)
    assert all(x.low is None for x in part.summary.quantities)


def test_years_say_that_they_have_none() -> None:
    found = to_json(assess_named("us-russia-2025", years=(2025, 2025)))
    assert found["paths"]["range_note"].startswith("not drawn: ")
    assert all(row["low"] is None for row in found["effects"] if row["year"] == 2025 and
               row["measure"] == "hub_price")  # fmt: skip
