"""C103: scenarios are compared draw by draw over draws that both have an answer in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.sampling import Sampling
from accord.ensemble.ensemble import Ensemble
from accord.report.compare import Comparison, compare, counts, welfare_rows
from accord.report.compare_draws import common_draws, in_draws, span, why_not_common
from accord.report.compare_files import COLUMNS, rows, to_json
from accord.report.compare_screen import screen
from accord.report.compare_tables import differences, levels
from accord.report.compare_words import sentences
from accord.report.main_results import Result

DRAWS = 40


def answer(text: str, draws: int = DRAWS, seed: int = 0) -> Assessment:
    found = assess_named(text, sampling=Sampling(draws, seed=seed))
    assert isinstance(found, Assessment)
    return found


@pytest.fixture(scope="module")
def free_drawn(deal_file: Path) -> Assessment:
    return answer(str(deal_file))


@pytest.fixture(scope="module")
def banned_drawn(deal_file: Path) -> Assessment:
    return answer(f"{deal_file}:banned")


@pytest.fixture(scope="module")
def closing_drawn(deal_file: Path) -> Assessment:
    return answer(f"{deal_file}:closing")


@pytest.fixture(scope="module")
def both(free_drawn: Assessment, closing_drawn: Assessment) -> Comparison:
    return compare(["free", "closing"], [free_drawn, closing_drawn])


def ensemble_of(a: Assessment) -> Ensemble:
    assert a.ensemble is not None
    return a.ensemble


def with_ensemble(a: Assessment, ensemble: Ensemble | None) -> Assessment:
    return replace(a, ensemble=ensemble)


def without(a: Assessment, *failed: int) -> Assessment:
    """The same with some draws that have no answer."""
    found = ensemble_of(a)
    solved = found.effects.solved.copy()
    solved[list(failed)] = False
    return with_ensemble(a, replace(found, effects=replace(found.effects, solved=solved)))


def of(c: Comparison, measure: str) -> Result:
    return next(r for r in (*c.results, *welfare_rows(c)) if r.measure == measure)


def after_by_draw(a: Assessment, result: Result) -> dict[int, float]:
    """What one row is in each solved draw, read off the ensemble's tables one by one."""
    found = ensemble_of(a)
    column = found.effects.place[result.measure, result.region, result.good]
    return {
        int(draw): float(found.effects.after[i, column])
        for i, draw in enumerate(found.draws)
        if found.effects.solved[i]
    }


@pytest.mark.parametrize("measure", ["flow", "hub_price", "buyer_price", "welfare"])
def test_differences_are_exact_draw_by_draw(both: Comparison, measure: str) -> None:
    result = of(both, measure)
    first, other = (after_by_draw(a, result) for a in both.answers)
    expected = [other[draw] - first[draw] for draw in sorted(first)]
    assert both.draws is not None
    assert both.draws.differences(result, 1) == pytest.approx(expected, rel=1e-12)
    found = both.draws.against_first(result, 1)
    assert found is not None
    assert found.draws == DRAWS
    assert found.higher == sum(x > 0.0 for x in expected)
    assert found.lower == sum(x < 0.0 for x in expected)
    assert found[:3] == pytest.approx(np.quantile(expected, (0.1, 0.5, 0.9)))


def test_the_range_of_the_difference_is_not_the_difference_of_ranges(both: Comparison) -> None:
    result = of(both, "buyer_price")
    assert both.draws is not None
    found = both.draws.against_first(result, 1)
    first, other = (span(a, result) for a in both.answers)
    assert found is not None
    assert first is not None
    assert other is not None
    assert found.low != pytest.approx(other.low - first.low, rel=1e-3)


def test_a_scenario_against_itself_is_zero_in_every_draw(
    deal_file: Path, free_drawn: Assessment
) -> None:
    again = answer(str(deal_file))
    twice = compare(["a", "b"], [free_drawn, again])
    assert twice.draws is not None
    for result in (*twice.results, *welfare_rows(twice)):
        gaps = twice.draws.differences(result, 1)
        if gaps is not None:
            assert not gaps[~np.isnan(gaps)].any()
            found = twice.draws.against_first(result, 1)
            assert found is None or (found.higher, found.lower) == (0, 0)
    assert sentences(twice) == [f"free (2) against free (1): the same in all {DRAWS} draws."]


