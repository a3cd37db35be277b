"""The best uniform duty of the model of 2025: as a table, as values, as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator

from accord.assessment.economy_answer import EconomyAnswer
from accord.economy.ignatenko_tariffs import OptimalDuty
from accord.report.block import Block, Line
from accord.report.economy_blocks import name, pct
from accord.report.numbers import percent

BEST, RULE, TRIED = "best in the model", "the paper's rule", "tried"


def best_block(a: EconomyAnswer, best: OptimalDuty) -> Block:
    """Return what the duties that were tried do to the region's welfare, the best among them."""
    lines = [
        Line(
            ("" if what == TRIED else what, percent(100.0 * rate, digits=2), pct(welfare)),
            "focus" if what == BEST else "plain",
        )
        for what, rate, welfare in _rates(best)
    ]
    search = (
        f"Searched to {100.0 * best.spacing:g} points by equilibria, {best.solves} in all; no duty "
        "tried does better. The rule is read off trade before any duty."
    )
    return Block(
        "Uniform duty", ("", "duty", f"welfare of\n{name(a, best.region)}"), tuple(lines), (search,)
    )


def _rates(best: OptimalDuty) -> Iterator[tuple[str, float, float]]:
    """Yield what each duty is, its rate, and the region's welfare with it over that without."""
    top = float(best.answer.welfare[best.answer.regions.index(best.region)])
    rows = [(BEST, best.rate, top)]
    rows += [(RULE if rate == best.formula else TRIED, rate, at) for rate, at in best.tried]
    yield from sorted(rows, key=lambda row: row[1])


def best_json(best: OptimalDuty | None) -> dict[str, object] | None:
    """Return the same as plain values; ``null`` where another question was asked."""
    if best is None:
        return None
    return {
        "region": best.region, "rate": best.rate, "rule": best.formula, "spacing": best.spacing,
        "equilibria_solved": best.solves, "rates": list(best_rows(best)),
    }  # fmt: skip


def best_rows(best: OptimalDuty) -> Iterator[dict[str, object]]:
    """Yield duties as fractions with the change of welfare, a ratio."""
    for what, rate, welfare in _rates(best):
        yield {"region": best.region, "what": what, "rate": rate, "welfare": welfare}
