"""The tariff model of 2025: answers by hand, limits, invariances and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.economy.baseline import Baseline, Shock
from accord.economy.hat import ExactHat
from accord.economy.ignatenko import Tariffs, balanced, counterfactual, solve
from accord.economy.ignatenko_tariffs import (
    import_duties,
    optimal_duty,
    optimal_duty_formula,
    reciprocal_duties,
)
from accord.economy.ignatenko_world import (
    Parameters,
    TariffWorld,
    fitted_local_shares,
    world_from_trade,
)
from accord.errors import InputError, NoCertifiedAnswer


def world(seed: int = 0, n: int = 5, local: float = 0.15) -> TariffWorld:
    rng = np.random.default_rng(seed)
    size = rng.uniform(1.0, 10.0, n)
    trade = np.outer(size, size) * rng.uniform(0.02, 0.3, (n, n)) / size.mean()
    np.fill_diagonal(trade, size * rng.uniform(3.0, 6.0, n))
    return TariffWorld(tuple(f"r{k}" for k in range(n)), trade, np.full(n, local))


def small_open(trade: float = 0.2) -> TariffWorld:
    """Two countries alike: each buys ``trade`` of its spending abroad."""
    flows = np.array([[1.0 - trade, trade], [trade, 1.0 - trade]])
    return TariffWorld(("a", "b"), flows, np.zeros(2))


def test_without_duties_nothing_changes() -> None:
    base = world()
    answer = counterfactual(base, Tariffs(np.zeros((5, 5))))
    assert answer.welfare == pytest.approx(np.ones(5), abs=1e-11)
    assert answer.trade[0] == pytest.approx(base.trade, rel=1e-10)


def test_two_alike_by_hand() -> None:
    """The same duty on both sides: wages stay, so shares and prices follow in closed form."""
    duty, share, elasticity = 0.3, 0.2, 4.0
    flat = Parameters(trade_elasticity=elasticity, labour_supply=0.0, dispersion=1e12)
    rates = duty * (1.0 - np.eye(2))
    answer = counterfactual(small_open(share), Tariffs(rates, "lump sum"), flat)
    taxed = share * (1.0 + duty) ** -elasticity
    index = (1.0 - share + taxed) ** (-1.0 / elasticity)
    after = taxed / (1.0 - share + taxed)
    spending = 1.0 / (1.0 - after * duty / (1.0 + duty))  # wages and the duty handed back
    assert answer.real_wage == pytest.approx(1.0 / index, rel=1e-9)
    assert answer.welfare == pytest.approx(spending / index, rel=1e-9)
    assert answer.revenue / answer.after.income == pytest.approx(
        after * duty / (1.0 + duty), rel=1e-9
    )


def test_labour_answers_the_real_wage_and_relief_of_tax() -> None:
    base, rates = world(), import_duties(world(), "r0", 0.2)
    relieved = solve(base, Tariffs(rates))[0]
    handed = solve(base, Tariffs(rates, "lump sum"))[0]
    for point in (relieved, handed):
        wanted = (point.wage / point.price / (1.0 - point.relief)) ** 0.5
        assert point.labour == pytest.approx(wanted, rel=1e-9)
    assert handed.relief == pytest.approx(np.zeros(5))
    assert relieved.labour[0] > handed.labour[0]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rate=st.floats(0.0, 2.0), local=st.floats(0.0, 0.4))
def test_every_answer_passes_its_own_conditions(seed: int, rate: float, local: float) -> None:
    base = world(seed, 6, local)
    answer = counterfactual(base, Tariffs(import_duties(base, "r2", rate)))
    assert answer.certificate.worst < 1e-9
    deficit = answer.after.imports.sum() - answer.after.exports.sum()
    assert deficit == pytest.approx(0.0, abs=1e-8 * answer.after.imports.sum())


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.floats(1e-6, 1e6))
def test_units_and_order_change_nothing(seed: int, factor: float) -> None:
    base, order = world(seed), np.random.default_rng(seed).permutation(5)
    rates = import_duties(base, "r1", 0.25)
    first = counterfactual(base, Tariffs(rates))
    names = tuple(base.regions[k] for k in order)
    moved = TariffWorld(names, factor * base.trade[np.ix_(order, order)], base.local_share[order])
    second = counterfactual(moved, Tariffs(rates[np.ix_(order, order)]))
    assert second.welfare == pytest.approx(first.welfare[order], abs=1e-8)
    assert second.revenue == pytest.approx(
        factor * first.revenue[order], rel=1e-7, abs=1e-8 * factor
    )


def test_two_identical_countries_may_be_one() -> None:
    """Merged countries trade with themselves freely, and scale economies are off."""
    flat = Parameters(labour_supply=0.5, dispersion=1e12)
    base = small_open(0.2)
    half = np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]])
    split = half.T @ base.trade @ half
    whole = counterfactual(base, Tariffs(import_duties(base, "b", 0.2)), flat)
    parts = TariffWorld(("a1", "a2", "b"), split, np.zeros(3))
    apart = counterfactual(parts, Tariffs(import_duties(parts, "b", 0.2)), flat)
    assert apart.welfare == pytest.approx(whole.welfare[[0, 0, 1]], abs=1e-9)


def test_a_higher_duty_never_raises_the_own_imports() -> None:
    base = world(3)
    imports = [
        counterfactual(base, Tariffs(import_duties(base, "r0", rate))).after.imports[0, 0]
        for rate in np.linspace(0.0, 1.0, 8)
    ]
    assert (np.diff(imports) < 0.0).all()


def test_balanced_has_no_transfers() -> None:
    base = world(4)
    even = balanced(base)
    assert even.transfer == pytest.approx(np.zeros(5), abs=1e-8)
    assert "transfer set to 0" in even.notes[-1]
    answer = counterfactual(even, Tariffs(import_duties(even, "r0", 0.1)))
    assert answer.certificate.ok


def test_gains_without_duties_follow_the_home_share() -> None:
    """Without duties, scale or local costs, the answer to any transfer obeys the ACR formula."""
    flat = Parameters(labour_supply=0.0, dispersion=1e12)
    base = world(5, local=0.0)
    answer = counterfactual(base, Tariffs(np.zeros((5, 5)), transfer=np.zeros(5)), flat)
    before, after = np.diag(base.share), np.diag(answer.trade[0]) / answer.trade[0].sum(axis=1)
    assert answer.real_wage == pytest.approx((after / before) ** (-1.0 / 4.0), rel=1e-8)


def test_the_best_duty_is_best() -> None:
    base = balanced(world(6))
    best = optimal_duty(base, "r1")
    for other in (0.9 * best.rate, 1.1 * best.rate):
        answer = counterfactual(base, Tariffs(import_duties(base, "r1", other)))
        assert answer.welfare[1] < best.answer.welfare[1]
    assert "best uniform duty" in repr(best)


def test_the_rule_is_exact_for_a_small_country() -> None:
    """A country too small to move others' wages: the rule and the search agree."""
    flat = Parameters(labour_supply=0.0, dispersion=1e12)
    trade = np.array([[1.0e-4, 1.0e-4], [1.0e-4, 1.0]])
    base = TariffWorld(("small", "large"), trade, np.zeros(2))
    rule = optimal_duty_formula(base, "small", flat)
    found = optimal_duty(base, "small", flat, "lump sum").rate
    assert rule == pytest.approx(0.25, abs=1e-3)
    assert found == pytest.approx(rule, abs=2e-3)