def test_the_order_of_scenarios_turns_the_sign(
    both: Comparison, free_drawn: Assessment, closing_drawn: Assessment
) -> None:
    turned = compare(["b", "a"], [closing_drawn, free_drawn])
    assert both.draws is not None
    assert turned.draws is not None
    for result in (*both.results, *welfare_rows(both)):
        one, other = both.draws.against_first(result, 1), turned.draws.against_first(result, 1)
        if one is None or other is None:
            assert one is other
            continue
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low), rel=1e-12)
        assert (one.higher, one.lower) == (other.lower, other.higher)


def test_only_draws_solved_in_both_count(free_drawn: Assessment, closing_drawn: Assessment) -> None:
    first, other = without(free_drawn, 3, 5), without(closing_drawn, 5, 7, 9)
    c = compare(["a", "b"], [first, other])
    result = of(c, "flow")
    assert c.draws is not None
    assert c.draws.together == DRAWS - 4
    left = [i for i in range(DRAWS) if i not in {3, 5, 7, 9}]
    one, two = (after_by_draw(a, result) for a in (free_drawn, closing_drawn))
    assert c.draws.differences(result, 1) == pytest.approx([two[i] - one[i] for i in left])
    assert any("2 of 40 in free and 3 of 40 in closing" in said for said in counts(c))
    assert "higher in\nof 36 draws" in "".join((differences(c) or levels(c)).columns)


def test_fewer_draws_are_the_first_of_more(deal_file: Path, closing_drawn: Assessment) -> None:
    """Draw i is the same whatever the count: an answer that was stopped early can be compared."""
    few = answer(str(deal_file), draws=20)
    c = compare(["a", "b"], [few, closing_drawn])
    assert c.draws is not None
    assert c.draws.together == 20
    result = of(c, "flow")
    one, two = (after_by_draw(a, result) for a in c.answers)
    assert c.draws.differences(result, 1) == pytest.approx([two[i] - one[i] for i in range(20)])


def test_draws_are_matched_by_the_names_of_numbers(
    free_drawn: Assessment, closing_drawn: Assessment
) -> None:
    found = ensemble_of(closing_drawn)
    turned = replace(found, numbers=found.numbers[::-1], values=found.values[:, ::-1])
    assert why_not_common([free_drawn, with_ensemble(closing_drawn, turned)]) is None
    renamed = replace(found, values=found.values[:, ::-1])
    assert why_not_common([free_drawn, with_ensemble(closing_drawn, renamed)]) is not None
    fewer = replace(found, numbers=found.numbers[1:], values=found.values[:, 1:])
    assert why_not_common([free_drawn, with_ensemble(closing_drawn, fewer)]) is not None


def test_draws_of_another_seed_closure_or_pack_are_not_common(
    deal_file: Path, free_drawn: Assessment, closing_drawn: Assessment
) -> None:
    other_seed = answer(f"{deal_file}:closing", seed=1)
    closed = replace(ensemble_of(closing_drawn), closures=("armington",) * DRAWS)
    other_closure = with_ensemble(closing_drawn, closed)
    pack = replace(closing_drawn.packs[0], version="other")
    other_pack = replace(closing_drawn, packs=(pack,))
    for other in (other_seed, other_closure, other_pack):
        c = compare(["a", "b"], [free_drawn, other])
        assert c.draws is None
        assert sentences(c) == []
        value = to_json(c)
        assert value["common_draws"]["common"] is False
        assert value["common_draws"]["why_not"] in screen(c, width=140).replace("\n", " ")
        assert all(row["against_reference_range"] is None for row in value["rows"])
        # Each scenario has its own ranges still.
        assert any(row["range"][1] for row in value["rows"])
    assert "different packs" in (why_not_common([free_drawn, other_pack]) or "")


