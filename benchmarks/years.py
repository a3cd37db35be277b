"""How long ten yearly equilibria of the three-stage world take, each from the year before or cold.

    python benchmarks/years.py [--runs N]

The world is the aluminium pack without a deal, 2026 to 2035, under the law known on 24 February
2025: mines, refineries and smelters of 30 regions, one law a year but for 2026, which has two.
Prints the median of the solves alone (markets made beforehand), warm and cold, their steps and the
ratio; and of everything: drift, law, markets, solves. Beside wall time stands processor time, which
is what counts on a busy machine.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from datetime import date

from accord.equilibrium import universe_of
from accord.pack import Pack, load
from accord.years import year_markets
from accord.years.drift import Drift
from accord.years.year import Timed, solve_part

DAY = date(2025, 2, 24)
YEARS = range(2026, 2036)
PROMISED_SECONDS = 0.150


def markets(pack: Pack, drift: Drift) -> list[Timed]:
    """Return the regimes and markets of the ten years."""
    known = pack.as_known_on(DAY)
    return [year_markets(known, drift.market(y), known.regimes(y)) for y in YEARS]


def clocks() -> tuple[float, float]:
    """Return wall and processor time."""
    return time.perf_counter(), time.process_time()


def since(began: tuple[float, float]) -> tuple[float, float]:
    """Return wall and processor seconds since then."""
    now = clocks()
    return now[0] - began[0], now[1] - began[1]


def solved(timed: list[Timed], *, warm: bool) -> tuple[float, float, int]:
    """Return the seconds and steps of all solves, each from the one before if ``warm``."""
    universe = universe_of(*(market for year in timed for _, market in year))
    began, steps, near = clocks(), 0, None
    for year in timed:
        for regime, market in year:
            equilibrium = solve_part(regime, market, "share", universe, near)
            near = equilibrium.state.z if warm else None
            steps += equilibrium.certificate.steps
    return *since(began), steps


def whole(pack: Pack, drift: Drift) -> tuple[float, float]:
    """Return the seconds of everything from the calibrated base to ten certified years."""
    began = clocks()
    solved(markets(pack, drift), warm=True)
    return since(began)


def main() -> None:
    """Time the years and print a line for each way."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    pack = load("aluminium")
    if pack.outlook is None:
        raise SystemExit("the pack has no outlook")
    drift = Drift(pack.calibration(pack.default_year(DAY)), pack.outlook, DAY.year)
    timed = markets(pack, drift)
    count = sum(len(year) for year in timed)
    print(f"{len(timed)} years, {count} laws; promised {1e3 * PROMISED_SECONDS:.0f} ms")
    print(f"{'':<24}{'wall, ms':>10}{'processor':>11}{'steps':>7}")
    medians: dict[bool, float] = {}
    for warm in (True, False):
        walls, cpus, steps = zip(*(solved(timed, warm=warm) for _ in range(runs)), strict=True)
        medians[warm] = statistics.median(cpus)
        name = "from the year before" if warm else "each from nothing"
        print(f"{name:<24}{_ms(walls):>10.1f}{_ms(cpus):>11.1f}{steps[0]:>7}")
    print(f"{'nothing over before':<34}{medians[False] / medians[True]:>11.2f}")
    walls, cpus = zip(*(whole(pack, drift) for _ in range(runs)), strict=True)
    print(f"{'drift, law and solves':<24}{_ms(walls):>10.1f}{_ms(cpus):>11.1f}")


def _ms(seconds: Sequence[float]) -> float:
    return 1e3 * statistics.median(seconds)


if __name__ == "__main__":
    main()
