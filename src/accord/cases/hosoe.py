"""The standard CGE model of Hosoe, Gasawa and Hashimoto: one small country, two goods, two factors.

Makers combine factors (Cobb–Douglas) and inputs (fixed proportions) into output Z, which is turned
into exports E and home sales D (CET); buyers combine home sales with imports M into Q (CES).
Households and government save fixed shares of income and spend the rest in fixed shares; foreign
saving is fixed in foreign money; world prices are 1. All prices are 1 at the base, so shares are
read off the matrix. With labour as the numeraire the unknowns are the price of capital r, the
exchange rate ε and, of each good, the price of home sales, Z and Q:

    capital demanded − endowed = 0
    imports − exports − foreign saving = 0
    home sales made − wanted = 0                                        of each good
    price of what transformers sell − makers' price, tax paid = 0       of each good
    Q − final and intermediate use = 0                                  of each good
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.cases.case import Data, Quantity
from accord.cases.numerics import Vector, solve

Array = NDArray[Any]


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield the household's utility at the base and with all tariffs set to 0."""
    base = Base(data)
    published, tolerance = data["published"], data["tolerance"]
    for name, rate in (("utility_base", base.tariff), ("utility_without_tariffs", 0 * base.tariff)):
        found = solve_model(base, rate).utility
        yield Quantity(name.replace("_", " "), published[name], found, tolerance)


def solve_model(base: Base, tariff: Vector) -> Point:
    """Return the equilibrium with these tariff rates (G,). Raises ``NoCertifiedAnswer``."""
    prices = np.ones(2 + len(tariff))
    start = np.concatenate([prices, base.output, base.composite])
    lower = np.repeat([1e-6, 0.0], [len(prices), 2 * len(tariff)])
    unit = np.ones(len(prices))
    size = np.concatenate([base.output[:1], base.output[:1], base.output, unit[2:], base.composite])
    z = solve(
        lambda z: Point(base, tariff, z).conditions, start, lower=lower, scale=start, size=size
    )
    return Point(base, tariff, z)


@dataclass(frozen=True)
class Base:
    """The base year: flows by name, each over the goods (G,)."""

    data: Data

    def of(self, name: str) -> Vector:
        """Return one entry of the social accounting matrix."""
        return np.array(self.data["flows"][name], dtype=np.float64)

    @cached_property
    def capital_share(self) -> Vector:
        """Share of capital in value added."""
        return self.of("factor")[:, 0] / self.of("factor").sum(axis=1)

    @cached_property
    def output(self) -> Vector:
        """Z: inputs and value added."""
        return (self.of("intermediate") + self.of("factor")).sum(axis=1)

    @cached_property
    def home(self) -> Vector:
        """D: output less exports, production tax paid."""
        return self.output + self.of("production_tax") - self.of("exports")

    @cached_property
    def composite(self) -> Vector:
        """Q: home sales and imports, tariff paid."""
        return self.home + self.of("imports") + self.of("tariff")

    @cached_property
    def tariff(self) -> Vector:
        """Tariff rates."""
        return self.of("tariff") / self.of("imports")

    @cached_property
    def income(self) -> float:
        """Household income."""
        return float(self.of("factor_income").sum())