def test_one_scenario_without_draws(free_drawn: Assessment, closing: Assessment) -> None:
    c = compare(["a", "b"], [free_drawn, closing])
    assert c.draws is None
    assert "Not all scenarios have draws" in (why_not_common(c.answers) or "")
    assert "Not all scenarios have draws" in screen(c)
    value = to_json(c)
    assert all(row["range"][1] is None for row in value["rows"])


def test_a_scenario_of_which_no_draw_has_an_answer(
    free_drawn: Assessment, closing_drawn: Assessment
) -> None:
    none = without(closing_drawn, *range(DRAWS))
    c = compare(["a", "b"], [free_drawn, none])
    assert c.draws is None
    assert "no draw with a certified answer" in screen(c)


def test_another_day_of_law_has_the_same_draws(deal_file: Path, free_drawn: Assessment) -> None:
    later = answer(f"{deal_file}@2020-09-01")
    assert later.level_year == free_drawn.level_year
    c = compare(["a", "b"], [free_drawn, later])
    assert c.draws is not None
    assert c.draws.together == DRAWS


def test_a_closed_lane_carries_nothing_in_every_draw(
    free_drawn: Assessment, banned_drawn: Assessment
) -> None:
    c = compare(["a", "b"], [free_drawn, banned_drawn])
    result = of(c, "flow")
    values = in_draws(banned_drawn, result)
    assert values is not None
    assert not values.any()
    assert c.draws is not None
    flows = list(after_by_draw(free_drawn, result).values())
    assert c.draws.differences(result, 1) == pytest.approx([-v for v in flows])


def test_where_single_flows_are_not_pinned_down_nothing_is_said(free_drawn: Assessment) -> None:
    """C95: a lane that is empty at central values may carry something at others."""
    found = ensemble_of(free_drawn)
    regions = free_drawn.effects.before.universe.regions
    lanes = [f"{a}>{b}" for a in regions for b in regions]
    empty = next(x for x in lanes if ("flow", x, "metal") not in found.effects.place)
    lane = Result("", "flow", empty, "metal", "t/yr")
    zero = span(free_drawn, lane)
    assert zero is not None
    assert zero[:3] == (0.0, 0.0, 0.0)
    alike = replace(found, closures=("homogeneous",) * DRAWS)
    assert span(with_ensemble(free_drawn, alike), lane) is None


def test_what_differs_by_rounding_is_the_same(free_drawn: Assessment) -> None:
    found = ensemble_of(free_drawn)
    effects = replace(found.effects, after=found.effects.after * (1.0 + 1e-14))
    near = with_ensemble(free_drawn, replace(found, effects=effects))
    c = compare(["a", "b"], [free_drawn, near])
    assert c.draws is not None
    for result in (*c.results, *welfare_rows(c)):
        against = c.draws.against_first(result, 1)
        assert against is None or against.same == against.draws
        assert not any(c.draws.highest(result) or ())


def test_who_is_highest_is_counted_draw_by_draw(
    free_drawn: Assessment, banned_drawn: Assessment, closing_drawn: Assessment
) -> None:
    three = compare(["a", "b", "c"], [free_drawn, banned_drawn, closing_drawn])
    assert three.draws is not None
    for result in (*three.results, *welfare_rows(three)):
        won = three.draws.highest(result)
        if won is not None:
            assert sum(won) <= DRAWS
    flow = of(three, "flow")
    values = np.array([in_draws(a, flow) for a in three.answers])
    best = np.argmax(values, axis=0)
    assert three.draws.highest(flow) == tuple(int((best == i).sum()) for i in range(3))
    alike = common_draws([free_drawn, free_drawn, banned_drawn])
    assert alike is not None
    assert alike.highest(flow) == (0, 0, 0)


def test_sentences_say_what_the_draws_say(both: Comparison) -> None:
    assert both.draws is not None
    found = both.draws.against_first(of(both, "flow"), 1)
    assert found is not None
    (said,) = sentences(both)
    assert said.startswith("closing against free, draw by draw: ")
    more, count = ("more", found.higher) if found.higher >= found.lower else ("less", found.lower)
    assert f"{more} " in said
    assert f"in {count} of {DRAWS} draws" in said
    assert said.endswith(").")


