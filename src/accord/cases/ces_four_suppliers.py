"""Four suppliers of one market, bundled with constant elasticity; a tariff falls on one of them.

One Market through the ``armington`` closure. Supply has a constant elasticity. Demand of a Market
ends at a choke price: with one far away it is exponential, D⁰·exp(−η (P − 1)), which differs from
the constant elasticity of the source by 5e-5 at the answer, a third of the tolerance at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from accord.cases.case import Data, Quantity
from accord.cases.one_stage import GOOD, OneStage
from accord.equilibrium import Equilibrium, solve_market, universe_of

BUYER = "buyer"


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield producer prices, the taxed supplier's consumer price and the price index."""
    after = solved(data)
    published, tolerance = data["published"], data["tolerance"]
    price = [after.state.price[after.universe.node_index[GOOD, s]] for s in data["suppliers"]]
    for supplier, shown, found in zip(
        data["suppliers"], published["producer_price"], price, strict=True
    ):
        yield Quantity(f"producer price of supplier {supplier}", shown, float(found), tolerance)
    taxed = data["suppliers"].index(data["tariff_on"])
    paid = float(price[taxed]) * (1.0 + data["tariff"])
    shown = published["consumer_price_of_the_taxed"]
    yield Quantity(f"consumer price of supplier {data['tariff_on']}", shown, paid, tolerance)
    index = float(after.state.buyer_price[0])
    yield Quantity("price index", published["price_index"], index, tolerance)


def solved(data: Data) -> Equilibrium:
    """Return the equilibrium with the tariff. Raises ``NoCertifiedAnswer``."""
    suppliers, elasticity = tuple(data["suppliers"]), data["elasticity"]
    world = OneStage(
        origins=suppliers,
        destinations=(BUYER,),
        flow=[[data["share"]] for _ in suppliers],
        power=[[1.0] for _ in suppliers],
        substitution=elasticity["substitution"],
        supply=elasticity["supply"],
        demand=-elasticity["demand"],
    )
    taxed = [[1.0 + data["tariff"] * (s == data["tariff_on"])] for s in suppliers]
    before, after = world.market(), world.market(taxed)
    return solve_market(after, closure="armington", universe=universe_of(before, after))
