"""Answers at any position of the sliders, from whatever is known of positions near by."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np

from accord.assessment import Assessment
from accord.assessment.assess import IDENTITY_TOLERANCE
from accord.assessment.assessment import Check
from accord.assessment.because import because
from accord.assessment.deal_lines import own_assumptions, term_lines
from accord.assessment.focus import Focus
from accord.assessment.headline import Names, headline
from accord.assessment.ranges import said_of
from accord.deal import Deal
from accord.effects import Effects, compare
from accord.effects.many import ManyAccounts, accounts_of_many
from accord.effects.many_effects import ManyEffects, aligned
from accord.ensemble.chunk import Failure
from accord.ensemble.ensemble import Ensemble
from accord.equilibrium import same_names, solve_market, universe_of
from accord.equilibrium.arrays import Index, Matrix
from accord.equilibrium.many import Many, solve_many
from accord.errors import InputError, NoCertifiedAnswer
from accord.market import Market
from accord.web.ground import (
    SEED,
    Fixed,
    Ground,
    Scenario,
    ground_of,
    market_without,
    number_values,
    state_of,
)
from accord.web.moved import moved_deal, result_faults, values_of
from accord.web.position import Position
from accord.web.seen import Key as SeenKey
from accord.web.seen import Seen, keys_seen
from accord.web.starts import Known, distance, start_of

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
GROUNDS, TRACKS, FACTORED = 4, 10, 3
"""How many markets without the deal and lately solved positions are kept, and slopes of these."""


class Latest(Generic[Key, Value]):
    """The things used last, so many at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return a thing that is kept, now the last used."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep a thing, and let go of what was not used for longest."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def values(self) -> list[Value]:
        """Return all that is kept, the last used first."""
        return list(reversed(self._kept.values()))


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
    many: Many


