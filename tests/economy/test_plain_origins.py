"""Every number of a plain table says where it is from; the loader reads it and checks it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accord.economy.data.build import Wish, build
from accord.economy.data.load import SHIPPED, load_table
from accord.economy.data.mapping import Aggregation, aggregated
from accord.economy.data.plain import read_plain
from accord.economy.data.plain_folder import HEADERS, STATED
from accord.economy.data.repair import repaired
from accord.economy.data.write_plain import write_plain
from accord.economy.known import known, statuses
from accord.economy.origins import NO_FIGURE, Origin, Origins
from accord.economy.world import ARRAYS, Source, WorldTable
from accord.errors import Fault, InputError
from world_tables import TOY, changed, toy_table

CUSTOMS = Source("customs", "Made for tests", "none", "measured")


def mixed() -> WorldTable:
    """A world in which one flow of goods is measured, a year earlier, and the rest assumed."""
    table = changed(toy_table(3, 2), sources=(TOY, CUSTOMS))
    here = np.zeros(table.trade.shape, dtype=np.bool_)
    here[0, 1, 0] = True
    flows = table.origins_of("trade").put(here, Origin("customs", "measured", 2019))
    return replace(table, origins={"trade": flows})


def written(tmp_path: Path, table: WorldTable) -> Path:
    folder = tmp_path / "toy"
    folder.mkdir()
    write_plain(table, folder)
    return folder


def edited(folder: Path, file: str, old: str, new: str, count: int = -1) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, count), "utf-8")


def faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        read_plain(folder)
    return caught.value.faults


def test_origins_of_every_number_read_back_the_same(tmp_path: Path) -> None:
    table = mixed()
    again = load_table(written(tmp_path, table))
    for array in ARRAYS:
        one, other = table.origins_of(array), again.origins_of(array)
        for place in np.ndindex(one.code.shape):
            assert other.at(place) == one.at(place), (array, place)


def test_statuses_are_counted_from_the_rows(tmp_path: Path) -> None:
    again = load_table(written(tmp_path, mixed()))
    assert known(again)[0].said == "pairs 1 measured, 11 assumed"
    assert statuses(again)["pairs"] == {"measured": 1, "assumed": 11}
    assert again.pairs == "assumed"
    assert again.pair_status("S1", "AAA", "BBB") == "measured"
    assert again.pair_status("S1", "BBB", "AAA") == "assumed"
    assert again.pair_status("all", "AAA", "BBB") == "assumed"
    assert "numbers of other years stand for 2020: 1 of 2019" in again.assumptions


def test_a_table_whose_flows_are_all_reported_needs_no_warning(tmp_path: Path) -> None:
    table = toy_table(2, 2)
    flows = Origins.of_all(Origin("customs", "reported", 2020), table.trade.shape)
    table = changed(table, sources=(TOY, CUSTOMS), origins={"trade": flows})
    assert load_table(written(tmp_path, table)).pairs == "reported"


def test_duties_without_a_row_are_no_figures(tmp_path: Path) -> None:
    folder = written(tmp_path, toy_table(3, 2, duties=False))
    assert not (folder / "tariffs.csv").exists()
    table = load_table(folder)
    assert known(table)[2].said == "12 duties without a figure, counted as 0"
    head = ",".join(HEADERS["tariffs.csv"])
    row = "S1,AAA,BBB,0,fraction,2020,toy,assumed"
    (folder / "tariffs.csv").write_text(f"{head}\n{row}\n", "utf-8")
    known_zero = load_table(folder)
    assert known(known_zero)[2].counts == {"assumed": 1}
    assert known(known_zero)[2].missing == 11
    np.testing.assert_array_equal(known_zero.tariff, table.tariff)


def test_all_that_is_wrong_with_the_ends_of_rows_at_once(tmp_path: Path) -> None:
    folder = written(tmp_path, mixed())
    edited(folder, "trade.csv", "2020,toy;", "2020,another;")
    edited(folder, "trade.csv", "2019,customs", "19,customs")
    edited(folder, "inputs.csv", "million USD", "USD", 1)
    edited(folder, "accounts.csv", ",assumed", ",known", 2)
    edited(folder, "elasticities.csv", "customs,assumed", "customs,measured", 1)
    found = {(Path(f.file).name, f.field): f for f in faults(folder)}
    assert set(found) == {
        ("trade.csv", "source"), ("trade.csv", "year"), ("inputs.csv", "unit"),
        ("accounts.csv", "status"), ("elasticities.csv", "status"),
    }  # fmt: skip
    source = found["trade.csv", "source"]
    assert source.found.startswith('"another"')
    assert source.found.endswith(" in 17 rows")
    assert source.allowed == "ids of [[source]], toy; customs"
    assert source.line == 2
    assert found["inputs.csv", "unit"].allowed == "million USD"
    assert found["accounts.csv", "status"].found == '"known" in 2 rows'
    said = found["elasticities.csv", "status"].found
    assert said == "measured, from toy, which is assumed"


def test_an_older_form_is_to_be_built_again(tmp_path: Path) -> None:
    folder = written(tmp_path, toy_table(2, 2))
    edited(folder, "table.toml", "format = 2", "format = 1")
    (only,) = faults(folder)
    assert only.found == "format = 1"
    assert only.fix.startswith("build it again")
    edited(folder, "table.toml", "format = 1", "format = 3")
    assert faults(folder)[0].fix == "get a newer accord"


@pytest.mark.parametrize("name", ["a;b", " a", ""])
def test_an_id_that_rows_could_not_name(tmp_path: Path, name: str) -> None:
    folder = written(tmp_path, toy_table(2, 2))
    edited(folder, "table.toml", 'id = "toy"', f'id = "{name}"')
    assert any("a name without ;" in f.allowed for f in faults(folder))


def test_a_source_twice(tmp_path: Path) -> None:
    folder = written(tmp_path, changed(toy_table(2, 2), sources=(TOY, TOY)))
    assert any(f.found == 'the source "toy" twice' for f in faults(folder))


def test_groups_keep_what_is_known_of_their_parts() -> None:
    """What is one number still is as well known; a sum is as its weakest part."""
    table = mixed()
    same = aggregated(table, Aggregation("m", {}, {"S1": "S1", "S2": "S2"}))
    assert same.pair_status("S1", "AAA", "BBB") == "measured"
    both = aggregated(table, Aggregation("m", {}, {"S1": "S", "S2": "S"}))
    at = both.origins_of("trade").at((0, 1, 0))
    assert at is not None
    assert (set(at.ids), at.status) == ({"toy", "customs"}, "assumed")


def test_a_mean_of_elasticities_is_no_longer_reported() -> None:
    table = toy_table(2, 3)
    told = Origins.of_all(Origin("customs", "reported", 2020), (3,))
    table = changed(table, sources=(CUSTOMS,), origins={"theta": told})
    few = aggregated(table, Aggregation("m", {}, {"S1": "S", "S2": "S", "S3": "T"}))
    found = [few.origins_of("theta").at((k,)) for k in range(2)]
    assert [x.status for x in found if x is not None] == ["derived", "reported"]


def test_what_is_mended_is_derived() -> None:
    table = toy_table(2, 2)
    reported = Origins.of_all(Origin("customs", "reported", 2020), table.trade.shape)
    trade = table.trade.copy()
    trade[0, 1, 0] *= -1.0
    mended, _ = repaired(changed(table, trade=trade, origins={"trade": reported}))
    assert mended.pair_status("S1", "AAA", "BBB") == "derived"
    assert mended.pair_status("S1", "BBB", "AAA") == "reported"


def test_duties_put_in_force_have_their_own_source() -> None:
    table = mixed()
    rate = table.tariff.copy()
    rate[0, 1, 0] += 0.1
    taxed = table.with_tariff(rate, CUSTOMS)
    assert taxed.origins_of("tariff").at((0, 1, 0)) == Origin("customs", "measured", 2020)
    assert taxed.origins_of("tariff").at((0, 0, 1)) == table.origins_of("tariff").at((0, 0, 1))


def test_a_table_that_says_nothing_is_as_little_known_as_its_weakest_source() -> None:
    table = changed(toy_table(2, 2, duties=False), sources=(CUSTOMS, TOY))
    assert table.pairs == "assumed"
    assert (table.origins_of("tariff").code == NO_FIGURE).all()
    assert changed(table, sources=(CUSTOMS,)).pairs == "measured"
    assert changed(table, sources=()).pairs == "assumed"


def test_every_row_with_a_number_that_ships_is_whole() -> None:
    """Straight from the files: unit, year, source and status in every row."""
    for folder in SHIPPED.iterdir():
        for file, header in HEADERS.items():
            if STATED[0] not in header or not (folder / file).exists():
                continue
            rows = (folder / file).read_text("utf-8").splitlines()
            assert rows[0] == ",".join(header)
            assert all(len(r.split(",")) == len(header) and ",," not in r for r in rows), file


def test_elasticities_of_a_file_keep_their_sources(tmp_path: Path) -> None:
    """A source that one row reports from and another guesses by is as known as the best of both."""
    rows = [
        f"2022,{i},{n},{s},{9 if i == n else 1}"
        for s in ("wood", "tin")
        for i in ("AAA", "BBB")
        for n in ("AAA", "BBB")
    ]
    (tmp_path / "t.csv").write_text(
        "year,exporter,importer,sector,value\n" + "\n".join(rows) + "\n"
    )
    theta = "sector,theta,source,status\nwood,4,paper,assumed\ntin,5,paper,reported\n"
    (tmp_path / "theta.csv").write_text(theta)
    wish = Wish("trade", tmp_path / "t.csv", "toy", 2022, theta=str(tmp_path / "theta.csv"))
    table = load_table(written(tmp_path, build(wish).table))
    assert {s.id: s.status for s in table.sources} == {"own": "reported", "paper": "reported"}
    assert {x.what: x.said for x in known(table)} == {
        "pairs": "pairs 4 reported", "home sales": "home sales 4 reported",
        "duties": "4 duties without a figure, counted as 0", "inputs": "inputs 8 assumed",
        "value added": "value added 4 assumed", "final demand": "final demand 4 assumed",
        "trade elasticities": "trade elasticities 1 reported, 1 assumed",
    }  # fmt: skip
