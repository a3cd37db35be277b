"""Answers at any position of the sliders, from whatever is known of positions near by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from accord.assessment import Assessment
from accord.assessment.assessment import Check
from accord.assessment.because import because
from accord.assessment.certificate import IDENTITY_TOLERANCE
from accord.assessment.deal_lines import own_assumptions, term_lines
from accord.assessment.focus import Focus
from accord.assessment.headline import Names, headline
from accord.assessment.ranges import said_of
from accord.deal import Deal
from accord.effects import Effects, compare
from accord.effects.many_effects import ManyEffects
from accord.ensemble.ensemble import Ensemble
from accord.equilibrium import Universe, solve_market
from accord.errors import NoCertifiedAnswer
from accord.web.draws import Draws, Found
from accord.web.ground import (
    DRAWS,
    GROUNDS,
    SEED,
    UNIVERSES,
    Fixed,
    Ground,
    Place,
    Places,
    Scenario,
)
from accord.web.latest import Latest
from accord.web.moved import values_of
from accord.web.position import Position
from accord.web.seen import Seen
from accord.web.starts import Starts

TRACKS = 24
"""Lately solved positions that are kept whole."""
Others = Callable[[Position], Callable[[], list[Found]]]
"""Has the processes that have the other draws begin with a position; what that returns waits for
what they find."""


@dataclass(frozen=True)
class Solved:
    """A position and its answer.

    ``values``  where the moved sliders stand;  ``answer`` ``check.ok`` says nothing yet of welfare
    computed a second time: ``checked`` does that
    """

    position: Position
    values: dict[str, float]
    ground: Ground
    answer: Assessment


class Desk:
    """Everything about one scenario that is prepared once, and what was solved last.

    ``others``  the processes that have the draws that ``draws`` has not
    """

    def __init__(self, scenario: Scenario, others: Others | None = None) -> None:
        self.scenario = scenario
        self.others = others
        self.draws = Draws(scenario)
        self._places = Places(scenario)
        self._grounds: Latest[tuple[Fixed, int], Ground] = Latest(GROUNDS)
        self._solved: Latest[str, Solved] = Latest(TRACKS)
        # Where the central market begins, before and after, on each numbering.
        self._starts: Latest[int, tuple[Universe, Starts, Starts]] = Latest(UNIVERSES)

    def solve(self, position: Position) -> Solved:
        """Return the answer of a position: the point and every draw.

        Raises ``InputError`` for numbers that the terms do not allow, ``NoCertifiedAnswer`` where
        the market has no answer, saying what stands against it.
        """
        position = position.with_moved(values_of(self.scenario.dials, position.moved))
        known = self._solved.get(position.query)
        if known is not None:
            return known
        theirs = None if self.others is None else self.others(position)
        place = self._places.at(position)
        ground, effects = self._centre(place)
        mine = self.draws.at(place, lambda: ground.before.state.z)
        found = [mine, *(theirs() if theirs is not None else [])]
        ensemble = self._ensemble(place, effects, found)
        solved = Solved(
            position, place.moved.values, ground, self._answer(place.moved.deal, effects, ensemble)
        )
        self._solved.put(position.query, solved)
        return solved

    def check(self, position: Position) -> Check:
        """Return the certificate of a position with welfare computed twice; no draw is solved.

        Raises as ``solve`` and ``checked``.
        """
        position = position.with_moved(values_of(self.scenario.dials, position.moved))
        known = self._solved.get(position.query)
        if known is not None:
            return checked(known.answer.effects)
        return checked(self._centre(self._places.at(position))[1])

    def part(self, position: Position) -> Found:
        """Return what the draws of this process say of a position, for a desk that lacks them.

        Raises as ``solve``.
        """
        place = self._places.of_draws(position)
        ground = self._ground(place)
        if place.asks_for_tonnes:
            # Draw by draw, what has no answer takes minutes to say so; the centre says it at once.
            solve_market(place.after, universe=place.universe, start=ground.before.state.z)
        return self.draws.at(place, lambda: ground.before.state.z)

    # ------------------------------------------------------------------ the centre

    def _centre(self, place: Place) -> tuple[Ground, Seen]:
        """Return the central market without the deal, and what changes with it."""
        ground = self._ground(place)
        starts = self._start(place)[1]
        start = starts.at(place.moved.of_market)
        begin = ground.before.state.z if start is None else start[0]
        after = solve_market(place.after, universe=place.universe, start=begin)
        starts.put(place.moved.of_market, after.state.z[None, :])
        keys = self.scenario.keys
        return ground, Seen.of(compare(ground.before, after), ground.accounts, keys)

    def _ground(self, place: Place) -> Ground:
        # Where only draws are asked for, the centre stays at the pack's own numbers.
        fixed = () if place.of_draws else place.moved.fixed
        numbers = {} if place.of_draws else place.moved.of_numbers
        known = self._grounds.get((fixed, id(place.universe)))
        if known is None:
            starts = self._start(place)[0]
            start = starts.at(numbers)
            begin = None if start is None else start[0]
            before = solve_market(place.before, universe=place.universe, start=begin)
            starts.put(numbers, before.state.z[None, :])
            known = Ground(self.scenario, fixed, before)
            self._grounds.put((fixed, id(place.universe)), known)
        return known

    def _start(self, place: Place) -> tuple[Starts, Starts]:
        known = self._starts.get(id(place.universe))
        if known is None:
            dials = self.scenario.dials
            known = place.universe, Starts(dials), Starts(dials)
            self._starts.put(id(place.universe), known)
        return known[1:]

    @cached_property
    def _standing(self) -> tuple[str, ...]:
        """What is said of the answer wherever sliders stand: levels that stand in, dates."""
        base, deal = self.scenario.answer, self.scenario.deal
        names = Names(base.region_names, base.good_names)
        moving = _reasons(deal, base.effects, base.focus, names)
        return tuple(x for x in base.because if x not in moving)

    # ------------------------------------------------------------------ answers

    def _ensemble(self, place: Place, effects: Seen, found: list[Found]) -> Ensemble:
        found = sorted(found, key=lambda x: x.first)
        if sum(len(x.solved) for x in found) != DRAWS:
            raise RuntimeError("some draws were answered by no process")
        column = {key: i for i, key in enumerate(self.scenario.keys)}
        columns = [column[x.measure, x.region, x.good] for x in effects.rows]
        before, after = (
            np.concatenate([getattr(x, side) for x in found])[:, columns]
            for side in ("before", "after")
        )
        solved = np.concatenate([x.solved for x in found])
        failures = [failure for x in found for failure in x.failures]
        scenario, count = self.scenario, len(solved)
        return Ensemble(
            numbers=scenario.uncertainty.numbers,
            values=scenario.drawn(place.moved.fixed).values,
            draws=np.arange(count),
            closures=("share",) * count,
            choice=scenario.choice,
            effects=ManyEffects(effects.rows, before, after, solved),
            failures=tuple(sorted(failures, key=lambda x: x.draw)),
            seed=SEED,
            wanted=count,
            seconds=0.0,
        )

    def _answer(self, deal: Deal, effects: Seen, ensemble: Ensemble) -> Assessment:
        base = self.scenario.answer
        names = Names(base.region_names, base.good_names)
        said = (headline(effects, base.focus, names), said_of(base.focus, ensemble))
        own = {x.term for x in (*deal.assumed, *self.scenario.deal.assumed)}
        shared = (x for x in base.assumptions if x.where not in own)
        return replace(
            base,
            effects=effects,
            headline=" ".join(x for x in said if x),
            because=(*self._standing, *_reasons(deal, effects, base.focus, names)),
            check=_check(effects),
            terms=term_lines(deal),
            access=(),
            assumptions=(*own_assumptions(deal), *shared),
            ensemble=ensemble,
            rests_on=None,
        )


def _reasons(deal: Deal, effects: Effects, focus: Focus, names: Names) -> tuple[str, ...]:
    """Return what must be said of the terms, and what follows from the numbers."""
    before, after = effects.before.market, effects.after.market
    notes = (note for term in deal.terms for note in term.notes(before, after))
    return (*notes, *because(effects, focus, names))


def checked(effects: Effects) -> Check:
    """Return the certificate of an answer with the change of welfare computed a second time.

    Raises ``NoCertifiedAnswer`` where the two computations differ.
    """
    identity = effects.welfare_identity
    if not identity <= IDENTITY_TOLERANCE:
        raise NoCertifiedAnswer(
            f"the two computations of the change of welfare differ by {identity:.1e} of the gross "
            f"change (allowed {IDENTITY_TOLERANCE:.0e})",
            "move a slider a little; the position itself cannot be followed",
        )
    return replace(_check(effects), welfare_identity=identity)


def _check(effects: Effects) -> Check:
    """Return the certificate of both markets; welfare is not computed a second time yet."""
    both = (effects.before.certificate, effects.after.certificate)
    return Check(
        market_clearing=max(c.market_clearing for c in both),
        complementarity=max(c.complementarity for c in both),
        mass_balance=max(c.mass_balance for c in both),
        welfare_identity=float("nan"),
        steps=sum(c.steps for c in both),
        seconds=sum(c.seconds for c in both),
        ok=all(c.ok for c in both),
    )
