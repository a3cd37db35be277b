"""Which term of a deal does how much of a change: shares that add up to the change.

A term's share is what it adds to the terms before it, on average over orders in which they may
come: the Shapley value. A term comes after those that it requires, and no order passes through a
set of terms that has no answer by itself (a minimum on a trade that is still banned), so that the
average is over the orders that are left; with none left there are no shares.

Sources: L. S. Shapley, "A value for n-person games" (1953); with terms that require others,
U. Faigle and W. Kern, International Journal of Game Theory 21 (1992).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from accord.effects.accounts import Accounts, accounts_of
from accord.effects.effects import Effects
from accord.effects.measures import MEASURE_BY_NAME
from accord.equilibrium import same_names, solve_market, universe_of
from accord.errors import NoCertifiedAnswer
from accord.instruments import Term, enact
from accord.market import Market

MOST_IN_ALL_ORDERS = 6
"""Terms up to which every order counts: 6 terms have 720 orders and 64 sets to solve."""

Vector = NDArray[np.float64]
Key = tuple[str, str, str | None]
"""A row of the effects: measure, region, good."""
Order = tuple[str, ...]
Worths = Mapping[frozenset[str], Vector | None]


@dataclass(frozen=True)
class ByTerm:
    """The change of each number of ``keys``, shared out among the terms of a deal.

    ``shares``  (K, T) in the base unit of each number; a line adds up to after less before
    ``before, after``  (K,);  ``orders`` how many orders the average is over
    ``every_order``    whether these are all there are, or a sample in which each term stands
                       equally often in each place unless a requirement moves it
    ``solved``  markets solved for it
    """

    terms: Order
    keys: tuple[Key, ...]
    shares: Vector
    before: Vector
    after: Vector
    orders: int
    every_order: bool
    solved: int

    def of(self, key: Key) -> tuple[float, ...]:
        """Return the share of each term in the change of one number, in the order of ``terms``."""
        return tuple(self.shares[self.keys.index(key)].tolist())


def by_term(central: Effects, terms: Sequence[Term], keys: Sequence[Key]) -> ByTerm | None:
    """Share the change of each number out among the terms that are about the market.

    ``central``  before and after all terms; sets in between are solved under the same closure.
    ``None`` where no order of the terms can be followed. Numbers that are absent on a side count
    as 0.
    """
    market_terms = [t for t in terms if t.domain == "market"]
    names = tuple(t.id for t in market_terms)
    orders = list(orders_of(names, {t.id: t.requires for t in market_terms}))
    sets = _Sets(central, market_terms, tuple(keys))
    worths = sets.worths(orders)
    followed = [order for order in orders if all(worths[s] is not None for s in _steps(order))]
    if not followed or not names:
        return None
    return ByTerm(
        terms=names,
        keys=tuple(keys),
        shares=shared_out(followed, worths, names),
        before=sets.values(central.accounts[0]),
        after=sets.values(central.accounts[1]),
        orders=len(followed),
        every_order=len(names) <= MOST_IN_ALL_ORDERS,
        solved=sets.solved,
    )


def orders_of(names: Order, requires: Mapping[str, Iterable[str]]) -> Iterator[Order]:
    """Yield the orders that count, each with every term after those that it requires.

    All of them for few terms. For many: the file's order turned round and round, and the same
    backwards, each moved as little as requirements ask.
    """
    needs = {name: frozenset(requires.get(name, ())) & frozenset(names) for name in names}
    if len(names) <= MOST_IN_ALL_ORDERS:
        allowed = [order for order in permutations(names) if _obeys(order, needs)]
        # Terms that require each other have no order of their own: then all orders count.
        yield from allowed or permutations(names)
        return
    turned = [names[i:] + names[:i] for i in range(len(names))]
    yield from (_moved(order, needs) for order in (*turned, *(x[::-1] for x in turned)))


def shared_out(orders: Sequence[Order], worths: Worths, names: Order) -> Vector:
    """Return what each term adds on average over orders (K, T), from the worth of sets (K,)."""
    place = {name: i for i, name in enumerate(names)}
    total = np.zeros((len(_known(worths, frozenset())), len(names)))
    for order in orders:
        for name, (without, with_it) in zip(order, pairwise(_steps(order)), strict=True):
            total[:, place[name]] += _known(worths, with_it) - _known(worths, without)
    return total / len(orders)


def _known(worths: Worths, members: frozenset[str]) -> Vector:
    found = worths[members]
    if found is None:
        raise ValueError(f"the set {sorted(members)} has no answer")
    return found


def _steps(order: Order) -> list[frozenset[str]]:
    """Return the sets that an order passes through, from no term to all."""
    return [frozenset(order[:i]) for i in range(len(order) + 1)]


def _obeys(order: Order, needs: Mapping[str, frozenset[str]]) -> bool:
    return all(needs[name] <= frozenset(order[:i]) for i, name in enumerate(order))


def _moved(order: Order, needs: Mapping[str, frozenset[str]]) -> Order:
    """Return an order with each term put off until those that it requires are there."""
    left, found = list(order), list[str]()
    while left:
        ready = (name for name in left if needs[name] <= frozenset(found))
        chosen = next(ready, left[0])  # terms that require each other come as they stand
        left.remove(chosen)
        found.append(chosen)
    return tuple(found)


class _Sets:
    """Solves the market under sets of terms, each set once, from the nearest point there is."""

    def __init__(self, central: Effects, terms: Sequence[Term], keys: tuple[Key, ...]) -> None:
        self.central, self.terms, self.keys = central, terms, keys
        self.solved = 0

    def worths(self, orders: Sequence[Order]) -> dict[frozenset[str], Vector | None]:
        """Return the numbers under every set that the orders pass through (K,)."""
        everything = frozenset(t.id for t in self.terms)
        wanted = sorted(
            {s for order in orders for s in _steps(order)}, key=lambda s: (len(s), sorted(s))
        )
        markets = {s: self._market(s) for s in wanted if s and s != everything}
        before, after = self.central.before, self.central.after
        found: dict[frozenset[str], Vector | None] = {
            frozenset(): self.values(self.central.accounts[0]),
            everything: self.values(self.central.accounts[1]),
        }
        universe = universe_of(before.market, *markets.values(), after.market)
        near = before if same_names(universe, before.universe) else None
        for members, market in markets.items():
            try:
                near = solve_market(
                    market,
                    closure=before.closure,
                    universe=universe,
                    start=None if near is None else near.state.z,
                )
            except NoCertifiedAnswer:
                found[members] = None
            else:
                found[members] = self.values(accounts_of(near))
            self.solved += 1
        return found

    def _market(self, members: frozenset[str]) -> Market:
        return enact(self.central.before.market, [t for t in self.terms if t.id in members])

    def values(self, accounts: Accounts) -> Vector:
        """Return the numbers asked for (K,)."""
        return np.array([_value(accounts, key) for key in self.keys], dtype=np.float64)


def _value(accounts: Accounts, key: Key) -> float:
    """Return one number; without a good it is the sum over goods."""
    measure, region, good = key
    table = accounts.tables[MEASURE_BY_NAME[measure].name]
    if good is None:
        return sum(value or 0.0 for (place, _), value in table.items() if place == region)
    return table.get((region, good)) or 0.0
