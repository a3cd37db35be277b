"""From an ask to an ensemble: prepare, cut into chunks, have them solved, put them together."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from accord.effects import Effects, compare
from accord.effects.many_effects import ManyEffects
from accord.ensemble.affordable import (
    Cost,
    bytes_per_draw,
    memory_there,
    refuse_count,
    refuse_excess,
    refuse_seed,
)
from accord.ensemble.ask import MIXED, Ask
from accord.ensemble.chunk import (
    BATCHED,
    Chunk,
    Prepared,
    Stretch,
    solve_chunk,
    stretches,
)
from accord.ensemble.closures import ClosureChoice, choice_of
from accord.ensemble.drawn import Drawn, Matrix, Vector
from accord.ensemble.ensemble import Ensemble
from accord.ensemble.markets import Markets, markets_of
from accord.ensemble.response import Response, response_of
from accord.ensemble.workers import can_fork, cores, on_processes
from accord.equilibrium import point_at, solve_market, universe_of
from accord.equilibrium.fast import Kernel, kernel_in_use, load, look
from accord.equilibrium.stack import Stack
from accord.pack.uncertain import Uncertainty

if TYPE_CHECKING:
    from accord.ensemble.store import Store

DRAWS = 500
"""Draws that an answer rests on unless more or fewer are asked for."""
PAYS = 0.3
"""Seconds of work from which a second process is worth starting."""
PAYS_SPAWNED = 20.0
"""The same where processes cannot be forked."""
TOGETHER, ALONE = 0.3, 3.0
"""What a draw takes, over what the central answer took to solve: with others at once, or alone
with its markets made from the tables. Measured on the founding deal; good for an estimate."""
FAST_FROM = 2_000
"""Draws from which compiled kernels are worth loading, which takes about half a second."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class How:
    """How draws are computed. No number of the answer depends on any of it.

    ``workers``    processes on this machine; ``None``: as many as there are cores, if it pays
    ``scheduler``  address of a Dask scheduler, as ``tcp://host:port``
    ``resume``     folder in which chunks are kept as they are done, and found again
    ``progress``   called with the draws done and wanted after every chunk
    ``memory``     bytes that the ensemble may fill; ``None``: half of the machine's
    """

    workers: int | None = None
    scheduler: str | None = None
    resume: Path | None = None
    progress: Progress | None = None
    memory: float | None = None


PLAINLY = How()


