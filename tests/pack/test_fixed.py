"""Numbers of a pack that are fixed: the pack answers as if they had no other value."""

from __future__ import annotations

import numpy as np
import pytest

from accord import pack
from accord.errors import InputError
from accord.pack import Pack, PriorKey, Uncertain, Uncertainty
from accord.pack.fixed import pairs_of
from accord.pack.number_names import ACCESS, dotted_name
from accord.probability import copula
from accord.probability.distribution import Distribution
from accord.web.dials import dials_of

SIGMA = PriorKey("sigma", "aluminium", "*")
YEARS = (2017, 2024, 2025)


@pytest.fixture(scope="module")
def aluminium() -> Pack:
    return pack.load("aluminium")


@pytest.mark.parametrize("year", YEARS)
def test_it_is_calibrated_as_with_that_value(aluminium: Pack, year: int) -> None:
    fixed = aluminium.with_fixed({SIGMA: 6.0}, year)
    assert fixed.calibration(year) == aluminium.calibration(year, priors={SIGMA: 6.0})
    assert fixed.calibration(year) != aluminium.calibration(year)
    # What is asked for at another value still has it.
    again = fixed.calibration(year, priors={SIGMA: 9.0})
    assert again == aluminium.calibration(year, priors={SIGMA: 9.0})


def test_access_at_its_ends_is_the_low_and_high_weight(aluminium: Pack) -> None:
    for weights, score in (("low", -1.2815515655446004), ("high", 1.2815515655446004)):
        one = aluminium.with_fixed({ACCESS: score}, 2025).calibration(2025).market
        other = aluminium.calibration(2025, weights).market
        for a, b in zip(one.lanes, other.lanes, strict=True):
            assert a.log_weight == pytest.approx(b.log_weight, rel=1e-12)


def test_what_is_fixed_is_not_drawn_and_the_rest_is_as_ever(aluminium: Pack) -> None:
    whole = aluminium.uncertainty(2025)
    left = aluminium.with_fixed({SIGMA: 6.0, "access": 0.5}, 2025).uncertainty(2025)
    kept = [i for i, n in enumerate(whole.numbers) if n.key not in {SIGMA, ACCESS}]
    assert [n.key for n in left.numbers] == [whole.numbers[i].key for i in kept]
    for start, count in ((0, 40), (17, 8)):
        assert np.array_equal(left.draws(count, 3, start), whole.draws(count, 3, start)[:, kept])


def test_fixing_again_replaces_what_was_fixed(aluminium: Pack) -> None:
    once = aluminium.with_fixed({SIGMA: 6.0, ACCESS: 1.0}, 2025)
    twice = once.with_fixed({ACCESS: 0.5}, 2025)
    assert [(x.key, x.value) for x in twice.fixed] == [(ACCESS, 0.5)]
    assert len(twice.uncertainty(2025).numbers) == len(aluminium.uncertainty(2025).numbers) - 1
    assert once.with_fixed({}, 2025) == aluminium


def test_numbers_that_the_pack_does_not_draw_can_be_fixed_too() -> None:
    toy = pack.load("toyland")
    fixed = toy.with_fixed({"sigma.metal.CCC": 5.0}, 2020)
    (number,) = fixed.fixed
    assert not number.drawn
    assert fixed.calibration(2020) == toy.calibration(2020, priors={number.key: 5.0})
    assert fixed.uncertainty(2020).numbers == toy.uncertainty(2020).numbers
    with pytest.raises(InputError) as error:
        toy.with_fixed({"sigma.metal.CCC": 951.0}, 2020)
    assert "from 0.095 to 950" in str(error.value)


@pytest.mark.parametrize("name", ["aluminium", "toyland", "rare_earths"])
def test_every_number_has_a_name_of_its_own(name: str) -> None:
    loaded = pack.load(name)
    year = loaded.years[-1]
    keys = [*loaded.priors.by_key, *(n.key for n in loaded.uncertainty(year).numbers)]
    names = {dotted_name(key): key for key in keys}
    assert len(names) == len(set(keys))
    for called, key in names.items():
        row = loaded.priors.by_key.get(key)
        value = 0.25 if row is None else row.median
        for spelt in (called, f"a.{called}", called.replace(".", " "), called.replace("-", ":")):
            (number,) = loaded.with_fixed([(spelt, value)], year).fixed
            assert (number.key, number.name) == (key, called)


def test_a_number_may_stand_as_far_as_its_draws_could_go(aluminium: Pack) -> None:
    for number in aluminium.uncertainty(2025).numbers:
        far = number.distribution.at_score(np.array([-5.9, 5.9])).tolist()
        for value in far:
            assert aluminium.with_fixed({number.key: value}, 2025).fixed[0].value == value


def test_pairs_are_read_as_they_are_written() -> None:
    assert pairs_of(["sigma.a = 6", "access=-1", "b"]) == (
        ("sigma.a", "6"),
        ("access", "-1"),
        ("b", ""),
    )


# ------------------------------------------------------------------------- correlated numbers


def correlated(correlation: list[list[float]]) -> Uncertainty:
    spread = Distribution("normal", 0.0, -1.0, 1.0)
    numbers = tuple(
        Uncertain(PriorKey(name, "*", "*"), name, spread, "", "assumed", "", "prior")
        for name in "abc"
    )
    return Uncertainty(numbers, np.array(correlation))


@pytest.mark.parametrize("tied", [0.6, 1.0])
def test_what_varied_with_it_keeps_its_draws(tied: float) -> None:
    whole = correlated([[1.0, tied, 0.3], [tied, 1.0, 0.3], [0.3, 0.3, 1.0]])
    left = whole.without([PriorKey("a", "*", "*")])
    assert np.array_equal(left.scores(64, 1), whole.scores(64, 1)[:, 1:])
    assert np.array_equal(left.correlation, whole.correlation[1:, 1:])
    # Independent scores are still those that these are made of.
    made = copula.correlated(left.independent_scores(64, 1), left.correlation)
    assert np.allclose(made, left.scores(64, 1), atol=1e-12)
    # Taken away one after the other it is the same.
    last = left.without([PriorKey("b", "*", "*")])
    assert np.array_equal(last.scores(64, 1), whole.scores(64, 1)[:, 2:])


def test_the_page_calls_them_the_same(aluminium: Pack) -> None:
    from accord.assessment.assess import assess_named
    from accord.deal import load, shipped_deals

    answer = assess_named("us-russia-2025")
    deal = load(shipped_deals()["us-russia-2025"]).variant(None)
    dials = dials_of(deal, aluminium.uncertainty(2024), answer)
    for dial in dials:
        if dial.number is not None:
            assert dial.key == f"a.{dotted_name(dial.number)}"
