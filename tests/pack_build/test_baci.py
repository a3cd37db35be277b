from __future__ import annotations

from pathlib import Path

import pytest

from accord.errors import InputError, SourcesAbsent
from accord.pack.build import baci

MEMBERS = {"RUS": "RUS", "USA": "USA", "DEU": "EUN", "FRA": "EUN"}


def write(folder: Path, trade: str, countries: str) -> tuple[Path, Path]:
    paths = folder / "BACI_HS92_Y2017_V202401b.csv", folder / "country_codes_V202401b.csv"
    paths[0].write_text(trade, encoding="utf-8")
    paths[1].write_text(countries, encoding="utf-8")
    return paths


COUNTRIES = """country_code,country_name,country_iso2,country_iso3
643,Russian Federation,RU,RUS
842,USA,US,USA
276,Germany,DE,DEU
251,France,FR,FRA
554,New Zealand,NZ,NZL
"""


def test_flows_are_summed_to_regions_and_goods_in_kilotonnes(tmp_path: Path) -> None:
    trade = """t,i,j,k,v,q
2017,643,842,760110,1000,500000
2017,643,842,760120,1000,225000
2017,643,276,760110,1000,10000
2017,643,251,760120,1000,5000
2017,554,842,281820,10,2000
2017,643,842,760200,10,999
2016,643,842,760110,10,999
2017,643,842,260600,10,        NA
"""
    found = {
        m.lane: m.importer for m in baci.mirrors(*write(tmp_path, trade, COUNTRIES), MEMBERS, 2017)
    }
    assert found == {
        ("aluminium", "RUS", "USA"): 725.0,
        ("aluminium", "RUS", "EUN"): 15.0,
        ("alumina", "ROW", "USA"): 2.0,
        ("bauxite", "RUS", "USA"): 0.0,
    }


def test_both_sides_agree(tmp_path: Path) -> None:
    trade = "t,i,j,k,v,q\n2017,643,842,760110,1,7\n"
    (only,) = baci.mirrors(*write(tmp_path, trade, COUNTRIES), MEMBERS, 2017)
    assert only.importer == only.exporter


def test_missing_files_say_where_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(SourcesAbsent) as caught:
        baci.mirrors(tmp_path / "no.csv", tmp_path / "none.csv", MEMBERS, 2017)
    assert len(caught.value.faults) == 2
    assert "cepii.fr" in caught.value.faults[0].fix


def test_a_wrong_file_names_the_missing_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column k, q"):
        baci.mirrors(*write(tmp_path, "t,i,j\n2017,1,2\n", COUNTRIES), MEMBERS, 2017)
