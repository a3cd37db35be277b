"""docs/projects.md: what it says of the offer is what the program answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from accord import deal as deals
from accord.assessment.project_case import ProjectCase
from accord.assessment.project_part import case_of

PAGE = " ".join(
    (Path(__file__).resolve().parents[2] / "docs" / "projects.md").read_text("utf-8").split()
)


@pytest.fixture(scope="module")
def case() -> ProjectCase:
    deal = deals.load(deals.shipped_deals()["krasnoyarsk-2025"]).variant()
    return case_of(deal, date(2025, 2, 24))


def test_the_table_of_what_it_buys(case: ProjectCase) -> None:
    imports = case.study.feedback.before_deal.imports
    chains = [x.chain for x in case.study.bought[:3]]
    rows = [
        ("15 bn USD buys, smelter", [f"{c.metal / 1e6:.2f} Mt/yr" for c in chains]),
        ("with hydropower of", [f"{c.hydropower:,.0f} MW" for c in chains]),
        ("a tonne a year costs", [f"{c.cost:,.0f} USD" for c in chains]),
        ("of what the United States imports", [f"{100 * c.metal / imports:.0f} %" for c in chains]),
    ]
    for title, cells in rows:
        assert f"| {title} | {' | '.join(cells)} |" in PAGE


def test_the_sentences_below_it(case: ProjectCase) -> None:
    study = case.study
    capital, drawn = study.base.capital, study.uncertainty.capital
    low, high = drawn.interval(drawn.npv)
    sold, without = study.feedback.with_project, study.feedback.without

    def bn(x: float) -> str:
        return f"{x / 1e9:.1f}".replace("-", "−")

    world = 10 * round(study.world_price(capital.break_even) / 10)
    earns, needs = f"{100 * capital.rates.only:.1f} %", f"{100 * capital.rate:.1f} %"
    more = f"{(sold.from_region - without.from_region) / 1e3:.0f} kt more"
    lost = bn(study.without_feedback.capital.npv - capital.npv)
    said = [
        f"capital earns {earns} a year where it needs {needs}, and is worth {bn(capital.npv)} bn",
        f"({bn(low)} to {bn(high)} over the draws; it pays in none of them)",
        f"from a world price of about {world:,.0f} USD/t on, against {sold.hub:,.0f}",
        f"New hydropower must earn {study.power_needed:.0f} USD/MWh",
        f"smelters there pay {study.case.power_price:.0f}",
        "would not pay at these prices with power for nothing",
        f"costs the project {lost} bn USD",
        f"The treasury gets {bn(study.base.treasury.npv)} bn USD in taxes",
        f"Of its {case.metal / 1e6:.2f} Mt a year the United States would buy {more}",
    ]
    for sentence in said:
        assert sentence in PAGE
    assert drawn.pays == 0.0
    assert study.power_affordable is None
    assert 0.45 < study.case.technique.ore_per_tonne * sold.ore / sold.gate < 0.5
