"""Estimating a gravity equation of trade: which effects, which errors, what was left out.

    trade = exp(β·variables + effects)                 PPML, zeros kept
    ln trade = β·variables + effects + error           log-linear, zeros lost: for comparison

The effects of exporters and importers (by year, in a panel) stand for multilateral resistance; the
effects of pairs for all that does not change over time. Valid range and sources: ``ppml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.economy.absorb import Effects
from accord.economy.ppml import Fit, collinear, least_squares, poisson, separated
from accord.errors import Fault, InputError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Estimator = Literal["PPML", "log-linear"]
PLACE = "gravity data"
SHOWN = 5


class CoefficientRow(NamedTuple):
    """One coefficient, its standard error, and their ratio."""

    variable: str
    coefficient: float
    standard_error: float
    z: float


@dataclass(frozen=True)
class Estimates:
    """A gravity equation with its coefficients.

    ``variables``  k names;  ``coefficient``, ``standard_error`` (k,);  ``covariance`` (k, k)
    ``fitted``     (n,) mean of trade (log-linear: of its logarithm); NaN where left out
    ``index``      (n,) β·variables, without effects, for every observation
    ``effects``    name → number of groups;  ``errors`` how the standard errors were made
    ``score``      largest relative violation of the conditions that define the estimates
    ``notes``      what was left out, one sentence each
    """

    estimator: Estimator
    variables: tuple[str, ...]
    coefficient: Array
    standard_error: Array
    covariance: Array
    fitted: Array
    index: Array
    effects: Mapping[str, int]
    errors: str
    observations: int
    score: float
    notes: tuple[str, ...] = ()

    def __getitem__(self, variable: str) -> CoefficientRow:
        """Return the row of one variable. Raises ``KeyError``."""
        for row in self.table():
            if row.variable == variable:
                return row
        raise KeyError(variable)

    def table(self) -> tuple[CoefficientRow, ...]:
        """Return one row a variable."""
        pairs = zip(self.variables, self.coefficient, self.standard_error, strict=True)
        return tuple(
            CoefficientRow(name, float(value), float(error), float(value / error))
            for name, value, error in pairs
        )

    def __repr__(self) -> str:
        """Answer first."""
        shown = ", ".join(
            f"{r.variable} {r.coefficient:.4f} ({r.standard_error:.4f})" for r in self.table()
        )
        sets = ", ".join(f"{count:,} of {name}" for name, count in self.effects.items())
        return (
            f"<{self.estimator}: {shown}; {self.observations:,} observations, effects: "
            f"{sets or 'a constant'}; errors {self.errors}>"
        )


def estimate(  # noqa: PLR0913 — each is a part of the equation
    trade: Array,
    variables: Mapping[str, Array],
    effects: Mapping[str, Sequence[str]],
    *,
    estimator: Estimator = "PPML",
    cluster: Sequence[str] | None = None,
    drop_separated: bool = False,
) -> Estimates:
    """Return the estimates of a gravity equation over n observations.

    ``trade`` (n,) ≥ 0; ``variables`` name → (n,); ``effects`` name → (n,) labels, none: a constant;
    ``cluster`` (n,) labels of observations that may move together, without: HC1. Observations that
    have no finite estimate are a fault, or left out when ``drop_separated`` (which changes no
    other number). Raises ``InputError`` with every fault, ``NoCertifiedAnswer``.
    """
    given: Mapping[str, Sequence[str]] = effects or {"constant": [""] * len(trade)}
    columns = {**variables, **given, **({} if cluster is None else {"cluster": cluster})}
    faults = [*_shape_faults(trade, columns), *_value_faults(trade, variables)]
    if faults:
        raise InputError(faults)
    sets = Effects.of(list(given), list(given.values()))
    x = np.column_stack([np.asarray(column, dtype=np.float64) for column in variables.values()])
    apart = separated(trade, x, sets) if estimator == "PPML" else trade == 0.0
    kept = ~apart
    names = tuple(variables)
    faults = (
        [] if drop_separated or estimator != "PPML" else [*_separated_faults(trade, sets, apart)]
    )
    faults += _collinear_faults(x[kept], names, sets.rows(kept))
    if faults:
        raise InputError(faults)
    inner = sets.rows(kept)
    groups = None
    if cluster is not None:
        groups = Effects.of(["cluster"], [list(np.asarray(cluster, dtype=str)[kept])]).codes[0]
    if estimator == "PPML":
        fit = poisson(trade[kept], x[kept], inner, groups)
    else:
        fit = least_squares(np.log(trade[kept]), x[kept], inner, groups)
    errors = "HC1" if groups is None else f"clustered ({groups.max() + 1:,} clusters)"
    counts = {} if not effects else dict(zip(inner.names, inner.groups, strict=True))
    return _estimates(estimator, names, fit, x, kept, counts, errors)


def _estimates(  # noqa: PLR0913, PLR0917 — the parts of one value
    estimator: Estimator,
    names: tuple[str, ...],
    fit: Fit,
    x: Array,
    kept: Mask,
    effects: Mapping[str, int],
    errors: str,
) -> Estimates:
    fitted = np.full(len(kept), np.nan)
    fitted[kept] = fit.fitted
    lost = int((~kept).sum())
    why = (
        "have no finite estimate (separated)" if estimator == "PPML" else "are 0, which has no log"
    )
    return Estimates(
        estimator=estimator,
        variables=names,
        coefficient=fit.coefficient,
        standard_error=fit.standard_error,
        covariance=fit.covariance,
        fitted=fitted,
        index=x @ fit.coefficient,
        effects=effects,
        errors=errors,
        observations=int(kept.sum()),
        score=fit.score,
        notes=(f"{lost:,} of {len(kept):,} observations left out: they {why}",) if lost else (),
    )


def _shape_faults(trade: Array, columns: Mapping[str, Sequence[str] | Array]) -> Iterator[Fault]:
    n = len(trade)
    for name, column in columns.items():
        if np.shape(column) != (n,):
            found, allowed = f"shape {np.shape(column)}", f"({n},), one a flow of trade"
            yield Fault(PLACE, found, allowed, "one value for each observation", field=name)


def _value_faults(trade: Array, variables: Mapping[str, Array]) -> Iterator[Fault]:
    if not variables:
        yield Fault(PLACE, "no variable", "at least one", "name what trade depends on")
    yield from _bad("trade", trade, trade < 0.0, "0 or more", "give flows in one direction each")
    for name, column in variables.items():
        values = np.asarray(column, dtype=np.float64)
        missing = np.zeros(values.shape, dtype=bool)
        yield from _bad(name, values, missing, "finite", "leave the observation out, and say so")
    if np.all(np.nan_to_num(trade) <= 0.0):
        yield Fault(PLACE, "no trade above 0", "some", "look at the column's units", field="trade")


def _bad(name: str, values: Array, also: Mask, allowed: str, fix: str) -> Iterator[Fault]:
    rows = np.flatnonzero(also | ~np.isfinite(values))
    if len(rows):
        shown = ", ".join(f"{values[r]} in row {r + 1}" for r in rows[:SHOWN])
        found = f"{len(rows):,} bad values: {shown}{', …' if len(rows) > SHOWN else ''}"
        yield Fault(PLACE, found, allowed, fix, field=name)


def _separated_faults(trade: Array, effects: Effects, apart: Mask) -> Iterator[Fault]:
    if not apart.any():
        return
    empty = [
        f"{int((total == 0.0).sum())} of {name}"
        for name, codes in zip(effects.names, effects.codes, strict=True)
        if (total := np.bincount(codes, trade)).min() == 0.0
    ]
    groups = f"; groups without any trade: {', '.join(empty)}" if empty else ""
    found = f"{int(apart.sum()):,} observations without a finite estimate (separated){groups}"
    allowed = "trade above 0 in every group, and on both sides of every variable"
    fix = "drop_separated=True, --drop-separated in a command, leaves them out"
    yield Fault(PLACE, found, allowed, fix, field="trade")


def _collinear_faults(x: Array, names: tuple[str, ...], effects: Effects) -> Iterator[Fault]:
    for k in collinear(x, effects):
        found = "explained entirely by the effects and the variables before it"
        allowed = "a variable that moves on its own"
        yield Fault(PLACE, found, allowed, "leave it or another out", field=names[k])
