"""A world table in the tariff model of 2025: its base, its duties, its transfers.

The model has one traded sector. With T_j trade of sector j between a pair, without duty, and t, t′
its duties before and after,

    base trade       Σ_j T_j (1 + t_j)
    duty             Σ_j T_j (t′_j − t_j) / base trade      on top of what is there, which is cost
    ε                the mean of θ_j by trade across borders;  ψ = 0.67/ε, as in the paper

Valid where duties alone change. Source of the model: ``ignatenko``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from accord.economy.baseline import Deficits
from accord.economy.from_table import one_sector
from accord.economy.ignatenko import RevenueUse, Tariffs, counterfactual
from accord.economy.ignatenko_tariffs import OptimalDuty, optimal_duty
from accord.economy.ignatenko_world import Parameters, TariffWorld
from accord.economy.result import Counterfactual
from accord.economy.world import Array, WorldTable
from accord.errors import Fault, InputError

# ψ·ε, what scale economies and the elasticity of trade make together; the paper's.
SCALE_TIMES_ELASTICITY = 0.67
ON_TOP = "the duty comes on top of those in force, which count as costs; nobody else changes one"


def tariff_world(table: WorldTable, local_share: float = 0.0) -> TariffWorld:
    """Return the base of the model from a world table; money of the table.

    ``local_share`` ν of every region: the part of spending that pays labour where a good is sold,
    0 to below 1. Raises ``InputError``.
    """
    paid = (table.trade * (1.0 + table.tariff)).sum(axis=0)
    return TariffWorld(table.regions, paid, np.full(len(table.regions), local_share))


def parameters_of(table: WorldTable) -> Parameters:
    """Return the model's elasticities: the table's of trade, the paper's else."""
    elasticity = float(one_sector(table).theta[0])
    return Parameters(elasticity, dispersion=elasticity / SCALE_TIMES_ELASTICITY)


def added_duties(table: WorldTable, tariff: Array) -> Array:
    """Return the duties (N, N) on top of those of the table, for new duties (J, N, N)."""
    paid = (table.trade * (1.0 + table.tariff)).sum(axis=0)
    more = (table.trade * (tariff - table.tariff)).sum(axis=0)
    return np.divide(more, paid, out=np.zeros_like(paid), where=paid > 0.0)


def answer_of_2025(
    table: WorldTable,
    tariff: Array,
    deficits: Deficits = "additive",
    revenue_use: RevenueUse = "income tax",
    local_share: float = 0.0,
) -> Counterfactual:
    """Return the model's certified answer to new duties (J, N, N), fractions.

    Raises ``InputError`` and ``NoCertifiedAnswer``.
    """
    world, parameters = tariff_world(table, local_share), parameters_of(table)
    transfer = _transfer(world, deficits)
    tariffs = Tariffs(added_duties(table, tariff), revenue_use, transfer)
    answer = counterfactual(world, tariffs, parameters)
    return replace(answer, unit=table.unit, notes=(*answer.notes, *_notes(table, parameters)))


def best_duty_of_2025(
    table: WorldTable,
    region: str,
    deficits: Deficits = "additive",
    revenue_use: RevenueUse = "income tax",
    local_share: float = 0.0,
) -> OptimalDuty:
    """Return the uniform duty, on top of those in force, that is best for a region.

    Raises ``InputError`` and ``NoCertifiedAnswer``.
    """
    world, parameters = tariff_world(table, local_share), parameters_of(table)
    transfer = _transfer(world, deficits)
    best = optimal_duty(world, region, parameters, revenue_use, transfer=transfer)
    notes = (*best.answer.notes, *_notes(table, parameters), ON_TOP)
    return replace(best, answer=replace(best.answer, unit=table.unit, notes=notes))


def _transfer(world: TariffWorld, deficits: Deficits) -> Array | None:
    """Return what regions give each other afterwards; ``None`` for what they gave before."""
    if deficits == "multiplicative":
        allowed = "additive (transfers keep their share of world output) or balanced (none)"
        fix = "leave --deficits out"
        raise InputError([Fault("command line", deficits, allowed, fix, field="deficits")])
    return np.zeros(world.count) if deficits == "balanced" else None


def _notes(table: WorldTable, parameters: Parameters) -> tuple[str, ...]:
    sectors = "; duties are means over sectors, by trade" if len(table.sectors) > 1 else ""
    mean = f"the trade elasticity is {parameters.trade_elasticity:.3g}, the table's mean{sectors}"
    supply = f"{parameters.labour_supply:g} and scale 0.67 over the trade elasticity"
    assumed = f"elasticities of labour supply {supply}, as the paper assumes"
    return (mean, assumed)
