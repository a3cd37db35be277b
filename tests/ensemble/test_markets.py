"""The markets of all draws at once are those of each draw, made from the tables one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from accord import deal as deals
from accord.claims import words_of
from accord.deal import shipped_deals
from accord.ensemble.ask import Ask
from accord.ensemble.markets import markets_of
from accord.ensemble.plant_costs import Costs, changed_costs
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.stack import PARTS
from accord.instruments import Term
from accord.market import Market
from ensemble_asks import (
    CLOSURE,
    DUTY,
    NEW_SMELTER,
    NOTHING,
    QUOTA,
    ask_of,
    loaded,
    some_draws,
    toy_ask,
)

COUNT = 4


def shipped() -> list[tuple[str, str | None]]:
    """Every deal and variant about a market."""
    found: list[tuple[str, str | None]] = []
    for name, path in shipped_deals().items():
        deal = deals.load(path, words_of(path))
        read = {variant: deal.variant(variant) for variant in (None, *deal.variants)}
        about = [variant for variant, chosen in read.items() if chosen.has_market]
        found += [(name, variant) for variant in about]
    return found


def assert_same(one: Arrays, other: Arrays) -> None:
    for part in PARTS:
        mine, theirs = getattr(one, part), getattr(other, part)
        for field in fields(mine):
            values = getattr(mine, field.name), getattr(theirs, field.name)
            if part == "activities":
                # What stands in for a plant that one of the two markets has not costs nothing.
                values = tuple(x[..., one.activities.capacity > 0.0] for x in values)
            message = f"{part}.{field.name}"
            np.testing.assert_allclose(*values, rtol=1e-12, atol=1e-11, err_msg=message)


def assert_each_draw_is_its_own(ask: Ask) -> None:
    markets, drawn = markets_of(ask), some_draws(ask, COUNT)
    stacks = markets.stacks(drawn)
    for draw in range(COUNT):
        for stack, market in zip(stacks, markets.single(drawn, draw), strict=True):
            single = without_the_impossible(compile_market(market, markets.universe))
            assert_same(stack.one(draw), single)


@pytest.mark.parametrize(("name", "variant"), shipped())
def test_shipped_deals(name: str, variant: str | None) -> None:
    assert_each_draw_is_its_own(ask_of(name, variant))


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param((NOTHING,), id="nothing"),
        pytest.param((DUTY, QUOTA), id="duty and quota"),
        pytest.param((NEW_SMELTER,), id="a new plant"),
        pytest.param((NEW_SMELTER, CLOSURE), id="a new plant, and an old one smaller"),
    ],
)
def test_deals_of_toyland(tmp_path: Path, terms: tuple[str, ...]) -> None:
    assert_each_draw_is_its_own(toy_ask(tmp_path, *terms))


def test_a_year_carried_forward() -> None:
    deal = ask_of("us-russia-2025").deal
    ask = Ask(deal, loaded("aluminium"), deal.as_of.replace(year=2026))
    assert ask.calibration.carried is not None
    assert_each_draw_is_its_own(ask)


def test_the_centre_is_the_deals_own_market() -> None:
    ask = ask_of("us-russia-2025")
    markets = markets_of(ask)
    drawn = some_draws(ask, 1)
    known = {**ask.pack.prior_medians, **ask.pack.central_values()}
    medians = [known[key] for key in drawn.keys[:-1]]
    stacks = markets.stacks(replace(drawn, values=np.array([[*medians, 0.0]])))
    for stack, side in zip(stacks, markets.sides, strict=True):
        assert_same(stack.one(0), side.arrays)


class Changed(Term):
    """Stands in for a term that changes what is drawn: one that no deal has today."""

    kind: str = "changed"

    def apply(self, market: Market) -> Market:
        market = market.map_lanes(
            lambda lane: lane.origin == "AAA",
            lambda lane: replace(lane, log_weight=lane.log_weight + 0.3),
        )
        return replace(
            market,
            buyers=tuple(replace(b, theta=b.theta * 1.2) for b in market.buyers),
            demands=tuple(
                replace(d, choke=d.choke * 1.1, elasticity=d.elasticity * 0.9)
                for d in market.demands
            ),
            activities=tuple(
                replace(a, other_cost=a.other_cost * 1.5 + 7.0) for a in market.activities
            ),
        )


class Compares(Changed):
    """A term that asks how large a cost is: no arithmetic on vectors."""

    def apply(self, market: Market) -> Market:
        return market.map_activities(
            lambda a: a.other_cost > 0.0, lambda a: replace(a, other_cost=a.other_cost + 1.0)
        )


def asked(folder: Path, term: Callable[..., Term]) -> Ask:
    ask = toy_ask(folder, NOTHING)
    entry = replace(ask.deal.entries[0], term=term(id="changed", source=("own",)))
    return replace(ask, deal=replace(ask.deal, entries=(entry,)))


@pytest.mark.parametrize("term", [Changed, Compares])
def test_a_change_of_what_is_drawn_is_made_in_every_draw(
    tmp_path: Path, term: Callable[..., Term]
) -> None:
    assert_each_draw_is_its_own(asked(tmp_path, term))


def test_costs_of_new_plants_are_the_same_at_once_and_one_by_one(tmp_path: Path) -> None:
    from accord.ensemble import plant_costs

    ask = toy_ask(tmp_path, NEW_SMELTER)
    curves = some_curves(ask)
    names = frozenset({"smelter.BBB.works"})
    _, at_once = changed_costs(ask, names, curves)
    _, singly = plant_costs._one_by_one(ask, names, curves)
    for name in names:
        assert_same_costs(at_once[name], singly[name])
        assert len(np.unique(at_once[name].rising)) == COUNT


def some_curves(ask: Ask):  # noqa: ANN201
    from accord.pack.calibrate_draws import calibrate_draws

    drawn = some_draws(ask, COUNT)
    return calibrate_draws(ask.pack, ask.calibration, drawn.chosen, drawn.access).curves


def assert_same_costs(one: Costs, other: Costs) -> None:
    for name in ("other", "rising", "curvature"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-14)
