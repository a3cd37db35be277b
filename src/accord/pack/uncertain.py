"""What is not known about a pack's market: numbers with distributions, and how they vary together.

Drawn are the rows of ``priors.csv`` that are not fixed, and ``access``, one number for all lanes
that are closed today. Where a back-cast updated a row, its updated 10, 50 and 90 % points and
correlations stand in place of the prior's, provided that it started from the prior as it is now.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.errors import Fault, InputError
from accord.pack.columns import Known
from accord.pack.contents import Contents
from accord.pack.number_names import ACCESS, name_in_words, short_name
from accord.pack.priors import Prior, PriorKey, bounds_of
from accord.pack.read_uncertain import (
    CORRELATIONS_FILE,
    FITTED,
    Fitted,
    Updated,
    matrix_faults,
    matrix_of,
    read_fitted,
)
from accord.probability import copula, points
from accord.probability.distribution import Distribution
from accord.probability.normal import NINETIETH

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

SAME = 1e-9
"""Relative difference up to which a prior is the one that a fit started from."""


@dataclass(frozen=True)
class Uncertain:
    """One uncertain number.

    ``name``    what it is, in words
    ``told``    ``posterior`` where evidence updated it, else ``prior``
    """

    key: PriorKey
    name: str
    distribution: Distribution
    source: str
    status: str
    note: str
    told: str


@dataclass(frozen=True)
class Uncertainty:
    """The k uncertain numbers of a market.

    ``correlation``  of their normal scores (k, k)
    ``left_out``     updated parameters that are not used, each with the reason
    ``whole``        the same while nothing was fixed: draws are taken from it, so that a number
                     that is fixed changes no draw of another
    """

    numbers: tuple[Uncertain, ...]
    correlation: Matrix
    left_out: tuple[str, ...] = ()
    whole: Uncertainty | None = None

    def without(self, keys: Collection[PriorKey]) -> Uncertainty:
        """Return what is left uncertain where some numbers are fixed; draws stay what they are."""
        kept = [i for i, number in enumerate(self.numbers) if number.key not in keys]
        numbers = tuple(self.numbers[i] for i in kept)
        correlation = self.correlation[np.ix_(kept, kept)]
        return Uncertainty(numbers, correlation, self.left_out, self.whole or self)

    @cached_property
    def central(self) -> Vector:
        """The medians (k,)."""
        return np.array([n.distribution.median for n in self.numbers])

    @cached_property
    def low(self) -> Vector:
        """The 10 % points (k,)."""
        return np.array([n.distribution.low for n in self.numbers])

    @cached_property
    def high(self) -> Vector:
        """The 90 % points (k,)."""
        return np.array([n.distribution.high for n in self.numbers])

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Numbers that vary together, directly or through others; most are alone."""
        return copula.components(self.correlation)

    def independent_scores(self, count: int, seed: int, start: int = 0) -> Matrix:
        """Return the points behind draws start … start + count − 1, as normal scores (count, k)."""
        if not self.numbers:
            return np.zeros((count, 0))
        if self.whole is not None:
            return copula.uncorrelated(self.scores(count, seed, start), self.correlation)
        return points.normals(count, len(self.numbers), seed, start)

    def scores(self, count: int, seed: int, start: int = 0) -> Matrix:
        """Return draws start … start + count − 1 as normal scores (count, k), correlated."""
        if self.whole is not None:
            return self.whole.scores(count, seed, start)[:, self._columns]
        return copula.correlated(self.independent_scores(count, seed, start), self.correlation)

    @cached_property
    def _columns(self) -> list[int]:
        """Where the numbers stand among those that draws are taken from."""
        whole = () if self.whole is None else self.whole.numbers
        place = {number.key: i for i, number in enumerate(whole)}
        return [place[number.key] for number in self.numbers]

    def values(self, scores: Matrix) -> Matrix:
        """Return the numbers (n, k) at normal scores (n, k)."""
        columns = [n.distribution.at_score(scores[:, i]) for i, n in enumerate(self.numbers)]
        return np.column_stack(columns) if columns else np.zeros((len(scores), 0))

    def draws(self, count: int, seed: int, start: int = 0) -> Matrix:
        """Return the numbers in draws start … start + count − 1 (count, k).

        A draw depends on its index and the seed alone, not on how many are asked for.
        """
        return self.values(self.scores(count, seed, start))


def uncertainty_of(contents: Contents, year: int) -> Uncertainty:
    """Return what is not known about the market of a year.

    Raises ``InputError`` where the tables of the back-cast are at fault, where the correlations do
    not fit together, and where there are more numbers than points can be made for.
    """
    fitted = _fitted(contents)
    updated, left_out = _in_use(contents, fitted)
    names = _Names(contents)
    numbers = [
        names.updated(row, updated[row.key]) if row.key in updated else names.prior(row)
        for row in contents.priors.rows
        if row.family != "fixed"
    ]
    numbers += _access(contents, year)
    _check_count(contents, len(numbers))
    keys = [number.key for number in numbers]
    correlation = _correlation(contents, fitted, keys, set(updated))
    return Uncertainty(tuple(numbers), correlation, left_out)


