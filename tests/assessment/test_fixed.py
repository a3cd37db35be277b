"""An answer at chosen assumptions: the numbers stand, the other draws stay, everything follows."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.reference import find
from accord.assessment.sampling import Sampling
from accord.assessment.serialise import to_json
from accord.effects.measures import WORLD
from accord.pack import PriorKey
from accord.pack.number_names import ACCESS
from accord.report.main_numbers import main_numbers
from accord.web.desk import Desk
from accord.web.ground import DRAWS, SEED
from accord.web.library import Asked, Library
from accord.web.position import position_of

DEAL = "us-russia-2025"
SIGMA = PriorKey("sigma", "aluminium", "*")


@cache
def answered(*fixed: tuple[str, float], draws: int = DRAWS, deal: str = DEAL) -> Assessment:
    found = assess_named(deal, sampling=Sampling(draws, SEED), fixed=dict(fixed))
    assert isinstance(found, Assessment)
    return found


@cache
def desk() -> Desk:
    return Library(find(DEAL))._desk(Asked("view", position_of("")))


@pytest.mark.parametrize(
    "query",
    [
        "a.sigma.aluminium=6",
        "a.access=1.28",
        "a.access=-0.5&a.sigma.aluminium=9&a.supply_elasticity-smelter=2",
    ],
)
def test_it_is_the_pages_answer_at_the_same_position(query: str) -> None:
    solved = desk().solve(position_of(query))
    # A slider stands at the nearest of its places; the page's names are ours.
    page, run = solved.answer, answered(*solved.position.moved)
    assert len(run.fixed) == query.count("=")
    for one, other in zip(main_numbers(page), main_numbers(run), strict=True):
        assert other.after == pytest.approx(one.after, rel=1e-9)
        assert other.change == pytest.approx(one.change, rel=1e-9, abs=1e-9)
        assert other.low == pytest.approx(one.low, rel=1e-7)
        assert other.high == pytest.approx(one.high, rel=1e-7)
    # Every effect of every draw, and not only what is shown first.
    place = page.ensemble.effects.place
    for key, column in run.ensemble.effects.place.items():
        if key in place:
            its = page.ensemble.effects.after[:, place[key]]
            mine = run.ensemble.effects.after[:, column]
            size = np.nanmax(np.abs(its)) if np.isfinite(its).any() else 1.0
            assert np.allclose(mine, its, rtol=1e-6, atol=1e-7 * size, equal_nan=True), key


def test_other_numbers_are_drawn_as_ever() -> None:
    free, fixed = answered(), answered(("sigma.aluminium", 6.0))
    keys = [n.key for n in free.ensemble.numbers]
    kept = [i for i, key in enumerate(keys) if key != SIGMA]
    assert [n.key for n in fixed.ensemble.numbers] == [keys[i] for i in kept]
    assert np.array_equal(fixed.ensemble.values, free.ensemble.values[:, kept])


def test_what_it_rests_on_leaves_it_out() -> None:
    free, fixed = answered(), answered(("sigma.aluminium", 6.0))
    assert any("sigma" in x.parameter for x in free.rests_on.pillars)
    assert not any("sigma" in x.parameter for x in fixed.rests_on.pillars)


def test_everything_follows_and_says_so() -> None:
    a = answered(("sigma.aluminium", 6.0), ("access", 1.28))
    assert "σ) = 6 in place of" in a.headline
    assert a.access == ()
    first = [x for x in a.assumptions if x.where == "fixed"]
    assert [x.says.split(" in the point")[0] for x in first] == [
        "sigma.aluminium = 6",
        "access = 1.28",
    ]
    found = to_json(a)
    assert [(x["name"], x["value"]) for x in found["fixed"]] == [
        ("sigma.aluminium", 6.0),
        ("access", 1.28),
    ]
    assert to_json(answered())["fixed"] == []


def test_claims_are_judged_by_it() -> None:
    free, fixed = answered(), answered(("access", 1.28))
    assert fixed.scene.pack.fixed
    lane = fixed.focus.lane
    at = ("flow", f"{lane.origin}>{lane.destination}", lane.good)
    numbers = [a.row(*at).after for a in (free, fixed)]
    assert numbers[1] > numbers[0]
    told = [{(c.id, c.reading): c.value for c in a.claims} for a in (free, fixed)]
    assert told[0] != told[1]


def test_the_access_of_a_score_is_the_low_and_high_case() -> None:
    """−1.28… is the pack's low, 1.28… its high: the two ways of asking agree."""
    cases = {case.weights: case.effects for case in answered(draws=0).access}
    for weights, score in (("low", -1.2815515655446004), ("high", 1.2815515655446004)):
        fixed = answered(("access", score), draws=0)
        assert fixed.effects.change("welfare", WORLD) == pytest.approx(
            cases[weights].change("welfare", WORLD), rel=1e-7
        )


def test_years_follow() -> None:
    plain = assess_named(DEAL, years=(2027, 2028))
    fixed = assess_named(DEAL, years=(2027, 2028), fixed={"sigma.aluminium": 6.0})
    at = [a.paths.paths.long_run.effects for a in (plain, fixed)]
    flows = [e.row("flow", "RUS>USA", "aluminium").after for e in at]
    assert flows[1] > 1.3 * flows[0]


def test_a_project_follows() -> None:
    free, fixed = (
        answered(*x, draws=0, deal="us-russia-2025") for x in ((), (("sigma.aluminium", 3.0),))
    )
    assert ACCESS not in {x.key for x in fixed.fixed}
    (one,), (other,) = ([p for p in a.parts if p.id == "project"] for a in (free, fixed))
    assert one.rows != other.rows


@pytest.mark.parametrize("closure", ["armington", "homogeneous", "mixed"])
def test_draws_one_by_one_stand_there_too(closure: str) -> None:
    a = assess_named(DEAL, closure=closure, sampling=Sampling(6, 0), fixed={"sigma.aluminium": 9.0})
    assert SIGMA not in {n.key for n in a.ensemble.numbers}
    assert a.ensemble.solved > 0


def test_everything_may_be_fixed() -> None:
    numbers = answered().ensemble.numbers
    fixed = {n.key: n.distribution.median for n in numbers}
    a = assess_named(DEAL, sampling=Sampling(4, 0), fixed=fixed)
    assert a.ensemble.numbers == ()
    assert a.rests_on is None
    for one, other in zip(main_numbers(a), main_numbers(answered()), strict=True):
        assert one.after == pytest.approx(other.after, rel=1e-9)
        assert one.low == pytest.approx(one.after, rel=1e-7, abs=1e-9)
