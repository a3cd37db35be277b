"""Reads which uncertain numbers of a pack vary together, and what a back-cast made of them.

correlations.csv            beside priors.csv (optional): rank correlations of two rows of it, each
                            named by parameter, good and region without ``*``; or ``access``
backcast/posterior.csv      parameters updated with evidence (optional; a table of the fit)
backcast/correlations.csv   correlations of their logarithms
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.errors import Fault, InputError
from accord.pack.columns import Column, Known, closest, listed
from accord.pack.number_names import ACCESS, short_name
from accord.pack.priors import Correlation, PriorKey, Priors
from accord.pack.reader import Reader, cells_of
from accord.pack.tables import Table, TableSpec
from accord.probability import copula

CORRELATIONS_FILE = "correlations.csv"
FITTED = "backcast"
_ORIGIN = (Column("source", "source"), Column("status", "status"))

CORRELATIONS = TableSpec(
    (
        Column("one", "word"),
        Column("other", "word"),
        Column("value", "number", least=-1.0, most=1.0, hint="a correlation lies in −1 to 1"),
        *_ORIGIN,
    ),
    key=("one", "other"),
    rows=False,
)
POSTERIOR = TableSpec(
    (
        Column("parameter", "word"),
        Column("good", "good", wildcard=True),
        Column("region", "region", wildcard=True),
        *(
            Column(name, "number", above=0.0)
            for name in (
                *("prior_median", "prior_low", "prior_high", "median", "low", "high", "mean"),
                *("sd_log", "draws", "effective"),
            )
        ),
        Column("told", "number", most=1.0),
        Column("unit", "unit", dimension="any"),
        *_ORIGIN,
    ),
    key=("parameter", "good", "region"),
)


@dataclass(frozen=True, slots=True)
class Updated:
    """A parameter after the evidence: its 10, 50 and 90 % points; ``prior`` those it came from."""

    key: PriorKey
    prior: tuple[float, float, float]
    low: float
    median: float
    high: float
    source: str
    status: str
    line: int


@dataclass(frozen=True)
class Fitted:
    """What a back-cast left: updated parameters, and correlations of their logarithms by name."""

    rows: tuple[Updated, ...] = ()
    correlations: tuple[Correlation, ...] = ()


def read_correlations(
    reader: Reader, known: Known, priors: Priors, *, latent: bool
) -> tuple[Correlation, ...]:
    """Return the pack's own correlations; ``latent`` says whether it has closed lanes to open."""
    table = reader.table(CORRELATIONS_FILE, CORRELATIONS, known, needed=False)
    if not table.sound or not table.present or not priors.rows:
        return ()
    rows = correlations_of(table)
    faults = _name_faults(table, rows, priors, latent=latent)
    if not faults:
        names = [short_name(row.key) for row in priors.rows] + [ACCESS.parameter]
        matrix = copula.of_ranks(matrix_of(names, rows))
        faults = matrix_faults(table.file, names, matrix)
    reader.faults += faults
    return () if faults else rows


def read_fitted(folder: Path, known: Known) -> Fitted:
    """Return the updated parameters of the pack in a folder; nothing where there are none.

    Raises ``InputError`` with everything that is wrong with the tables.
    """
    reader = Reader(folder)
    path = f"{FITTED}/posterior.csv"
    posterior = reader.table(path, POSTERIOR, known, needed=False)
    pairs = reader.table(f"{FITTED}/{CORRELATIONS_FILE}", CORRELATIONS, known, needed=False)
    if reader.faults:
        raise InputError(reader.faults)
    if not posterior.present:
        return Fitted()
    rows = tuple(_updated(posterior, i) for i in range(len(posterior)))
    reader.faults += _order_faults(posterior, rows)
    correlations = correlations_of(pairs)
    names = [short_name(row.key) for row in rows]
    reader.faults += _unknown(pairs, correlations, names, "a row of posterior.csv")
    reader.faults += _twice(pairs, correlations)
    if reader.faults:
        raise InputError(reader.faults)
    return Fitted(rows, correlations)


