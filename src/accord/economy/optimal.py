"""The tariff that is best for one region, and the tariff war in which each answers the others.

Each player p sets one duty for every group of its imports: all of them (``uniform``), each sector's
or each partner's. Its own welfare is all it wants, and it takes the other players' duties as given:

    ∂ ln welfare_p / ∂ ln(1+τ_pk) = 0,  or ≤ 0 with τ_pk = 0        of every player p and group k

All players' conditions come from one adjoint (``gradient``). Best responses are taken together,
each scaled by its own curvature, and accelerated; what is returned satisfies the conditions, and no
player gains by moving one of its duties by up to ``LONGEST``. That is a check near and far along
single duties, not a proof of a global optimum. With one player it is the optimal unilateral tariff.

Known limits that it meets: a region too small to move prices has an optimal tariff of
1/(elasticity its exports face), which is about 1/θ for a small region with one sector (Gros 1987),
and 0 only as θ grows.

Sources: Gros, "A note on the optimal tariff, retaliation and the welfare loss from tariff wars",
Journal of International Economics 23 (1987); Ossa, "Trade wars and trade talks with data",
American Economic Review 104 (2014), for wars among many with exact changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from accord.economy.baseline import Array, Shock
from accord.economy.gradient import welfare_gradient
from accord.economy.hat import ExactHat, Solution
from accord.economy.hat_anderson import History
from accord.economy.result import Counterfactual
from accord.errors import Fault, InputError, NoCertifiedAnswer

By = Literal["uniform", "sector", "partner"]
SETTLED = 1e-7  # of ln(1+τ): how far a further best response would move any duty
ROUNDED, WORTH = 1e-4, 1e-12  # or this far, where all of it is worth no more of welfare
MOST = 200
STRIDE = 0.3
HIGHEST = np.log(51.0)  # a duty of 5000 % is where a search gives up
PROBE = 0.02
LONGEST = 0.5
OFTEN, SLOW = 8, 0.1  # every so many equilibria the error must have fallen to this part
GAIN = 1e-8  # of welfare: what a deviation may gain, conditions being met to about 1e-8


@dataclass(frozen=True)
class TariffChoice:
    """Duties that satisfy each player's conditions, with the answer they lead to.

    ``players`` (P), ``groups`` (K)  labels;  ``rates`` (P, K) fractions;
                     NaN where a player would be its own partner
    ``conditions``  (P, K) ∂ ln welfare / ∂ ln(1+τ), about 0 unless the rate is 0
    ``best_deviation``  (P,) the largest gain of ln welfare found by moving one own duty; ≤ rounding
    ``counterfactual``  everything else, from the duties of the base year;  ``steps`` equilibria
    """

    players: tuple[str, ...]
    groups: tuple[str, ...]
    rates: Array
    conditions: Array
    best_deviation: Array
    counterfactual: Counterfactual
    steps: int

    def __repr__(self) -> str:
        """Return the duties, the conditions they meet, and how welfare changes."""
        shown = ", ".join(
            f"{player} {100 * low:.2f} to {100 * high:.2f} %" if high > low else
            f"{player} {100 * low:.2f} %"
            for player, low, high in zip(
                self.players,
                np.nanmin(self.rates, axis=1),
                np.nanmax(self.rates, axis=1),
                strict=True,
            )
        )  # fmt: skip
        worst = float(np.abs(np.where(self.rates > 0.0, self.conditions, 0.0)).max())
        return f"<duties {shown}; conditions to {worst:.0e}; {self.counterfactual!r}>"


@dataclass(frozen=True)
class _War:
    """The players' problem: which flows each of their duties is on."""

    model: ExactHat
    players: tuple[int, ...]
    member: NDArray[np.bool_]  # (K, J, N): whether sector j from exporter i is in group k
    groups: tuple[str, ...]
    deficits: Literal["additive", "multiplicative", "balanced"]

    def tariff(self, x: Array) -> Array:
        """Return all duties (J, N, N) for ln(1+τ) of players and groups (P, K)."""
        tariff = self.model.base.tariff.copy()
        for row, n in zip(np.expm1(x), self.players, strict=True):
            for rate, member in zip(row, self.member, strict=True):
                tariff[:, n, :] = np.where(member, rate, tariff[:, n, :])
            tariff[:, n, n] = 0.0
        return tariff

    def solve(self, x: Array) -> Solution:
        """Return the equilibrium at duties x."""
        return self.model.solve(Shock(tariff=self.tariff(x), deficits=self.deficits))

    def conditions(self, x: Array) -> Array:
        """Return ∂ ln own welfare / ∂ x (P, K)."""
        gradient = welfare_gradient(self.solve(x))
        own = [gradient.by_log(n)[:, n, :] for n in self.players]
        return np.array([[float(row[member].sum()) for member in self.member] for row in own])

    def welfare(self, x: Array) -> Array:
        """Return ln welfare of the players (P,) at duties x."""
        found = self.solve(x)
        income = found.levels.income / self.model.base.levels.income
        return np.log(income / found.price_index)[list(self.players)]


def optimal_tariff(
    model: ExactHat, region: str, *, by: By = "uniform",
    deficits: Literal["additive", "multiplicative", "balanced"] = "additive",
) -> TariffChoice:  # fmt: skip
    """Return the duties that are best for one region while no one answers."""
    return tariff_war(model, (region,), by=by, deficits=deficits)


