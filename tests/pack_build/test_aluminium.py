"""The aluminium pack: rebuilt byte for byte, its law against the table of wedges, sanity."""

from __future__ import annotations

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from accord.equilibrium import solve_market
from accord.errors import InputError, SourcesAbsent
from accord.market import Lane, LaneKey
from accord.pack import load
from accord.pack.build import SHIPPED, build
from accord.pack.build.law import read_law
from accord.pack.build.tables import read

PACK = SHIPPED / "aluminium"
HERE = Path(__file__).resolve().parents[2]
FACTS = Path(os.environ.get("ACCORD_FACTS", HERE.parent / "shared" / "facts"))
needs_facts = pytest.mark.skipif(
    not (FACTS / "aluminium").is_dir(), reason="the sources are not on this machine (ACCORD_FACTS)"
)


def flows(year: int) -> dict[tuple[str, str, str], float]:
    rows = read(PACK / f"benchmark_{year}" / "flows.csv")
    return {(r["good"], r["origin"], r["destination"]): float(r["value"]) for r in rows}


def exports(year: int, good: str, origin: str) -> float:
    return sum(v for (g, i, j), v in flows(year).items() if (g, i) == (good, origin) and i != j)


def imports(year: int, good: str, destination: str) -> float:
    return sum(
        v for (g, i, j), v in flows(year).items() if (g, j) == (good, destination) and i != j
    )


# ------------------------------------------------------------------------------------ the build


@needs_facts
def test_the_pack_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    build("aluminium", FACTS, tmp_path / "aluminium")
    shipped = {p.relative_to(PACK): p.read_bytes() for p in PACK.rglob("*") if p.is_file()}
    rebuilt = {
        p.relative_to(tmp_path / "aluminium"): p.read_bytes()
        for p in (tmp_path / "aluminium").rglob("*")
        if p.is_file()
    }
    assert set(shipped) == set(rebuilt)
    different = [str(name) for name in sorted(shipped) if shipped[name] != rebuilt[name]]
    assert different == []


def test_absent_sources_are_all_named_with_their_origin(tmp_path: Path) -> None:
    with pytest.raises(SourcesAbsent) as caught:
        build("aluminium", tmp_path / "nowhere", tmp_path / "out")
    needed = read(PACK / "inputs" / "sources_needed.csv")
    assert len(caught.value.faults) == len(needed)
    assert all("http" in fault.fix for fault in caught.value.faults)
    assert caught.value.exit_status == 2
    assert not (tmp_path / "out").exists()


def test_a_pack_without_sources_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without anything to rebuild"):
        build("toyland", tmp_path, tmp_path / "out")


def test_the_pack_is_small() -> None:
    assert sum(p.stat().st_size for p in PACK.rglob("*") if p.is_file()) < 600_000


