"""Which economy-wide model answers a question about a world table."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from accord.economy.baseline import Array, Baseline, Deficits, Shock
from accord.economy.caliendo_parro import CaliendoParro
from accord.economy.from_table import baseline_of, one_sector
from accord.economy.hat import CONSISTENT, ExactHat, consistent
from accord.economy.one_sector import OneSector
from accord.economy.result import Counterfactual
from accord.economy.world import WorldTable
from accord.errors import Fault, InputError

MODELS = {
    "caliendo-parro": "many sectors with input–output links and tariff revenue",
    "one-sector": "one sector without inputs (Armington, Eaton–Kortum)",
}
DEFICITS: tuple[Deficits, ...] = ("additive", "multiplicative", "balanced")
DEFAULT = "caliendo-parro"


@dataclass(frozen=True)
class Question:
    """A world table and what changes in it.

    ``tariff``      (J, N, N) the new duties;  ``trade_cost`` (J, N, N) factors on real costs of
                    trade, ``None`` for none;  ``deficits`` how they are closed (see ``Shock``)
    """

    table: WorldTable
    tariff: Array
    trade_cost: Array | None = None
    deficits: Deficits = "additive"


def answered(question: Question, model: str = DEFAULT) -> Counterfactual:
    """Return a model's certified answer. Raises ``InputError`` and ``NoCertifiedAnswer``."""
    refuse_unknown(model)
    asked = question if model == DEFAULT else in_one_sector(question)
    base, note = _consistent(baseline_of(asked.table))
    shock = Shock(tariff=asked.tariff, trade_cost=asked.trade_cost, deficits=asked.deficits)
    if model == DEFAULT:
        return CaliendoParro(base, note).counterfactual(shock)
    answer = OneSector(base).counterfactual(shock)
    return replace(answer, notes=(*answer.notes, *note))


def refuse_unknown(model: str) -> None:
    """Raise ``InputError`` for a model that is none."""
    if model not in MODELS:
        fix = "leave the option out, or name one of them"
        raise InputError([Fault("command line", model, ", ".join(MODELS), fix, field="model")])


def _consistent(base: Baseline) -> tuple[Baseline, tuple[str, ...]]:
    """Return a baseline whose markets clear to the solver's tolerance, and what that took."""
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
    return Question(whole, tariff[None], real[None], question.deficits)