def run(  # noqa: PLR0913 - the question, and what is known of its answer already
    ask: Ask,
    draws: int = DRAWS,
    seed: int = 0,
    *,
    how: How = PLAINLY,
    uncertainty: Uncertainty | None = None,
    central: Effects | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Ensemble:
    """Return the effects of a deal in many draws of the pack's uncertain numbers.

    ``uncertainty``  what is drawn, in place of the pack's own
    ``central``      the central answer, if it is there already; draws start from it
    ``meanwhile``    other work of the caller's, done once: while processes are at the draws, if any
    Draw i has the same numbers whatever the deal, its variant and the count of draws. When it is
    interrupted the chunks done are the answer, marked partial. Raises ``InputError`` for a count
    that is none or does not fit, a bad seed, an unknown closure, a scheduler that is not there and
    a folder of another question; ``NoCertifiedAnswer`` where the centre has no answer.
    """
    refuse_count(draws)
    refuse_seed(seed)
    began = time.perf_counter()
    prepared = replace(prepare(ask, seed, uncertainty, central), kernel=kernel_for(draws, how))
    if prepared.kernel == "numba":
        load()  # before processes are forked, so that they have it
    whole = _Whole(prepared, draws, _tell_nobody if how.progress is None else how.progress)
    other = _Once(meanwhile)
    source = _Source(prepared, draws, how, other)
    try:
        with closing(source.chunks()) as chunks:
            for chunk in chunks:
                whole.add(chunk)
    except KeyboardInterrupt:
        if not whole.done:
            raise
    other()
    return whole.ensemble(time.perf_counter() - began)


def prepare(
    ask: Ask, seed: int, uncertainty: Uncertainty | None = None, central: Effects | None = None
) -> Prepared:
    """Return what is the same for every draw; the central answer is solved if it is not known."""
    known = uncertainty or ask.pack.uncertainty(ask.year)
    choice = choice_of(ask.closure, ask.markets)
    effects = central_of(ask) if central is None else central
    markets = markets_of(ask, effects.before.universe)
    starts = effects.before.state.z, effects.after.state.z
    return Prepared(
        markets=markets,
        uncertainty=known,
        choice=choice,
        rows=effects.rows,
        starts=starts,
        response=_response(markets, known, choice, starts[0]),
        seed=seed,
        seconds_per_draw=_seconds_per_draw(effects, choice),
    )


def _response(
    markets: Markets, uncertainty: Uncertainty, choice: ClosureChoice, centre: Vector
) -> Response | None:
    """Return how the answer before moves with the numbers; nobody asks where draws are alone."""
    if all(row.closure != BATCHED for row in choice.weights):
        return None
    keys = tuple(number.key for number in uncertainty.numbers)

    def stack(scores: Matrix) -> Stack:
        return markets.before(Drawn(keys, uncertainty.values(scores)))

    return response_of(stack, len(keys), centre)


def _seconds_per_draw(central: Effects, choice: ClosureChoice) -> float:
    """Return about how long a draw will take, from how long the central answer did."""
    took = central.before.certificate.seconds + central.after.certificate.seconds
    weights = (
        (row.weight, TOGETHER if row.closure == BATCHED else ALONE) for row in choice.weights
    )
    return took * sum(weight * times for weight, times in weights)


def central_of(ask: Ask) -> Effects:
    """Return the answer with all numbers at their central values."""
    before, after = ask.markets
    universe = universe_of(before, after)
    closure = BATCHED if ask.closure == MIXED else ask.closure
    known = ask.calibration
    start = point_at(universe, known.producer_price, known.level)
    first = solve_market(before, closure=closure, universe=universe, start=start)
    second = solve_market(after, closure=closure, universe=universe, start=first.state.z)
    return compare(first, second)


def _tell_nobody(done: int, wanted: int) -> None:
    del done, wanted


def kernel_for(draws: int, how: How = PLAINLY) -> Kernel:
    """Return what draws are solved with: compiled kernels where they are warm and it pays.

    On a cluster and in a folder that is taken up again it is NumPy, which is everywhere the same.
    """
    if draws < FAST_FROM or how.scheduler is not None or how.resume is not None:
        return "numpy"
    return kernel_in_use()


class _Once:
    """Work that is done the first time it is called for, and not again."""

    def __init__(self, work: Callable[[], None] | None) -> None:
        self._work = work

    def __call__(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            work()


class _Source:
    """Where chunks come from: the folder, this process, others, or a cluster.

    ``other`` work is done while other processes are at the chunks.
    """

    def __init__(self, prepared: Prepared, draws: int, how: How, other: Callable[[], None]) -> None:
        self._prepared = prepared
        self._draws = draws
        self._how = how
        self._other = other

    def chunks(self) -> Generator[Chunk]:
        """Yield every chunk once: first those that are kept, then the others as they are solved."""
        self._refuse_excess()
        store = self._store()
        missing: list[Stretch] = []
        for stretch in stretches(self._draws):
            kept = None if store is None else store.load(stretch)
            if kept is None:
                missing.append(stretch)
            else:
                yield kept
        for new in self._solved(missing):
            if store is not None:
                store.save(new)
            yield new

    def _store(self) -> Store | None:
        if self._how.resume is None:
            return None
        from accord.ensemble.store import Store  # noqa: PLC0415 - few runs keep their chunks

        return Store.of(self._how.resume, self._prepared)

    def _refuse_excess(self) -> None:
        prepared, how = self._prepared, self._how
        each = bytes_per_draw(len(prepared.rows), len(prepared.uncertainty.numbers))
        cost = Cost(each, prepared.seconds_per_draw / (how.workers or cores()))
        refuse_excess(self._draws, cost, memory_there() if how.memory is None else how.memory)

    def _solved(self, work: Sequence[Stretch]) -> Iterator[Chunk]:
        """Yield the chunks of some stretches."""
        if self._how.scheduler is not None:
            from accord.ensemble.scheduler import on_cluster  # noqa: PLC0415 - starts a client

            return on_cluster(self._prepared, work, self._how.scheduler)
        count = min(self._processes(work), len(work))
        if count > 1:
            return on_processes(self._prepared, work, count, self._other)
        return (solve_chunk(self._prepared, stretch) for stretch in work)

    def _processes(self, work: Sequence[Stretch]) -> int:
        if self._how.workers is not None:
            return max(self._how.workers, 1)
        draws = sum(stretch.stop - stretch.start for stretch in work)
        # A process that is not forked has to import all and be sent all before it helps.
        pays = PAYS if can_fork() else PAYS_SPAWNED
        return cores() if draws * self._prepared.seconds_per_draw > pays else 1


class _Whole:
    """The ensemble as its chunks come in, in any order."""

    def __init__(self, prepared: Prepared, draws: int, progress: Progress) -> None:
        self._prepared = prepared
        self._draws = draws
        self._progress = progress
        self._chunks: list[Chunk] = []
        self._effects: tuple[Matrix, Matrix] | None = None
        self.done = 0

    def add(self, chunk: Chunk) -> None:
        """Take a chunk in, and say how far it has come."""
        if self._effects is None:
            # Not before the count is known to fit. A row's draws stand side by side in memory.
            shape = (len(self._prepared.rows), self._draws)
            self._effects = np.empty(shape), np.empty(shape)
        here = slice(chunk.start, chunk.start + chunk.count)
        for whole, part in zip(self._effects, (chunk.before, chunk.after), strict=True):
            whole[:, here] = part.T
        nothing = np.zeros((0, 0))
        self._chunks.append(replace(chunk, before=nothing, after=nothing))
        self.done += chunk.count
        self._progress(self.done, self._draws)

    def ensemble(self, seconds: float) -> Ensemble:
        """Return all that has come in, in the order of the draws."""
        chunks = sorted(self._chunks, key=lambda chunk: chunk.start)
        draws = np.concatenate([np.arange(x.start, x.start + x.count) for x in chunks])
        assert self._effects is not None  # noqa: S101 - a chunk has come in
        before, after = self._effects
        if self.done < self._draws:
            before, after = before[:, draws], after[:, draws]
        solved = np.concatenate([chunk.solved for chunk in chunks])
        return Ensemble(
            numbers=self._prepared.uncertainty.numbers,
            values=np.concatenate([chunk.values for chunk in chunks]),
            draws=draws,
            closures=tuple(name for chunk in chunks for name in chunk.closures),
            choice=self._prepared.choice,
            effects=ManyEffects(self._prepared.rows, before.T, after.T, solved),
            failures=tuple(failure for chunk in chunks for failure in chunk.failures),
            seed=self._prepared.seed,
            wanted=self._draws,
            seconds=seconds,
            kernel=self._prepared.kernel,
            advice=look().advice if self._draws >= FAST_FROM else None,
        )
