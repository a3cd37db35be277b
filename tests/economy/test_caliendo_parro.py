"""Many sectors: the paper's tables, worlds by hand, and repairs that are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from economy_worlds import made_up

from accord.cases import caliendo_parro_2015 as nafta_case
from accord.cases.published import published_folder
from accord.economy.baseline import Shock
from accord.economy.caliendo_parro import (
    EXACT,
    LOGS,
    PRINTED,
    TERMS,
    VOLUME,
    CaliendoParro,
    parts_of,
)  # fmt: skip
from accord.economy.caliendo_parro_data import Repairs, Tables, caliendo_parro_world
from accord.economy.hat import consistent
from accord.errors import InputError

PLACE = np.arange(3)


def tables() -> Tables:
    """Return three regions and two sectors whose tables agree."""
    trade = np.array([
        [[0.0, 6.0, 4.0], [5.0, 0.0, 3.0], [2.0, 7.0, 0.0]],
        [[0.0, 1.0, 2.0], [2.0, 0.0, 2.0], [3.0, 1.0, 0.0]],
    ])  # fmt: skip
    return Tables(
        regions=("A", "B", "C"),
        sectors=("goods", "tools"),
        theta=np.array([4.0, 7.0]),
        trade=trade,
        gross_output=np.array([[60.0, 80.0, 50.0], [30.0, 40.0, 45.0]]),
        value_added=np.array([[0.6, 0.5, 0.7], [0.5, 0.55, 0.6]]),
        input_share=np.full((3, 2, 2), 0.5),
        tariff=np.where(trade > 0.0, 0.1, 0.0),
    )


def test_tables_that_agree_are_taken_as_they_are() -> None:
    world = caliendo_parro_world(tables())
    assert world.notes == ()
    np.testing.assert_allclose(world.base.levels.output, tables().gross_output, rtol=1e-8)


def test_every_disagreement_at_once_and_each_repair_is_told() -> None:
    given = tables()
    output = given.gross_output.copy()
    output[1, 0] = 1.0  # exports are 5
    share = given.input_share.copy()
    share[2, :, 0] = (-0.01, 1.01)
    share[0, :, 0] = (0.01, 0.99)  # A's tools are used up, and more
    wrong = replace(given, gross_output=output, input_share=share)
    with pytest.raises(InputError) as refused:
        caliendo_parro_world(wrong)
    fields = [fault.field for fault in refused.value.faults]
    assert fields == ["gross_output", "input_share", "final"]
    assert "tools in A: 4" in str(refused.value)
    repairs = Repairs(raise_output=True, drop_negative_final=True, drop_negative_inputs=True)
    world = caliendo_parro_world(wrong, repairs)
    assert [note.split(" in ")[0] for note in world.notes] == [
        "Output is raised to exports",
        "Negative input shares are set to 0",
        "Negative final demand is set to 0",
        "The base year is solved again so that all markets clear: wages move by "
        + world.notes[3].split("wages move by ")[1],
    ]
    answer = world.counterfactual(Shock(tariff=0.0 * world.base.tariff))
    assert answer.notes == world.notes


def test_shapes_are_refused_before_anything_else() -> None:
    wrong = replace(tables(), theta=np.ones(3), gross_output=np.ones((3, 2)))
    with pytest.raises(InputError) as refused:
        caliendo_parro_world(wrong)
    assert {fault.field for fault in refused.value.faults} == {"theta", "gross_output"}
    nothing = tables().trade.copy()
    nothing[0, 0, 1] = np.nan
    with pytest.raises(InputError, match="missing pairs"):
        caliendo_parro_world(replace(tables(), trade=nothing))


def test_deficits_end_where_it_is_asked() -> None:
    world = caliendo_parro_world(tables(), Repairs(end_deficits=True))
    np.testing.assert_allclose(world.base.deficit, 0.0)
    levels = world.base.levels
    balance = levels.exports.sum(axis=0) - levels.imports.sum(axis=0)
    np.testing.assert_allclose(balance, 0.0, atol=1e-8)
    assert "with all trade balanced" in world.notes[0]


@pytest.mark.parametrize("logs", [False, True])
def test_parts_by_sector_and_partner_add_up(logs: bool) -> None:  # noqa: FBT001 - a parameter
    base = made_up(1)
    world = CaliendoParro(base)
    shock = Shock(tariff=0.5 * base.tariff)
    answer, solution = world.counterfactual(shock), world.hat.solve(shock)
    parts = parts_of(base, solution, logs=logs)
    label = LOGS if logs else PRINTED
    for name, found in zip((TERMS, VOLUME), parts.total, strict=True):
        np.testing.assert_allclose(found, answer.decomposition[f"{name}, {label}"], atol=1e-10)
    for k, whole in enumerate(parts.total):
        np.testing.assert_allclose(parts.by_sector[k].sum(axis=0), whole, atol=1e-10)
        np.testing.assert_allclose(parts.by_partner[k].sum(axis=1), whole, atol=1e-10)


def test_parts_are_right_to_first_order() -> None:
    """Halving a small change quarters what the decomposition misses of the exact change."""
    base = consistent(made_up(2), deficits=np.zeros(5))
    missed: dict[str, list[float]] = {LOGS: [], PRINTED: []}
    for size in (1e-3, 5e-4):
        tariff = base.tariff + size * (base.share > 0.0) * (1.0 - np.eye(5))
        parts = CaliendoParro(base).counterfactual(Shock(tariff=tariff)).decomposition
        for label, gaps in missed.items():
            gaps.append(np.abs(parts[f"welfare, {label}"] - parts[EXACT]).max())
    for before, after in missed.values():
        assert 0.2 < after / before < 0.3


def test_nafta_in_detail() -> None:
    folder = published_folder("caliendo_parro_2015")
    if folder is None:
        pytest.skip("the published files of caliendo_parro_2015 are not here")
    world, cut = nafta_case.nafta(folder / "inputs.npz")
    answer = world.counterfactual(Shock(tariff=cut))
    mexico = answer.regions.index("MEX")
    parts = answer.decomposition
    assert parts[f"welfare, {PRINTED}"][mexico] == pytest.approx(1.31, abs=0.005)
    assert parts[f"welfare, {LOGS}"][mexico] == pytest.approx(0.53, abs=0.005)
    assert parts[EXACT][mexico] == pytest.approx(0.007, abs=0.0005)
    assert "26 places" in answer.notes[0]
    assert "185 places" in answer.notes[2]
