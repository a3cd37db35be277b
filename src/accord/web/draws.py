"""Some of the draws of a scenario, at any position of its sliders.

The draws are cut into parts at fixed places, and every part is solved by itself from what it knows
of positions near by. So parts can belong to several processes, and whatever their number, the same
questions get the same answers, but for the last bits of sums over draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from accord.effects.many import accounts_on
from accord.effects.many_effects import aligned
from accord.effects.measures import Row
from accord.ensemble.chunk import Failure
from accord.ensemble.drawn import Matrix
from accord.ensemble.markets import Markets, Side
from accord.equilibrium import Universe
from accord.equilibrium.arrays import Index, Vector
from accord.equilibrium.many import Many, solve_many
from accord.equilibrium.many_state import ManyState
from accord.equilibrium.stack import Stack
from accord.pack.parameters import Parameters
from accord.web.ground import GROUNDS, UNIVERSES, Fixed, Place, Scenario
from accord.web.latest import Latest
from accord.web.starts import Slopes, Starts, Values

CUTS = (0, 40, 80, 140, 200)
"""Where the draws are cut. The first parts are smaller: whoever has them does the centre too."""
PARTS = tuple(slice(a, b) for a, b in pairwise(CUTS))
TERMS = 6
"""Deals as moved whose compiled markets are kept."""


@dataclass(frozen=True, eq=False)
class Found:
    """What some draws say of a position: the effects that the page shows, in ``keys_seen`` order.

    ``first``  number of the first;  ``before``, ``after`` (D, K), NaN where a draw has no value;
    ``solved`` (D,) whether it has an answer on both sides
    """

    first: int
    before: Matrix
    after: Matrix
    solved: NDArray[np.bool_]
    failures: tuple[Failure, ...]


Centre = Callable[[], Vector]
"""The unknowns of the central market without the deal, for draws of which nothing is known."""


class Draws:
    """The parts of a scenario's draws that one process has, one after the other."""

    def __init__(self, scenario: Scenario, parts: Sequence[slice] = PARTS) -> None:
        self._scenario = scenario
        self._markets: Latest[tuple[int, tuple[tuple[str, float], ...]], Markets] = Latest(TERMS)
        self._without: Latest[tuple[int, Fixed], _Without] = Latest(GROUNDS)
        self._sides: Latest[int, tuple[_Side, _Side]] = Latest(UNIVERSES)
        self._parts = tuple(parts)

    def keep(self, parts: Sequence[slice]) -> None:
        """Let go of all other parts: other processes have them."""
        for sides in self._sides.values():
            for side in sides:
                side.keep(parts)
        self._without = Latest(GROUNDS)
        self._parts = tuple(parts)

    def forget_slopes(self) -> None:
        """Let go of factored slopes, which weigh most, until they are needed again."""
        for sides in self._sides.values():
            for side in sides:
                side.forget_slopes()

    def at(self, place: Place, centre: Centre) -> Found:
        """Return what the draws say of a position."""
        without = self._before(place, centre)
        moved = self._on(place, place.moved.of_terms)
        stack = moved.after(without.found)
        after = self._side(place, 1).solve(
            place.moved.of_market, stack, lambda: without.solution.z, centre
        )
        both = without.solution.solved & after.solved
        table = self._table(moved.sides[1], after)
        first = self._parts[0].start
        failures = tuple(
            Failure(first + draw, side, cause)
            for side, found in (("before", without.solution), ("after", after))
            for draw, cause in found.causes.items()
        )
        tables = [np.where(both[:, None], x, np.nan) for x in (without.table, table)]
        return Found(first, tables[0], tables[1], both, failures)

    def _side(self, place: Place, which: int) -> _Side:
        known = self._sides.get(id(place.universe))
        if known is None:
            new = (_Side(self._scenario, place.universe, self._parts) for _ in range(2))
            known = next(new), next(new)
            self._sides.put(id(place.universe), known)
        return known[which]

    def _before(self, place: Place, centre: Centre) -> _Without:
        key = id(place.universe), place.moved.fixed
        known = self._without.get(key)
        if known is None:
            mine = range(self._parts[0].start, self._parts[-1].stop)
            drawn, filed = self._scenario.drawn(place.moved.fixed).rows(mine), self._on(place, {})
            found = filed.parameters(drawn)
            stack = filed.without(found)
            solution = self._side(place, 0).solve(place.moved.of_numbers, stack, centre, centre)
            table = self._table(filed.sides[0], solution)
            known = _Without(found, solution, table)
            self._without.put(key, known)
        return known

    # ------------------------------------------------------------------ markets

    def _on(self, place: Place, terms: Values) -> Markets:
        """Return the markets of the deal with its terms where they stand, or as filed."""
        key = id(place.universe), tuple(terms.items())
        known = self._markets.get(key)
        if known is None:
            known = self._compiled(place, terms)
            self._markets.put(key, known)
        return known

    def _compiled(self, place: Place, terms: Values) -> Markets:
        ask = self._scenario.ask
        before, after = ask.markets
        # Draws shift the central market, so that what is fixed comes in once: with their numbers.
        if terms:
            ask = replace(ask, deal=place.moved.deal)
            unfixed = place.of_draws or not place.moved.fixed
            after = place.after if unfixed else place.moved.deal.apply(before)
        sides = Side(ask, place.universe, before), Side(ask, place.universe, after)
        return Markets(ask, place.universe, sides)

    def _table(self, side: Side, solution: _Solution) -> Matrix:
        """Return the effects that the page shows (D, K), NaN in draws without an answer."""
        here, keys = np.flatnonzero(solution.solved), self._scenario.keys
        table = np.full((len(solution.z), len(keys)), np.nan)
        if here.size:
            accounts = accounts_on(side.chart, solution.state(here))
            table[here] = aligned(accounts, [Row(*x, 0, None, None, "") for x in keys])
        return table


