"""The same estimates from pyfixest, where the extra ``accord[gravity]`` is installed.

pyfixest is faster on large panels and has more kinds of errors; nothing in accord needs it. Its
clustered errors also count estimated coefficients in their small-sample factor, so they are a
little larger than ours.
"""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.economy.gravity import PLACE, Estimates
from accord.errors import Fault, InputError

Array = NDArray[np.float64]


def available() -> bool:
    """Return whether the extra ``accord[gravity]`` is installed."""
    return importlib.util.find_spec("pyfixest") is not None


def estimate_with_pyfixest(
    trade: Array,
    variables: Mapping[str, Array],
    effects: Mapping[str, Sequence[str]],
    cluster: Sequence[str] | None = None,
) -> Estimates:
    """Return PPML estimates as ``gravity.estimate`` does; separated observations are left out.

    Raises ``InputError`` where the extra is not installed.
    """
    if not available():
        fix = "pip install 'accord[gravity]', or use accord.economy.gravity.estimate"
        raise InputError([Fault(PLACE, "pyfixest is not installed", "accord[gravity]", fix)])
    pyfixest: Any = importlib.import_module("pyfixest")
    frames: Any = importlib.import_module("pandas")  # pyfixest's own table type
    names = [f"x{k}" for k in range(len(variables))]
    sets = [f"f{k}" for k in range(len(effects))]
    columns: dict[str, object] = {"trade": trade}
    columns |= dict(zip(names, variables.values(), strict=True))
    columns |= dict(zip(sets, map(list, effects.values()), strict=True))
    columns["row"] = np.arange(len(trade))
    errors: object = "HC1"
    if cluster is not None:
        columns["cluster"], errors = list(cluster), {"CRV1": "cluster"}
    formula = f"trade ~ {' + '.join(names)}" + (f" | {' + '.join(sets)}" if sets else "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what is left out; our notes say it
        model = pyfixest.fepois(formula, data=frames.DataFrame(columns), vcov=errors)
    return _estimates(model, trade, variables, effects, errors="HC1" if cluster is None else "CRV1")


def _estimates(
    model: Any,  # noqa: ANN401 — pyfixest has no types
    trade: Array,
    variables: Mapping[str, Array],
    effects: Mapping[str, Sequence[str]],
    errors: str,
) -> Estimates:
    names = [f"x{k}" for k in range(len(variables))]
    coefficient = np.array([float(model.coef()[name]) for name in names])
    order = [list(model._coefnames).index(name) for name in names]  # noqa: SLF001 — no other way
    covariance = np.asarray(model._vcov, dtype=np.float64)[np.ix_(order, order)]  # noqa: SLF001
    rows = np.asarray(model._data["row"], dtype=np.intp)  # noqa: SLF001
    fitted = np.full(len(trade), np.nan)
    fitted[rows] = np.asarray(model.predict(type="response"), dtype=np.float64)
    x = np.column_stack([np.asarray(column, dtype=np.float64) for column in variables.values()])
    lost = len(trade) - len(rows)
    note = f"{lost:,} of {len(trade):,} observations left out: they have no finite estimate"
    return Estimates(
        estimator="PPML",
        variables=tuple(variables),
        coefficient=coefficient,
        standard_error=np.sqrt(np.diag(covariance)),
        covariance=covariance,
        fitted=fitted,
        index=x @ coefficient,
        effects={name: len(set(map(str, labels))) for name, labels in effects.items()},
        errors=f"{errors} (pyfixest)",
        observations=len(rows),
        score=float(np.abs(x[rows].T @ (trade - fitted)[rows]).max() / trade.sum()),
        notes=(note,) if lost else (),
    )
