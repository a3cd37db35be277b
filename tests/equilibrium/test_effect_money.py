"""Money as effects is the money of the accounts (C30, C31, C36–C38)."""

from __future__ import annotations

import pytest

from accord.effects.accounts import accounts_of
from accord.equilibrium import solve_market
from accord.equilibrium.effect_named import (
    buyer_price,
    flow,
    hub_price,
    imports,
    output,
    producer_price,
    receipts,
    welfare,
)
from accord.errors import InputError
from adjoint_worlds import WORLDS
from worlds import toy


@pytest.mark.parametrize(("closure", "world"), WORLDS)
def test_receipts_and_welfare_are_those_of_the_accounts(closure: str, world: str) -> None:
    eq = solve_market(WORLDS[closure, world](), closure=closure)
    told = accounts_of(eq)
    for region in (r.code for r in eq.market.regions):
        parts = {
            x: told.total(x, region)
            for x in ("duty_revenue", "export_tax_revenue", "subsidy_cost", "limit_rent")
        }
        size = sum(abs(x) for x in parts.values())
        received = sum(parts.values()) - 2.0 * parts["subsidy_cost"]
        mine = receipts(eq, region).value(eq.state)
        assert mine == pytest.approx(received, rel=1e-12, abs=1e-12 * size)
        whole = welfare(eq, region).value(eq.state)
        assert whole == pytest.approx(told.total("welfare", region), rel=1e-12)


def test_named_effects_are_the_equilibrium_s_numbers() -> None:
    eq = solve_market(WORLDS["share", "taxed"]())
    state = eq.state
    assert producer_price(eq, "ore", "C").value(state) == eq.producer_price("ore", "C")
    assert buyer_price(eq, "metal", "B").value(state) == eq.buyer_price("metal", "B")
    assert hub_price(eq, "metal").value(state) == pytest.approx(eq.hub_price["metal"], rel=1e-14)
    assert flow(eq, "metal", "A", "B").value(state) == eq.flow("metal", "A", "B")
    assert output(eq, "mine.A").value(state) == eq.output("mine.A")
    told = eq.flow("metal", "A", "B") + eq.flow("metal", "C", "B")
    assert imports(eq, "metal", "B").value(state) == pytest.approx(told, rel=1e-14)


def test_names_that_are_none_are_refused() -> None:
    eq = solve_market(toy())
    for ask in (
        lambda: producer_price(eq, "metal", "Z"),
        lambda: buyer_price(eq, "gold", "A"),
        lambda: hub_price(eq, "ore"),
        lambda: flow(eq, "metal", "A", "Z"),
        lambda: imports(eq, "gold", "A"),
        lambda: output(eq, "smelter.Z"),
        lambda: receipts(eq, "Z"),
        lambda: welfare(eq, "A", "Z"),
    ):
        with pytest.raises(InputError):
            ask()