@dataclass(frozen=True, eq=False)
class _Solution:
    """D draws solved, part by part: see ``Many``."""

    stack: Stack
    parts: tuple[Many, ...]

    @cached_property
    def z(self) -> Matrix:
        return np.concatenate([x.z for x in self.parts])

    @cached_property
    def solved(self) -> NDArray[np.bool_]:
        return np.concatenate([x.solved for x in self.parts])

    @property
    def causes(self) -> dict[int, str]:
        return {i + draw: x for i, part in self._placed() for draw, x in part.causes.items()}

    def state(self, draws: Index) -> ManyState:
        """Return every quantity of some draws."""
        whole = draws.size == len(self.z)
        stack = self.stack if whole else self.stack.rows(draws)
        aside = {i + draw: x for i, part in self._placed() for draw, x in part.aside.items()}
        if not aside:
            return ManyState(stack, self.z[draws])
        unknown = np.full(len(self.stack.base.universe.buyers), np.nan)
        known = np.array([aside.get(draw, unknown) for draw in draws.tolist()])
        return ManyState(stack, self.z[draws], known)

    def _placed(self) -> Iterator[tuple[int, Many]]:
        first = 0
        for part in self.parts:
            yield first, part
            first += part.count


@dataclass(frozen=True, eq=False)
class _Without:
    """The draws without the deal. ``found``: what their numbers make of the market."""

    found: Parameters
    solution: _Solution
    table: Matrix


class _Side:
    """The draws without the deal, or with it: what was solved of them, part by part."""

    def __init__(self, scenario: Scenario, universe: Universe, parts: Sequence[slice]) -> None:
        self._universe = universe  # lives as long as what is known on it
        dials = scenario.dials
        self._known = {x.start: (x, Starts(dials), Slopes(dials)) for x in parts}

    def keep(self, parts: Sequence[slice]) -> None:
        """Let go of all other parts."""
        self._known = {x.start: self._known[x.start] for x in parts}

    def forget_slopes(self) -> None:
        """Let go of factored slopes."""
        for _, _, slopes in self._known.values():
            slopes.forget()

    def solve(
        self, values: Values, stack: Stack, near: Callable[[], Matrix], centre: Centre
    ) -> _Solution:
        """Solve a position, from what is known of positions near by; from ``near`` without any."""
        settled = stack.without_the_impossible()
        first = next(iter(self._known))
        found: list[Many] = []
        for rows, starts, slopes in self._known.values():
            mine = slice(rows.start - first, rows.stop - first)
            start = starts.at(values)
            if start is None:
                start = np.broadcast_to(near(), (stack.count, near().shape[-1]))[mine]
            if not np.all(np.isfinite(start)):
                start = np.where(np.isfinite(start), start, centre())
            many = solve_many(settled.rows(mine), start, near=slopes.near(values))
            starts.put(values, many.z)
            slopes.put(values, many)
            found.append(many)
        return _Solution(settled, tuple(found))
