"""The chain beside the world: mine output, shares by stage, sources of US imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accord.equilibrium import Equilibrium
from accord.minerals.recipe import METALS
from accord.pack.chain import Chain, StageObservation

OXIDES_AND_METALS = ("_oxide", "_metal")


@dataclass(frozen=True, slots=True)
class StageRow:
    """An observation beside the model's value, in its unit; ``None`` where the model has none."""

    seen: StageObservation
    model: float | None

    @property
    def error(self) -> float | None:
        """Model less observed: in points of a share, else relative."""
        if self.model is None:
            return None
        gap = self.model - self.seen.value
        return gap if self.seen.unit == "fraction" else gap / self.seen.value


def compare(chain: Chain, eq: Equilibrium) -> tuple[StageRow, ...]:
    """Return every stage observation of a pack beside the equilibrium of its benchmark."""
    return tuple(StageRow(seen, _model(chain, eq, seen)) for seen in chain.observed)


def _model(chain: Chain, eq: Equilibrium, seen: StageObservation) -> float | None:
    if seen.quantity == "us_import_share":
        return _import_share(eq, seen.region, seen.partner)
    quantity = _QUANTITIES.get(seen.quantity)
    if quantity is None:
        return None
    by_region = quantity(chain, eq)
    total = sum(by_region.values())
    own = total if seen.region == "WORLD" else by_region.get(seen.region, 0.0)
    return own / total if seen.unit == "fraction" else own


Outputs = Iterable[tuple[str, float]]


def mined(chain: Chain, eq: Equilibrium) -> dict[str, float]:
    """Return mine output by region, tonnes as the ores are weighed."""
    del chain  # an ore is weighed as the oxides in it
    return _sum(eq, "mine_", _tonnes)


def _tonnes(outputs: Outputs) -> float:
    return sum(x for _, x in outputs)


def _sum(eq: Equilibrium, prefix: str, size: Callable[[Outputs], float]) -> dict[str, float]:
    """Return by region what activities of some kinds make, each tonne weighed by ``size``."""
    total: dict[str, float] = {}
    for a in eq.market.activities:
        if a.kind.startswith(prefix):
            total[a.region] = total.get(a.region, 0.0) + size(a.outputs) * eq.output(a.name)
    return total


def _magnet_elements(chain: Chain) -> Callable[[Outputs], float]:
    return lambda outputs: sum(chain.held(tuple(outputs), e) for e in METALS)


def _magnet_mined(chain: Chain, eq: Equilibrium) -> dict[str, float]:
    return _sum(eq, "mine_", _magnet_elements(chain))


def _magnet_refined(chain: Chain, eq: Equilibrium) -> dict[str, float]:
    return _sum(eq, "separation_", _magnet_elements(chain))


def _metal(chain: Chain, eq: Equilibrium) -> dict[str, float]:
    del chain  # metals are weighed as metal
    return _sum(eq, "metal_", _tonnes)


def _magnets(chain: Chain, eq: Equilibrium) -> dict[str, float]:
    del chain  # magnets are weighed gross
    return _sum(eq, "magnet", lambda outputs: dict(outputs)["magnet"])


def _supply(chain: Chain, eq: Equilibrium) -> dict[str, float]:
    """Return magnet elements as oxide, out of ore and out of swarf."""
    total = _magnet_refined(chain, eq)
    for region, x in _sum(eq, "recycling", _magnet_elements(chain)).items():
        total[region] = total.get(region, 0.0) + x
    return total


def _import_share(eq: Equilibrium, region: str, partner: str) -> float:
    bought = {
        lane.key: eq.flow(*lane.key)
        for lane in eq.market.lanes
        if lane.destination == region != lane.origin and lane.good.endswith(OXIDES_AND_METALS)
    }
    own = sum(x for key, x in bought.items() if key.origin == partner)
    return own / sum(bought.values())


_QUANTITIES: dict[str, Callable[[Chain, Equilibrium], dict[str, float]]] = {
    "mine_output": mined,
    "mine_share": mined,
    "magnet_mine_share": _magnet_mined,
    "magnet_refining_share": _magnet_refined,
    "metal_share": _metal,
    "magnet_share": _magnets,
    "magnet_ree_supply": _supply,
}
