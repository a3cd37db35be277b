"""Public budgets: what a cut frees year by year, how often such cuts happened, what it does."""

from accord.budget.base_rate import count_cuts
from accord.budget.cut import Cut, CutPath, cut_path, total_in_closed_form
from accord.budget.level import Level, NoLevel, level_of, levels_of, years_known
from accord.budget.multiplier import MultiplierRange, multiplier_range
from accord.budget.public_money import PublicMoney, public_money
from accord.budget.sides import Side, sides

__all__ = [
    "Cut",
    "CutPath",
    "Level",
    "MultiplierRange",
    "NoLevel",
    "PublicMoney",
    "Side",
    "count_cuts",
    "cut_path",
    "level_of",
    "levels_of",
    "multiplier_range",
    "public_money",
    "sides",
    "total_in_closed_form",
    "years_known",
]
