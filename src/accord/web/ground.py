"""What stands still while sliders move: a deal on a day, and its markets without the deal.

A ``Scenario`` is one deal, variant and day, answered once. A ``Ground`` is its market without the
deal, at the values that some uncertain numbers are fixed at: the central one and every draw solved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from accord.assessment import Assessment
from accord.deal import Deal
from accord.effects import Accounts, accounts_of
from accord.effects.many import ManyAccounts, accounts_of_many
from accord.ensemble.ask import Ask
from accord.ensemble.closures import ClosureChoice, choice_of
from accord.ensemble.drawn import Drawn, Matrix
from accord.ensemble.markets import Markets, Side, markets_of
from accord.equilibrium import Equilibrium, Universe, solve_market
from accord.equilibrium.arrays import Index
from accord.equilibrium.many import Many, solve_many
from accord.equilibrium.many_state import ManyState
from accord.equilibrium.stack import Stack
from accord.market import Market
from accord.pack import Pack, PriorKey
from accord.pack.parameters import Parameters
from accord.pack.uncertain import Uncertainty
from accord.web.dials import Dial, dials_of
from accord.web.starts import Known, start_of

DRAWS, SEED = 200, 0
"""Draws behind the ranges of the page: fewer than the 500 of a run, to follow a hand."""
Fixed = tuple[tuple[PriorKey, float], ...]


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


@dataclass(frozen=True, eq=False)
class Ground:
    """The market without the deal, where some uncertain numbers are fixed.

    ``before``  at central values;  ``many`` in every draw;  ``found`` what the draws' numbers make
    of the calibrated market;  ``drawn`` those numbers, the fixed ones alike in all draws
    """

    scenario: Scenario
    fixed: Fixed
    before: Equilibrium
    drawn: Drawn
    found: Parameters
    many: Many

    @property
    def universe(self) -> Universe:
        """The numbering of all markets on this ground."""
        return self.before.universe

    def stack(self, deal: Deal, market: Market) -> Stack:
        """Return every draw's market with the deal as moved; ``market`` is that of the centre."""
        ask = replace(self.scenario.ask, deal=deal)
        central = self.scenario.ask.markets[0]
        # Draws shift the central market, so that what is fixed comes in once: with ``found``.
        moved = deal.apply(central) if self.fixed else market
        sides = Side(ask, self.universe, central), Side(ask, self.universe, moved)
        return Markets(ask, self.universe, sides).after(self.found)

    @cached_property
    def central_accounts(self) -> Accounts:
        """The accounts of the centre without the deal."""
        return accounts_of(self.before)

    @cached_property
    def accounts(self) -> ManyAccounts:
        """Every draw's accounts without the deal; a draw without an answer has none that count."""
        return accounts_of_many(self.scenario.ask.markets[0], state_of(self.many))


def state_of(many: Many, draws: Index | None = None) -> ManyState:
    """Return every quantity of all draws, or of some."""
    here = np.arange(many.count) if draws is None else draws
    stack = many.stack if draws is None else many.stack.rows(here)
    if not many.aside:
        return ManyState(stack, many.z[here])
    unknown = np.full(len(many.stack.base.universe.buyers), np.nan)
    known = np.array([many.aside.get(draw, unknown) for draw in here.tolist()])
    return ManyState(stack, many.z[here], known)


def drawn_with(scenario: Scenario, fixed: Fixed) -> Drawn:
    """Return the draws with some numbers the same in all of them; the others keep theirs."""
    keys = tuple(number.key for number in scenario.uncertainty.numbers)
    values = scenario.draws.copy()
    for key, value in fixed:
        values[:, keys.index(key)] = value
    return Drawn(keys, values)


def market_without(scenario: Scenario, fixed: Fixed) -> Market:
    """Return the central market under the law of the day, with some numbers fixed."""
    if not fixed:
        return scenario.ask.markets[0]
    chosen: Mapping[PriorKey, float] = dict(fixed)
    drawn = Drawn(tuple(chosen), np.array([list(chosen.values())]))
    return markets_of(scenario.ask).single(drawn, 0)[0]


def ground_of(  # noqa: PLR0913, PLR0917 - the question, and what is known near by
    scenario: Scenario,
    fixed: Fixed,
    before: Market,
    universe: Universe,
    near: Ground | None,
    known: Sequence[Known],
) -> Ground:
    """Solve the market without the deal at its centre and in every draw.

    ``near``   a ground with the same names, from whose point to start
    ``known``  what was solved of such grounds
    Raises ``NoCertifiedAnswer`` where the centre has no answer.
    """
    start = near.before.state.z if near else None
    central = solve_market(before, universe=universe, start=start)
    drawn = drawn_with(scenario, fixed)
    markets = markets_of(scenario.ask, universe)
    found = markets.parameters(drawn)
    centre = np.broadcast_to(central.state.z, (drawn.count, central.state.z.size))
    start, slopes = start_of(scenario.dials, number_values(scenario, fixed), known, centre)
    many = solve_many(markets.stacks(drawn)[0], start, near=slopes)
    return Ground(scenario, fixed, central, drawn, found, many)


def number_values(scenario: Scenario, fixed: Fixed) -> dict[str, float]:
    """Return where the sliders of fixed numbers stand."""
    keys = {dial.number: dial.key for dial in scenario.dials.values() if dial.number is not None}
    return {keys[key]: value for key, value in fixed}
