from __future__ import annotations

import json
from pathlib import Path

import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.report.compare import MOST, compare, labels, names
from accord.report.compare_files import to_json
from accord.report.compare_screen import screen
from accord.report.compare_tables import differences, levels


def market(text: str) -> Assessment:
    found = assess_named(text)
    assert isinstance(found, Assessment)
    return found


def test_the_first_is_what_the_others_are_compared_with(
    free: Assessment, banned: Assessment
) -> None:
    both = compare(["a:free", "a:banned"], [free, banned])
    value = to_json(both)
    assert value["reference"] == "a:free"
    for row in value["rows"]:
        against = row["against_reference"]
        if against[0] is not None:
            assert against[0] == 0.0
        if None not in row["after"]:
            assert against[1] == pytest.approx(row["after"][1] - row["after"][0], abs=1e-3)


def test_any_scenario_can_be_the_baseline(free: Assessment, banned: Assessment) -> None:
    one = to_json(compare(["a", "b"], [free, banned]))["rows"]
    other = to_json(compare(["b", "a"], [banned, free]))["rows"]
    flow = [next(r for r in rows if r["measure"] == "flow") for rows in (one, other)]
    assert flow[0]["against_reference"][1] == pytest.approx(-flow[1]["against_reference"][1])


def test_no_deal_stands_beside_the_deals_once_for_each_law(
    free: Assessment, banned: Assessment, deal_file: Path
) -> None:
    same = levels(compare(["a", "b"], [free, banned]))
    assert [c.split("\n")[0] for c in same.columns[1:]] == ["no deal", "free", "banned"]
    later = market(f"{deal_file}:banned@2020-09-01")
    two = levels(compare(["a", "b"], [free, later]))
    assert sum(c.startswith("no deal") for c in two.columns) == 2


def test_levels_of_other_years_are_not_subtracted(free: Assessment, deal_file: Path) -> None:
    later = market(f"{deal_file}:nothing@2022-07-01")
    both = compare(["a", "b"], [free, later])
    assert free.level_year != later.level_year
    assert differences(both) is None
    assert "different years of the levels: nothing is subtracted" in screen(both)
    assert all(row["against_reference"] is None for row in to_json(both)["rows"])


def test_many_scenarios_are_broken_into_panels(free: Assessment, banned: Assessment) -> None:
    many = compare([str(i) for i in range(12)], [free, banned] * 6)
    text = screen(many, width=100)
    assert max(map(len, text.splitlines())) <= 100
    assert text.count("Side by side") > 1


def test_labels_are_short_within_one_deal(free: Assessment, banned: Assessment) -> None:
    assert labels(compare(["x", "y"], [free, banned])) == ["free", "banned"]


def test_a_ban_is_a_word(free: Assessment, banned: Assessment) -> None:
    block = levels(compare(["a", "b"], [free, banned]))
    assert block.lines[0].cells[-1] == "banned"


def test_the_json_has_no_nan(free: Assessment, banned: Assessment) -> None:
    """C15."""
    json.dumps(to_json(compare(["a", "b"], [free, banned])), allow_nan=False)


def test_names_tell_scenarios_apart(free: Assessment, banned: Assessment, deal_file: Path) -> None:
    later = market(f"{deal_file}:banned@2020-09-01")
    assert names(compare(["x", "y"], [free, banned])) == ["free", "banned"]
    assert names(compare(["x", "y"], [banned, later])) == [
        "banned of 2020-07-01", "banned of 2020-09-01",
    ]  # fmt: skip
    assert names(compare(["x", "y"], [free, free])) == ["free (1)", "free (2)"]


def test_without_draws_nothing_is_said_of_draws(free: Assessment, banned: Assessment) -> None:
    both = compare(["a", "b"], [free, banned])
    value = to_json(both)
    assert value["common_draws"] is None
    assert value["says"] == []
    assert all(row["range"] == [None, None] for row in value["rows"])
    assert all(row["against_reference_range"] is None for row in value["rows"])
    assert "draws" not in screen(both)
    assert "10 … 90 %" not in screen(both)


def test_more_than_eight_scenarios_are_said_and_files_have_all(
    free: Assessment, banned: Assessment
) -> None:
    many = compare([str(i) for i in range(12)], [free, banned] * 6)
    assert len(to_json(many)["scenarios"]) == 12
    assert f"12 scenarios: the first {MOST} stand side by side" in screen(many)
    assert len(many.shown.answers) == MOST


def test_claims_are_not_judged_for_a_comparison(deal_file: Path) -> None:
    """What nobody is shown must not be waited for."""
    answer = market(str(deal_file))
    to_json(compare(["a", "b"], [answer, answer]))
    assert "ledger" not in vars(answer)


def test_what_a_market_has_not_is_absent_and_not_zero(
    free: Assessment, founding: Assessment
) -> None:
    """C14: the other pack's places and goods are not in this one's market."""
    both = compare(["a", "b"], [free, founding])
    lane = next(row for row in to_json(both)["rows"] if row["measure"] == "flow")
    assert (lane["before"][1], lane["after"][1]) == (None, None)
    for line in levels(both).lines:
        if not line.cells[0].startswith(("World", "Gain of the world")):
            assert line.cells[-1] == "—", line
