"""The gradient as users meet it: tables, refusals, closures, and the page that explains it."""

from __future__ import annotations

import doctest
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from chains import chain
from chains import strained as strained_chain

from accord.equilibrium import Equilibrium, solve_market
from accord.equilibrium.adjoint import gradient
from accord.equilibrium.adjoint_rows import DATA, rows
from accord.equilibrium.adjoint_system import QuickSystem, multipliers, solve_transposed
from accord.equilibrium.effect_named import (
    buyer_price,
    flow,
    hub_price,
    imports,
    producer_price,
    welfare,
)
from accord.equilibrium.share import ShareState
from accord.errors import InputError
from adjoint_worlds import WORLDS, chosen_effects, idle, strained
from worlds import duty, toy, with_duty

PAGE = Path(__file__).resolve().parents[2] / "docs" / "derivatives.md"


def test_the_page_shows_what_happens() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 10
    assert failed == 0


def test_the_page_lists_every_kind_of_datum() -> None:
    text = PAGE.read_text("utf-8")
    assert [name for name in DATA if f"`{name}`" not in text] == []


@pytest.mark.parametrize(("closure", "world"), WORLDS)
def test_rows_name_every_datum_once_and_are_finite(closure: str, world: str) -> None:
    eq = solve_market(WORLDS[closure, world](), closure=closure)
    found = gradient(welfare(eq, "B"), eq)
    table = list(rows(found))
    keys = [(row.datum, row.where) for row in table]
    assert len(set(keys)) == len(keys)
    assert all(math.isfinite(row.derivative) for row in table)
    kinds = {row.datum for row in table}
    assert ("sigma" in kinds) == (closure != "homogeneous")
    nests = closure == "armington" and ("nested" in world or world == "banned")
    assert ("home_elasticity" in kinds) == nests
    open_lanes = np.isfinite(eq.state.arrays.lanes.log_weight).sum()
    assert sum(row.datum == "ad_valorem" for row in table) == open_lanes


def test_rows_say_value_unit_and_elasticity() -> None:
    eq = solve_market(toy())
    found = gradient(buyer_price(eq, "metal", "B"), eq)
    by_where = {row.where: row for row in rows(found, "power_price")}
    row = by_where["smelter.A"]
    assert (row.value, row.datum_unit, row.unit) == (30.0, "USD/MWh", "USD/t per USD/MWh")
    assert row.elasticity == pytest.approx(row.derivative * 30.0 / found.value, rel=1e-14)
    # 14 MWh a tonne: a dollar on power is 14 dollars of cost.
    costs = {x.where: x.derivative for x in rows(found, "other_cost")}
    assert row.derivative == pytest.approx(14.0 * costs["smelter.A"], rel=1e-14)
    free = next(x for x in rows(found, "ad_valorem") if x.where == "metal B→B")
    assert free.value == 0.0
    assert free.elasticity is None


def test_a_name_that_is_no_datum_is_refused_before_anything_is_worked_out() -> None:
    eq = solve_market(toy())
    with pytest.raises(InputError, match="power_price"):
        rows(gradient(flow(eq, "metal", "A", "B"), eq), "colour")


def test_gsim_is_refused_with_what_to_use() -> None:
    one_stage = solve_market(chain(1, 4), closure="gsim")
    good = one_stage.market.goods[0].code
    with pytest.raises(InputError, match="under armington at the reference"):
        gradient(buyer_price(one_stage, good, "R00"), one_stage)


def test_armington_s_gradient_at_the_reference_is_what_gsim_is() -> None:
    """Which is why the refusal points there: GSIM's differences, exactly linear, are its slopes."""
    market = chain(1, 4)
    good = market.goods[0].code
    eq = solve_market(market, closure="armington")
    found = gradient(buyer_price(eq, good, "R00"), eq)
    key = next(x.key for x in market.lanes if x.destination == "R00" and x.origin == "R01")
    place = eq.universe.lane_index[key]
    base = solve_market(market, closure="gsim", universe=eq.universe)
    rate = 1e-3
    moved = with_duty(market, duty(rate, to="R00", basis="cif"), key)
    after = solve_market(moved, closure="gsim", universe=eq.universe)
    slope = (after.buyer_price(good, "R00") - base.buyer_price(good, "R00")) / rate  # type: ignore[operator]
    assert slope == pytest.approx(found.ad_valorem[place], rel=1e-6)


def test_no_data_are_moved_by_the_gradient() -> None:
    eq = solve_market(strained())
    z = eq.state.z.copy()
    for effect in chosen_effects(eq).values():
        _ = list(rows(gradient(effect, eq)))
    assert np.array_equal(eq.state.z, z)