def test_a_best_duty_at_the_end_of_the_range_is_not_one() -> None:
    with pytest.raises(NoCertifiedAnswer, match="still rises"):
        optimal_duty(world(6), "r1", highest=0.01)


def test_reciprocal_duties_answer_each_rate() -> None:
    base = world()
    duty = reciprocal_duties(base, "r0", np.array([9.0, 0.1, 0.2, 0.3, 0.4]))
    assert duty[0].tolist() == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert duty[:, 0].tolist() == duty[0].tolist()
    assert not duty[1:, 1:].any()


def test_home_sales_are_what_is_left_and_shortfalls_are_noted() -> None:
    abroad = np.array([[0.0, 5.0], [1.0, 0.0]])
    found = world_from_trade(("a", "b"), abroad, np.array([0.5, 10.0]), np.zeros(2))
    assert found.trade.tolist() == [[0.0, 5.0], [1.0, 5.0]]
    assert "home sales of a" in found.notes[0]


def test_local_shares_give_the_moments_back() -> None:
    base = world(7, 8)
    abroad = base.trade - np.diag(np.diag(base.trade))
    share = fitted_local_shares(abroad, base.output, 3, (0.12, 0.26))
    assert len(set(share.tolist())) == 2
    assert 0.0 < share[0] < share[3] < 1.0
    with pytest.raises(NoCertifiedAnswer):
        fitted_local_shares(abroad, base.output, 3, (0.99, 0.01))


def test_faults_of_a_table_come_all_at_once() -> None:
    trade = np.array([[1.0, -2.0, 0.0], [np.nan, 1.0, 0.0], [0.0, 0.0, 0.0]])
    with pytest.raises(InputError) as refused:
        TariffWorld(("a", "b", "a"), trade, np.array([0.1, 1.0, -0.1]))
    found = " ".join(fault.found for fault in refused.value.faults)
    for part in ("twice: a", "from b to a: -2.0", "from a to b: nan", "spends nothing", "sells"):
        assert part in found
    assert len(refused.value.faults) == 7


