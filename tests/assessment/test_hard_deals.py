"""Deals once refused, or answered about the wrong good: large bans, plants, next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.errors import InputError

HEAD = """
[deal]
title = "A test"
date = 2025-02-24
status = "hypothetical"
pack = ["aluminium"]

[[source]]
id = "own"
title = "This test"
publisher = "accord"

[[party]]
code = "{party}"

[[term]]
id = "term"
source = "own"
"""

TRADE = "goods = {goods}\nexporters = {exporters}\nimporters = {importers}\n"
TERMS = {
    "all aluminium into the United States banned": 'kind = "ban"\n'
    + TRADE.format(goods='["aluminium"]', exporters='"all"', importers='["USA"]'),
    "Guinean bauxite refused by all": 'kind = "ban"\n'
    + TRADE.format(goods='["bauxite"]', exporters='["GIN"]', importers='"all"'),
    "Chinese smelters closed": 'kind = "closure"\nregion = "CHN"\nactivity = "smelter"\n'
    'share = "100 %"\n',
    "a dollar a tonne on Icelandic metal": 'kind = "import_duty"\nspecific = "1 USD/t"\n'
    + TRADE.format(goods='["aluminium"]', exporters='["ISL"]', importers='["USA"]'),
}
SMELTER = 'kind = "capacity"\nregion = "RUS"\nactivity = "smelter"\nlevel = "600 kt/yr"\n'


def answer(folder: Path, term: str, party: str = "USA", ref: str = "") -> Assessment:
    path = folder / "deal.toml"
    path.write_text(HEAD.format(party=party) + term, encoding="utf-8")
    return assess_named(f"{path}{ref}")


@pytest.mark.parametrize("name", TERMS)
def test_a_hard_deal_is_certified(name: str, tmp_path: Path) -> None:
    check = answer(tmp_path, TERMS[name]).check
    assert check.ok
    assert check.welfare_identity <= 1e-8  # C41


def test_a_deal_about_plants_is_answered_about_what_they_make(tmp_path: Path) -> None:
    a = answer(tmp_path, SMELTER, party="RUS")
    assert a.focus.good == "aluminium"
    assert a.parties == ("RUS",)
    assert "world price (LME) falls" in a.headline
    subsidy = 'kind = "subsidy"\nto = "output"\ngoods = ["aluminium"]\nregions = ["USA"]\n'
    assert answer(tmp_path, subsidy + 'specific = "300 USD/t"\n').focus.good == "aluminium"


def test_a_ban_says_that_nothing_is_sold_any_more(tmp_path: Path) -> None:
    a = answer(tmp_path, TERMS["all aluminium into the United States banned"], party="CAN")
    assert a.headline.startswith(
        "Canada would sell no unwrought aluminium to the United States any"
    )


def test_a_day_before_the_pack_begins_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2017 or later"):
        answer(tmp_path, SMELTER, ref="@1990-01-01")


def test_levels_that_stand_in_for_others_are_said_to(tmp_path: Path) -> None:
    a = answer(tmp_path, SMELTER, ref="@2022-06-01")
    assert "The pack has no levels of 2021; those of 2017 stand in for them." in a.because  # C32


def test_prices_that_go_against_the_quote_are_named() -> None:
    a = assess_named("us-russia-2025:two-million")
    assert any(line.startswith("The quote falls, but not everywhere") for line in a.because)
