"""What a dollar less of military spending takes from output, as the literature has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from accord.pack.budgets import Multiplier


@dataclass(frozen=True, slots=True)
class MultiplierRange:
    """Dollars of GDP for a dollar of spending: the lowest and highest estimate, and the middle."""

    low: float
    middle: float
    high: float
    studies: int


def multiplier_range(estimates: Iterable[Multiplier]) -> MultiplierRange:
    """Return the range over estimates for countries as a whole; the middle one is the median.

    Estimates of one place against another within a country say nothing of the country and are
    left out. Raises ``ValueError`` where nothing is left.
    """
    national = [x for x in estimates if x.national]
    if not national:
        raise ValueError("no estimate of a country's multiplier")
    return MultiplierRange(
        low=min(x.low for x in national),
        middle=float(np.median([(x.low + x.high) / 2.0 for x in national])),
        high=max(x.high for x in national),
        studies=len(national),
    )
