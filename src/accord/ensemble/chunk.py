"""One stretch of draws, from points to answers: what one process or one worker does at a time.

Draws are cut at fixed places, multiples of ``SIZE``, and every number of a chunk depends on its
first and last draw alone. So answers are the same to the last bit however chunks are spread over
processes and machines of one kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.effects import Accounts, accounts_of
from accord.effects.many import absent, accounts_on
from accord.effects.many_effects import aligned
from accord.effects.measures import Row
from accord.ensemble.closures import UNSURE, ClosureChoice
from accord.ensemble.drawn import Drawn, Matrix, Vector
from accord.ensemble.markets import Markets
from accord.ensemble.response import Response
from accord.equilibrium import solve_market, universe_of
from accord.equilibrium.fast import Kernel
from accord.equilibrium.many import CHUNK, Many, solve_many
from accord.equilibrium.many_state import ManyState
from accord.errors import InputError, NoCertifiedAnswer
from accord.pack.uncertain import Uncertainty

SIZE = CHUNK
"""Draws in a chunk: a multiple of what the solver takes at a time."""
BATCHED = "share"
"""The closure whose draws are solved together; others are solved one by one."""
SIDES = ("before", "after")


@dataclass(frozen=True, eq=False)
class Prepared:
    """All that is the same for every draw.

    ``rows``    the central answer's effects (R), in whose order every draw's stand
    ``starts``  the central points before and after: starts where nothing nearer is known
    ``response``  how the answer before moves with the numbers: the first start of every draw
    ``kernel``  what draws that are solved together are solved with, see ``equilibrium.fast``
    ``seconds_per_draw``  about what one draw takes; no answer depends on it
    """

    markets: Markets
    uncertainty: Uncertainty
    choice: ClosureChoice
    rows: tuple[Row, ...]
    starts: tuple[Vector, Vector]
    response: Response | None
    seed: int
    seconds_per_draw: float
    kernel: Kernel = "numpy"


class Failure(NamedTuple):
    """A draw that has no certified answer, on which side of the deal, and why."""

    draw: int
    side: str
    cause: str


@dataclass(frozen=True, eq=False)
class Chunk:
    """Draws ``start`` … ``start`` + n − 1: their numbers (n, k), effects before and after (n, R).

    ``solved`` (n,); the others have NaN for effects, and their ``failures`` say why.
    """

    start: int
    values: Matrix
    before: Matrix
    after: Matrix
    solved: NDArray[np.bool_]
    failures: tuple[Failure, ...]
    closures: tuple[str, ...]

    @property
    def count(self) -> int:
        """Number of draws n."""
        return len(self.values)


class Stretch(NamedTuple):
    """Draws ``start`` … ``stop`` − 1."""

    start: int
    stop: int


def stretches(draws: int) -> tuple[Stretch, ...]:
    """Return the chunks of so many draws."""
    return tuple(
        Stretch(first, min(first + SIZE, draws)) for first in range(0, max(draws, 0), SIZE)
    )


def solve_chunk(prepared: Prepared, stretch: Stretch) -> Chunk:
    """Return the answers of a stretch of draws."""
    count = stretch.stop - stretch.start
    numbers = prepared.uncertainty
    keys = tuple(number.key for number in numbers.numbers)
    scores = numbers.scores(count, prepared.seed, stretch.start)
    drawn = Drawn(keys, numbers.values(scores))
    closures = prepared.choice.picks(count, prepared.seed, stretch.start)
    filling = _Filling(prepared, drawn, stretch.start)
    filling.together([i for i, name in enumerate(closures) if name == BATCHED], scores)
    for i, name in enumerate(closures):
        if name != BATCHED:
            filling.singly(i, name)
    return Chunk(
        start=stretch.start,
        values=drawn.values,
        before=filling.effects[0],
        after=filling.effects[1],
        solved=filling.solved,
        failures=tuple(sorted(filling.failures, key=_in_order)),
        closures=closures,
    )


def _in_order(failure: Failure) -> tuple[int, int]:
    return failure.draw, SIDES.index(failure.side)


class _Filling:
    """The answers of a chunk as they come in."""

    def __init__(self, prepared: Prepared, drawn: Drawn, first: int) -> None:
        self._prepared = prepared
        self._drawn = drawn
        self._first = first
        shape = (drawn.count, len(prepared.rows))
        self.effects = (np.full(shape, np.nan), np.full(shape, np.nan))
        self.solved = np.zeros(drawn.count, dtype=np.bool_)
        self.failures: list[Failure] = []

    def together(self, draws: Sequence[int], scores: Matrix) -> None:
        """Solve some draws of the chunk under the share closure, all at once."""
        if not draws:
            return
        here = np.array(draws, dtype=np.intp)
        prepared = self._prepared
        stacks = prepared.markets.stacks(self._drawn.rows(here))
        response = prepared.response
        start = prepared.starts[0] if response is None else response.starts(scores[here])
        before = solve_many(stacks[0], start, kernel=prepared.kernel)
        # Closer than the centre: where the draw itself stands without the deal.
        own = np.where(before.solved[:, None], before.z, prepared.starts[1])
        found = before, solve_many(stacks[1], own, kernel=prepared.kernel)
        for side, many in zip(SIDES, found, strict=True):
            self.failures += [
                Failure(self._first + draws[i], side, cause) for i, cause in many.causes.items()
            ]
        both = np.flatnonzero(found[0].solved & found[1].solved)
        self.solved[here[both]] = True
        if not both.size:
            return
        for table, side, many in zip(self.effects, prepared.markets.sides, found, strict=True):
            accounts = accounts_on(side.chart, _state(many, both))
            table[here[both]] = aligned(accounts, prepared.rows)

    def singly(self, draw: int, closure: str) -> None:
        """Solve one draw of the chunk under a closure, its markets made from the tables."""
        markets = self._prepared.markets.single(self._drawn, draw)
        universe = universe_of(*markets)
        found: list[Vector] = []
        for side, market in zip(SIDES, markets, strict=True):
            try:
                solved = solve_market(market, closure=closure, universe=universe)
            except NoCertifiedAnswer as failure:
                self.failures.append(Failure(self._first + draw, side, failure.cause))
            except InputError as refusal:
                # What the closure cannot say at the draw's numbers: σ ≤ 1 under armington.
                self.failures.append(Failure(self._first + draw, side, _refused(refusal)))
            else:
                found.append(values_of(accounts_of(solved), self._prepared.rows, closure))
        if len(found) == len(SIDES):
            self.solved[draw] = True
            for table, values in zip(self.effects, found, strict=True):
                table[draw] = values


def _refused(refusal: InputError) -> str:
    return "; ".join(fault.found for fault in refusal.faults)


def _state(many: Many, draws: NDArray[np.intp]) -> ManyState:
    """Return every quantity of some solved draws."""
    stack = many.stack.rows(draws)
    if not many.aside:
        return ManyState(stack, many.z[draws])
    unknown = np.full(len(many.stack.base.universe.buyers), np.nan)
    known = np.array([many.aside.get(draw, unknown) for draw in draws.tolist()])
    return ManyState(stack, many.z[draws], known)


def values_of(accounts: Accounts, rows: Sequence[Row], closure: str) -> Vector:
    """Return one answer in the order of rows (R,), NaN for what its closure does not pin down."""
    unsure = UNSURE.get(closure, ())
    values = [
        np.nan
        if row.measure in unsure
        else accounts.tables[row.measure].get((row.region, row.good), absent(row.measure))
        for row in rows
    ]
    return np.array(values)
