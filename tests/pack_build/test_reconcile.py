"""Generalised cross-entropy: closed forms, properties, an independent optimiser, infeasibility."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from accord.errors import InputError
from accord.pack.build.reconcile import Unknown, reconcile


def table(prior: list[list[float]], rows: list[float], columns: list[float]) -> list[Unknown]:
    """A matrix whose row and column sums are exact: the RAS problem."""
    cells = [
        Unknown(f"x{i}{j}", value, 1.0, ((f"row {i}", 1.0), (f"column {j}", 1.0)))
        for i, line in enumerate(prior)
        for j, value in enumerate(line)
    ]
    sums = [Unknown(f"r{i}", v, 0.0, ((f"row {i}", -1.0),)) for i, v in enumerate(rows)]
    sums += [Unknown(f"c{j}", v, 0.0, ((f"column {j}", -1.0),)) for j, v in enumerate(columns)]
    return cells + sums


def ras(prior: list[list[float]], rows: list[float], columns: list[float]) -> np.ndarray:
    matrix = np.array(prior)
    for _ in range(2000):
        matrix *= (np.array(rows) / matrix.sum(axis=1))[:, None]
        matrix *= np.array(columns) / matrix.sum(axis=0)
    return matrix


def test_one_balance_by_hand() -> None:
    # 10 = x + y with priors 6 and 6, equal errors: both shrink by the same factor.
    found = reconcile(
        [
            Unknown("x", 6.0, 0.5, (("b", 1.0),)),
            Unknown("y", 6.0, 0.5, (("b", 1.0),)),
            Unknown("out", 10.0, 0.0, (("b", -1.0),)),
        ]
    )
    assert found.values["x"] == pytest.approx(5.0, rel=1e-12)
    assert found.values["y"] == pytest.approx(5.0, rel=1e-12)
    assert found.values["out"] == 10.0


def test_the_less_certain_figure_moves_more() -> None:
    found = reconcile(
        [
            Unknown("sure", 6.0, 0.1, (("b", 1.0),)),
            Unknown("unsure", 6.0, 0.5, (("b", 1.0),)),
            Unknown("out", 10.0, 0.0, (("b", -1.0),)),
        ]
    )
    # ln(x/x0) = −λ s²: changes in logs are as the squares of the errors.
    logs = [np.log(found.values[name] / 6.0) for name in ("sure", "unsure")]
    assert logs[1] / logs[0] == pytest.approx(25.0, rel=1e-9)


def test_equal_errors_are_ras() -> None:
    prior = [[5.0, 1.0, 2.0], [1.0, 8.0, 3.0]]
    rows, columns = [10.0, 9.0], [7.0, 8.0, 4.0]
    found = reconcile(table(prior, rows, columns)).values
    expected = ras(prior, rows, columns)
    for i in range(2):
        for j in range(3):
            assert found[f"x{i}{j}"] == pytest.approx(expected[i, j], rel=1e-9)


def test_agrees_with_a_general_optimiser() -> None:
    unknowns = [
        Unknown("a", 4.0, 0.3, (("p", 1.0),)),
        Unknown("b", 9.0, 0.2, (("p", -1.0), ("q", 1.0))),
        Unknown("c", 3.0, 0.4, (("q", -1.0),)),
        Unknown("d", 5.0, 0.1, (("q", -1.0),)),
    ]
    prior = np.array([x.prior for x in unknowns])
    weight = np.array([x.error**-2 for x in unknowns])

    def objective(x: np.ndarray) -> float:
        return float(np.sum(weight * (x * np.log(x / prior) - x + prior)))

    constraints = [
        {"type": "eq", "fun": lambda x: x[0] - x[1]},
        {"type": "eq", "fun": lambda x: x[1] - x[2] - x[3]},
    ]
    other = minimize(
        objective,
        prior,
        constraints=constraints,
        bounds=[(1e-6, None)] * 4,
        options={"ftol": 1e-14},
    )
    found = reconcile(unknowns).values
    assert [found[x.name] for x in unknowns] == pytest.approx(other.x, rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.01, 1e5), min_size=6, max_size=6),
    st.lists(st.floats(0.1, 1.0), min_size=6, max_size=6),
    st.lists(st.floats(0.5, 2.0), min_size=2, max_size=2),
)
def test_balances_close_and_nothing_turns_negative(
    priors: list[float], errors: list[float], stretch: list[float]
) -> None:
    cells = [
        Unknown(f"x{k}", priors[k], errors[k], ((f"row {k // 3}", 1.0), (f"column {k % 3}", 1.0)))
        for k in range(6)
    ]
    rows = [sum(priors[:3]) * stretch[0], sum(priors[3:]) * stretch[1]]
    total = sum(rows)
    sums = [Unknown(f"r{i}", v, 0.0, ((f"row {i}", -1.0),)) for i, v in enumerate(rows)]
    uses = [Unknown(f"u{j}", total / 3.0, 0.5, ((f"column {j}", -1.0),)) for j in range(3)]
    found = reconcile([*cells, *sums, *uses])
    assert found.residual <= 1e-12
    assert min(found.values.values()) > 0.0


def test_an_impossible_balance_is_named_with_its_gap() -> None:
    unknowns = [
        Unknown("flow", 5.0, 0.3, (("supply of alumina in GIN", -1.0),)),
        Unknown("other", 2.0, 0.3, (("supply of alumina in GIN", -1.0),)),
    ]
    with pytest.raises(InputError) as caught:
        reconcile(unknowns)
    fault = caught.value.faults[0]
    assert fault.term == "supply of alumina in GIN"
    assert "differ by -7 kt" in fault.found


def test_contradicting_balances_are_named() -> None:
    # Each balance can close alone, not both: x = 3 and x = 4.
    unknowns = [
        Unknown("x", 3.5, 0.3, (("first", 1.0), ("second", 1.0))),
        Unknown("three", 3.0, 0.0, (("first", -1.0),)),
        Unknown("four", 4.0, 0.0, (("second", -1.0),)),
    ]
    with pytest.raises(InputError, match="cannot close"):
        reconcile(unknowns)