def correlations_of(table: Table) -> tuple[Correlation, ...]:
    """Return the rows of a sound table of correlations."""
    cells = cells_of(table, "one", "other", "source", "status")
    values = table.number.get("value", ())
    return tuple(
        Correlation(one, other, value, source, status, line)
        for (one, other, source, status), value, line in zip(
            cells, values, table.lines, strict=True
        )
    )


def matrix_of(names: Collection[str], rows: Collection[Correlation]) -> NDArray[np.float64]:
    """Return correlations as a matrix (k, k); pairs without a row are 0, strange names left out."""
    place = {name: i for i, name in enumerate(names)}
    found = np.eye(len(place))
    for row in rows:
        if row.one in place and row.other in place:
            i, j = place[row.one], place[row.other]
            found[i, j] = found[j, i] = row.value
    return found


def matrix_faults(file: str, names: Collection[str], matrix: NDArray[np.float64]) -> list[Fault]:
    """Return what keeps correlations from being a correlation matrix."""
    return [
        Fault(file, p.found, p.allowed, p.fix, field=p.field)
        for p in copula.problems(matrix, list(names))
    ]


def _name_faults(
    table: Table, rows: Collection[Correlation], priors: Priors, *, latent: bool
) -> list[Fault]:
    varies = {short_name(row.key): row.family != "fixed" for row in priors.rows}
    if latent:
        varies[ACCESS.parameter] = True
    faults = _unknown(table, rows, varies, "a row of priors.csv")
    for row in rows:
        for field, name in (("one", row.one), ("other", row.other)):
            if varies.get(name) is False:
                fix = "remove the row, or name a family that varies in priors.csv"
                found = f"{name}, which is fixed"
                faults.append(_fault(table, row, field, found, "a number that varies", fix))
    return faults + _twice(table, rows)


def _unknown(
    table: Table, rows: Collection[Correlation], names: Collection[str], what: str
) -> list[Fault]:
    return [
        _fault(
            table,
            row,
            field,
            f'"{name}"',
            f"{what} by parameter, good and region: {listed(names)}",
            closest(name, list(names), "remove the row"),
        )
        for row in rows
        for field, name in (("one", row.one), ("other", row.other))
        if name not in names
    ]


def _twice(table: Table, rows: Collection[Correlation]) -> list[Fault]:
    """Return pairs that stand there twice, once each way round, and numbers with themselves."""
    faults: list[Fault] = []
    first: dict[frozenset[str], int | None] = {}
    for row in rows:
        pair = frozenset((row.one, row.other))
        if len(pair) == 1:
            found, allowed = f"{row.one} with itself", "two different numbers"
            faults.append(_fault(table, row, "other", found, allowed, "remove the row"))
        elif pair in first:
            found = f"the pair a second time; the first is on line {first[pair]}"
            faults.append(_fault(table, row, "other", found, "every pair once", "remove one"))
        first.setdefault(pair, row.line)
    return faults


def _fault(  # noqa: PLR0913, PLR0917 - where it is, and what is wrong
    table: Table, row: Correlation, field: str, found: str, allowed: str, fix: str
) -> Fault:
    term = f"{row.one}, {row.other}"
    return Fault(table.file, found, allowed, fix, row.line, term, field)


def _updated(table: Table, i: int) -> Updated:
    number: Mapping[str, list[float]] = table.number
    parameter, good, region, source, status = (
        table.text[name][i] for name in ("parameter", "good", "region", "source", "status")
    )
    return Updated(
        key=PriorKey(parameter, good, region),
        prior=(number["prior_low"][i], number["prior_median"][i], number["prior_high"][i]),
        low=number["low"][i],
        median=number["median"][i],
        high=number["high"][i],
        source=source,
        status=status,
        line=table.lines[i],
    )


def _order_faults(table: Table, rows: Collection[Updated]) -> list[Fault]:
    return [
        Fault(
            table.file,
            f"low {row.low:g}, median {row.median:g}, high {row.high:g}",
            "low < median < high",
            "compute the fit anew",
            row.line,
            short_name(row.key),
            "median",
        )
        for row in rows
        if not row.low < row.median < row.high
    ]
