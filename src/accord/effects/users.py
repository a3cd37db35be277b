"""Who pays among the users of a good: each group's part of what final demand gains or loses.

Users share the change of consumer surplus in proportion to what they buy (the shares of the
market's final demand). Their parts add up to the region's consumer surplus.
"""

from __future__ import annotations

from dataclasses import dataclass

from accord.effects.effects import Effects
from accord.effects.measures import USER


@dataclass(frozen=True, slots=True)
class UserGain:
    """A group of users: its share of the region's use, and what it gains (USD a year)."""

    user: str
    share: float
    gain: float


def user_gains(effects: Effects, region: str, good: str) -> tuple[UserGain, ...]:
    """Return what each group of users in a region gains or loses, largest share first.

    Empty where the pack does not say who uses the good there.
    """
    demand = next(
        (d for d in effects.after.market.demands if (d.good, d.region) == (good, region)), None
    )
    if demand is None:
        return ()
    found = [
        UserGain(name, share, effects.change("user_surplus", f"{region}{USER}{name}", good))
        for name, share in demand.users
    ]
    return tuple(sorted(found, key=lambda g: (-g.share, g.user)))
