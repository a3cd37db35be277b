"""Another closure beside the answer: how much rests on origins being different."""

from __future__ import annotations

from accord.assessment import Assessment
from accord.assessment.beside import beside


def test_homogeneous_metal_stands_beside_the_answer(common: Assessment) -> None:
    found = beside(common)
    assert not found.why
    assert {row.closure for row in found.rows} == {"share", "homogeneous"}
    flows = {row.closure: row.after for row in found.rows if row.measure == "flow"}
    assert flows["share"] == common.effects.after.flow("aluminium", "RUS", "USA")
    # At the common duty Russian metal is dearer landed than Canadian: alike, none of it is bought.
    assert flows["homogeneous"] == 0.0


def test_a_closure_without_an_answer_says_why(common: Assessment) -> None:
    found = beside(common, "nothing-of-the-kind")
    assert "nothing-of-the-kind" in found.why
    assert {row.closure for row in found.rows} == {"share"}
