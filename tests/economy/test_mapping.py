from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accord.economy.baseline import Shock
from accord.economy.data.checks import faults
from accord.economy.data.mapping import AS_IT_IS, aggregated, read_mapping
from accord.economy.from_table import baseline_of
from accord.economy.hat import ExactHat
from accord.economy.world import WorldTable
from accord.errors import InputError
from world_tables import toy_table

WHOLE = "kind,from,to\nregion,AAA,EAST\nregion,BBB,EAST\nregion,CCC,WEST\nregion,DDD,WEST\n"


def mapping(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "map.csv"
    path.write_text(text, "utf-8")
    return path


def test_sums_are_kept_and_balances_hold(tmp_path: Path) -> None:
    table = toy_table()
    few = aggregated(
        table, read_mapping(mapping(tmp_path, WHOLE + "sector,S1,X\nsector,S2,Y\nsector,S3,X\n"))
    )
    assert few.regions == ("EAST", "WEST")
    assert few.sectors == ("X", "Y")
    assert faults(few, "toy") == ()
    # Duties between members are no longer collected: they stay with the maker.
    inside = table.revenue.sum() - few.revenue.sum()
    np.testing.assert_allclose(few.trade.sum() - table.trade.sum(), inside, rtol=1e-12)
    np.testing.assert_allclose(few.final_demand.sum(), table.final_demand.sum(), rtol=1e-12)
    assert few.members == {"EAST": ("AAA", "BBB"), "WEST": ("CCC", "DDD")}
    assert table.theta.min() <= few.theta.min() <= few.theta.max() <= table.theta.max()


def test_without_a_mapping_nothing_changes() -> None:
    table = toy_table()
    same = aggregated(table, AS_IT_IS)
    np.testing.assert_allclose(same.trade, table.trade)
    np.testing.assert_allclose(same.tariff, table.tariff)
    np.testing.assert_allclose(same.theta, table.theta)


def split(table: WorldTable) -> WorldTable:
    """Return the table with its last sector in two alike, each with half of everything."""
    part = np.eye(4)[[0, 1, 2, 2]][:, :3] * np.array([1.0, 1.0, 0.5, 0.5])[:, None]
    return replace(
        table,
        sectors=("S1", "S2", "S3a", "S3b"),
        trade=np.einsum("aj,jni->ani", part, table.trade),
        io=np.einsum("aj,njk,bk->nab", part, table.io, part),
        value_added=table.value_added @ part.T,
        final_demand=table.final_demand @ part.T,
        tariff=table.tariff[[0, 1, 2, 2]],
        theta=table.theta[[0, 1, 2, 2]],
    )


def test_a_sector_in_two_alike_answers_as_one_and_adds_up_to_it(tmp_path: Path) -> None:
    table = toy_table()
    halves = split(table)
    assert faults(halves, "toy") == ()
    answers = []
    for world in (table, halves):
        rate = world.tariff + 0.1 * (1.0 - np.eye(4))
        answers.append(ExactHat(baseline_of(world)).counterfactual(Shock(tariff=rate)))
    np.testing.assert_allclose(answers[0].welfare, answers[1].welfare, rtol=1e-9)
    rows = "kind,from,to\nsector,S1,S1\nsector,S2,S2\nsector,S3a,S3\nsector,S3b,S3\n"
    again = aggregated(halves, read_mapping(mapping(tmp_path, rows)))
    for name in ("trade", "io", "value_added", "final_demand", "tariff", "theta"):
        np.testing.assert_allclose(getattr(again, name), getattr(table, name), rtol=1e-12)


def test_everything_must_be_covered_and_nothing_be_strange(tmp_path: Path) -> None:
    text = "kind,from,to\nregion,AAA,EAST\nregion,XXX,EAST\nsector,S1,X\n"
    with pytest.raises(InputError) as caught:
        aggregated(toy_table(), read_mapping(mapping(tmp_path, text)))
    said = str(caught.value)
    assert "no row for 3 regions: BBB, CCC, DDD" in said
    assert "1 regions that the source does not have: XXX" in said
    assert "no row for 2 sectors: S2, S3" in said


def test_a_faulty_file_has_all_its_faults_told(tmp_path: Path) -> None:
    text = "kind,from,to\nplace,AAA,EAST\nregion,AAA,E\nregion,AAA,W\nregion,BBB\n"
    with pytest.raises(InputError) as caught:
        read_mapping(mapping(tmp_path, text))
    assert [f.line for f in caught.value.faults] == [2, 4, 5]


@pytest.mark.parametrize("text", ["", "from,to\nA,B\n"])
def test_a_wrong_header(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="kind,from,to"):
        read_mapping(mapping(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        read_mapping(tmp_path / "nowhere.csv")