class Desk:
    """Everything about one scenario that is prepared once, and what was solved last."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._grounds: Latest[tuple[Fixed, int], Ground] = Latest(GROUNDS)
        self._solved: Latest[str, Solved] = Latest(TRACKS)

    def solve(self, position: Position) -> Solved:
        """Return the answer of a position: the point and every draw.

        Raises ``InputError`` for numbers that the terms do not allow, ``NoCertifiedAnswer`` where
        the market has no answer, saying what stands against it.
        """
        scenario = self.scenario
        values = values_of(scenario.dials, position.moved)
        position = position.with_moved(values)
        known = self._solved.get(position.query)
        if known is not None:
            return known
        deal = moved_deal(scenario.deal, scenario.dials, values, scenario.answer.focus.lane)
        ground, market = self._ground(self._fixed(values), deal, checked=bool(values))
        solved = self._after(position, values, deal, ground, market)
        self._solved.put(position.query, solved)
        self._forget_slopes()
        return solved

    def _forget_slopes(self) -> None:
        """Let go of factored slopes but the last few: they are most of what a position weighs."""
        for known in (self._solved.values(), self._grounds.values()):
            factored = [x.many for x in known if "factors" in vars(x.many)]
            for many in factored[FACTORED:]:
                vars(many).pop("factors")

    def _fixed(self, values: dict[str, float]) -> Fixed:
        dials = (self.scenario.dials[key] for key in values)
        return tuple((x.number, values[x.key]) for x in dials if x.number is not None)

    def _ground(self, fixed: Fixed, deal: Deal, *, checked: bool) -> tuple[Ground, Market]:
        """Return the market without the deal, solved, and with it."""
        before = self._before(fixed)
        after = deal.apply(before)
        faults = result_faults(deal, before, after) if checked else []
        if faults:
            raise InputError(faults)
        names = universe_of(before, after)
        for ground in self._grounds.values():
            if ground.fixed == fixed and same_names(ground.universe, names):
                return ground, after
        near = next((x for x in self._grounds.values() if same_names(x.universe, names)), None)
        # One numbering for all that have the same names, so that one's answers start the other's.
        names = names if near is None else near.universe
        known = [
            Known(number_values(self.scenario, x.fixed), x.many)
            for x in self._grounds.values()
            if x.universe is names
        ]
        ground = ground_of(self.scenario, fixed, before, names, near, known)
        self._grounds.put((fixed, id(names)), ground)
        return ground, after

    def _before(self, fixed: Fixed) -> Market:
        known = next((x for x in self._grounds.values() if x.fixed == fixed), None)
        return market_without(self.scenario, fixed) if known is None else known.before.market

    def _after(
        self,
        position: Position,
        values: dict[str, float],
        deal: Deal,
        ground: Ground,
        market: Market,
    ) -> Solved:
        here = [x for x in self._solved.values() if x.ground.universe is ground.universe]
        near = min(here, key=lambda x: self._distance(x, values), default=None)
        start = near.answer.effects.after.state.z if near else ground.before.state.z
        after = solve_market(market, universe=ground.universe, start=start)
        without = np.where(ground.many.solved[:, None], ground.many.z, ground.before.state.z)
        known = [Known(x.values, x.many) for x in here]
        start, slopes = self._start(values, known, without)
        many = solve_many(ground.stack(deal, market), start, near=slopes)
        effects = Seen.of(compare(ground.before, after), ground.central_accounts, self._keys)
        ensemble = self._ensemble(ground, effects, many)
        return Solved(position, values, ground, self._answer(deal, effects, ensemble), many)

    def _distance(self, one: Solved, values: dict[str, float]) -> float:
        return distance(self.scenario.dials, one.values, values)

    def _start(
        self, values: dict[str, float], known: list[Known], otherwise: Matrix
    ) -> tuple[Matrix, Many | None]:
        return start_of(self.scenario.dials, values, known, otherwise)

    @cached_property
    def _keys(self) -> tuple[SeenKey, ...]:
        return keys_seen(self.scenario.answer)

    @cached_property
    def _standing(self) -> tuple[str, ...]:
        """What is said of the answer wherever sliders stand: levels that stand in, dates."""
        base, deal = self.scenario.answer, self.scenario.deal
        names = Names(base.region_names, base.good_names)
        moving = _reasons(deal, base.effects, base.focus, names)
        return tuple(x for x in base.because if x not in moving)

    # ------------------------------------------------------------------ answers

    def _ensemble(self, ground: Ground, effects: Seen, many: Many) -> Ensemble:
        both = np.flatnonzero(ground.many.solved & many.solved)
        shape = (many.count, len(effects.rows))
        tables = np.full(shape, np.nan), np.full(shape, np.nan)
        if both.size:
            whole = both.size == many.count
            after = _accounts(effects.after.market, many, None if whole else both)
            tables[0][both] = aligned(ground.accounts, effects.rows)[both]
            tables[1][both] = aligned(after, effects.rows)
        solved = np.zeros(many.count, dtype=np.bool_)
        solved[both] = True
        failures = [
            Failure(draw, side, cause)
            for side, found in (("before", ground.many), ("after", many))
            for draw, cause in found.causes.items()
        ]
        scenario = self.scenario
        return Ensemble(
            numbers=scenario.uncertainty.numbers,
            values=ground.drawn.values,
            draws=np.arange(many.count),
            closures=("share",) * many.count,
            choice=scenario.choice,
            effects=ManyEffects(effects.rows, *tables, solved),
            failures=tuple(sorted(failures, key=lambda x: x.draw)),
            seed=SEED,
            wanted=many.count,
            seconds=0.0,
        )

    def _answer(self, deal: Deal, effects: Seen, ensemble: Ensemble) -> Assessment:
        base = self.scenario.answer
        names = Names(base.region_names, base.good_names)
        said = (headline(effects, base.focus, names), said_of(base.focus, ensemble))
        own = {x.term for x in deal.assumed}
        shared = (
            x
            for x in base.assumptions
            if x.where not in own | {y.term for y in self.scenario.deal.assumed}
        )
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


def checked(solved: Solved) -> Check:
    """Return the certificate with the change of welfare computed a second time.

    Raises ``NoCertifiedAnswer`` where the two computations differ.
    """
    effects = solved.answer.effects
    identity = effects.welfare_identity
    if not identity <= IDENTITY_TOLERANCE:
        raise NoCertifiedAnswer(
            f"the two computations of the change of welfare differ by {identity:.1e} of the gross "
            f"change (allowed {IDENTITY_TOLERANCE:.0e})",
            "move a slider a little; the position itself cannot be followed",
        )
    return replace(solved.answer.check, welfare_identity=identity)


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


def _accounts(market: Market, many: Many, draws: Index | None) -> ManyAccounts:
    return accounts_of_many(market, state_of(many, draws))