@dataclass(frozen=True)
class Point:
    """Every quantity at z = (r, ε, price of home sales, Z, Q), with tariff rates (G,)."""

    base: Base
    tariff: Vector
    z: Array

    @cached_property
    def _parts(self) -> list[Array]:
        g = len(self.tariff)
        return np.split(self.z, [1, 2, 2 + g, 2 + 2 * g])

    @property
    def capital_price(self) -> Array:
        """Return r (1,)."""
        return self._parts[0]

    @property
    def exchange_rate(self) -> Array:
        """Return ε (1,)."""
        return self._parts[1]

    @property
    def home_price(self) -> Array:
        """Return the price of home sales."""
        return self._parts[2]

    @property
    def volume(self) -> Array:
        """Return output over its base."""
        return self._parts[3] / self.base.output

    @property
    def use(self) -> Array:
        """Return Q over its base."""
        return self._parts[4] / self.base.composite

    @cached_property
    def import_price(self) -> Array:
        """Price of imports, tariff paid, over its base."""
        return self.exchange_rate * (1.0 + self.tariff) / (1.0 + self.base.tariff)

    @cached_property
    def price(self) -> Array:
        """Price of the composite Q."""
        power = 1.0 - self.base.data["elasticity_of_substitution"]
        home = self.base.home / self.base.composite
        inside = home * self.home_price**power + (1.0 - home) * self.import_price**power
        return inside ** (1.0 / power)

    @cached_property
    def makers_price(self) -> Array:
        """Cost of a unit of output."""
        base = self.base
        inputs = base.of("intermediate") @ self.price
        added = base.of("factor").sum(axis=1) * self.capital_price**base.capital_share
        return (inputs + added) / base.output

    @cached_property
    def sales_price(self) -> Array:
        """What transformers earn for a unit of output."""
        base, power = self.base, 1.0 + self.base.data["elasticity_of_transformation"]
        home = base.home / (base.home + base.of("exports"))
        inside = home * self.home_price**power + (1.0 - home) * self.exchange_rate**power
        return inside ** (1.0 / power)

    def _transformed(self, base: Vector, price: Array) -> Array:
        relative = price / self.sales_price
        return base * self.volume * relative ** self.base.data["elasticity_of_transformation"]

    def _wanted(self, base: Vector, price: Array) -> Array:
        relative = self.price / price
        return base * self.use * relative ** self.base.data["elasticity_of_substitution"]

    @cached_property
    def exports(self) -> Array:
        """E."""
        return self._transformed(self.base.of("exports"), self.exchange_rate)

    @cached_property
    def imports(self) -> Array:
        """M."""
        return self._wanted(self.base.of("imports"), self.import_price)

    @cached_property
    def income_index(self) -> Array:
        """Household income over its base."""
        capital, labour = self.base.of("factor_income")
        return (capital * self.capital_price + labour) / self.base.income

    @cached_property
    def household(self) -> Array:
        """Household consumption of each good."""
        return self.base.of("household") * self.income_index / self.price

    @cached_property
    def revenue_index(self) -> Array:
        """Government revenue over its base: direct tax, production tax, tariffs."""
        base = self.base
        taxes = base.of("production_tax"), base.of("tariff")
        direct = base.data["flows"]["direct_tax"]
        made = (taxes[0] * self.makers_price * self.volume).sum()
        landed = (self.tariff * self.exchange_rate * self.imports).sum()
        return (direct * self.income_index + made + landed) / (direct + sum(t.sum() for t in taxes))

    @cached_property
    def investment(self) -> Array:
        """Investment demand of each good: all saving, in fixed shares."""
        flows, wants = self.base.data["flows"], self.base.of("investment")
        saving = flows["household_saving"] * self.income_index
        saving = saving + flows["government_saving"] * self.revenue_index
        saving = saving + flows["foreign_saving"] * self.exchange_rate
        return wants / wants.sum() * saving / self.price

    @cached_property
    def conditions(self) -> Array:
        """F(z), in the order of the module's words."""
        base = self.base
        capital = base.of("factor")[:, 0]
        used = (capital * self.volume * self.capital_price ** (base.capital_share - 1.0)).sum()
        abroad = self.imports.sum() - self.exports.sum() - base.data["flows"]["foreign_saving"]
        made = self._transformed(base.home, self.home_price)
        government = base.of("government") * self.revenue_index / self.price
        final = self.household + government + self.investment
        inputs = base.of("intermediate").T @ self.volume
        return np.concatenate([
            [used - capital.sum(), abroad],
            made - self._wanted(base.home, self.home_price),
            self.sales_price - self.makers_price,
            self.use * base.composite - final - inputs,
        ])  # fmt: skip

    @cached_property
    def utility(self) -> float:
        """The household's utility (Cobb–Douglas)."""
        wants = self.base.of("household")
        share = wants / wants.sum()
        return float(np.exp(share @ np.log(self.household)))
