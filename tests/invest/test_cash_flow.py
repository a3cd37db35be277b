"""The spreadsheet: against one written out year by year, and what must add up in every case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.invest.appraisal import appraise, break_even_power_price, break_even_price
from accord.invest.cash_flow import cash_flow, owner_flow
from accord.invest.plan import HOURS, Asset, Loan, Operation, Owner, Plan, Prices, Taxes
from accord.invest.present_value import annuity, present_value
from accord.invest.schedule import ramped, within


def best_use(p: Plan) -> float:
    """Return the use at which the smelter earns most, found by trying."""
    o = p.operation
    price = float(p.prices.metal) * (1.0 - float(p.taxes.export))
    cost = float(o.alumina_per_tonne) * float(p.prices.alumina) + float(o.other_cost)
    cost += float(o.power_per_tonne) * float(p.prices.power)

    def margin(use: float) -> float:
        return price - cost - float(o.rising_cost) * use ** (1.0 / float(o.curvature))

    low, high = 0.0, 1.0
    if margin(1.0) >= 0.0 or margin(0.0) <= 0.0:
        return 1.0 if margin(1.0) >= 0.0 else 0.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if margin(middle) > 0.0 else (low, middle)
    return low


def plain_spreadsheet(p: Plan) -> dict[str, list[float]]:
    """Return the spreadsheet of a plan with whole years, cell by cell as a person would fill it."""
    lead = int(p.lead_years)
    start = lead + max(int(a.build_years) for a in p.assets)
    end = start + int(p.operation.years)
    o, ramp = p.operation, int(p.operation.ramp_years)
    use = best_use(p)
    rising = float(o.rising_cost) * float(o.curvature) / (1.0 + float(o.curvature))
    other = float(o.other_cost) + rising * use ** (1.0 / float(o.curvature))
    lines: dict[str, list[float]] = {
        name: []
        for name in ("capex", "metal", "project", "equity", "lenders", "profit_tax", "debt")
    }
    owed = level = losses = written_off = 0.0
    total = sum(float(a.capex) for a in p.assets)
    for t in range(end):
        runs = start <= t
        capex = sum(
            float(a.capex) / int(a.build_years)
            for a in p.assets
            if start - int(a.build_years) <= t < start
        )
        # Full load comes evenly: half of the first step in the first year of a ramp, and so on.
        load = min(1.0, (t - start + 0.5) / ramp) if runs else 0.0
        metal = float(o.metal) * use * load
        made = float(o.hydropower) * HOURS * float(o.capacity_factor) * load
        spare = made - metal * float(o.power_per_tonne)
        sales = metal * float(p.prices.metal) + max(spare, 0.0) * float(p.prices.power)
        cost = metal * (float(o.alumina_per_tonne) * float(p.prices.alumina) + other)
        cost += max(-spare, 0.0) * float(p.prices.power)
        cost += sum(float(a.fixed_cost) * float(a.capex) for a in p.assets) if runs else 0.0
        dep = sum(float(a.capex) / float(a.life) for a in p.assets if runs and t - start < a.life)
        book = total - written_off - 0.5 * dep
        written_off += dep
        tax = (float(p.taxes.property) * book if runs else 0.0) + float(p.taxes.royalty) * made
        tax += float(p.taxes.export) * metal * float(p.prices.metal)
        interest = float(p.loan.rate) * owed
        draw = float(p.loan.share) * capex
        first = start + p.loan.grace_years
        if t == first:
            level = annuity(owed, float(p.loan.rate), p.loan.years)
        paid = 0.0
        if start <= t < first:
            paid = interest
        elif first <= t < first + p.loan.years:
            paid = level
        owed += interest + draw - paid
        taxable = sales - cost - tax - dep - interest
        used = min(losses, float(p.taxes.loss_use_limit) * max(taxable, 0.0))
        losses += max(-taxable, 0.0) - used
        profit_tax = float(p.taxes.profit) * (max(taxable, 0.0) - used)
        rest = total - written_off if t == end - 1 else 0.0
        project = sales - cost - capex + rest
        row = {
            "capex": capex,
            "metal": metal,
            "project": project,
            "lenders": paid - draw,
            "equity": project - tax - profit_tax - (paid - draw),
            "profit_tax": profit_tax,
            "debt": owed,
        }
        for name, value in row.items():
            lines[name].append(value)
    return lines


@pytest.mark.parametrize("metal_price", [1.0, 3.0, 4.0, 9.0])
@pytest.mark.parametrize("ramp", [1.0, 2.0, 3.0])
def test_it_is_the_plain_spreadsheet(plan: Plan, metal_price: float, ramp: float) -> None:
    case = replace(
        plan,
        prices=replace(plan.prices, metal=metal_price),
        operation=replace(plan.operation, ramp_years=ramp),
    )
    flow, plain = cash_flow(case), plain_spreadsheet(case)
    for name, line in plain.items():
        assert getattr(flow, name) == pytest.approx(line, rel=1e-9, abs=1e-9), name


def test_years_are_parted_where_a_span_begins_and_ends() -> None:
    assert within(0.5, 2.25, 4) == pytest.approx([0.5, 1.0, 0.25, 0.0])
    assert ramped(1.0, 0.0, 3.0, 4) == pytest.approx([0.0, 1.0, 1.0, 0.0])
    assert ramped(1.0, 2.0, 4.0, 5) == pytest.approx([0.0, 0.25, 0.75, 1.0, 0.0])
    both = ramped(np.array([0.0, 1.0]), 2.0, np.array([4.0, 4.0]), 4)
    assert both == pytest.approx(np.array([[0.25, 0.75, 1.0, 1.0], [0.0, 0.25, 0.75, 1.0]]))


numbers = st.floats(0.0, 1.0)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan, with times that are not whole years."""

    def between(low: float, high: float) -> float:
        return low + (high - low) * draw(numbers)

    assets = tuple(
        Asset(k, between(10.0, 900.0), between(1.0, 8.0), between(5.0, 40.0), between(0.0, 0.05))
        for k in ("hydropower", "smelter", "line")[: draw(st.integers(1, 3))]
    )
    operation = Operation(
        between(0.0, 200.0), between(12.0, 16.0), 1.93, between(0.0, 1.0), between(0.0, 1.0),
        between(0.2, 0.9), between(0.0, 4.0), between(3.0, 30.0), between(0.0, 3.0),
        between(0.1, 1.0),
    )  # fmt: skip
    prices = Prices(between(0.1, 9.0), between(0.1, 1.0), between(0.0, 0.1))
    loan = Loan(between(0.0, 1.0), between(0.0, 0.2), draw(st.integers(1, 3)))
    taxes = Taxes(*(between(0.0, 0.3) for _ in range(5)), between(0.0, 1.0))
    return Plan(assets, operation, prices, loan, taxes, between(0.0, 4.0))


