"""A variant that only claims ask about, in the first of the deal's own draws."""

from __future__ import annotations

import numpy as np
import pytest

from accord.assessment.assess import assess_named
from accord.assessment.sampling import Sampling
from accord.claims.judge import model_of
from accord.claims.model import FEWEST_DRAWS, Model, compared_in_draws
from accord.ensemble.ask import Ask
from accord.ensemble.run import How, run

DRAWS, SEED = 40, 4
PRICE = ("WORLD", "aluminium")


@pytest.fixture(scope="module")
def model() -> Model:
    answer = assess_named("us-russia-2025", sampling=Sampling(DRAWS, SEED, How(workers=1)))
    found = model_of(answer.scene)
    assert found is not None
    return found


@pytest.mark.parametrize("variant", ["duty-free", "only-200-lifted"])
def test_it_is_what_the_variant_by_itself_says(model: Model, variant: str) -> None:
    told = model.in_draws(variant, "hub_price", PRICE, "change_pct")
    deal = model.deal.variant(variant)
    alone = run(Ask(deal, model.pack, model.as_of), FEWEST_DRAWS, SEED, how=How(workers=1))
    column = alone.effects.place["hub_price", *PRICE]
    before, after = (x[:, column] for x in (alone.effects.before, alone.effects.after))
    expected = compared_in_draws(before, after, "change_pct")
    np.testing.assert_allclose(told[:FEWEST_DRAWS], expected, rtol=1e-6, atol=1e-10)
    assert np.isnan(told[FEWEST_DRAWS:]).all()


def test_the_deals_own_variant_is_the_ensemble(model: Model) -> None:
    ensemble = model.ensemble
    assert ensemble is not None
    told = model.in_draws(model.deal.active, "hub_price", PRICE, "after")
    column = ensemble.effects.place["hub_price", *PRICE]
    assert told[ensemble.effects.solved].tolist() == ensemble.after(column).tolist()


def test_what_is_in_no_row_has_no_draws(model: Model) -> None:
    assert model.in_draws(None, "hub_price", ("WORLD", "gold"), "after").size == 0


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("before", [2.0, 0.0, -4.0]),
        ("after", [3.0, 1.0, -2.0]),
        ("change", [1.0, 1.0, 2.0]),
        ("change_pct", [0.5, np.nan, 0.5]),
    ],
)
def test_forms_over_draws_are_those_of_one_pair(form: str, expected: list[float]) -> None:
    before, after = np.array([2.0, 0.0, -4.0]), np.array([3.0, 1.0, -2.0])
    np.testing.assert_array_equal(compared_in_draws(before, after, form), expected)
