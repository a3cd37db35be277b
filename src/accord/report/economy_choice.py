"""Best duties of players: their rates, the conditions they meet, as a table and as values."""

from __future__ import annotations

import math

import numpy as np

from accord.assessment.economy_answer import EconomyAnswer
from accord.economy.optimal import LONGEST, TariffChoice
from accord.report.block import Block, Line, more
from accord.report.numbers import NONE, percent, small

MOST = 30


def choice_block(a: EconomyAnswer, choice: TariffChoice) -> Block:
    """Return each player's duty on each group of its imports, and what certifies them."""
    names = {**a.table.sector_names, **a.table.region_names}
    lines = [
        Line((names.get(group, group), *(_rate(choice.rates[p, k]) for p in range(len(a.regions)))))
        for k, group in enumerate(choice.groups[:MOST])
    ]
    left = len(choice.groups) - MOST
    if left > 0:
        lines.append(Line((more(left), *(NONE for _ in a.regions)), "rest"))
    held = conditions_held(choice)
    lines.append(Line(("first-order condition off by", *(small(x) for x in held)), "total"))
    condition = (
        "The condition is ∂ ln welfare / ∂ ln(1 + duty) of the player itself; 0 at a duty above 0, "
        "0 or less at a duty of 0."
    )
    moves = (
        f"No player gains by moving one of its duties by up to {LONGEST:g} in ln(1 + duty) either "
        f"way: the best such move {_moves(choice)}. No proof that nothing else is better."
    )
    columns = ("", *(names.get(code, code) for code in choice.players))
    return Block("Best duties", columns, tuple(lines), (condition, moves))


def conditions_held(choice: TariffChoice) -> list[float]:
    """Return by how much each player's first-order conditions are off, at worst."""
    off = np.where(choice.rates > 0.0, np.abs(choice.conditions), np.maximum(choice.conditions, 0))
    return [float(x) for x in np.nan_to_num(off).max(axis=1)]


def choice_json(choice: TariffChoice | None) -> dict[str, object] | None:
    """Return the same as plain values; ``null`` where nobody chose."""
    if choice is None:
        return None
    return {
        "players": list(choice.players),
        "rates": [
            {"player": player, "group": group, "rate": _finite(choice.rates[p, k]),
             "condition": _finite(choice.conditions[p, k])}
            for p, player in enumerate(choice.players)
            for k, group in enumerate(choice.groups)
        ],
        "condition_off_by": dict(zip(choice.players, conditions_held(choice), strict=True)),
        "best_deviation": {
            player: _finite(gain)
            for player, gain in zip(choice.players, choice.best_deviation, strict=True)
        },
        "equilibria_solved": choice.steps,
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _rate(rate: float) -> str:
    return percent(100.0 * float(rate), digits=2) if math.isfinite(rate) else NONE


def _fine(part: float) -> str:
    return percent(100.0 * part, digits=5)


def _moves(choice: TariffChoice) -> str:
    worst = choice.best_deviation
    told = [
        f"{'loses' if gain < 0.0 else 'gains'} {player} {_fine(abs(float(gain)))}"
        for player, gain in zip(choice.players, worst, strict=True)
        if math.isfinite(gain)
    ]
    return ", ".join(told) or "is none"