@settings(max_examples=60, deadline=None)
@given(plans(), st.floats(0.01, 0.99))
def test_what_must_add_up_does(plan: Plan, part: float) -> None:
    owners = (
        Owner("A", "USA", part, abroad=True, required_return=0.1),
        Owner("B", "RUS", 1.0 - part, abroad=False, required_return=0.1),
    )
    found = appraise(plan, owners, 0.05)
    flow, capex = found.flow, float(plan.capex)
    assert found.identity <= 1e-9
    assert float(flow.capex.sum()) == pytest.approx(capex, rel=1e-9)
    assert float(flow.depreciation.sum() + flow.residual.sum()) == pytest.approx(capex, rel=1e-9)
    assert float(flow.debt[-1]) == pytest.approx(0.0, abs=1e-9 * capex)
    assert found.lenders.npv == pytest.approx(0.0, abs=1e-9 * capex)
    assert np.all(flow.dividends >= 0.0)
    assert np.all(flow.profit_tax >= 0.0)
    assert np.all(flow.dividends <= np.maximum(flow.equity, 0.0) + 1e-9)


def test_many_draws_are_one_at_a_time(plan: Plan) -> None:
    prices = np.array([2.0, 4.0, 6.0])
    delays = np.array([1.0, 1.5, 2.25])
    many = cash_flow(replace(plan, lead_years=delays, prices=replace(plan.prices, metal=prices)))
    for i in range(3):
        one = replace(
            plan, lead_years=delays[i], prices=replace(plan.prices, metal=float(prices[i]))
        )
        flow = cash_flow(one)
        years = flow.equity.shape[-1]
        assert many.equity[i, :years] == pytest.approx(flow.equity, rel=1e-12, abs=1e-9)
        assert many.equity[i, years:] == pytest.approx(0.0, abs=1e-9)


def test_worth_is_nothing_at_the_price_that_breaks_even(
    plan: Plan, owners: tuple[Owner, ...]
) -> None:
    found = appraise(plan, owners, 0.05)
    for share, owner in zip(found.owners, owners, strict=True):
        assert share.break_even is not None
        there = replace(plan, prices=replace(plan.prices, metal=share.break_even))
        flow = owner_flow(cash_flow(there), owner, there.taxes.withholding)
        size = float(present_value(share.rate, np.abs(flow)))
        assert abs(float(present_value(share.rate, flow))) <= 1e-9 * size
    # Dividends that leave are taxed, and the owner abroad wants more: it needs a better price.
    assert found.owners[0].break_even > found.owners[1].break_even > found.owners[2].break_even


def test_without_loan_and_tax_the_price_that_breaks_even_is_its_cost(plan: Plan) -> None:
    """Capital charged as an annuity, over the same years, comes to the same price."""
    bare = replace(
        plan,
        loan=Loan(0.0, 0.0, 1),
        taxes=Taxes(0.0),
        operation=replace(plan.operation, ramp_years=0.0, rising_cost=0.0),
        assets=(Asset("smelter", 1000.0, 1.0, 10.0, 0.0),),
        lead_years=0.0,
    )
    price = break_even_price(bare, 0.1, lambda f: f.capital)
    assert price is not None
    o = bare.operation
    tonnes = 100.0
    power = 14.0 * tonnes - 0.2 * HOURS * 0.5
    per_tonne = 2.0 * 0.6 + float(o.other_cost) + 0.02 * power / tonnes
    # Built in year 0, ten years of sales from year 1 on.
    capital = annuity(1000.0, 0.1, 10) / tonnes
    assert float(price) == pytest.approx(per_tonne + capital, rel=1e-9)


def test_power_that_breaks_even(plan: Plan) -> None:
    for hydropower in (0.1, 0.5):
        case = replace(plan, operation=replace(plan.operation, hydropower=hydropower))
        price = break_even_power_price(case, 0.02, lambda f: f.capital)
        if price is None or np.isnan(price):
            continue
        there = cash_flow(replace(case, prices=replace(case.prices, power=float(price)))).capital
        assert abs(float(present_value(0.02, there))) <= 1e-9 * float(np.abs(there).sum())
    balanced = replace(plan, operation=replace(plan.operation, metal=0.0, hydropower=0.0))
    assert break_even_power_price(balanced, 0.02, lambda f: f.capital) is None
    assert break_even_price(balanced, 0.02, lambda f: f.capital) is None


def test_no_price_is_no_number(plan: Plan) -> None:
    """Metal taxed away whole has no price that breaks even."""
    taxed = replace(plan, taxes=replace(plan.taxes, export=1.0))
    assert np.isnan(break_even_price(taxed, 0.1, lambda f: f.capital))
