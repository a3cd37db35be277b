"""Which economy-wide model answers a question about a world table."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from accord.economy.baseline import Array, Baseline, Deficits, Shock
from accord.economy.caliendo_parro import CaliendoParro
from accord.economy.from_table import baseline_of, one_sector
from accord.economy.hat import CONSISTENT, ExactHat, consistent
from accord.economy.ignatenko import RevenueUse
from accord.economy.ignatenko_table import answer_of_2025, best_duty_of_2025
from accord.economy.ignatenko_tariffs import OptimalDuty
from accord.economy.one_sector import OneSector
from accord.economy.result import Counterfactual
from accord.economy.world import WorldTable
from accord.errors import Fault, InputError

DEFAULT, ONE_SECTOR, OF_2025 = "caliendo-parro", "one-sector", "tariffs-2025"
MODELS = {
    DEFAULT: "many sectors with input–output links and tariff revenue",
    ONE_SECTOR: "one sector without inputs (Armington, Eaton–Kortum)",
    OF_2025: "one sector, labour that answers the wage, revenue that relieves the tax on it",
}
EXACT_HAT = (DEFAULT, ONE_SECTOR)
DEFICITS: tuple[Deficits, ...] = ("additive", "multiplicative", "balanced")


@dataclass(frozen=True)
class Setting:
    """Which model, and how it closes.

    ``deficits``     see ``Shock``
    ``revenue_use``  what a country does with duties, ``local_share`` the part of spending that
                     pays labour where a good is sold: of the model of 2025 alone, ``None``
                     elsewhere

    Raises ``InputError`` with everything that does not go together.
    """

    model: str = DEFAULT
    deficits: Deficits = "additive"
    revenue_use: RevenueUse | None = None
    local_share: float | None = None

    def __post_init__(self) -> None:
        """Refuse what does not go together."""
        found: list[Fault] = []
        if self.model not in MODELS:
            fix = "leave the option out, or name one of them"
            found.append(_fault(self.model, ", ".join(MODELS), fix, "model"))
        elif self.model != OF_2025:
            given = {"revenue": self.revenue_use, "local-share": self.local_share}
            fix = f"leave it out, or say --model {OF_2025}"
            found += [
                _fault(f"--{name} {value} with {self.model}", f"with {OF_2025} only", fix, name)
                for name, value in given.items()
                if value is not None
            ]
        if found:
            raise InputError(found)


@dataclass(frozen=True)
class Question:
    """A world table and what changes in it.

    ``tariff``      (J, N, N) the new duties;  ``trade_cost`` (J, N, N) factors on real costs of
                    trade, ``None`` for none;  ``setting`` which model is asked
    """

    table: WorldTable
    tariff: Array
    trade_cost: Array | None = None
    setting: Setting = Setting()


def answered(question: Question) -> Counterfactual:
    """Return the model's certified answer. Raises ``InputError`` and ``NoCertifiedAnswer``."""
    setting = question.setting
    if setting.model == OF_2025:
        return _of_2025(question)
    asked = question if setting.model == DEFAULT else in_one_sector(question)
    base, note = prepared(asked.table)
    shock = Shock(tariff=asked.tariff, trade_cost=asked.trade_cost, deficits=setting.deficits)
    if setting.model == DEFAULT:
        return CaliendoParro(base, note).counterfactual(shock)
    answer = OneSector(base).counterfactual(shock)
    return replace(answer, notes=(*answer.notes, *note))


def _of_2025(question: Question) -> Counterfactual:
    cost, setting = question.trade_cost, question.setting
    if cost is not None and (cost != 1.0).any():
        fix = f"leave --model out, or say --model {ONE_SECTOR}"
        found = f"{OF_2025} for trade that begins, ends, or costs more"
        raise InputError([_fault(found, "changes of duties alone", fix, "model")])
    return answer_of_2025(
        question.table,
        question.tariff,
        setting.deficits,
        setting.revenue_use or "income tax",
        setting.local_share or 0.0,
    )


def best_duty(table: WorldTable, region: str, setting: Setting) -> OptimalDuty:
    """Return the uniform duty of the model of 2025 that is best for a region. Raises as it."""
    return best_duty_of_2025(
        table,
        region,
        setting.deficits,
        setting.revenue_use or "income tax",
        setting.local_share or 0.0,
    )


def exact_hat(table: WorldTable, model: str = DEFAULT) -> tuple[ExactHat, tuple[str, ...]]:
    """Return the exact-hat core of a model on a table, and notes on what that took.

    Raises ``InputError`` for a model that is not built on it.
    """
    if model not in EXACT_HAT:
        fix = f"leave --model out; {OF_2025} has one uniform duty of one region"
        raise InputError([_fault(model, ", ".join(EXACT_HAT), fix, "model")])
    base, note = prepared(table if model == DEFAULT else one_sector(table))
    return (CaliendoParro(base) if model == DEFAULT else OneSector(base)).hat, note


def prepared(table: WorldTable) -> tuple[Baseline, tuple[str, ...]]:
    """Return a table's baseline, its markets cleared to the solver's tolerance; notes on that."""
    base = baseline_of(table)
    off = ExactHat(base).inconsistency
    if off <= CONSISTENT:
        return base, ()
    said = f"the table was off balance by up to {off:.0e} and was solved again before the change"
    return consistent(base), (said,)


def in_one_sector(question: Question) -> Question:
    """Return the question with all sectors as one, moving each pair's trade as they would.

    With w a sector's share of a pair's trade and T = κ(1+τ′)/(1+τ) the change of its cost, the
    one sector's T^(−θ) is Σ w T^(−θ): the same trade at given prices. Its duty is the mean of the
    duties by w, and what the mean leaves of T is a real cost.
    """
    table = question.table
    whole = one_sector(table)
    total = table.trade.sum(axis=0)
    weight = np.divide(table.trade, total, out=np.zeros_like(table.trade), where=total > 0.0)
    cost = np.ones_like(table.trade) if question.trade_cost is None else question.trade_cost
    change = cost * (1.0 + question.tariff) / (1.0 + table.tariff)
    theta = table.theta[:, None, None]
    kept = (weight * change ** (-theta)).sum(axis=0)
    both = np.where(total > 0.0, kept, 1.0) ** (-1.0 / whole.theta[0])
    tariff = (weight * question.tariff).sum(axis=0)
    real = both * (1.0 + whole.tariff[0]) / (1.0 + tariff)
    np.fill_diagonal(real, 1.0)
    return Question(whole, tariff[None], real[None], question.setting)


def _fault(found: str, allowed: str, fix: str, field: str) -> Fault:
    return Fault("command line", found, allowed, fix, field=field)