def test_of_three_it_is_said_which_is_highest(
    free_drawn: Assessment, banned_drawn: Assessment, closing_drawn: Assessment
) -> None:
    three = compare(["a", "b", "c"], [free_drawn, banned_drawn, closing_drawn])
    assert three.draws is not None
    said = sentences(three)
    assert len([x for x in said if " against free" in x]) == 2
    won = three.draws.highest(of(three, "flow"))
    assert won is not None
    assert any(x.startswith("Most ") and f"in {max(won)} of {DRAWS} draws" in x for x in said)


def test_under_laws_of_two_days_nobody_gains_by_the_deal_alone(
    deal_file: Path, free_drawn: Assessment
) -> None:
    c = compare(["a", "b"], [free_drawn, answer(f"{deal_file}:closing@2020-09-01")])
    assert not c.one_law
    assert "gains more" not in " ".join(sentences(c))
    assert "gains less" not in " ".join(sentences(c))
    block = differences(c)
    assert block is not None
    assert any(line.cells[0].startswith("Welfare of") for line in block.lines)


def test_the_json_contract(both: Comparison) -> None:
    value = to_json(both)
    assert set(value) == {"reference", "scenarios", "common_draws", "says", "rows"}
    assert value["common_draws"] == {
        "common": True, "why_not": None, "solved_in_all": DRAWS, "low_high": [0.1, 0.9],
    }  # fmt: skip
    for row in value["rows"]:
        assert set(row) == {
            "measure", "region", "good", "unit", "before", "after", "change", "against_reference",
            "range", "against_reference_range", "probability_highest",
        }  # fmt: skip
        for one in row["range"]:
            assert one is None or one["low"] <= one["median"] <= one["high"]
        against = row["against_reference_range"]
        assert against[0] is None or against[0]["probability_higher"] == 0.0
        for one in against:
            if one is not None:
                assert 0.0 <= one["probability_higher"] + one["probability_lower"] <= 1.0
                assert one["low"] <= one["median"] <= one["high"]
    flow = next(row for row in value["rows"] if row["measure"] == "flow")
    assert flow["against_reference_range"][1]["draws"] == DRAWS


def test_the_sheet_has_what_the_json_has(both: Comparison) -> None:
    value = to_json(both)
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows(both)]
    assert len(found) == 2 * len(value["rows"])
    for i, row in enumerate(value["rows"]):
        cells = found[2 * i + 1]
        assert cells["scenario"] == "closing"
        assert cells["measure"] == row["measure"]
        own, against = row["range"][1], row["against_reference_range"][1]
        assert cells["low"] == (None if own is None else own["low"])
        assert cells["against_high"] == (None if against is None else against["high"])
        chance = None if against is None else against["probability_higher"]
        assert cells["probability_higher"] == chance


def test_ranges_are_in_the_table_and_on_the_screen(both: Comparison) -> None:
    block = levels(both)
    assert block.columns[3].endswith("10 … 90 %")
    text = screen(both)
    assert max(map(len, text.splitlines())) <= 100
    assert "higher in" in text
    narrow = screen(both, width=80)
    assert max(map(len, narrow.splitlines())) <= 80


@given(seed=st.integers(0, 2**32 - 1), lost=st.integers(0, 8))
def test_higher_lower_and_the_same_are_all_draws(
    free_drawn: Assessment, closing_drawn: Assessment, seed: int, lost: int
) -> None:
    chance = np.random.default_rng(seed)
    first, other = (
        without(a, *chance.choice(DRAWS, lost, replace=False).tolist())
        for a in (free_drawn, closing_drawn)
    )
    draws = common_draws([first, other])
    assert draws is not None
    c = compare(["a", "b"], [first, other])
    for result in (*c.results, *welfare_rows(c)):
        found = draws.against_first(result, 1)
        if found is not None:
            assert found.same >= 0
            assert found.draws <= draws.with_first(1) <= DRAWS - lost
            assert found.low <= found.median <= found.high
