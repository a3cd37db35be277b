"""The tables that accord has a recipe for, from the sources where they are present."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from accord.economy.data import world_2022
from accord.economy.data.build import Wish, build
from accord.economy.data.checks import faults
from accord.economy.data.final_demand import final_by_destination
from accord.economy.data.load import SHIPPED, load_table
from accord.economy.data.write_plain import write_plain
from accord.economy.known import known
from accord.economy.origins import STATUSES
from accord.errors import InputError, SourcesAbsent

FACTS = Path(os.environ.get("ACCORD_FACTS") or Path("..", "shared", "facts"))
present = pytest.mark.skipif(not FACTS.is_dir(), reason="the sources are not here")


def test_final_sales_by_hand() -> None:
    """Two makers, one good; B buys three times what A buys, half of it from A."""
    by_good = np.array([[[8.0, 5.0]], [[2.0, 5.0]]])
    sales = np.array([[26.0], [14.0]])
    found = final_by_destination(by_good, sales, np.array([1.0, 3.0]))
    # A: shares .8 and .5 of 1 and 3 = .8 : 1.5;  B: .2 and .5 of 1 and 3 = .2 : 1.5.
    np.testing.assert_allclose(found[0, 0], [26 * 0.8 / 2.3, 26 * 1.5 / 2.3])
    np.testing.assert_allclose(found[1, 0], [14 * 0.2 / 1.7, 14 * 1.5 / 1.7])


def test_what_industries_do_not_buy_is_sold_at_home() -> None:
    by_good = np.zeros((2, 1, 2))
    found = final_by_destination(by_good, np.array([[3.0], [4.0]]), np.array([1.0, 1.0]))
    np.testing.assert_array_equal(found[:, 0], [[3.0, 0.0], [0.0, 4.0]])


def test_what_ships_says_what_is_assumed() -> None:
    table = load_table("open-2022")
    assert {s.status for s in table.sources} == {"reported", "assumed"}
    assert {x.what: dict(x.counts) for x in known(table)} == {
        "pairs": {"assumed": 1404}, "home sales": {"assumed": 54}, "duties": {},
        "inputs": {"assumed": 108}, "value added": {"derived": 54}, "final demand": {"derived": 54},
        "trade elasticities": {"assumed": 2},
    }  # fmt: skip
    assert [x.missing for x in known(table) if x.missing] == [1404]  # duties: the source has none
    assert any("not observed" in said for said in table.assumptions)
    assert any("trade elasticities are assumed" in said for said in table.assumptions)
    assert faults(table, "open-2022", 1e-12) == ()
    assert abs(table.deficit).max() < 2.0  # rounding of trade to 0.1 million


@present
def test_what_ships_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    built = build(Wish("open-2022", FACTS, "open-2022"))
    write_plain(built.table, tmp_path)
    for path in (SHIPPED / "open-2022").iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


@present
def test_sizes_and_exports_are_those_published() -> None:
    """GDP and exports over GDP of the World Development Indicators, country by country."""
    wanted: dict[str, dict[str, float]] = {}
    with gzip.open(FACTS / "macro" / "macro_wdi_long.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["year"] == "2022":
                wanted.setdefault(row["iso3"], {})[row["indicator"]] = float(row["value"])
    table = load_table("open-2022")
    gdp = table.value_added.sum(axis=1)
    for n, region in enumerate(table.regions):
        if region in {"EUN", "ROW"}:
            continue
        row = wanted[region]
        assert gdp[n] == pytest.approx(row["gdp_current_usd"] / 1e6, rel=1e-4), region
        share = 100.0 * table.exports[n] / gdp[n]
        assert share == pytest.approx(row["exports_pct_gdp"], rel=1e-4), region


@present
def test_the_world_of_2022_needs_three_repairs_and_balances() -> None:
    with pytest.raises(InputError, match="3 where nothing is bought at home"):
        build(Wish("world-2022", FACTS, "w"))
    built = build(Wish("world-2022", FACTS, "w", repair=True))
    assert {(a.region, a.sector) for a in built.adjustments} == {
        ("CHE", "COAL"), ("SAU", "COAL"), ("GBR", "METALORE"),
    }  # fmt: skip
    assert sum(a.amount for a in built.adjustments) < 0.01
    assert faults(built.table, "w", 1e-12) == ()


@present
def test_estimated_final_demand_leaves_all_that_is_known() -> None:
    """Output and inputs are those of the source, by region and sector, to single precision."""
    table = build(Wish("world-2022", FACTS, "w", repair=True)).table
    with np.load(FACTS / "economy" / "world_2022_intermediates.npz") as given:
        output = given["output"].reshape(len(table.regions), -1)
        use = given["intermediate"].astype(float)
    np.testing.assert_allclose(table.output, output, rtol=1e-5, atol=0.01)
    np.testing.assert_allclose(table.io.sum(), use.sum(), rtol=1e-12)


@present
def test_the_estimate_agrees_with_what_is_published_elsewhere() -> None:
    """Exports over GDP, 25 countries: within 5 points of the World Bank's figure at the median."""
    table, open_world = build(Wish("world-2022", FACTS, "w", repair=True)).table, load_table()
    gaps = []
    for n, region in enumerate(table.regions):
        if region in open_world.regions and region not in {"EUN", "ROW"}:
            m = open_world.regions.index(region)
            ours = table.exports[n] / table.value_added[n].sum()
            theirs = open_world.exports[m] / open_world.value_added[m].sum()
            gaps.append(100.0 * abs(ours - theirs))
    assert len(gaps) == 25
    assert np.median(gaps) < 3.0
    assert max(gaps) < 35.0  # the Emirates, where goods in transit are exports