def test_the_active_set_comes_with_the_answer() -> None:
    eq = solve_market(strained())
    found = gradient(buyer_price(eq, "metal", "B"), eq)
    names = [a.name for a in eq.universe.activities]
    assert found.active.full[names.index("smelter.C")]
    assert not found.active.idle.any()
    assert np.all((found.bound != 0.0) <= found.active.binding)
    alone = solve_market(idle(), closure="homogeneous")
    told = gradient(buyer_price(alone, "metal", "B"), alone).active
    assert told.idle[names.index("smelter.B")]
    assert told.used.sum() == np.count_nonzero(alone.state.flow)


def test_the_sum_of_lanes_is_what_all_lanes_do_together() -> None:
    """A duty of 1 % on all imports of metal: one number, and the sum of the gradient's."""
    eq = solve_market(toy())
    found = gradient(buyer_price(eq, "metal", "B"), eq)
    chosen = [
        i for i, x in enumerate(eq.universe.lanes)
        if x.good == "metal" and x.destination == "B" and x.origin != "B"
    ]  # fmt: skip

    def price(rate: float) -> float:
        again = solve_market(
            with_duty(eq.market, duty(rate, basis="fob")), universe=eq.universe, start=eq.state.z
        )
        return buyer_price(again, "metal", "B").value(again.state)

    reference = (price(1e-5) - price(-1e-5)) / 2e-5
    assert float(found.ad_valorem[chosen].sum()) == pytest.approx(reference, rel=1e-6)


def long_way(eq: Equilibrium, effect: str) -> tuple[np.ndarray, np.ndarray]:
    """Multipliers by the problem's structure, and by the whole matrix."""
    found = gradient(chosen(eq)[effect], eq)
    back = found.backward
    quick = QuickSystem.of(eq.state, back.problem, back.active)
    assert quick is not None
    own = back._carry(back.slopes, back.rows.of(eq.state, np.zeros(len(eq.state.z))),
                      back.slopes.traced_share).unknown  # fmt: skip
    return (
        np.concatenate([back.rows.node, back.rows.level, back.rows.rent]),
        multipliers(eq.state, back.problem, back.active, own),
    )


def chosen(eq: Equilibrium) -> dict[str, object]:
    demand = eq.market.demands[0]
    return {
        "price": buyer_price(eq, demand.good, demand.region),
        "welfare": welfare(eq, demand.region),
    }


@pytest.mark.parametrize("effect", ["price", "welfare"])
@pytest.mark.parametrize("hard", [False, True])
def test_the_structure_s_solve_is_the_whole_matrix_s(effect: str, hard: bool) -> None:  # noqa: FBT001
    market = chain(3, 12)
    eq = solve_market(strained_chain(market) if hard else market)
    assert isinstance(eq.state, ShareState)
    one, other = long_way(eq, effect)
    assert np.max(np.abs(one - other)) <= 1e-8 * np.max(np.abs(other))


def test_a_matrix_of_another_kind_solves_its_own_transpose() -> None:
    class Diagonal:
        def __init__(self, values: np.ndarray) -> None:
            self.values = values

        def solve_transposed(self, right: np.ndarray) -> np.ndarray:
            return right / self.values

    values, right = np.array([2.0, 4.0]), np.array([1.0, 1.0])
    kept = solve_transposed(Diagonal(values), right)
    whole = solve_transposed(np.diag(values), right)
    assert kept is not None
    assert whole is not None
    assert np.allclose(kept, whole)
    assert solve_transposed(np.zeros((2, 2)), right) is None


def test_another_word_for_kinks_is_refused_though_there_are_none() -> None:
    eq = solve_market(toy())
    with pytest.raises(InputError) as error:
        gradient(welfare(eq), eq, at_kinks="zzz")  # type: ignore[arg-type]
    (fault,) = error.value.faults
    assert (fault.field, fault.found) == ("at_kinks", "'zzz'")
    assert fault.allowed == '"held" or "released"'


@pytest.mark.parametrize(
    "effect",
    [
        lambda eq, good: producer_price(eq, good, "A"),
        lambda eq, good: buyer_price(eq, good, "A"),
        lambda eq, good: imports(eq, good, "A"),
        lambda eq, good: flow(eq, good, "A", "B"),
        hub_price,
    ],
)
def test_an_unknown_good_is_what_is_wrong(
    effect: Callable[[Equilibrium, str], object],
) -> None:
    with pytest.raises(InputError) as error:
        effect(solve_market(toy()), "gold")
    (fault,) = error.value.faults
    assert (fault.field, fault.found) == ("good", "gold")
