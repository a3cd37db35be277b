from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from accord.economy.data.assemble import Labels
from accord.economy.data.bilateral import FORMS, read_trade
from accord.economy.data.build import Wish, build
from accord.economy.data.mapping import AS_IT_IS
from accord.errors import InputError

FLOWS = {
    ("1", "CAN", "CAN"): 50.0, ("1", "USA", "USA"): 400.0, ("1", "CAN", "USA"): 10.0,
    ("1", "USA", "CAN"): 12.0, ("2", "CAN", "CAN"): 30.0, ("2", "USA", "USA"): 300.0,
    ("2", "CAN", "USA"): 0.0, ("2", "USA", "CAN"): 7.0,
}  # fmt: skip


def itpd(path: Path, flows: dict[tuple[str, str, str], float] | None = None) -> Path:
    rows = FLOWS if flows is None else flows
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["exporter_iso3", "importer_iso3", "year", "industry_id", "trade", "flag"])
        for (sector, exporter, importer), value in rows.items():
            writer.writerow([exporter, importer, 2019, sector, value, "p"])
            writer.writerow([exporter, importer, 2018, sector, 1.0, "p"])
    return path


def wish(path: Path, what: str = "itpd", **changes: object) -> Wish:
    given = {"what": what, "sources": path, "name": "t", "year": 2019, "theta": "4"} | changes
    return Wish(**given)  # type: ignore[arg-type]


def test_itpd_is_a_world_without_inputs(tmp_path: Path) -> None:
    table = build(wish(itpd(tmp_path / "i.csv"))).table
    assert (table.regions, table.sectors) == (("CAN", "USA"), ("1", "2"))
    np.testing.assert_array_equal(table.trade[0], [[50.0, 12.0], [10.0, 400.0]])
    np.testing.assert_array_equal(table.value_added[0], [60.0, 30.0])
    assert (table.io == 0.0).all()
    assert table.not_modelled[0][0] == "input–output links"


def test_pairs_and_home_sales_that_are_missing(tmp_path: Path) -> None:
    some = {k: v for k, v in FLOWS.items() if k not in {("1", "CAN", "CAN"), ("2", "CAN", "USA")}}
    with pytest.raises(InputError) as caught:
        build(wish(itpd(tmp_path / "i.csv", some)))
    said = str(caught.value)
    assert "no home sales for 1: 1 CAN" in said
    assert "no row for 1 pairs: 2 CAN→USA" in said


def test_negative_and_wrong_values_are_told_together(tmp_path: Path) -> None:
    path = itpd(tmp_path / "i.csv", FLOWS | {("1", "CAN", "USA"): -3.0})
    with path.open("a", encoding="utf-8") as lines:
        lines.write("USA,CAN,2019,2,lots,p\n")
    with pytest.raises(InputError) as caught:
        build(wish(path))
    assert [f.found for f in caught.value.faults] == ['"-3.0"', '"lots"']


def test_baci_is_in_thousands_and_has_no_home_sales(tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS17_Y2019.csv"
    path.write_text(
        "t,i,j,k,v,q\n2019,124,842,760110,1500,700\n2019,842,124,760110,500,1\n", "utf-8"
    )
    labels = Labels("b", "BACI", 2019, "million USD", FORMS["baci"].source, {"*": 5.0})
    trade = read_trade(path, "baci", AS_IT_IS, labels)
    assert trade.sectors == ("760110",)
    np.testing.assert_array_equal(trade.flow[0], [[0.0, 0.5], [1.5, 0.0]])
    with pytest.raises(InputError, match="no home sales for 2"):
        build(wish(path, "baci"))


def test_home_sales_come_from_a_file_of_their_own(tmp_path: Path) -> None:
    path, home = tmp_path / "baci.csv", tmp_path / "home.csv"
    path.write_text("t,i,j,k,v,q\n2019,124,842,7601,1500,1\n2019,842,124,7601,500,1\n", "utf-8")
    home.write_text("region,sector,value\n124,7601,20\n842,7601,300\n", "utf-8")
    table = build(wish(path, "baci", home=home)).table
    np.testing.assert_array_equal(table.trade[0], [[20.0, 0.5], [1.5, 300.0]])
    home.write_text("region,sector,value\n124,7601,-1\nQQQ,7601,3\n842,7601\n", "utf-8")
    with pytest.raises(InputError) as caught:
        build(wish(path, "baci", home=home))
    assert [f.line for f in caught.value.faults] == [2, 3, 4]
    home.write_text("a,b\n", "utf-8")
    with pytest.raises(InputError, match="region,sector,value"):
        build(wish(path, "baci", home=home))
    with pytest.raises(InputError, match="--home with icio"):
        build(wish(path, "icio", home=home))


def test_another_forms_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column t, i, j, k, v"):
        build(wish(itpd(tmp_path / "i.csv"), "baci"))


def test_a_year_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row of 2001"):
        build(wish(itpd(tmp_path / "i.csv"), year=2001))


def test_a_mapping_that_leaves_something_out(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("kind,from,to\nregion,CAN,NORTH\n", "utf-8")
    with pytest.raises(InputError, match="no row for 1 regions: USA"):
        build(wish(itpd(tmp_path / "i.csv"), mapping=tmp_path / "m.csv"))
