"""The spreadsheet of a project: every line by year, from tonnes to what each party gets.

Lines have shape (..., years): one row a draw, one column a year, year 0 that of the signing. What
comes in is positive. Amounts fall at the end of their year but for the first: year t is discounted
t times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.invest.plan import Loan, Owner, Plan
from accord.invest.present_value import Array, annuity_factor
from accord.invest.schedule import column, ramped, within

ALMOST = 1e-9
"""Times this close to the turn of a year are taken to be it."""


@dataclass(frozen=True)
class CashFlow:
    """Every line of the spreadsheet, USD a year unless stated; costs are positive numbers."""

    metal: Array
    power_made: Array
    power_used: Array
    sales: Array
    power_sales: Array
    running_cost: Array
    capex: Array
    residual: Array
    depreciation: Array
    drawn: Array
    interest: Array
    debt_service: Array
    debt: Array
    property_tax: Array
    royalty: Array
    export_tax: Array
    profit_tax: Array
    taxable: Array
    dividends: Array

    @property
    def project(self) -> Array:
        """What the project gives before tax and before anybody is paid."""
        return self.sales + self.power_sales - self.running_cost - self.capex + self.residual

    @property
    def lenders(self) -> Array:
        """What lenders get, less what they lend."""
        return self.debt_service - self.drawn

    @property
    def taxes_paid(self) -> Array:
        """What the treasury gets before dividends leave the country."""
        return self.property_tax + self.royalty + self.export_tax + self.profit_tax

    @property
    def equity(self) -> Array:
        """What owners get together, less what they put in."""
        cash = self.sales + self.power_sales - self.running_cost - self.taxes_paid
        return cash - self.debt_service + self.residual - (self.capex - self.drawn)

    @property
    def capital(self) -> Array:
        """What lenders and owners get together."""
        return self.lenders + self.equity


def cash_flow(plan: Plan) -> CashFlow:
    """Return the spreadsheet of a plan."""
    years, start = plan.years, plan.start_up
    capex = _spent(plan, years)
    sold = _operation(plan, years)
    written_off, book = _written_off(plan, years)
    debt = _debt(plan.loan, start, capex)
    residual = _residual(plan, years) * (column(plan.capex) - written_off.sum(-1, keepdims=True))
    taxes = plan.taxes
    property_tax = column(taxes.property) * book * within(start, plan.end, years)
    royalty = column(taxes.royalty) * sold["power_made"]
    export_tax = column(taxes.export) * sold["sales"]
    costs = sold["running_cost"] + property_tax + royalty + export_tax
    taxable = sold["sales"] + sold["power_sales"] - costs - written_off - debt["interest"]
    profit_tax = _profit_tax(taxable, column(taxes.profit), column(taxes.loss_use_limit))
    flow = CashFlow(
        **sold,
        **debt,
        capex=capex,
        residual=residual,
        depreciation=written_off,
        property_tax=property_tax,
        royalty=royalty,
        export_tax=export_tax,
        profit_tax=profit_tax,
        taxable=taxable,
        dividends=np.zeros_like(taxable),
    )
    return _with_dividends(flow)


def treasury(flow: CashFlow, owners: tuple[Owner, ...], withholding: Array | float) -> Array:
    """Return what the treasury of the place gets: taxes, and tax on dividends that leave."""
    abroad = sum(owner.share for owner in owners if owner.abroad)
    return flow.taxes_paid + column(withholding) * abroad * flow.dividends


def owner_flow(flow: CashFlow, owner: Owner, withholding: Array | float) -> Array:
    """Return what one owner gets, after tax where it leaves the country, less what it puts in."""
    taken = column(withholding) * flow.dividends if owner.abroad else 0.0
    return owner.share * (flow.equity - taken)


def _spent(plan: Plan, years: int) -> Array:
    """Return what is spent on building by year: each asset evenly, all ready at start-up."""
    spent = np.zeros(years)
    for asset in plan.assets:
        begun = plan.start_up - asset.build_years
        part = within(begun, plan.start_up, years) / column(asset.build_years)
        spent = spent + column(asset.capex) * part
    return spent


def _operation(plan: Plan, years: int) -> dict[str, Array]:
    """Return tonnes, power, sales and running cost by year."""
    o, prices = plan.operation, plan.prices
    load = ramped(plan.start_up, o.ramp_years, plan.end, years)
    metal = column(plan.metal_made) * load
    made, used = column(o.power_made) * load, column(plan.power_used) * load
    spare = made - used
    per_tonne = o.alumina_per_tonne * prices.alumina + plan.cost_per_tonne
    running = column(per_tonne) * metal + column(prices.power) * np.maximum(-spare, 0.0)
    upkeep = sum((a.fixed_cost * a.capex for a in plan.assets), start=np.zeros(()))
    return {
        "metal": metal,
        "power_made": made,
        "power_used": used,
        "sales": column(prices.metal) * metal,
        "power_sales": column(prices.power) * np.maximum(spare, 0.0),
        "running_cost": running + column(upkeep) * within(plan.start_up, plan.end, years),
    }


def _written_off(plan: Plan, years: int) -> tuple[Array, Array]:
    """Return depreciation by year, straight over each asset's life, and mean book value."""
    total = np.zeros(years)
    for asset in plan.assets:
        stop = np.minimum(plan.start_up + asset.life, plan.end)
        part = within(plan.start_up, stop, years) / column(asset.life)
        total = total + column(asset.capex) * part
    past = np.cumsum(total, axis=-1)
    return total, column(plan.capex) - (past - 0.5 * total)


