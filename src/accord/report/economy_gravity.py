"""A gravity equation and what follows from other costs: on a screen, as values, as tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.text import Text

from accord.assessment.economy_gravity import GravityAnswer
from accord.assessment.words import MINUS
from accord.assessment.words import percent as words_percent
from accord.economy.multilateral import Resistances, without_home
from accord.economy.result import Counterfactual
from accord.report.block import Block, Line, more
from accord.report.layout import HEADING, QUIET, Lines, prose, render, table
from accord.report.numbers import NONE, percent, small

MOST = 15
# After the point: of a coefficient, its standard error, their ratio.
DIGITS = (4, 4, 1)
Row = dict[str, object]


def gravity_text(a: GravityAnswer, *, width: int, colour: bool) -> str:
    """Return the coefficients, and the counterfactual if one was asked for."""
    lines = prose(title(a), width, HEADING)
    lines += prose(setting(a), width, QUIET)
    said = headline(a)
    lines += prose(said, width, "bold") if said else []
    for block in blocks(a):
        lines += [Text(), *table(block, width, notes=True)]
    return render([*lines, *_trust(a, width)], colour=colour)


def title(a: GravityAnswer) -> str:
    """Return what the answer is of."""
    return f"Structural gravity, {a.wish.file.name}"


def setting(a: GravityAnswer) -> str:
    """Return how it was estimated."""
    e = a.estimates
    sets = ", ".join(f"{count:,} of {name}" for name, count in e.effects.items())
    what = f"{e.estimator}, {e.observations:,} flows; fixed effects: {sets}"
    return f"{what}; standard errors {e.errors}."


def headline(a: GravityAnswer) -> str:
    """Return who gains most and least where a variable is taken away; nothing otherwise."""
    if a.full is None:
        return ""
    change = 100.0 * (a.full.welfare - 1.0)
    most, least = int(change.argmax()), int(change.argmin())
    return (
        f"Without the effect of {a.wish.remove}, real spending changes between "
        f"{words_percent(float(change[least]))} in {a.full.regions[least]} and "
        f"{words_percent(float(change[most]))} in {a.full.regions[most]}; the elasticity of "
        f"substitution is {a.wish.substitution:g}, which is assumed."
    )


def blocks(a: GravityAnswer) -> list[Block]:
    """Return the tables."""
    found = [coefficients_block(a)]
    if a.fixed is not None and a.full is not None and a.before is not None:
        found.append(_effects_block(a, a.before, a.fixed, a.full))
    return found


def coefficients_block(a: GravityAnswer) -> Block:
    """Return one row a variable."""
    lines = [
        Line((r.variable, *(_fixed(x, n) for x, n in zip(r[1:], DIGITS, strict=True))))
        for r in a.estimates.table()
    ]
    columns = ("", "coefficient", "standard error", "z")
    return Block("Gravity equation", columns, tuple(lines), a.estimates.notes)


def _effects_block(
    a: GravityAnswer, before: np.ndarray, fixed: Resistances, full: Counterfactual
) -> Block:
    old = without_home(before).sum(axis=0)
    held = without_home(fixed.trade).sum(axis=0)
    moved = without_home(full.after.trade[0]).sum(axis=0)
    order = [int(n) for n in np.argsort(-np.abs(full.welfare - 1.0))]
    lines = [
        Line((
            full.regions[n], _change(held[n] / old[n]), _change(moved[n] / old[n]),
            _change(full.real_wage[n]), _change(full.welfare[n]), _change(fixed.inward[n]),
        ))
        for n in order[:MOST]
    ]  # fmt: skip
    if len(order) > MOST:
        lines.append(Line((more(len(order) - MOST), *(NONE for _ in range(5))), "rest"))
    columns = (
        "", "exports,\nconditional", "exports,\nfull", "real\noutput", "real\nspending",
        "inward\nresistance",
    )  # fmt: skip
    note = (
        "Conditional: resistances move, output and spending stay. Full: prices clear all markets. "
        "Exports of the full answer are at its prices. Inward resistance is the conditional one."
    )
    return Block(f"Without the effect of {a.wish.remove}", columns, tuple(lines), (note,))


def _fixed(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", MINUS)


def _change(ratio: float) -> str:
    return percent(100.0 * (float(ratio) - 1.0), signed=True, digits=2)


def _trust(a: GravityAnswer, width: int) -> Lines:
    said = f"The estimates' own conditions hold to {small(a.estimates.score)}."
    lines: Lines = [Text(), *prose(said, width, "green")]
    if a.full is not None and a.fixed is not None:
        c = a.full.certificate
        said = (
            f"Conditional sums hold to {small(a.fixed.error)}; full: markets clear to "
            f"{small(c.market_clearing)}, budgets hold to {small(c.budget)}."
        )
        lines += prose(said, width, "green")
        for note in a.full.notes:
            lines += prose(f"· {note}", width, indent="  ")
    return lines


def gravity_json(a: GravityAnswer) -> dict[str, object]:
    """Return everything as plain values."""
    e = a.estimates
    return {
        "estimator": e.estimator, "observations": e.observations, "effects": dict(e.effects),
        "errors": e.errors, "score": e.score, "coefficients": [r._asdict() for r in e.table()],
        "removed": a.wish.remove,
        "substitution": None if a.wish.remove is None else a.wish.substitution,
        "regions": list(region_rows(a)),
        "notes": [*e.notes, *(() if a.full is None else a.full.notes)],
    }  # fmt: skip


def region_rows(a: GravityAnswer) -> Iterator[Row]:
    """Yield each country's changes where a variable was taken away, as ratios."""
    if a.full is None or a.fixed is None or a.before is None:
        return
    old = without_home(a.before).sum(axis=0)
    held = without_home(a.fixed.trade).sum(axis=0)
    moved = without_home(a.full.after.trade[0]).sum(axis=0)
    for n, region in enumerate(a.full.regions):
        yield {
            "region": region, "exports_conditional": float(held[n] / old[n]),
            "exports_full": float(moved[n] / old[n]), "real_output": float(a.full.real_wage[n]),
            "real_spending": float(a.full.welfare[n]),
            "inward_resistance_conditional": float(a.fixed.inward[n]),
            "outward_resistance_conditional": float(a.fixed.outward[n]),
        }  # fmt: skip
