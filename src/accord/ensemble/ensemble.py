"""What an ensemble found: every effect in every draw, what was drawn, and what has no answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.effects.many_effects import HIGH, LOW, MEDIAN, ManyEffects
from accord.ensemble.chunk import Failure
from accord.ensemble.closures import ClosureChoice
from accord.ensemble.drawn import Matrix, Vector
from accord.equilibrium.fast import Kernel
from accord.pack.uncertain import Uncertain
from accord.probability.quantiles import on_a_line

__all__ = ["Ensemble", "Failure", "Range", "Ranges"]

NUMBER = re.compile(r"\d[\d,.]*(e[+-]?\d+)?")


class Range(NamedTuple):
    """The 10 % point, the median and the 90 % point of what draws say."""

    low: float
    median: float
    high: float


class Ranges(NamedTuple):
    """How one effect ranges: before, after, and its change draw by draw.

    ``draws`` that have it; a range is ``None`` where none has.
    """

    before: Range | None
    after: Range | None
    change: Range | None
    draws: int


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The answers of many draws.

    ``numbers``    what was drawn (k), and ``values`` (D, k) in the draws done, failed ones too
    ``closures``   the closure of each draw, ``choice`` how it was picked
    ``effects``    rows of the central answer, before and after in every draw done
    ``failures``   draws without an answer, with side and cause
    ``kernel``     what draws were solved with; others give answers that differ in the last bits
    ``advice``     how the same would be faster, where it would
    ``wanted``     draws asked for;  ``done`` draws tried;  ``partial`` whether some were not
    """

    numbers: tuple[Uncertain, ...]
    values: Matrix
    draws: NDArray[np.intp]
    closures: tuple[str, ...]
    choice: ClosureChoice
    effects: ManyEffects
    failures: tuple[Failure, ...]
    seed: int
    wanted: int
    seconds: float
    kernel: Kernel = "numpy"
    advice: str | None = None

    @property
    def done(self) -> int:
        """Draws that were tried: with an answer or found to have none."""
        return len(self.draws)

    @property
    def solved(self) -> int:
        """Draws that have a certified answer before and after."""
        return self.effects.count

    @property
    def failed(self) -> int:
        """Draws that have none; they are in no range and no probability."""
        return self.done - self.solved

    @property
    def partial(self) -> bool:
        """Whether fewer draws were done than asked for."""
        return self.done < self.wanted

    @cached_property
    def causes(self) -> dict[str, int]:
        """Why draws failed, with the number of draws of each cause, most frequent first.

        Causes that differ in numbers only count as one, in the words of the first draw.
        """
        first = {x.draw: f"{x.side}: {x.cause}" for x in reversed(self.failures)}
        said: dict[str, str] = {}
        counts: dict[str, int] = {}
        for _, cause in sorted(first.items()):
            kind = NUMBER.sub("#", cause)
            shown = said.setdefault(kind, cause)
            counts[shown] = counts.get(shown, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know about the draws behind a range."""
        said = [*self.choice.notes]
        if self.partial:
            said.append(f"Stopped early: {self.done:,} of {self.wanted:,} draws were done.")
        if self.failed:
            said.append(f"{self.failed:,} of {self.done:,} draws have no certified answer:")
            said += [f"  {count:,} × {cause}" for cause, count in self.causes.items()]
        if self.advice is not None:
            said.append(self.advice)
        return tuple(said)

    def range_of(self, measure: str, region: str, good: str | None = None) -> Ranges | None:
        """Return how an effect ranges over the draws, or ``None`` where there is no such row."""
        column = self.effects.place.get((measure, region, good))
        if column is None:
            return None
        if column not in self._ranges:
            before, after = self._solved(self.effects.before[:, column]), self.after(column)
            change = after - before
            present = int(np.count_nonzero(~np.isnan(change)))
            found = Ranges(_range(before), _range(after), _range(change), present)
            self._ranges[column] = found
        return self._ranges[column]

    @cached_property
    def _ranges(self) -> dict[int, Ranges]:
        """Those that were asked for: what is shown asks for one several times."""
        return {}

    def changes(self, measure: str, region: str, good: str | None = None) -> Vector | None:
        """Return the change of one effect in every solved draw (S,), NaN where it is absent."""
        column = self.effects.place.get((measure, region, good))
        if column is None:
            return None
        return self.after(column) - self._solved(self.effects.before[:, column])

    def after(self, column: int) -> Vector:
        """Return one row's value after in every solved draw (S,)."""
        return self._solved(self.effects.after[:, column])

    @property
    def solved_values(self) -> Matrix:
        """The numbers drawn in the solved draws (S, k), in step with ``changes``."""
        return self.values[self.effects.solved]

    def probability(self, holds: Callable[[ManyEffects], NDArray[np.bool_]]) -> float:
        """Return the share of solved draws in which something holds.

        ``holds`` gets the effects of all draws done and says of each whether it does (D,).
        Raises ``ValueError`` where no draw is solved.
        """
        if not self.solved:
            raise ValueError("no draw has an answer, so there is no probability")
        return float(np.mean(holds(self.effects)[self.effects.solved]))

    def _solved(self, values: Vector) -> Vector:
        return values[self.effects.solved]

    def __repr__(self) -> str:
        """Answer first: how many draws have one."""
        said = f"<Ensemble of {self.done:,} draws: {self.solved:,} solved, seed {self.seed}"
        return f"{said}, partial>" if self.partial else f"{said}>"


def _range(values: Vector) -> Range | None:
    present = values[~np.isnan(values)]
    if not present.size:
        return None
    return Range(*on_a_line(present, (LOW, MEDIAN, HIGH)))