def test_faults_of_duties_come_all_at_once() -> None:
    base, duty = world(), np.zeros((5, 5))
    duty[0, 1], duty[2, 2], duty[3, 1] = -1.0, 0.1, np.nan
    with pytest.raises(InputError) as refused:
        counterfactual(base, Tariffs(duty, transfer=np.ones(5)))
    assert len(refused.value.faults) == 4
    assert "add up to 5" in str(refused.value)
    with pytest.raises(InputError, match=r"\(4, 4\)"):
        counterfactual(base, Tariffs(np.zeros((4, 4))))
    with pytest.raises(InputError, match="atlantis"):
        import_duties(base, "atlantis", 0.1)
    with pytest.raises(InputError, match="burn it"):
        Tariffs(duty, "burn it")  # pyright: ignore[reportArgumentType]


def test_elasticities_without_meaning_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        Parameters(trade_elasticity=-1.0, labour_supply=np.nan, dispersion=0.0)
    assert len(refused.value.faults) == 3


def test_sales_that_nobody_earns_are_never_an_answer() -> None:
    base = world()
    leak = np.array([0.0, 0.0, 0.0, 0.0, 0.01])
    tariffs = Tariffs(np.zeros((5, 5)), transfer=leak, forgone=leak)
    point, certificate = solve(base, tariffs)
    assert not certificate.ok
    assert point.sales - point.output == pytest.approx(
        leak * point.output.sum() / base.output.sum(), abs=1e-9
    )
    with pytest.raises(NoCertifiedAnswer, match="earned by nobody"):
        counterfactual(base, tariffs)


def test_a_transfer_that_cannot_be_paid_is_refused() -> None:
    base = world()
    transfer = np.zeros(5)
    transfer[0], transfer[1] = -2.0 * base.output[0], 2.0 * base.output[0]
    with pytest.raises(NoCertifiedAnswer, match="no equilibrium found"):
        counterfactual(base, Tariffs(np.zeros((5, 5)), transfer=transfer))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), traded=st.sampled_from([1e-3, 1e-6, 1e-9, 1e-12]))
def test_next_to_nothing_traded_is_still_balanced(seed: int, traded: float) -> None:
    """Near autarky, clearing over output says nothing; the balance of trade over trade does."""
    rich = world(seed)
    trade = np.where(np.eye(5) == 1.0, rich.trade, traded * rich.trade)
    base = TariffWorld(rich.regions, trade, rich.local_share)
    answer = counterfactual(base, Tariffs(import_duties(base, "r0", 0.3)))
    assert answer.certificate.worst < 1e-8
    home = 1.0 - np.diag(answer.trade[0]) / answer.after.income
    assert (home[1:] < 10.0 * traded).all()


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), rate=st.floats(0.01, 1.0))
def test_without_its_own_parts_it_is_the_exact_hat_model(seed: int, rate: float) -> None:
    """Fixed labour, no local costs, no scale, revenue handed out: Dekle, Eaton and Kortum."""
    base = world(seed, local=0.0)
    rates = import_duties(base, "r1", rate)
    flat = Parameters(trade_elasticity=5.0, labour_supply=0.0, dispersion=1e12)
    table = Baseline(
        regions=base.regions, sectors=("goods",), theta=np.array([5.0]), share=base.share[None],
        tariff=np.zeros((1, 5, 5)), value_added=np.ones((1, 5)), inputs=np.zeros((5, 1, 1)),
        final=np.ones((1, 5)), expenditure=base.expenditure[None], wages=base.output,
        deficit=base.transfer,
    )  # fmt: skip
    ours = counterfactual(base, Tariffs(rates, "lump sum"), flat)
    theirs = ExactHat(table).counterfactual(Shock(tariff=rates[None]))
    assert ours.welfare == pytest.approx(theirs.welfare, rel=1e-7)
    assert ours.real_wage == pytest.approx(theirs.real_wage, rel=1e-7)


def test_harsh_worlds_are_certified_or_refused() -> None:
    """Sizes over orders of magnitude, closed pairs, duties to 5,000 %, scale economies.

    Some have no answer: transfers of most of trade that must stay a share of output.
    """
    answered = 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        n, size = int(rng.integers(2, 20)), rng.lognormal(0.0, 2.0, 20)
        size = size[:n]
        trade = np.outer(size, size) / size.sum() * rng.lognormal(0.0, 1.0, (n, n))
        trade *= rng.choice([1.0, 1e-6, 1e-11]) * (rng.random((n, n)) < 0.8)
        np.fill_diagonal(trade, size * rng.uniform(0.3, 1.5, n))
        duty = rng.choice([0.05, 1.0, 50.0]) * rng.random((n, n)) * (1.0 - np.eye(n))
        base = TariffWorld(tuple(map(str, range(n))), trade, np.full(n, rng.uniform(0.0, 0.35)))
        chosen = Parameters(rng.choice([1.5, 4.0, 12.0]), rng.choice([0.0, 1.0]), 6.0)
        try:
            answer = counterfactual(base, Tariffs(duty), chosen)
        except NoCertifiedAnswer:
            continue
        answered += 1
        assert answer.certificate.ok
    assert answered >= 20
