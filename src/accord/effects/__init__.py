"""Two equilibria → what changed, for whom, and the identities that must close."""

from accord.effects.accounts import Accounts, accounts_of
from accord.effects.effects import Effects, compare
from accord.effects.measures import MEASURES, Measure, Row

__all__ = ["MEASURES", "Accounts", "Effects", "Measure", "Row", "accounts_of", "compare"]
