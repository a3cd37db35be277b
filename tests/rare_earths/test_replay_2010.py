"""China's quota cut of 2010 in the model, beside what prices did: sign and order, not size."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from accord.minerals.replay import Replay, eve, replay
from accord.pack import Pack

HERE = Path(__file__).resolve().parents[3] / "shared"
FACTS = Path(os.environ.get("ACCORD_FACTS", HERE / "facts"))
CASES = Path(os.environ.get("ACCORD_CASES", HERE / "cases"))
OXIDES = {"Ce": "ce_oxide", "La": "la_oxide", "Nd": "ndpr_oxide", "Dy": "dy_oxide",
          "Tb": "tb_oxide"}  # fmt: skip


@pytest.fixture(scope="module")
def cut(pack: Pack) -> Replay:
    return replay(pack)


def seen(first: str, then: str) -> dict[str, float]:
    """Return yearly export quotes of a year over those of another."""
    with (FACTS / "rare_earths/ree_oxide_prices.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["element_oxide"] in OXIDES]
    price = {(r["element_oxide"], r["year"]): float(r["usd_per_kg"]) for r in rows}
    return {e: price[e, then] / price[e, first] for e in OXIDES}


def modelled(rows: tuple) -> dict[str, float]:
    price = {row.good: row.abroad for row in rows}
    return {e: price[good] for e, good in OXIDES.items()}


def test_exports_before_the_cut_are_about_the_quota(cut: Replay) -> None:
    assert sum(cut.exports.values()) == pytest.approx(50_000.0, rel=0.1)


def test_every_price_outside_china_rises(cut: Replay) -> None:
    for rows in (cut.by_weight, cut.by_good):
        assert all(row.abroad > 1.0 for row in rows)


def test_prices_part(cut: Replay) -> None:
    """Inside China prices rise less than outside, and those of surplus oxides fall."""
    for row in (*cut.by_weight, *cut.by_good):
        assert row.at_home < row.abroad
    home = {row.good: row.at_home for row in cut.by_weight}
    assert home["ce_oxide"] < 1.0
    assert home["la_oxide"] < 1.0


@pytest.mark.skipif(not FACTS.is_dir(), reason="the sources are not here")
def test_a_limit_by_weight_gives_the_order_of_2010(cut: Replay) -> None:
    world, model = seen("2009", "2010"), modelled(cut.by_weight)
    ranked = sorted(OXIDES, key=lambda e: -world[e])
    assert ranked == ["Ce", "La", "Nd", "Dy", "Tb"]
    assert sorted(OXIDES, key=lambda e: -model[e]) == ranked
    # The model is low: buyers stocked up, and the quota was cut again for the next year.
    assert all(1.0 < model[e] < world[e] for e in OXIDES)


def test_the_peak_is_out_of_reach(cut: Replay) -> None:
    if not CASES.is_dir():
        pytest.skip("the published cases are not here")
    targets = json.loads((CASES / "empirical_targets.json").read_text("utf-8"))
    numbers = next(x for x in targets if x["id"] == "ree2010")["numbers"]
    assert numbers["cut %"] == 40
    price = modelled(cut.by_good)
    for element, key in (("Nd", "Nd USD/kg"), ("Dy", "Dy USD/kg (Birmingham)")):
        before, peak, after = numbers[key]
        assert 1.0 < price[element] < after / before < peak / before


def test_without_a_cut_nothing_moves(pack: Pack) -> None:
    still = replay(pack, cut=0.0)
    for row in (*still.by_weight, *still.by_good):
        assert row.abroad == pytest.approx(1.0, abs=1e-6)
        assert row.at_home == pytest.approx(1.0, abs=1e-6)


def test_a_deeper_cut_raises_prices_more(pack: Pack, cut: Replay) -> None:
    deeper = replay(pack, cut=0.5)
    for less, more in zip(cut.by_good, deeper.by_good, strict=True):
        assert more.abroad > less.abroad


def test_less_elastic_demand_raises_prices_more(pack: Pack, cut: Replay) -> None:
    small = eve(pack)
    low = {row.key: row.low for row in small.priors.rows if row.key[0] == "demand_elasticity"}
    stiff = replay(pack, priors=low)
    for loose, tight in zip(cut.by_weight, stiff.by_weight, strict=True):
        assert tight.abroad > loose.abroad


def test_surplus_oxides_are_free_where_demand_is_stiff(pack: Pack) -> None:
    """Joint products that nobody takes have a price of 0, and the plant goes on."""
    small = eve(pack)
    low = {row.key: row.low for row in small.priors.rows if row.key[0] == "demand_elasticity"}
    home = {row.good: row.at_home for row in replay(pack, priors=low).by_weight}
    assert home["ce_oxide"] == pytest.approx(0.0, abs=1e-6)
