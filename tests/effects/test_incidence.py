"""Who gets what users pay more: recomputed from flows and prices, and in cases known by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accord.effects import Effects
from accord.effects.incidence import incidence
from accord.effects.users import user_gains
from accord.market import Market
from worlds import (
    LANE_AB,
    LANE_CB,
    banned,
    duty,
    effects_of,
    limit,
    origin_duty,
    quota,
    toy,
    with_duty,
)

TOY = toy()
ENTREPOT = toy(entrepot=True)
CHANGES: dict[str, tuple[Market, Market]] = {
    "duty on all": (TOY, with_duty(TOY, duty(0.1))),
    "duty on one": (TOY, with_duty(TOY, duty(0.1), LANE_AB)),
    "duty lifted": (with_duty(TOY, duty(0.1)), TOY),
    "quota": (TOY, TOY.with_limit(limit(1e4))),
    "tariff-rate quota": (TOY, TOY.with_limit(quota(1e4, duty(0.05)))),
    "ban": (TOY, banned(TOY)),
    "ban lifted": (banned(TOY), TOY),
    "origin duty": (ENTREPOT, origin_duty(ENTREPOT, 0.3, "pro rata")),
}


@pytest.fixture(params=CHANGES, scope="module")
def effects(request: pytest.FixtureRequest) -> Effects:
    return effects_of(*CHANGES[request.param])


def test_a_duty_on_one_origin_from_flows_and_prices() -> None:
    effects = effects_of(*CHANGES["duty on one"])
    found = incidence(effects, "B", "metal")
    assert found is not None
    before, after = effects.before, effects.after

    def rise(region: str) -> float:
        prices = (e.producer_price("metal", region) for e in (before, after))
        was, now = (float(p or 0.0) for p in prices)
        return now - was

    tonnes = {o: after.flow("metal", o, "B") for o in "ABC"}
    assert found.paid == pytest.approx(
        sum(tonnes.values()) * effects.change("buyer_price", "B", "metal")
    )
    assert found.shares.home_makers == pytest.approx(tonnes["B"] * rise("B"))
    # C pays the old 5 % on a value that has risen, so its metal pays more duty a tonne too.
    abroad = tonnes["A"] * rise("A") + tonnes["C"] * rise("C")
    assert found.shares.foreign_taxed + found.shares.foreign_untaxed == pytest.approx(abroad)
    new = tonnes["A"] * 0.1 * float(after.producer_price("metal", "A") or 0.0)
    old = 0.05 * (tonnes["A"] * rise("A") + tonnes["C"] * rise("C"))
    assert found.shares.treasury == pytest.approx(new + old)
    assert found.shares.rents == found.shares.freight == 0.0


def test_the_shares_add_up_to_what_users_pay_more(effects: Effects) -> None:
    for region in effects.before.universe.regions:
        found = incidence(effects, region, "metal")
        assert found is not None
        assert found.shares.total == pytest.approx(found.paid, abs=1e-6)


def test_what_users_lose_is_what_they_pay_more_and_what_they_forgo(effects: Effects) -> None:
    """Users lose less than the old tonnes would cost them more, and more than the new ones do."""
    found = incidence(effects, "B", "metal")
    assert found is not None
    rise = effects.change("buyer_price", "B", "metal")
    row = effects.row("final_use", "B", "metal")
    assert row is not None
    old, new = (rise * float(x or 0.0) for x in (row.before, row.after))
    assert min(old, new) - 1e-6 <= found.users_loss <= max(old, new) + 1e-6
    assert found.forgone == pytest.approx(found.users_loss - new, abs=1e-6)
    assert found.forgone >= -1e-6


def test_the_treasury_gets_less_in_all_than_on_the_tonnes_that_still_come() -> None:
    """Imports that no longer come had paid the old duty of 5 %."""
    found = incidence(effects_of(*CHANGES["duty on one"]), "B", "metal")
    assert found is not None
    assert found.duty_revenue < found.shares.treasury


def test_pass_through_is_below_one_where_the_seller_absorbs_part() -> None:
    found = incidence(effects_of(*CHANGES["duty on one"]), "B", "metal")
    assert found is not None
    assert found.pass_through is not None
    assert 0.5 < found.pass_through < 1.0
    assert found.shares.foreign_taxed < 0.0


def test_a_small_buyer_bears_the_whole_duty() -> None:
    """Who buys next to nothing moves no price abroad: pass-through is 1."""
    demands = tuple(
        replace(d, quantity=d.quantity * 1e-6) if d.region == "B" else d for d in TOY.demands
    )
    small = replace(TOY, demands=demands)
    found = incidence(effects_of(small, with_duty(small, duty(0.1))), "B", "metal")
    assert found is not None
    assert found.pass_through == pytest.approx(1.0, abs=1e-4)


def test_a_quotas_rent_is_what_users_pay_its_holder() -> None:
    effects = effects_of(*CHANGES["quota"])
    found = incidence(effects, "B", "metal")
    assert found is not None
    assert found.shares.rents == pytest.approx(effects.change("limit_rent", "A", "metal"))
    assert found.shares.rents > 0.0


def test_a_zero_change_has_no_incidence() -> None:
    """C35."""
    found = incidence(effects_of(TOY, TOY), "B", "metal")
    assert found is not None
    assert (found.paid, found.users_loss, found.pass_through) == (0.0, 0.0, None)


def test_where_nobody_buys_there_is_none() -> None:
    """C16."""
    assert incidence(effects_of(TOY, TOY), "NOBODY", "metal") is None
    assert incidence(effects_of(TOY, with_duty(TOY, duty(0.1), LANE_CB)), "D", "metal") is None


def test_an_origin_that_sent_nothing_before_is_in_the_mix() -> None:
    """C28: lifting a ban takes no duty off anybody, whatever the closed lane would have paid."""

    def world(*, closed: bool) -> Market:
        taxed = with_duty(TOY, duty(2.0 if closed else 0.0), LANE_AB)
        return banned(taxed) if closed else taxed

    effects = effects_of(world(closed=True), world(closed=False))
    found = incidence(effects, "B", "metal")
    assert found is not None
    tonnes = effects.after.flow("metal", "C", "B")
    row = effects.row("producer_price", "C", "metal")
    assert row is not None
    assert found.shares.treasury == pytest.approx(0.05 * tonnes * float(row.change or 0.0))
    assert found.shares.mix < 0.0


def test_the_quoted_good_is_meant_where_none_is_named() -> None:
    effects = effects_of(*CHANGES["duty on one"])
    assert incidence(effects, "B") == incidence(effects, "B", "metal")


# -------------------------------------------------------------------------------------- users


def with_users(market: Market) -> Market:
    users = (("cars", 0.5), ("cans", 0.3), ("wires", 0.2))
    demands = tuple(replace(d, users=users) if d.region == "B" else d for d in market.demands)
    return replace(market, demands=demands)


def test_users_parts_sum_to_what_users_lose() -> None:
    effects = effects_of(with_users(TOY), with_users(with_duty(TOY, duty(0.1))))
    found = user_gains(effects, "B", "metal")
    whole = effects.change("consumer_surplus", "B", "metal")
    assert [g.user for g in found] == ["cars", "cans", "wires"]
    assert sum(g.gain for g in found) == pytest.approx(whole)
    assert found[0].gain == pytest.approx(0.5 * whole)
    assert whole < 0.0


def test_users_are_rows_of_the_effects_and_of_no_other_sum() -> None:
    """C47: a group of users is REGION/USER."""
    plain = effects_of(TOY, with_duty(TOY, duty(0.1)))
    effects = effects_of(with_users(TOY), with_users(with_duty(TOY, duty(0.1))))
    rows = [r for r in effects.rows if r.measure == "user_surplus"]
    assert [r.region for r in rows] == ["B/cans", "B/cars", "B/wires"]
    others = [r for r in effects.rows if r.measure != "user_surplus"]
    assert others == list(plain.rows)
    assert user_gains(plain, "B", "metal") == ()
    assert user_gains(plain, "NOBODY", "metal") == ()
