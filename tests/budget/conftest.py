from __future__ import annotations

import pytest

from accord.pack.budgets import BudgetPack
from accord.pack.read_budgets import load_budgets


@pytest.fixture(scope="session")
def pack() -> BudgetPack:
    return load_budgets()