def tariff_war(
    model: ExactHat, players: Sequence[str], *, by: By = "uniform",
    deficits: Literal["additive", "multiplicative", "balanced"] = "additive",
) -> TariffChoice:  # fmt: skip
    """Return a Nash equilibrium in duties among players; others keep the duties of the base year.

    Raises ``InputError`` for players that are not regions or are named twice, ``NoCertifiedAnswer``
    where the conditions are not met or a player would still gain by moving a duty.
    """
    war = _war(model, players, by, deficits)
    x, conditions, steps = _best_responses(war)
    deviation, tried = _best_deviations(war, x)
    steps += tried
    if deviation.max() > GAIN:
        worst = int(deviation.argmax())
        raise NoCertifiedAnswer(
            f"{players[worst]} would gain {100 * deviation[worst]:.2g} % by moving one duty",
            "fewer groups of duties, or fewer players",
        )
    rates = np.expm1(x)
    if by == "partner":
        rates[np.arange(len(players), dtype=np.intp), list(war.players)] = np.nan
    return TariffChoice(
        players=tuple(players),
        groups=war.groups,
        rates=rates,
        conditions=conditions,
        best_deviation=deviation,
        counterfactual=model.answer(war.solve(x)),
        steps=steps,
    )


def _war(
    model: ExactHat, players: Sequence[str], by: By,
    deficits: Literal["additive", "multiplicative", "balanced"],
) -> _War:  # fmt: skip
    base = model.base
    wrong = [p for p in players if p not in base.regions or list(players).count(p) > 1]
    if wrong or not players:
        allowed = f"one or more of {', '.join(base.regions)}, each once"
        found = ", ".join(dict.fromkeys(wrong)) or "no player"
        raise InputError([Fault("players", found, allowed, "name regions of the table")])
    count, regions = base.size
    traded = np.arange(count, dtype=np.intp)[base.traded]
    open_ = np.zeros((count, regions), dtype=np.bool_)
    open_[traded] = True
    if by == "sector":
        groups = tuple(base.sectors[int(j)] for j in traded)
        member = np.zeros((len(groups), count, regions), dtype=np.bool_)
        member[np.arange(len(groups)), traded] = True
    elif by == "partner":
        groups = base.regions
        member = np.eye(regions, dtype=np.bool_)[:, None, :] & open_
    else:
        groups, member = ("all imports",), open_[None]
    where = tuple(base.regions.index(p) for p in players)
    return _War(model, where, member, groups, deficits)


def _best_responses(war: _War) -> tuple[Array, Array, int]:
    """Return duties x (P, K) that satisfy the conditions, the conditions, and equilibria solved."""
    x = _start(war)
    conditions = war.conditions(x)
    curvature = _curvature(war, x, conditions)
    steps = 2
    history = History(x.size, 1)
    checked = size = np.inf
    while steps < MOST:
        wanted = np.clip(x + conditions / curvature, 0.0, HIGHEST) - x
        size = float(np.abs(wanted).max())
        worth = float(np.abs(conditions * wanted).max())
        if size <= SETTLED or (size <= ROUNDED and worth <= WORTH):
            return x, conditions, steps
        if steps % OFTEN == 0:
            slow, checked = size > SLOW * checked, size
            if slow:  # the scaling no longer fits: measure it again
                history.forget()
                curvature = _curvature(war, x, conditions)
                steps += 1
                continue
        move = history.move(wanted.reshape(-1, 1)).reshape(x.shape)
        held = np.clip(x + np.clip(move, -STRIDE, STRIDE), 0.0, HIGHEST)
        history.took((held - x).reshape(-1, 1))
        x = held
        conditions = war.conditions(x)
        steps += 1
    raise NoCertifiedAnswer(
        f"after {steps} equilibria best responses still move a duty by {100 * size:.2g} %",
        "fewer groups of duties, or fewer players",
    )


def _start(war: _War) -> Array:
    """Return 1/θ of the sectors in each group, the optimum of a small region."""
    theta = war.model.base.theta
    rate = np.array([1.0 / theta[member.any(axis=1)].mean() for member in war.member])
    return np.tile(np.log1p(rate), (len(war.players), 1))


def _curvature(war: _War, x: Array, conditions: Array) -> Array:
    """Return how fast each condition falls with its duty (P, K), from moving all a little."""
    moved = (conditions - war.conditions(x + PROBE)) / PROBE
    typical = np.abs(moved).mean(axis=1, keepdims=True)
    return np.maximum(moved, 0.05 * np.maximum(typical, 1e-12))


def _best_deviations(war: _War, x: Array) -> tuple[Array, int]:
    """Return each player's largest gain from moving one own duty, near and far; and solves."""
    still = war.welfare(x)
    gains = np.full(len(x), -np.inf)
    tried = 1
    for p, k in np.ndindex(*x.shape):
        if not war.member[k].any() or (war.groups[k] == war.model.base.regions[war.players[p]]):
            continue
        for step in (-LONGEST, -0.05, 0.05, LONGEST):
            other = x.copy()
            other[p, k] = np.clip(x[p, k] + step, 0.0, HIGHEST)
            if other[p, k] != x[p, k]:
                gains[p] = max(gains[p], float(war.welfare(other)[p] - still[p]))
                tried += 1
    return gains, tried
