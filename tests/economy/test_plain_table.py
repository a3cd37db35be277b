from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from accord.economy.data.load import load_table, shipped_tables
from accord.economy.data.plain import read_plain
from accord.economy.data.write_plain import write_plain
from accord.economy.world import WorldTable
from accord.errors import InputError
from world_tables import changed, toy_table


def written(tmp_path: Path, table: WorldTable | None = None) -> Path:
    folder = tmp_path / "toy"
    folder.mkdir()
    write_plain(table or toy_table(3, 2), folder)
    return folder


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    table = changed(
        toy_table(3, 2),
        goods={"tin": "S2"},
        members={"CCC": ("*",)},
        region_names={"AAA": 'A "land"'},
        not_modelled=(("ships", "no figures"),),
        assumptions=("everything",),
    )
    again = load_table(written(tmp_path, table))
    for name in ("trade", "io", "value_added", "final_demand", "tariff", "theta"):
        np.testing.assert_array_equal(getattr(again, name), getattr(table, name))
    assert again.goods == {"tin": "S2"}
    assert again.members == {"CCC": ("*",)}
    assert again.region_names["AAA"] == 'A "land"'
    assert again.not_modelled == (("ships", "no figures"),)
    assert again.sources == table.sources
    assert again.assumptions == ("everything", "trade elasticities are assumed for S1, S2")


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    folder = written(tmp_path)
    trade = (folder / "trade.csv").read_text("utf-8").splitlines()
    trade[1] = trade[1].replace("AAA", "QQQ", 1)
    trade[2] = "S1,AAA,BBB,much,million USD,2020,toy,assumed"
    del trade[5]
    (folder / "trade.csv").write_text("\n".join(trade) + "\n", "utf-8")
    (folder / "accounts.csv").write_text("region,sector,value_added\n", "utf-8")
    (folder / "inputs.csv").unlink()
    theta = (folder / "elasticities.csv").read_text("utf-8").replace("assumed", "guessed", 1)
    (folder / "elasticities.csv").write_text(theta, "utf-8")
    with pytest.raises(InputError) as caught:
        read_plain(folder)
    said = str(caught.value)
    for part in ('the region "QQQ"', '"much"', "no row for 2 pairs", "no such file", '"guessed"'):
        assert part in said, part
    assert "region,sector,item,value,unit,year,source,status" in said


def test_a_table_needs_a_head(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "table.toml").write_text("format = 2\nyear = 'x'\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_plain(folder)
    said = str(caught.value)
    for part in ("title = None", "year = 'x'", "unit = None", "no [[source]]"):
        assert part in said, part
    (folder / "table.toml").write_text("format = \n", "utf-8")
    with pytest.raises(InputError, match="TOML"):
        read_plain(folder)


def test_balances_are_checked_when_a_table_is_loaded(tmp_path: Path) -> None:
    table = toy_table(3, 2)
    folder = written(tmp_path, changed(table, value_added=table.value_added + 0.25))
    with pytest.raises(InputError, match=r"off at 6 places, together 1\.5 million USD"):
        load_table(folder)


def test_a_name_that_is_none_says_what_ships(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="open-2022"):
        load_table(tmp_path / "nowhere")


def test_every_table_that_ships_loads() -> None:
    assert "open-2022" in shipped_tables()
    for name in shipped_tables():
        assert load_table(name).name == name
