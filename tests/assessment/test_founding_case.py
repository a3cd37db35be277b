"""The founding case, end to end: what issue and design promise of every shipped variant."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from accord import deal as deals
from accord import pack as packs
from accord.assessment import Assessment
from accord.assessment.assess import assess, assess_named
from accord.assessment.serialise import to_json
from accord.effects import compare
from accord.equilibrium import solve_market, universe_of
from accord.errors import NoCertifiedAnswer

DEAL = "us-russia-2025"
VARIANTS = ("common-duty", "duty-free", "only-200-lifted", "two-million")
DAYS = ("2025-02-24", "2025-07-01")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_shipped_variant_is_certified(variant: str, day: str) -> None:
    check = assess_named(f"{DEAL}:{variant}@{day}").check
    assert check.ok
    assert check.market_clearing <= 1e-9  # C41
    assert check.mass_balance <= 1e-9
    assert check.complementarity <= 1e-9
    assert check.welfare_identity <= 1e-8


def test_up_to_obliges_nobody_and_the_answer_says_so(common: Assessment) -> None:
    flow = common.row("flow", "RUS>USA", "aluminium")
    assert flow is not None
    assert flow.before == 0.0
    assert flow.after is not None
    assert 0.0 < flow.after < 2e6
    assert any("obliges nobody" in line for line in common.because)


def test_lifting_only_the_200_percent_duty_does_nothing_and_says_why(only_200: Assessment) -> None:
    assert only_200.headline.startswith("Nothing changes")
    assert any("us.ban_russian_metal" in line for line in only_200.because)
    assert only_200.effects.gross_change <= 1e-6


def test_two_million_shows_where_the_metal_comes_from(two_million: Assessment) -> None:
    effects = two_million.effects
    into_us = effects.change("flow", "RUS>USA", "aluminium")
    assert into_us == pytest.approx(2e6, rel=1e-9)
    made = effects.change("output", "RUS", "aluminium")
    kept = -effects.change("flow", "RUS>RUS", "aluminium")
    regions = two_million.effects.before.universe.regions
    taken = -sum(
        effects.change("flow", f"RUS>{r}", "aluminium") for r in regions if r not in ("RUS", "USA")
    )
    assert made + kept + taken == pytest.approx(into_us, rel=1e-9)
    assert taken > made > 0.0
    assert effects.change("use", "RUS", "alumina") > 0.0
    assert effects.change("limit_rent", "RUS", "aluminium") < 0.0


def test_more_access_means_more_trade(common: Assessment) -> None:
    flows = [case.effects.after.flow("aluminium", "RUS", "USA") for case in common.access]
    assert [case.weights for case in common.access] == ["low", "central", "high"]
    assert flows == sorted(flows)
    assert flows[0] < flows[2]


def test_a_lower_duty_means_more_trade(common: Assessment) -> None:
    free = assess_named(f"{DEAL}:duty-free")
    rates = [a.row("duty_rate_statutory", "RUS>USA", "aluminium") for a in (common, free)]
    assert [r.after if r else None for r in rates] == [pytest.approx(0.1), 0.0]
    ours, theirs = (a.effects.after.flow("aluminium", "RUS", "USA") for a in (common, free))
    assert theirs > ours


def test_buyers_and_home_producers_prices_nearly_coincide(common: Assessment) -> None:
    eq = common.effects.after
    buyer = eq.buyer_price("aluminium", "USA")
    maker = eq.producer_price("aluminium", "USA")
    assert buyer is not None
    assert maker is not None
    assert abs(buyer / maker - 1.0) < 0.05


def test_the_baseline_reproduces_what_it_was_fitted_to_and_says_fitted(common: Assessment) -> None:
    fitted = [row for row in common.baseline if row.fitted and row.observed]
    assert {"imports", "hub_price", "buyer_price"} <= {row.quantity for row in fitted}
    assert sum(row.quantity == "imports" and row.region.endswith(">USA") for row in fitted) >= 6
    for row in fitted:
        assert row.model == pytest.approx(row.observed, rel=1e-3), row


def test_a_deal_without_terms_changes_nothing(common: Assessment) -> None:
    before = common.effects.before
    again = solve_market(before.market, universe=before.universe, start=before.state.z)
    effects = compare(before, again)
    for row in effects.rows:  # C35
        assert abs(row.change or 0.0) <= 1e-12 * max(abs(row.before or 0.0), 1.0), row


@pytest.mark.parametrize("factor", [1e-3, 7.0, 1e3])
def test_scaling_every_nominal_datum_changes_no_quantity(factor: float, common: Assessment) -> None:
    market = common.effects.after.market
    base = solve_market(market)
    scaled = solve_market(market.scaled(factor))
    size = np.max(base.state.flow)
    assert np.max(np.abs(scaled.state.flow - base.state.flow)) <= 1e-10 * size  # C2
    assert scaled.state.price == pytest.approx(base.state.price * factor, rel=1e-9)


def test_a_commitment_above_capacity_ends_without_an_answer_and_says_by_how_much() -> None:
    deal = deals.load(deals.find(DEAL)[0])
    read = deal.variants["two-million"]
    entries = tuple(
        replace(e, term=e.term.model_copy(update={"at_least": 6e6})) if e.term.id == "supply" else e
        for e in read.entries
    )
    impossible = replace(deal, variants={"six": replace(read, entries=entries)})
    with pytest.raises(NoCertifiedAnswer) as caught:
        assess(impossible, variant="six")
    assert "supply asks for at least 6,000,000 t/yr" in caught.value.cause
    assert "short by" in caught.value.cause
    assert "the capacity of smelter.RUS" in caught.value.cause


def test_json_is_plain_and_complete(common: Assessment) -> None:
    text = json.dumps(to_json(common), allow_nan=False)  # C15
    read = json.loads(text)
    for key in ("deal", "variant", "packs", "as_of", "closure", "seed", "draws", "versions",
                "digests", "certificate", "effects", "claims", "not_modelled"):  # fmt: skip
        assert key in read
    assert {"ok", "market_clearing", "complementarity", "mass_balance", "welfare_identity",
            "baseline_error", "solver", "markets"} <= set(read["certificate"])  # fmt: skip
    row = read["effects"][0]
    assert set(row) == {"measure", "region", "good", "year", "before", "after", "change",
                        "change_pct", "unit", "low", "high", "change_low",
                        "change_high"}  # fmt: skip
    assert all(claim["verdict"] for claim in read["claims"])
    assert len({claim["id"] for claim in read["claims"]}) == 12


def test_all_four_offers_are_answered(common: Assessment) -> None:
    assert [part.id for part in common.parts] == ["project", "minerals", "budget"]
    assert all(part.headline and part.checks for part in common.parts)


def test_what_remains_is_said_to_be_not_modelled(common: Assessment) -> None:
    terms = {row.term for row in common.not_modelled}
    assert {"supply", "lift-ban", "krasnoyarsk", "rare-earths", "budgets"} <= terms
    said = " ".join(row.what for row in common.not_modelled)
    for word in ("stocks", "security", "politics", "sanctions"):
        assert word in said, said


def test_implied_terms_are_marked(common: Assessment) -> None:
    implied = {term.id for term in common.terms if term.implied}
    assert {"lift-ban", "lift-200"} <= implied


def test_law_of_a_day_comes_from_the_dated_history() -> None:
    pack = packs.load("aluminium")
    on_offer = {m.id for m in pack.law(date(2025, 2, 24))}
    in_july = {m.id for m in pack.law(date(2025, 7, 1))}
    assert "us.s232_10_2018" in on_offer
    assert "us.s232_50_2025" in in_july
    assert "us.s232_50_2025" not in on_offer


def test_paths_with_and_without_low_and_high_access_use_one_numbering(common: Assessment) -> None:
    for case in common.access:
        assert case.effects.before.universe is case.effects.after.universe
    market = common.effects.before.market
    assert universe_of(market, market).nodes == common.effects.before.universe.nodes


def test_no_price_is_shown_where_nothing_moves(common: Assessment) -> None:
    for row in common.effects.rows:
        assert row.before is None or math.isfinite(row.before)
        if row.measure == "producer_price":
            made = common.row("output", row.region, row.good)
            assert made is not None  # C16
