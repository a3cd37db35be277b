"""The answer to the Krasnoyarsk offer: what must hold of it whatever the tables say."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

import numpy as np
import pytest

from accord import deal as deals
from accord.assessment.assess import assess_named
from accord.assessment.assessment import Assessment
from accord.assessment.part import Part
from accord.assessment.project_case import ProjectCase
from accord.assessment.project_part import answer, case_of
from accord.assessment.serialise import to_json
from accord.deal import Deal
from accord.effects import Effects
from accord.instruments import read_term
from accord.invest.appraisal import appraise
from accord.invest.plan import Prices

NAME = "krasnoyarsk-2025"
DAY = date(2025, 2, 24)
US_MEASURES = {"lift-ban", "lift-200", "restore-trade"}


@cache
def deal_of(variant: str | None = None) -> Deal:
    return deals.load(deals.shipped_deals()[NAME]).variant(variant)


@cache
def project(variant: str | None = None) -> ProjectCase:
    return case_of(deal_of(variant), DAY)


@cache
def part(variant: str | None = None) -> Part:
    deal = deal_of(variant)
    return answer([t for t in deal.terms if t.domain == "project"], deal, DAY)


def effects_of(day: date) -> Effects:
    found = assess_named(NAME, as_of=day)
    assert isinstance(found, Assessment)
    return found.effects


def test_every_identity_holds() -> None:
    assert len(part().checks) >= 7
    assert all(check.ok for check in part().checks)


def test_cash_flows_of_all_parties_sum_to_the_projects() -> None:
    base = project().study.base
    total = sum(share.flow for share in base.parties)
    assert total == pytest.approx(base.project.flow, rel=1e-9, abs=1e-9 * base.flow.capex.max())


def test_without_feedback_it_is_the_spreadsheet_at_the_prices_of_the_deals_market() -> None:
    study = project().study
    assert study.feedback is not None
    found = study.feedback.without
    plan = study.case.plan(Prices(found.gate, found.ore, study.case.power_price))
    plain = appraise(plan, study.case.owners(), study.case.public_rate)
    off = study.without_feedback
    assert off.capital.npv == pytest.approx(plain.capital.npv, rel=1e-12)
    assert off.project.flow == pytest.approx(plain.project.flow, rel=1e-12)
    # Its own output lowers what it gets and raises what it pays.
    assert study.base.capital.npv < off.capital.npv
    assert study.feedback.with_project.gate < found.gate


def test_access_to_the_market_comes_from_the_deals_own_terms() -> None:
    lifted, closed = project().study.feedback, project("closed").study.feedback
    assert lifted is not None
    assert closed is not None
    assert closed.without.from_region == closed.with_project.from_region == 0.0
    assert lifted.with_project.from_region > lifted.without.from_region > 0.0
    assert project().study.base.capital.npv > project("closed").study.base.capital.npv


def test_a_cheaper_plant_is_worth_more_per_dollar() -> None:
    dear, cheap = project().study, project("plan-of-2005").study
    assert cheap.case.size("smelter") == 6e5
    assert cheap.case.size("hydropower") == 3000.0
    assert cheap.case.capex == pytest.approx(4.614e9)
    a, b = (s.base.capital.npv / s.case.capex for s in (dear, cheap))
    assert b > a


def test_an_export_tax_of_the_law_goes_to_the_treasury_and_not_to_the_owners() -> None:
    """On a day of 2024 Russia taxed exports: gate prices are after it, its revenue is told."""
    taxed = case_of(deal_of(), date(2024, 6, 1)).study
    assert taxed.sold is not None
    assert taxed.sold.export_rate > 0.01
    assert np.all(taxed.base.flow.export_tax[taxed.base.flow.metal > 0.0] > 0.0)
    assert taxed.base.identity <= 1e-9
    # The market's own accounts say the same.
    told = effects_of(date(2024, 6, 1)).row("export_tax_revenue", "RUS", "aluminium")
    assert told is not None
    assert taxed.feedback is not None
    without = taxed.feedback.without
    assert without.export_tax * without.output == pytest.approx(told.after, rel=1e-9)
    gate = taxed.base.plan.prices.metal * (1.0 - taxed.sold.export_rate)
    assert gate == pytest.approx(taxed.sold.gate, rel=1e-12)
    assert taxed.world_price(taxed.base.plan.prices.metal) == pytest.approx(taxed.sold.hub)
    assert project().study.sold is not None
    assert project().study.sold.export_rate == 0.0


def test_answers_to_what_people_ask() -> None:
    study = project().study
    tables = {table.name: table for table in part().tables}
    sizes = {str(row[0]): row for row in tables["sizes"].rows}
    assert sizes["cheapest plants"][1] > sizes["middle of them"][1] > sizes["dearest plants"][1]
    assert study.power_needed is not None
    assert study.power_needed > study.case.power_price
    needed = [row[1] for row in tables["power"].rows]
    assert needed == sorted(needed)
    row = part().row("project_part_of_imports", "USA")
    assert row is not None
    assert 0.0 < row.after < 1.0
    assert "imports" in " ".join(part().because)


def test_draws_are_the_same_every_time_and_hold_the_base_case() -> None:
    one, two = project().study.uncertainty, case_of(deal_of(), DAY).study.uncertainty
    assert np.array_equal(one.capital.npv, two.capital.npv)
    assert one.capital.npv.min() < project().study.base.capital.npv < one.capital.npv.max()
    drivers = dict(one.drivers)
    assert drivers["metal_factor"] > 0.3
    assert drivers["capex.smelter"] < 0.0 < drivers["capacity_factor"]


def test_hydropower_alone_needs_no_market_for_metal() -> None:
    deal = deal_of()
    table = {
        "id": "dam", "kind": "joint_project", "region": "RUS",
        "asset": [{"kind": "hydropower", "size": "1082 MW"}],
        "share": [{"party": "Home", "country": "RUS", "share": "100 %"}],
    }  # fmt: skip
    found = answer([read_term(table)], deal, DAY)
    assert all(check.ok for check in found.checks)
    assert found.row("project_output", "RUS") is None
    power = found.row("project_power", "RUS")
    assert power is not None
    assert 4e6 < power.after < 8e6
    assert "1,082 MW of hydropower" in found.headline


def test_it_runs_as_a_deal_and_prints_plain_json() -> None:
    found = assess_named(NAME)
    shown = to_json(found)
    text = json.dumps(shown, allow_nan=False)
    assert "project_npv" in text
    (block,) = (p for p in shown["parts"] if p["id"] == "project")
    assert block["headline"] == part().headline
    rows = [row for row in shown["effects"] if row["measure"].startswith("project_")]
    assert {row["unit"] for row in rows} <= {"USD", "t/yr", "MWh/yr", "fraction", "yr", "USD/t"}


@pytest.mark.parametrize("variant", [None, "closed", "plan-of-2005"])
def test_sentences_follow_from_the_numbers(variant: str | None) -> None:
    capital = project(variant).study.base.capital
    said = part(variant).headline
    assert ("does not pay" in said) == (capital.npv <= 0.0)
    assert "nan" not in " ".join([said, *part(variant).because]).lower()
