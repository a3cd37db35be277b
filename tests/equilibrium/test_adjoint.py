"""One backward solve against solving again: every derivative by central differences."""

from __future__ import annotations

import numpy as np
import pytest

from accord.equilibrium import solve_market
from accord.equilibrium.adjoint import gradient
from adjoint_worlds import (
    WORLDS,
    again,
    agrees,
    chosen_effects,
    data_of,
    differences,
    size_of,
)

STEP = 5e-4


@pytest.mark.parametrize(("closure", "world"), WORLDS)
def test_derivatives_are_those_of_solving_again(closure: str, world: str) -> None:
    eq = solve_market(WORLDS[closure, world](), closure=closure)
    found = {name: gradient(e, eq) for name, e in chosen_effects(eq).items()}
    assert not next(iter(found.values())).kinks
    wrong: list[str] = []
    for datum in data_of(eq):
        step = STEP * datum.size
        reference = differences(lambda s, d=datum: again(eq, d.moved(s)), step)
        for name, mine in found.items():
            value = float(np.asarray(getattr(mine, datum.column))[datum.place])
            if not agrees(value, reference[name], size_of(mine, datum.column, datum.size)):
                wrong.append(
                    f"{name} by {datum.column}[{datum.place}]: {value:.9g}, {reference[name]:.9g}"
                )
    assert not wrong, "\n".join([f"{len(wrong)} wrong", *wrong])