def test_every_source_named_in_a_table_is_described() -> None:
    head = (PACK / "pack.toml").read_text(encoding="utf-8")
    for path in sorted(PACK.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for name in filter(None, (x.strip() for x in row.get("source", "").split(";"))):
                    assert f'id = "{name}"' in head, f"{path.name}: {name}"


# ------------------------------------------------------------------------------------ the law

CANADA_2020 = (date(2020, 8, 16), date(2020, 9, 1))
REPRESENTATIVE = {"EU27": ["EUN"], "ROW": ["ARE", "BHR", "IND", "ROW", "ZAF"]}


def days(row: dict[str, str]) -> list[date]:
    first = date.fromisoformat(row["from"])
    last = date.fromisoformat(row["to"]) if row["to"] else date(2026, 12, 31)
    return [first, first + (last - first) / 2, last]


@needs_facts
def test_the_us_wedge_by_partner_and_day() -> None:
    """As in the table of wedges for 7601.10.60, but for Canada from 16 to 31 August 2020.

    The table notes the duty of those days beside a rate of 0; the pack charges it.
    """
    law = read_law(PACK, read(PACK / "tariff_columns.csv"), read(PACK / "regions.csv"))
    lanes = {lane: 0.0 for lane in flows(2017) if lane[0] == "aluminium"}
    rows = read(FACTS / "aluminium" / "us_tariff_wedge_7601106000_by_partner.csv")
    for row in rows:
        for day in days(row):
            market = law.on(day, lanes)
            for origin in REPRESENTATIVE.get(row["partner"], [row["partner"]]):
                lane = market.lane_by_key[LaneKey("aluminium", origin, "USA")]
                expected = float(row["total_ad_valorem"])
                if origin == "CAN" and CANADA_2020[0] <= day < CANADA_2020[1]:
                    expected = 0.1
                assert import_duty(lane) == pytest.approx(expected, abs=1e-12), (origin, day)
                assert bool(lane.closed_by) == (row["embargo"] == "1"), (origin, day)


def import_duty(lane: Lane) -> float:
    """Return the ad valorem import duties in force on a lane, added up."""
    return sum(w.ad_valorem for w in lane.active_wedges if w.side == "import")


def test_canada_pays_for_sixteen_days_in_2020() -> None:
    law = read_law(PACK, read(PACK / "tariff_columns.csv"), read(PACK / "regions.csv"))
    lanes = {("aluminium", "CAN", "USA"): 0.0}
    paid = [
        import_duty(law.on(day, lanes).lanes[0])
        for day in (date(2020, 8, 15), CANADA_2020[0], date(2020, 8, 31), CANADA_2020[1])
    ]
    assert paid == pytest.approx([0.0, 0.1, 0.1, 0.0])


# ------------------------------------------------------------------------------------ sanity


def test_us_imports_of_2024_are_as_observed() -> None:
    seen = {"CAN": 2744.0, "ARE": 435.2, "ARG": 174.8, "ZAF": 131.6, "AUS": 82.4, "IND": 73.0}
    for origin, value in seen.items():
        assert flows(2024)["aluminium", origin, "USA"] == pytest.approx(value, abs=1e-6)
    assert imports(2024, "aluminium", "USA") == pytest.approx(3917.0, abs=0.01)
    assert ("aluminium", "RUS", "USA") not in flows(2024)


@pytest.mark.parametrize("year", [2017, 2024])
def test_russia_exports_what_it_makes_less_home_use(year: int) -> None:
    assert 2700.0 < exports(year, "aluminium", "RUS") < 3400.0
    home = flows(year)["aluminium", "RUS", "RUS"]
    assert 0.15 < home / (home + exports(year, "aluminium", "RUS")) < 0.3


def test_the_baseline_us_price_is_the_one_usgs_reports() -> None:
    price = {
        r["region"]: float(r["value"])
        for r in read(PACK / "benchmark_2024" / "prices.csv")
        if r["good"] == "aluminium"
    }
    landed = next(
        float(r["mean"])
        for r in read(PACK / "history" / "landed_costs_2024.csv")
        if (r["good"], r["region"]) == ("aluminium", "USA")
    )
    assert landed == pytest.approx(129.5 * 22.0462262, abs=0.05)
    assert price["USA"] == pytest.approx(landed, rel=0.02)


def test_latent_flow_to_the_united_states_is_a_distribution() -> None:
    row = next(
        r
        for r in read(PACK / "benchmark_2024" / "latent_flows.csv")
        if (r["good"], r["origin"], r["destination"]) == ("aluminium", "RUS", "USA")
    )
    assert 0.0 < float(row["low"]) < float(row["central"]) < float(row["high"])
    years = [
        float(r["share"])
        for r in read(PACK / "history" / "open_lane_shares.csv")
        if (r["good"], r["origin"], r["destination"]) == ("aluminium", "RUS", "USA")
    ]
    assert len(years) == 8
    assert min(years) == pytest.approx(0.0647, abs=5e-4)
    assert max(years) == pytest.approx(0.1645, abs=5e-4)


@pytest.mark.parametrize("year", [2017, 2024])
def test_input_ratios_stay_within_what_plants_need(year: int) -> None:
    for row in read(PACK / f"benchmark_{year}" / "activities.csv"):
        if row["item"] == "input:alumina":
            assert 1.88 <= float(row["value"]) <= 1.98, row
        if row["item"] == "input:bauxite":
            assert 1.4 <= float(row["value"]) <= 3.4, row


def test_every_adjustment_is_written_down() -> None:
    rows = read(PACK / "benchmark_2017" / "adjustments.csv")
    after = {(r["good"], r["origin"], r["destination"]): float(r["after"]) for r in rows}
    for lane, value in flows(2017).items():
        assert after[lane] == pytest.approx(value, abs=2e-3), lane
    assert all(r["why"] for r in rows)


# ------------------------------------------------------------------------------------ the market


def test_the_baselines_come_out_of_the_solver_as_they_went_in() -> None:
    pack = load("aluminium")
    for year, day in ((2017, date(2017, 12, 31)), (2024, date(2024, 12, 31))):
        found = solve_market(pack.market(year, day))
        for (good, origin, destination), value in flows(year).items():
            solved = found.flow(good, origin, destination) / 1000.0
            assert solved == pytest.approx(value, rel=1e-6, abs=1e-4)


def test_russia_to_china_in_2025_is_predicted_within_a_factor_of_one_and_a_half() -> None:
    observed = next(
        float(r["value"])
        for r in read(PACK / "observed_2025.csv")
        if (r["quantity"], r["region"], r["partner"]) == ("imports", "CHN", "RUS")
    )
    found = solve_market(load("aluminium").market(2025, date(2025, 7, 1)))
    predicted = found.flow("aluminium", "RUS", "CHN") / 1000.0
    assert 1 / 1.5 < predicted / observed < 1.5


def test_us_imports_of_2017_do_not_count_the_world_among_origins() -> None:
    rows = read(PACK / "benchmark_2017" / "observed.csv")
    total = next(float(r["value"]) for r in rows if (r["region"], r["partner"]) == ("USA", ""))
    assert total == pytest.approx(imports(2017, "aluminium", "USA"), rel=2e-3)
