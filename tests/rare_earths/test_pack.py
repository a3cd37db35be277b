"""The rare-earth pack: rebuilt byte for byte, balanced, beside the world."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from accord.assessment.baseline import largest_flow_gap
from accord.equilibrium import Equilibrium
from accord.errors import SourcesAbsent
from accord.minerals.element_balance import element_balance
from accord.minerals.observed import StageRow, compare
from accord.minerals.recipe import basket
from accord.pack import Pack
from accord.pack.build import build
from accord.pack.chain import Chain
from accord.report.packs import pack_json, pack_text, pack_view

FACTS = Path(os.environ.get("ACCORD_FACTS", Path(__file__).resolve().parents[3] / "shared/facts"))
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the sources are not here")


@pytest.fixture
def chain(pack: Pack) -> Chain:
    assert pack.chain is not None
    return pack.chain


@needs_facts
def test_it_is_rebuilt_byte_for_byte(pack: Pack, tmp_path: Path) -> None:
    rebuilt = tmp_path / "rare_earths"
    build("rare_earths", FACTS, rebuilt)
    names = {p.relative_to(pack.folder) for p in pack.folder.rglob("*") if p.is_file()}
    assert {p.relative_to(rebuilt) for p in rebuilt.rglob("*") if p.is_file()} == names
    for name in names:
        assert (rebuilt / name).read_bytes() == (pack.folder / name).read_bytes(), name


def test_absent_sources_are_named_with_where_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(SourcesAbsent) as error:
        build("rare_earths", tmp_path / "nowhere", tmp_path / "out")
    assert len(error.value.faults) == 8
    assert all("https://" in fault.fix for fault in error.value.faults)
    assert not (tmp_path / "out").exists()


def test_it_is_shown(pack: Pack) -> None:
    text = pack_text(pack_view("rare_earths", None), width=100, colour=False)
    assert pack.title in text
    assert "Balance of ndpr_oxide" in text
    json.dumps(pack_json(pack_view("rare_earths", None)), allow_nan=False)


def test_the_base_year_returns_its_flows(pack: Pack, base: Equilibrium) -> None:
    assert largest_flow_gap(pack, 2024, base) < 1e-6


# --------------------------------------------------------------------------------------- elements


def test_every_ore_holds_itself(pack: Pack, chain: Chain) -> None:
    mines = [t for t in pack.benchmarks[2024].techniques if not t.inputs]
    ores = {good for t in mines for good, _ in t.outputs}
    assert len(ores) == 6
    for ore in ores:
        total = sum(x for (g, _), x in chain.content.items() if g == ore)
        assert total == pytest.approx(1.0, abs=1e-9)


def test_no_activity_makes_or_loses_an_element_unseen(pack: Pack, chain: Chain) -> None:
    balance = pack.balances[2024]
    joined = [t for t in balance.techniques if t.inputs]
    assert len(joined) > 30
    for t in joined:
        assert chain.gap(t.kind, t.inputs, t.outputs)[1] <= 1e-9, t.name


def test_what_is_dug_up_is_used_lost_or_left_over(chain: Chain, base: Equilibrium) -> None:
    rows = element_balance(chain, base)
    assert [row.element for row in rows] == list(chain.elements)
    assert all(row.mined > 0.0 and abs(row.gap) <= 1e-9 for row in rows)


def test_sales_by_oxide_are_the_basket(pack: Pack, chain: Chain, base: Equilibrium) -> None:
    price = {g.code: base.producer_price(g.code, "CHN") or 0.0 for g in pack.goods}
    plants = [a for a in base.market.activities if a.kind.startswith("separation_")]
    for plant in plants:
        ore, takes = plant.inputs[0]
        sales = sum(x * price[good] for good, x in plant.outputs) / takes
        value = sum(usd for _, usd in basket(chain, ore, price).values())
        assert sales == pytest.approx(value, rel=1e-9)


def test_magnet_elements_pay_for_cerium(base: Equilibrium) -> None:
    """A plant runs although most of what it makes is worth little: joint products."""
    plant = base.market.activity_by_name["separation_bastnaesite_cn.CHN"]
    value = {g: x * (base.producer_price(g, "CHN") or 0.0) for g, x in plant.outputs}
    tonnes = dict(plant.outputs)
    assert tonnes["ce_oxide"] > 2.0 * tonnes["ndpr_oxide"]
    magnet = sum(value[f"{e}_oxide"] for e in ("ndpr", "dy", "tb"))
    assert magnet > 0.9 * sum(value.values())
    assert value["ce_oxide"] + value["la_oxide"] < 0.1 * sum(value.values())


# ------------------------------------------------------------------------------- beside the world


def named(rows: tuple[StageRow, ...], quantity: str) -> list[StageRow]:
    return [row for row in rows if row.seen.quantity == quantity]


def error(row: StageRow) -> float:
    assert row.error is not None
    return abs(row.error)


def test_mine_output_is_that_of_one_edition(chain: Chain, base: Equilibrium) -> None:
    rows = named(compare(chain, base), "mine_output")
    assert len(rows) == 9
    assert all(error(row) <= 0.01 for row in rows if row.seen.basis == "identity")
    world = next(row for row in rows if row.seen.region == "WORLD")
    # The source rounds its total; its countries add up to 384 kt.
    assert world.seen.basis == "check"
    assert error(world) < 0.011


def test_stage_shares_are_within_three_points(chain: Chain, base: Equilibrium) -> None:
    rows = [row for row in compare(chain, base) if row.seen.quantity.endswith(("_share",))]
    shares = [row for row in rows if row.seen.quantity != "us_import_share"]
    off = {(row.seen.quantity, row.seen.region) for row in shares if error(row) > 0.03}
    # One is not reached: USGS output times the assays of its ores gives China 73 % of the magnet
    # elements mined, the IEA has 62 %. It is shown as a failed check, not fitted away.
    assert off == {("magnet_mine_share", "CHN")}
    assert {row.seen.basis for row in shares} == {"identity", "fit", "check"}


def test_us_import_sources_are_within_five_points(chain: Chain, base: Equilibrium) -> None:
    rows = named(compare(chain, base), "us_import_share")
    assert {row.seen.partner for row in rows} == {"CHN", "MYS", "JPN", "EUN"}
    assert all(error(row) <= 0.05 and row.seen.basis == "fit" for row in rows)


def test_supply_of_magnet_elements_is_a_check_that_holds(chain: Chain, base: Equilibrium) -> None:
    (row,) = named(compare(chain, base), "magnet_ree_supply")
    assert row.seen.basis == "check"
    assert error(row) < 0.1


def test_every_observation_has_a_model_value(chain: Chain, base: Equilibrium) -> None:
    assert all(row.model is not None for row in compare(chain, base))
