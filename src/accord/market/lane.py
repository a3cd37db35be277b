"""A way for a good to go from one region to another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from accord.market.wedge import Wedge


class LaneKey(NamedTuple):
    """Names a lane: the good, where it comes from, where it goes."""

    good: str
    origin: str
    destination: str

    def __str__(self) -> str:
        return f"{self.good} {self.origin}→{self.destination}"


@dataclass(frozen=True, slots=True)
class Lane:
    """A way for a good to go from ``origin`` to ``destination`` (the same for home use).

    ``freight``     USD per tonne delivered, a real cost
    ``loss``        fraction of the tonnes shipped that does not arrive, 0 ≤ loss < 1
    ``log_weight``  ln α, the taste and access weight in the share closure; ``-inf`` where the
                    lane has never carried anything and nothing says it could
    ``wedges``      duties, taxes, subsidies between the producer and the buyer
    ``closed_by``   measures that forbid the lane; it is open while there is none
    """

    good: str
    origin: str
    destination: str
    freight: float = 0.0
    loss: float = 0.0
    log_weight: float = 0.0
    wedges: tuple[Wedge, ...] = ()
    closed_by: tuple[str, ...] = ()

    @property
    def key(self) -> LaneKey:
        """The lane's name."""
        return LaneKey(self.good, self.origin, self.destination)

    @property
    def is_open(self) -> bool:
        """Whether no measure forbids the lane and it has a weight at all."""
        return not self.closed_by and self.log_weight > float("-inf")

    @property
    def active_wedges(self) -> tuple[Wedge, ...]:
        """The wedges in force."""
        return tuple(w for w in self.wedges if w.in_force)

    def with_wedge(self, wedge: Wedge) -> Lane:
        """Return the lane with one more wedge."""
        return replace(self, wedges=(*self.wedges, wedge))

    def closed(self, measure: str) -> Lane:
        """Return the lane forbidden by ``measure``."""
        return replace(self, closed_by=(*self.closed_by, measure))

    def without(self, measure: str) -> Lane:
        """Return the lane as if ``measure`` had never touched it: itself where it has not."""
        of_wedges = any(measure == w.measure or measure in w.suspended_by for w in self.wedges)
        if not of_wedges and measure not in self.closed_by:
            return self
        return replace(
            self,
            wedges=tuple(w.released_from(measure) for w in self.wedges if w.measure != measure),
            closed_by=tuple(m for m in self.closed_by if m != measure),
        )