@present
def test_pairs_by_size_and_nearness_are_nearer_to_those_observed_than_by_size_alone() -> None:
    """Goods between 26 regions against the table built on the OECD's: a factor of 2 at the median.

    By size alone (the same margins, no distance) it is 2.8.
    """
    table, seen = load_table(), build(Wish("world-2022", FACTS, "w", repair=True)).table
    services = {"POWER", "WATER", "CONS", "TRADE", "TRANSP", "SERV", "PUBLIC"}
    goods = [j for j, s in enumerate(seen.sectors) if s not in services]
    common = [r for r in table.regions if r in seen.regions and r != "ROW"]
    off = ~np.eye(len(common), dtype=bool)
    ours = _between(table.trade[0], table.regions, common)[off]
    theirs = _between(seen.trade[goods].sum(axis=0), seen.regions, common)[off]
    alone = np.outer(
        _between(table.trade[0], table.regions, common).sum(axis=1, where=off),
        _between(table.trade[0], table.regions, common).sum(axis=0, where=off),
    )[off]
    alone *= ours.sum() / alone.sum()

    def factor(flow: np.ndarray) -> float:
        return float(np.exp(np.median(np.abs(np.log(flow / theirs)))))

    assert factor(ours) < 2.2
    assert factor(alone) > 2.6
    assert np.corrcoef(np.log(ours), np.log(theirs))[0, 1] > 0.88


def _between(flow: np.ndarray, labels: tuple[str, ...], common: list[str]) -> np.ndarray:
    at = [labels.index(r) for r in common]
    return flow[np.ix_(at, at)]


def test_sources_that_are_absent_are_told(tmp_path: Path) -> None:
    for name in ("open-2022", "world-2022"):
        with pytest.raises(SourcesAbsent, match="no such file"):
            build(Wish(name, tmp_path, "w", repair=True))


def test_a_recipe_has_its_own_year_and_elasticities(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--year and --theta with open-2022"):
        build(Wish("open-2022", tmp_path, "w", year=2020, theta="5"))
    with pytest.raises(InputError, match="icio, wiod, itpd, baci, trade, plain"):
        build(Wish("eora", tmp_path, "w"))


@present
def test_a_mapping_makes_a_recipes_table_smaller(tmp_path: Path) -> None:
    table = load_table()
    rows = [f"region,{r},{r if r in {'USA', 'CHN'} else 'REST'}" for r in table.regions]
    (tmp_path / "m.csv").write_text("kind,from,to\n" + "\n".join(rows) + "\n", "utf-8")
    few = build(Wish("open-2022", FACTS, "w", mapping=tmp_path / "m.csv")).table
    assert few.regions == ("REST", "CHN", "USA")
    assert few.value_added.sum() == pytest.approx(table.value_added.sum(), rel=1e-12)


@pytest.mark.parametrize("file", ["open_world.csv", "sectors_2022.csv", "open_world_places.csv"])
def test_every_row_of_a_recipes_own_numbers_names_a_source_and_a_status(file: str) -> None:
    ids = {source.id for source in (*load_table("open-2022").sources, world_2022.ELASTICITIES)}
    with Path(world_2022.__file__).with_name(file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    assert {row["source"] for row in rows} <= ids
    assert {row["status"] for row in rows} <= set(STATUSES)


@present
def test_flows_that_the_sources_know_a_part_of_are_not_below_that_part() -> None:
    """Rare earths and magnets (HS 2805, 2846, 8505) that the United States buys: a lower bound.

    They are a part of the flow of goods, too small to put in its place.
    """
    known_part: dict[str, float] = {}
    path = FACTS / "rare_earths" / "ree_us_trade_hs4_1993_2025.csv"
    codes = {
        "China": "CHN",
        "Japan": "JPN",
        "Russia": "RUS",
        "South Korea": "KOR",
        "Vietnam": "VNM",
    }
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            bought = row["flow"] == "imports_for_consumption" and row["measure"] == "value_usd"
            if bought and row["year"] == "2022" and row["partner"] in codes:
                code = codes[row["partner"]]
                known_part[code] = known_part.get(code, 0.0) + float(row["value"]) / 1e6
    table = load_table("open-2022")
    assert set(known_part) == set(codes.values())
    for code, part in known_part.items():
        flow = float(table.trade[0, table.regions.index("USA"), table.regions.index(code)])
        assert 0.0 < part < 0.05 * flow, code
