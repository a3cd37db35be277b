"""One side, two sides, three: who cuts, what is freed, what is left against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from accord.budget.level import Level

MOST = 3
"""Countries up to which every group of them is looked at; beyond it each alone and all."""


@dataclass(frozen=True, slots=True)
class Side:
    """What is cut where these countries cut and nobody else does.

    ``freed``  USD/yr once all of it is cut;  ``freed_ppp`` at purchasing power
    ``left``   what each country would then have, USD/yr, in the order of ``countries``; those
               that do not cut at their level
    ``low``, ``high``  the same where those who do not cut react to the fall of the others' sum at
               the low and the high elasticity
    """

    who: tuple[str, ...]
    countries: tuple[str, ...]
    freed: float
    freed_ppp: float | None
    left: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def sides(
    levels: Sequence[Level], shares: Sequence[float], elasticity: tuple[float, float]
) -> tuple[Side, ...]:
    """Return each group of countries that could cut, the smallest first.

    ``shares`` are the fractions cut, one for each level, ``elasticity`` the lowest and highest
    per cent by which a state changes its spending for each per cent of change elsewhere. A
    country with the share 0 never cuts: it only reacts.
    """
    places = [i for i, share in enumerate(shares) if share > 0.0]
    sizes = range(len(places)) if len(places) <= MOST else (0, len(places) - 1)
    groups = [group for size in sizes for group in combinations(places, size + 1)]
    return tuple(_side(group, levels, shares, elasticity) for group in groups)


def _side(
    group: tuple[int, ...],
    levels: Sequence[Level],
    shares: Sequence[float],
    elasticity: tuple[float, float],
) -> Side:
    cut = [share if i in group else 0.0 for i, share in enumerate(shares)]
    left = tuple(x.dollars * (1.0 - part) for x, part in zip(levels, cut, strict=True))
    ppp = [levels[i].ppp for i in group]
    known = [x * cut[i] for i, x in zip(group, ppp, strict=True) if x is not None]
    ends = sorted(elasticity)
    reactions = [_with_reaction(group, levels, left, x) for x in ends]
    return Side(
        who=tuple(levels[i].country for i in group),
        countries=tuple(x.country for x in levels),
        freed=sum(levels[i].dollars * cut[i] for i in group),
        freed_ppp=sum(known) if len(known) == len(group) else None,
        left=left,
        low=tuple(map(min, *reactions)),
        high=tuple(map(max, *reactions)),
    )


def _with_reaction(
    group: tuple[int, ...], levels: Sequence[Level], left: tuple[float, ...], elasticity: float
) -> tuple[float, ...]:
    """Return what is left where those outside the group follow the group's sum."""
    before = sum(levels[i].dollars for i in group)
    change = sum(left[i] for i in group) / before - 1.0 if before else 0.0
    # Linear in per cent, so that a cut to nothing has an answer too.
    factor = 1.0 + elasticity * change
    return tuple(x if i in group else x * factor for i, x in enumerate(left))
