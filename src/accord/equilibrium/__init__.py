"""Market → Problem → Equilibrium. One file a closure."""

from accord.equilibrium.certificate import Certificate
from accord.equilibrium.equilibrium import (
    CLOSURES,
    Equilibrium,
    closure_named,
    name_row,
    point_at,
    solve_market,
)
from accord.equilibrium.universe import Universe, same_names, universe_of

__all__ = [
    "CLOSURES",
    "Certificate",
    "Equilibrium",
    "Universe",
    "closure_named",
    "name_row",
    "point_at",
    "same_names",
    "solve_market",
    "universe_of",
]
