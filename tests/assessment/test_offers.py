"""The offers of a deal side by side: every number is that of the answer it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from accord.assessment import Answer, Assessment
from accord.assessment.assess import assess_named
from accord.assessment.offers import Offers, offers
from accord.assessment.part import Summary
from accord.assessment.serialise import to_json
from accord.deal import shipped_deals

FOUNDING = shipped_deals()["us-russia-2025"]
NAMES = ["Aluminium", "Joint project", "Rare earths", "Defence budgets"]


@pytest.fixture(scope="module")
def found(common: Assessment) -> Offers:
    known = offers(common)
    assert known is not None
    return known


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Answer]:
    def answered(*changes: tuple[str, str]) -> Answer:
        text = FOUNDING.read_text("utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        deal = tmp_path / "changed.toml"
        deal.write_text(text, "utf-8")
        facts = FOUNDING.with_suffix(".facts.csv")
        deal.with_suffix(".facts.csv").write_bytes(facts.read_bytes())
        return assess_named(str(deal))

    return answered


def line(found: Offers | None, name: str) -> Summary:
    assert found is not None
    return next(x for x in found.lines if x.name == name)


def test_all_four_offers_in_the_order_of_the_answer(found: Offers) -> None:
    assert [x.name for x in found.lines] == NAMES
    assert found.parties == ("RUS", "USA")
    for x in found.lines:
        assert x.amounts
        assert x.needs
        assert x.when
        assert x.year >= 2024


def test_trade_and_gains_are_those_of_the_market(found: Offers, common: Assessment) -> None:
    metal = line(found, "Aluminium")
    flow = common.row("flow", "RUS>USA", "aluminium")
    assert flow is not None
    assert metal.quantities[0].value == flow.change
    for code in ("RUS", "USA"):
        assert metal.money_of(code) == common.effects.change("welfare", code)
    for amount in metal.amounts:
        assert amount.low is not None
        assert amount.high is not None
        assert amount.low <= amount.value <= amount.high


def test_the_worth_of_a_project_is_that_of_owners_and_treasury(
    found: Offers, common: Assessment
) -> None:
    project = line(found, "Joint project")
    part = next(x for x in common.parts if x.id == "project")
    worth = {r.region: r.after for r in part.rows if r.measure == "project_npv"}
    assert project.money_of("USA") == worth["RUS/American partners"]
    treasury, owner = worth["RUS/treasury"], worth["RUS/Rusal"]
    assert treasury is not None
    assert owner is not None
    assert project.money_of("RUS") == pytest.approx(treasury + owner, rel=1e-12)
    sizes = {x.what: (x.low, x.value, x.high) for x in project.quantities}
    for low, value, high in sizes.values():
        assert low is not None
        assert high is not None
        assert low <= value <= high


def test_output_of_deposits_is_that_of_the_last_year(found: Offers, common: Assessment) -> None:
    earths = line(found, "Rare earths")
    part = next(x for x in common.parts if x.id == "minerals")
    for amount, measure in zip(earths.quantities, ("mine_output", "magnet_output"), strict=True):
        row = part.row(measure, "RUS", earths.year)
        assert row is not None
        assert amount.value == pytest.approx(row.change, rel=1e-9)
        assert amount.low is not None
        assert row.low is not None
        assert row.before is not None
        assert amount.low == pytest.approx(row.low - row.before, abs=1e-6)
    shares = {x.region: x.value for x in earths.money}
    assert shares["RUS"] / shares["USA"] == pytest.approx(51.0 / 49.0)


def test_budgets_free_what_the_cut_leaves_and_have_no_tonnes(
    found: Offers, common: Assessment
) -> None:
    budgets = line(found, "Defence budgets")
    assert budgets.quantities == ()
    part = next(x for x in common.parts if x.id == "budget")
    for code in ("RUS", "USA"):
        row = part.row("military_spending", code, budgets.year)
        assert row is not None
        assert row.change is not None
        assert budgets.money_of(code) == pytest.approx(-row.change, rel=1e-12)


def test_money_of_different_kinds_is_named_and_never_added(found: Offers) -> None:
    assert len(found.kinds) == 4
    assert found.note is not None
    assert "never added up" in found.note
    for kind in found.kinds:
        assert kind in found.note
    alone = replace(found, lines=found.lines[:1])
    assert alone.note is None


@pytest.mark.parametrize("deal", ["halve-defence-2025", "rare-earths-2025"])
def test_a_single_offer_has_no_table(deal: str) -> None:
    answer = assess_named(deal)
    assert len(answer.parts) == 1
    assert answer.parts[0].summary is not None
    assert offers(answer) is None
    assert "offers_side_by_side" not in to_json(answer)


def test_another_deal_has_another_table(found: Offers, changed: Callable[..., Answer]) -> None:
    other = offers(
        changed(
            ('cut = "50 %"', 'cut = "25 %"'),
            ('budget = "15 bn USD"', 'budget = "7.5 bn USD"'),
            ("horizon_years = 15", "horizon_years = 20"),
        )
    )
    half = line(found, "Defence budgets").money_of("USA")
    assert half is not None
    assert line(other, "Defence budgets").money_of("USA") == pytest.approx(half / 2.0)
    size = line(found, "Joint project").quantities[0].value
    assert line(other, "Joint project").quantities[0].value == pytest.approx(size / 2.0)
    assert line(other, "Rare earths").year == line(found, "Rare earths").year + 5


def test_variants_change_the_market_and_nothing_else(found: Offers, only_200: Assessment) -> None:
    other = offers(only_200)
    assert [x.value for x in line(other, "Aluminium").amounts] == [0.0, 0.0, 0.0]
    assert line(other, "Defence budgets") == line(found, "Defence budgets")
    assert line(other, "Rare earths") == line(found, "Rare earths")


def test_json_has_every_number(found: Offers, common: Assessment) -> None:
    read = to_json(common)["offers_side_by_side"]
    assert [x["name"] for x in read["offers"]] == NAMES
    assert read["note"] == found.note
    for got, x in zip(read["offers"], found.lines, strict=True):
        assert [a["value"] for a in got["quantities"]] == [a.value for a in x.quantities]
        assert [a["value"] for a in got["money"]] == [a.value for a in x.money]
