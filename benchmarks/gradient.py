"""Time the gradient of one effect by every bilateral duty beside one solve of the same market.

    python benchmarks/gradient.py [--runs N]

The effect is the last good's price to the buyers of the first region, and its welfare. ``prepare``
reads the market's wedges into arrays, once a market, as compiling it for a solve does; neither is
in the times of ``gradient`` and ``solve``. ``solve`` starts cold, ``again`` from the answer after a
duty of 10 % on all imports of the first region. ``by solving`` is what one-sided differences of the
same duties would take: a warm solve for each.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import time
from collections.abc import Callable

import numpy as np
from chains import chain, strained

from accord.equilibrium import Equilibrium, closure_named, solve_market
from accord.equilibrium.adjoint import Gradient, gradient
from accord.equilibrium.arrays import compile_market
from accord.equilibrium.effect import Effect
from accord.equilibrium.effect_named import buyer_price, welfare
from accord.equilibrium.reach import without_the_impossible
from accord.market import Market, Wedge

CASES = (
    ("5 × 10", lambda: chain(5, 10), "share"),
    ("5 × 40", lambda: chain(5, 40), "share"),
    ("5 × 40 strained", lambda: strained(chain(5, 40)), "share"),
    ("5 × 40", lambda: chain(5, 40), "armington"),
    ("1 × 40", lambda: chain(1, 40), "homogeneous"),
)


def medians(tasks: tuple[Callable[[], object], ...], runs: int) -> list[float]:
    """Return the median milliseconds of each task; they take turns, so that noise is shared."""
    seconds = np.zeros((runs + 1, len(tasks)))
    for row in seconds:
        for i, task in enumerate(tasks):
            began = time.perf_counter()
            task()
            row[i] = time.perf_counter() - began
    return [1e3 * float(x) for x in np.median(seconds[1:], axis=0)]  # the first warms caches up


def dutied(market: Market) -> Market:
    """A duty of 10 % on all imports of the first region."""
    first = market.regions[0].code
    duty = Wedge("probe", "import", 0.1, basis="cif", revenue_to=first)
    return market.map_lanes(
        lambda x: x.destination == first != x.origin, lambda x: x.with_wedge(duty)
    )


def fresh(eq: Equilibrium) -> Equilibrium:
    """The equilibrium with nothing worked out yet but the solution."""
    state = eq.state.closure.state(eq.state.arrays, eq.state.z.copy())
    return Equilibrium(eq.market, eq.closure, state, eq.certificate, eq.outcome)


def by_duties(effect: Effect, eq: Equilibrium) -> tuple[Gradient, float]:
    """Return the gradient with its duties worked out, and the sum of these."""
    found = gradient(effect, fresh(eq))
    return found, float(found.ad_valorem.sum())


def report(name: str, market: Market, closure: str, runs: int) -> str:
    """Return one line of the table."""
    eq = solve_market(market, closure=closure)
    arrays, how = eq.state.arrays, closure_named(closure)
    changed = without_the_impossible(compile_market(dutied(market), eq.universe))
    changed = how.prepared(changed, eq.universe.reference)
    buyer = market.demands[0]
    price = buyer_price(eq, buyer.good, buyer.region)
    money = welfare(eq, buyer.region)
    cold, warm, of_price, of_money, prepare = medians(
        (
            lambda: how.solve(arrays, None),
            lambda: how.solve(changed, eq.state.z),
            lambda: by_duties(price, eq),
            lambda: by_duties(money, eq),
            lambda: buyer_price(eq, buyer.good, buyer.region),
        ),
        runs,
    )
    numbers = (cold, warm, of_price, of_money, cold / of_price, prepare)
    shown = "".join(f"{x:10.2f}" for x in numbers)
    by_solving = 1e-3 * warm * len(market.lanes)
    return f"{name:18}{closure:13}{len(market.lanes):7}{shown}{by_solving:12.1f}"


def main() -> None:
    """Print one line a market: medians in milliseconds."""
    parser = argparse.ArgumentParser(description="Time gradients beside solves.")
    parser.add_argument("--runs", type=int, default=15, help="runs of each; the median is shown")
    runs = parser.parse_args().runs
    heads = ("solve", "again", "price", "welfare", "ratio", "prepare")
    print(f"{'market':18}{'closure':13}{'duties':>7}{''.join(f'{x:>10}' for x in heads)}"
          f"{'by solving':>12}")  # fmt: skip
    for name, make, closure in CASES:
        print(report(name, make(), closure, runs))
    print(
        f"medians of {runs} runs, in ms (by solving: in s); ratio: solve over the gradient of the "
        "price by all duties"
    )


if __name__ == "__main__":
    main()
