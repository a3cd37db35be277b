"""A difference between two prices, and who collects it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Side = Literal["export", "import", "use", "output"]
Basis = Literal["fob", "cif"]


@dataclass(frozen=True, slots=True)
class Wedge:
    """An ad valorem or specific difference between two prices, with the treasury that collects it.

    ``measure``      the policy this wedge belongs to; lifting the policy removes it
    ``side``         export: on the producer price; import and use: on the customs value;
                     output: on an activity's sales
    ``ad_valorem``   fraction of the base (0.05 is 5 %); negative for a subsidy
    ``specific``     USD per tonne, added to the ad valorem part
    ``basis``        what an import duty values: ``fob`` (price at the exporter's border) or
                     ``cif`` (that plus freight)
    ``content``      share of the value on which the duty falls (1 = all of it)
    ``revenue_to``   region whose treasury collects; ``None``: a real cost nobody receives
    ``tracer``       charge only the share of the exporter's supply that carries this tracer
    ``suspended_by`` measures that set this one aside; it is in force while there is none
    """

    measure: str
    side: Side
    ad_valorem: float = 0.0
    specific: float = 0.0
    basis: Basis = "fob"
    content: float = 1.0
    revenue_to: str | None = None
    tracer: str | None = None
    suspended_by: tuple[str, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether no other measure sets this one aside."""
        return not self.suspended_by

    def suspend(self, measure: str) -> Wedge:
        """Return the wedge set aside by ``measure``."""
        return replace(self, suspended_by=(*self.suspended_by, measure))

    def released_from(self, measure: str) -> Wedge:
        """Return the wedge no longer set aside by ``measure``."""
        if measure not in self.suspended_by:
            return self
        return replace(self, suspended_by=tuple(m for m in self.suspended_by if m != measure))
