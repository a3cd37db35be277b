"""What stands still while sliders move, and what positions of sliders make of it.

A ``Scenario`` is one deal, variant and day, answered once. A ``Place`` is a position of its sliders
as markets, not solved yet. A ``Ground`` is the central market without the deal, solved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accord.assessment import Assessment
from accord.deal import Deal
from accord.effects import Accounts, accounts_of
from accord.ensemble.ask import Ask
from accord.ensemble.closures import ClosureChoice, choice_of
from accord.ensemble.drawn import Drawn, Matrix
from accord.equilibrium import Equilibrium, Universe, same_names, universe_of
from accord.errors import InputError
from accord.market import Market
from accord.pack import Pack, PriorKey
from accord.pack.uncertain import Uncertainty
from accord.web.dials import Dial, dials_of
from accord.web.latest import Latest
from accord.web.moved import moved_deal, result_faults, values_of
from accord.web.position import Position
from accord.web.seen import Key, keys_seen

DRAWS, SEED = 200, 0
"""Draws behind the ranges of the page: fewer than the 500 of a run, to follow a hand."""
GROUNDS, UNIVERSES = 6, 4
"""How many markets without the deal are kept, and numberings of markets."""
Fixed = tuple[tuple[PriorKey, float], ...]
Values = Mapping[str, float]


@dataclass(frozen=True)
class Scenario:
    """One deal under one variant on one day, answered as it stands in its file.

    ``answer``  at central values; what no slider moves is shown from it
    """

    deal: Deal
    pack: Pack
    answer: Assessment

    @cached_property
    def ask(self) -> Ask:
        """The question, as an ensemble has it."""
        return Ask(self.deal, self.pack, self.answer.as_of)

    @cached_property
    def uncertainty(self) -> Uncertainty:
        """What is uncertain in the pack's market."""
        return self.pack.uncertainty(self.ask.year)

    @cached_property
    def choice(self) -> ClosureChoice:
        """How trade is closed in the draws: as in the answer."""
        return choice_of(self.ask.closure, self.ask.markets)

    @cached_property
    def draws(self) -> Matrix:
        """The uncertain numbers in every draw (D, k)."""
        return self.uncertainty.draws(DRAWS, SEED)

    @cached_property
    def dials(self) -> dict[str, Dial]:
        """What can be moved, by key."""
        found = dials_of(self.deal, self.uncertainty, self.answer)
        return {dial.key: dial for dial in found}

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The effects that the page shows."""
        return keys_seen(self.answer)

    def drawn(self, fixed: Fixed) -> Drawn:
        """Return the draws with some numbers the same in all of them; the others keep theirs."""
        keys = tuple(number.key for number in self.uncertainty.numbers)
        values = self.draws.copy()
        for key, value in fixed:
            values[:, keys.index(key)] = value
        return Drawn(keys, values)


@dataclass(frozen=True, eq=False)
class Moved:
    """A position of the sliders. ``fixed``: the uncertain numbers that have one value.

    ``values``  where all moved sliders stand; of these ``of_terms``: those of the deal's terms on
    the market, ``of_numbers``: those of uncertain numbers;  ``deal`` with its terms as moved
    """

    position: Position
    values: dict[str, float]
    of_terms: dict[str, float]
    of_numbers: dict[str, float]
    fixed: Fixed
    deal: Deal

    @cached_property
    def of_market(self) -> dict[str, float]:
        """Where the sliders stand that move the market."""
        return self.of_terms | self.of_numbers


@dataclass(frozen=True, eq=False)
class Place:
    """A position and what it makes of the market: central, without the deal and with it.

    ``universe``  the numbering of both;  ``of_draws`` whether markets are at the pack's own numbers
    instead of the fixed ones
    """

    moved: Moved
    before: Market
    after: Market
    universe: Universe
    of_draws: bool = False

    @cached_property
    def asks_for_tonnes(self) -> bool:
        """Whether a minimum is in force: only then may there be no answer."""
        return any(x.sense == "at_least" and x.in_force for x in self.after.limits)


class Places:
    """Makes positions of one scenario into markets; what several have in common is made once."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._before: Latest[Fixed, Market] = Latest(GROUNDS)
        self._universes: Latest[int, Universe] = Latest(UNIVERSES)

    def at(self, position: Position) -> Place:
        """Return a position as markets.

        Raises ``InputError`` for numbers that the terms do not allow.
        """
        moved = self._moved(position)
        before = self._without(moved.fixed)
        after = moved.deal.apply(before)
        faults = result_faults(moved.deal, before, after) if moved.values else []
        if faults:
            raise InputError(faults)
        return Place(moved, before, after, self._universe(before, after))

    def of_draws(self, position: Position) -> Place:
        """Return a position with markets at the pack's own numbers: all that draws need of it.

        Raises ``InputError`` for numbers that the terms do not allow one by one.
        """
        moved = self._moved(position)
        before, after = self._scenario.ask.markets
        if moved.of_terms:
            after = moved.deal.apply(before)
        return Place(moved, before, after, self._universe(before, after), of_draws=True)

    def _moved(self, position: Position) -> Moved:
        scenario = self._scenario
        values = values_of(scenario.dials, position.moved)
        dials = [scenario.dials[key] for key in values]
        deal = moved_deal(scenario.deal, scenario.dials, values, scenario.answer.focus.lane)
        return Moved(
            position=position.with_moved(values),
            values=values,
            of_terms={x.key: values[x.key] for x in dials if x.number is None and not x.part},
            of_numbers={x.key: values[x.key] for x in dials if x.number is not None},
            fixed=tuple((x.number, values[x.key]) for x in dials if x.number is not None),
            deal=deal,
        )

    def _without(self, fixed: Fixed) -> Market:
        known = self._before.get(fixed)
        if known is None:
            known = market_without(self._scenario, fixed)
            self._before.put(fixed, known)
        return known

    def _universe(self, before: Market, after: Market) -> Universe:
        """Return one numbering for all that have the same names: one's answers start another's."""
        names = universe_of(before, after)
        found = next((x for x in self._universes.values() if same_names(x, names)), names)
        self._universes.put(id(found), found)
        return found


@dataclass(frozen=True, eq=False)
class Ground:
    """The central market without the deal, solved, where some uncertain numbers are fixed."""

    scenario: Scenario
    fixed: Fixed
    before: Equilibrium

    @cached_property
    def accounts(self) -> Accounts:
        """Its accounts."""
        return accounts_of(self.before)


def market_without(scenario: Scenario, fixed: Fixed) -> Market:
    """Return the central market under the law of the day, with some numbers fixed."""
    if not fixed:
        return scenario.ask.markets[0]
    return scenario.pack.market(scenario.ask.year, scenario.ask.as_of, priors=dict(fixed))
