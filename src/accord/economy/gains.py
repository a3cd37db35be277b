"""Gains from trade from shares alone, and what trade costs must be to explain them.

In a wide class of models (Armington, Eaton–Kortum, Krugman, Melitz with Pareto firms) the change
of real income depends on two numbers: the share of spending on home goods λ and the elasticity of
trade ε > 0. With home shares λ and λ' before and after a foreign shock,

    W'/W = (λ'/λ)^(−1/ε)                      one sector
    W_A/W = λ^(1/ε)                           autarky, λ' = 1: gains are 1 − W_A/W
    W_A/W = Π_s λ_s^(β_s/ε_s)                 sectors of shares β in final spending
    W_A/W = Π_s Π_k λ_k^(β_s a_sk / ε_k)      with inputs: a_sk is the use of k, directly
                                              or through inputs, in a unit of s (Leontief)

Costs and bounds of trade, home trade free:

    τ_ij τ_ji = ((λ_ii λ_jj)/(λ_ij λ_ji))^(1/ε)        a round trip: the Head–Ries index, squared
    τ_ij = (λ_jj/λ_ij)^(1/ε) P_i/P_j                  one way, where price indices are known
    1 ≤ τ_ij ≤ τ_ij τ_ji                              one way otherwise: no way is below 1
    W'/W ≥ λ^(1/ε)                                    any shock abroad: autarky is the worst

Valid range: 0 < λ ≤ 1, ε > 0, trade balanced, no tariff revenue (which these formulas leave out).

Sources: C. Arkolakis, A. Costinot and A. Rodríguez-Clare, "New trade models, same old gains?",
American Economic Review 102 (2012); A. Costinot and A. Rodríguez-Clare, "Trade theory with
numbers", Handbook of International Economics 4 (2014), autarky with sectors and inputs; K. Head and
J. Ries, "Increasing returns versus national product differentiation", American Economic Review 91
(2001).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from accord.errors import Fault, InputError

Array = NDArray[np.float64]
PLACE = "gains from trade"


def change_of_real_income(before: Array, after: Array, elasticity: float) -> Array:
    """Return W'/W (N,) from home shares λ, λ' (N,) before and after a shock abroad.

    ``elasticity`` ε of trade, without unit. Raises ``InputError``.
    """
    _refuse([*_home_faults("home share before", before), *_home_faults("home share after", after),
             *_elasticity_faults(np.array([elasticity]))])  # fmt: skip
    return (after / before) ** (-1.0 / elasticity)


def gains_from_trade(home: Array, elasticity: float) -> Array:
    """Return 1 − W_A/W (N,): the part of real income lost in autarky, from home shares λ (N,).

    0.1 is 10 %. Raises ``InputError``.
    """
    _refuse([*_home_faults("home share", home), *_elasticity_faults(np.array([elasticity]))])
    return 1.0 - home ** (1.0 / elasticity)


def gains_from_trade_by_sector(home: Array, elasticity: Array, final: Array) -> Array:
    """Return 1 − W_A/W (N,) with J sectors and no inputs.

    ``home`` λ (J, N);  ``elasticity`` ε (J,), infinite where goods are not traded;  ``final`` β
    (J, N), shares that add up to 1 over sectors. Raises ``InputError``.
    """
    _refuse(_sector_faults(home, elasticity, final))
    return 1.0 - np.exp((final * np.log(home) / elasticity[:, None]).sum(axis=0))


def gains_from_trade_with_inputs(
    home: Array, elasticity: Array, final: Array, inputs: Array
) -> Array:
    """Return 1 − W_A/W (N,) with J sectors that buy inputs of each other.

    ``home``, ``elasticity``, ``final`` as ``gains_from_trade_by_sector``;  ``inputs`` (N, J input,
    J user): share of an input in what the user sells, adding up to less than 1 over inputs. Raises
    ``InputError``.
    """
    faults = [*_sector_faults(home, elasticity, final)]
    many = home.shape[::-1] if home.ndim == 2 else (0, 0)  # noqa: PLR2004 — sectors, countries
    if inputs.shape != (*many, many[1]):
        allowed = f"{(*many, many[1])}: country, input, user"
        faults.append(Fault(PLACE, f"inputs {inputs.shape}", allowed, "one matrix a country"))
    elif not ((inputs >= 0.0).all() and (inputs.sum(axis=1) < 1.0).all()):
        worst = float(inputs.sum(axis=1).max())
        allowed = "shares of 0 or more, below 1 in all: the rest is value added"
        faults.append(Fault(PLACE, f"input shares up to {worst:.4g}", allowed, "check the table"))
    _refuse(faults)
    log_cost = np.log(home) / elasticity[:, None]  # (J, N): of buying k at home only
    unit = np.eye(len(elasticity))
    loss = [
        float(final[:, n] @ _solution(unit - inputs[n].T, log_cost[:, n]))
        for n in range(home.shape[1])
    ]
    return 1.0 - np.exp(np.array(loss, dtype=np.float64))


def round_trip_costs(share: Array, elasticity: float) -> Array:
    """Return √(τ_ij τ_ji) (N, N), the Head–Ries index of trade costs; 1 is free trade.

    ``share`` λ (N importer, N exporter), rows adding up to 1; infinite where either flow is 0.
    Raises ``InputError``.
    """
    _refuse(_matrix_faults(share, elasticity))
    home = np.diag(share)
    both = share * share.T
    ratio = np.divide(np.outer(home, home), both, out=np.full(share.shape, np.inf), where=both > 0)
    return ratio ** (0.5 / elasticity)


def one_way_costs(share: Array, elasticity: float, price: Array) -> Array:
    """Return τ_ij (N importer, N exporter) at price indices ``price`` (N,), home trade free.

    ``share`` λ as ``round_trip_costs``. Raises ``InputError``.
    """
    faults = [*_matrix_faults(share, elasticity)]
    if price.shape != (len(share),) or not (price > 0.0).all():
        allowed = f"({len(share)},), above 0"
        faults.append(Fault(PLACE, f"prices {price.shape}", allowed, "one index a country"))
    _refuse(faults)
    home = np.diag(share)
    seen = np.where(share > 0.0, share, np.nan)
    ratio = np.where(share > 0.0, home[None, :] / seen, np.inf)
    return ratio ** (1.0 / elasticity) * price[:, None] / price[None, :]


def one_way_bounds(share: Array, elasticity: float) -> tuple[Array, Array]:
    """Return the least and the most that trade costs one way, (N importer, N exporter) each.

    No way costs less than 1, so one way costs at most the round trip. ``share`` λ as
    ``round_trip_costs``; pairs whose round trip is below 1 (shares that this class of models with
    free home trade cannot explain) are NaN in both. Raises ``InputError``.
    """
    most = round_trip_costs(share, elasticity) ** 2
    seen = most >= 1.0 - 1e-12
    return np.where(seen, 1.0, np.nan), np.where(seen, np.maximum(most, 1.0), np.nan)


def _solution(matrix: Array, right: Array) -> Array:
    return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)


def _refuse(faults: list[Fault] | Iterator[Fault]) -> None:
    gathered = list(faults)
    if gathered:
        raise InputError(gathered)


def _home_faults(name: str, home: Array) -> Iterator[Fault]:
    for place in np.argwhere(~((home > 0.0) & (home <= 1.0))):
        spot = tuple(int(k) for k in place)
        found = f"{name} {home[spot]} at {spot}"
        yield Fault(PLACE, found, "above 0, at most 1", "without home goods autarky has no meaning")


def _elasticity_faults(elasticity: Array) -> Iterator[Fault]:
    for k in np.flatnonzero(~(elasticity > 0.0)):
        fix = "ε is positive; with substitution σ it is σ − 1"
        yield Fault(PLACE, f"elasticity {elasticity[k]}", "above 0", fix)


def _sector_faults(home: Array, elasticity: Array, final: Array) -> Iterator[Fault]:
    yield from _home_faults("home share", home)
    yield from _elasticity_faults(elasticity)
    shapes = home.shape == final.shape and home.ndim == 2  # noqa: PLR2004 — sectors, countries
    if not shapes or elasticity.shape != home.shape[:1]:
        found = f"home {home.shape}, elasticities {elasticity.shape}, final {final.shape}"
        yield Fault(PLACE, found, "(J, N), (J,), (J, N)", "sectors first, then countries")
    elif not np.allclose(final.sum(axis=0), 1.0, rtol=0.0, atol=1e-9) or (final < 0.0).any():
        sums = final.sum(axis=0)
        found = f"final shares that add up to {sums.min():.6g} … {sums.max():.6g}"
        yield Fault(PLACE, found, "0 or more, 1 in all", "divide by final spending")


def _matrix_faults(share: Array, elasticity: float) -> Iterator[Fault]:
    yield from _elasticity_faults(np.array([elasticity]))
    if share.ndim != 2 or share.shape[0] != share.shape[1]:  # noqa: PLR2004 — a matrix
        yield Fault(PLACE, f"shares {share.shape}", "(N, N)", "importers in rows")
        return
    if not ((share >= 0.0).all() and np.allclose(share.sum(axis=1), 1.0, rtol=0.0, atol=1e-9)):
        yield Fault(PLACE, "shares below 0, or rows that miss 1", "rows of 1", "divide by spending")
    yield from _home_faults("home share", np.diag(share))
