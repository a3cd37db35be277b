"""A bound on a flow or a sum of flows, and who earns its scarcity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from accord.market.lane import LaneKey
from accord.market.wedge import Wedge

Sense = Literal["at_most", "at_least"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on the sum of the flows of ``lanes``, in tonnes delivered a year.

    ``measure``       the policy this limit belongs to
    ``sense``         ``at_most``: the rent is added to the landed cost;
                      ``at_least``: the rent is a rebate, debited to ``rent_to``
    ``bound``         tonnes a year
    ``rent_to``       region that earns the scarcity rent, or pays to fulfil a minimum;
                      ``None``: the rent is a real cost (queues, search)
    ``over``          for a tariff-rate quota: the extra wedge due beyond the bound; the rent can
                      never exceed it and flows may pass the bound by paying it
    ``per_activity``  (activity, tonnes per unit): the bound grows with these activities' levels
    ``clean_supply``  (region, tracer): the bound grows with that region's supply free of the tracer
    ``lowers_customs_value``  whether the rebate of an ``at_least`` lowers the dutiable value
    ``suspended_by``  measures that set this one aside
    """

    measure: str
    sense: Sense
    lanes: tuple[LaneKey, ...]
    bound: float
    rent_to: str | None = None
    over: Wedge | None = None
    per_activity: tuple[tuple[str, float], ...] = ()
    clean_supply: tuple[str, str] | None = None
    lowers_customs_value: bool = False
    suspended_by: tuple[str, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether no other measure sets this one aside."""
        return not self.suspended_by

    @property
    def forbids(self) -> bool:
        """Whether it leaves room for nothing at all, whatever happens: a ban by another name."""
        can_grow = self.per_activity or self.clean_supply is not None
        return self.sense == "at_most" and self.bound <= 0.0 and self.over is None and not can_grow