def central_values(contents: Contents) -> dict[PriorKey, float]:
    """Return the medians of the prior rows that a back-cast updated. Raises as above."""
    updated, _ = _in_use(contents, _fitted(contents))
    return {key: row.median for key, row in updated.items()}


def _fitted(contents: Contents) -> Fitted:
    known = Known(
        goods=tuple(good.code for good in contents.goods),
        regions=tuple(region.code for region in contents.regions),
        sources=tuple(source.id for source in contents.sources),
    )
    return read_fitted(contents.folder, known)


def _in_use(contents: Contents, fitted: Fitted) -> tuple[dict[PriorKey, Updated], tuple[str, ...]]:
    """Return the updated rows that replace a prior, and why others do not."""
    used: dict[PriorKey, Updated] = {}
    left_out: list[str] = []
    for row in fitted.rows:
        prior = contents.priors.by_key.get(row.key)
        name = short_name(row.key)
        if prior is None:
            left_out.append(f"{name}: no number of this market; the back-cast alone uses it")
        elif prior.family == "fixed":
            left_out.append(f"{name}: priors.csv fixes it")
        elif not _same(row.prior, (prior.low, prior.median, prior.high)):
            left_out.append(f"{name}: its prior has changed since the fit, so the prior holds")
        else:
            used[row.key] = row
    return used, tuple(left_out)


def _same(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(math.isclose(a, b, rel_tol=SAME) for a, b in zip(one, other, strict=True))


class _Names:
    """Makes uncertain numbers of rows, with their names in words."""

    def __init__(self, contents: Contents) -> None:
        self.goods = {good.code: good.name for good in contents.goods}
        self.regions = {region.code: region.name for region in contents.regions}
        self.keys = list(contents.priors.by_key)

    def words(self, key: PriorKey) -> str:
        return name_in_words(key, self.goods, self.regions, self.keys)

    def prior(self, row: Prior) -> Uncertain:
        told = "prior"
        name = self.words(row.key)
        return Uncertain(row.key, name, row.distribution, row.source, row.status, row.note, told)

    def updated(self, prior: Prior, row: Updated) -> Uncertain:
        least, most = bounds_of(prior.key.parameter)
        # The fit works in logarithms.
        distribution = Distribution(
            "lognormal",
            row.median,
            row.low,
            row.high,
            max(prior.least, least),
            min(prior.most, most),
        )
        note = f"a priori {prior.median:g} ({prior.low:g} to {prior.high:g})"
        name = self.words(row.key)
        return Uncertain(row.key, name, distribution, row.source, row.status, note, "posterior")


def _access(contents: Contents, year: int) -> list[Uncertain]:
    """Return the number for all lanes that the benchmark of a year has closed; none without."""
    base = max((y for y in contents.benchmarks if y <= year), default=None)
    latent = [] if base is None else list(contents.benchmarks[base].latent.values())
    if not latent:
        return []
    distribution = Distribution("normal", 0.0, -NINETIETH, NINETIETH)
    sources = dict.fromkeys(s.strip() for row in latent for s in row.source.split(";"))
    note = "one for all closed lanes: −1.28 is the low of latent_flows.csv, 0 central, 1.28 high"
    name = name_in_words(ACCESS, {}, {})
    return [Uncertain(ACCESS, name, distribution, "; ".join(sources), "derived", note, "prior")]


def _check_count(contents: Contents, count: int) -> None:
    most = points.most_columns()
    if count > most:
        found = f"{count} numbers that vary"
        fix = 'write the family "fixed" for those that matter least'
        file = f"{contents.folder.name}/priors.csv"
        raise InputError([Fault(file, found, f"at most {most}", fix)])


def _correlation(
    contents: Contents, fitted: Fitted, keys: Sequence[PriorKey], updated: Iterable[PriorKey]
) -> Matrix:
    """Return the correlations of normal scores: of pairs that a fit updated, the fit's."""
    names = [short_name(key) for key in keys]
    found = copula.of_ranks(matrix_of(names, contents.correlations))
    new = {short_name(key) for key in updated}
    both = np.array([name in new for name in names])
    after = matrix_of(names, fitted.correlations)
    found = np.where(np.outer(both, both), after, found)
    file = f"{contents.folder.name}/{CORRELATIONS_FILE}"
    if not contents.correlations:
        file = f"{contents.folder.name}/{FITTED}/{CORRELATIONS_FILE}"
    faults = matrix_faults(file, names, found)
    if faults:
        raise InputError(faults)
    return found
