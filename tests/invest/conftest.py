from __future__ import annotations

import pytest

from accord.invest.plan import Asset, Loan, Operation, Owner, Plan, Prices, Taxes
from accord.invest.tables import ProjectTables, read_tables


@pytest.fixture
def plan() -> Plan:
    """A dam and a smelter with loan and taxes, small enough to follow by hand."""
    return Plan(
        assets=(
            Asset("hydropower", 600.0, build_years=3.0, life=20.0, fixed_cost=0.01),
            Asset("smelter", 400.0, build_years=2.0, life=8.0, fixed_cost=0.02),
        ),
        operation=Operation(
            metal=100.0,
            power_per_tonne=14.0,
            alumina_per_tonne=2.0,
            other_cost=0.5,
            hydropower=0.2,
            capacity_factor=0.5,
            ramp_years=2.0,
            years=10.0,
            rising_cost=3.0,
            curvature=0.25,
        ),
        prices=Prices(metal=4.0, alumina=0.6, power=0.02),
        loan=Loan(share=0.6, rate=0.08, years=5, grace_years=1),
        taxes=Taxes(
            profit=0.25,
            property=0.02,
            royalty=0.001,
            export=0.05,
            withholding=0.15,
            loss_use_limit=0.5,
        ),
        lead_years=1.0,
    )


@pytest.fixture
def owners() -> tuple[Owner, ...]:
    return (
        Owner("Abroad", "USA", 0.4, abroad=True, required_return=0.12),
        Owner("Home", "RUS", 0.35, abroad=False, required_return=0.1),
        Owner("State", "RUS", 0.25, abroad=False, required_return=0.06),
    )


@pytest.fixture(scope="session")
def book() -> ProjectTables:
    return read_tables()