def _residual(plan: Plan, years: int) -> Array:
    """Return 1 in the last year of operation, 0 in all others."""
    last = np.ceil(np.asarray(plan.end, dtype=float) - ALMOST) - 1.0
    return (np.arange(years) == column(last)).astype(float)


def _debt(loan: Loan, start_up: Array | float, capex: Array) -> dict[str, Array]:
    """Return what is drawn, interest as it accrues, what is paid, and the debt at the year's end.

    The first year of payment is the first full year of operation.
    """
    years = capex.shape[-1]
    rate = np.asarray(loan.rate, dtype=float)
    ready = np.ceil(np.asarray(start_up, dtype=float) - ALMOST)
    first = ready + loan.grace_years
    drawn = column(loan.share) * capex
    shape = np.broadcast_shapes(drawn.shape[:-1], rate.shape, ready.shape)
    owed, level = np.zeros(shape), np.zeros(shape)
    interest, paid, debt = (np.zeros((*shape, years)) for _ in range(3))
    factor = annuity_factor(rate, loan.years)
    for t in range(years):
        interest[..., t] = rate * owed
        level = np.where(t == first, owed / factor, level)
        repaying = (t >= first) & (t < first + loan.years)
        service = np.where(repaying, level, np.where((t >= ready) & (t < first), rate * owed, 0.0))
        paid[..., t] = service
        owed = owed + interest[..., t] + drawn[..., t] - service
        debt[..., t] = owed
    full = np.broadcast_to(drawn, (*shape, years))
    return {"drawn": full, "interest": interest, "debt_service": paid, "debt": debt}


def _profit_tax(taxable: Array, rate: Array, limit: Array) -> Array:
    """Return profit tax by year; losses wait until a profit may use them up to ``limit``."""
    rate, limit = rate[..., 0], limit[..., 0]
    waiting = np.zeros(taxable.shape[:-1])
    tax = np.zeros(taxable.shape)
    for t in range(taxable.shape[-1]):
        profit = np.maximum(taxable[..., t], 0.0)
        used = np.minimum(waiting, limit * profit)
        waiting = waiting - used + np.maximum(-taxable[..., t], 0.0)
        tax[..., t] = rate * (profit - used)
    return tax


def _with_dividends(flow: CashFlow) -> CashFlow:
    """Return the spreadsheet with dividends: cash to owners, no more than the year's profit."""
    profit = np.maximum(flow.taxable - flow.profit_tax, 0.0)
    dividends = np.minimum(np.maximum(flow.equity, 0.0), profit)
    return CashFlow(**(flow.__dict__ | {"dividends": dividends}))
