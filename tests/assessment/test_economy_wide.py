"""One deal by both engines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from accord.assessment.assess import assess_named
from accord.assessment.economy_answer import EconomyAnswer, of_deal, of_duties
from accord.economy.data.load import load_table
from accord.economy.world import WorldTable
from accord.errors import InputError
from accord.report.economy import headline, screen
from accord.report.economy_files import to_json
from world_tables import toy_table

DEAL = """
[deal]
title = "{title}"
date = 2020-07-01
status = "hypothetical"
pack = ["toyland"]

[[source]]
id = "own"
title = "Made for this test"
publisher = "accord"

[[party]]
code = "NOR"
name = "Norway"

[[term]]
id = "term"
source = "own"
goods = ["metal"]
exporters = ["BBB"]
importers = ["CCC"]
{term}
"""
LIFT = 'kind = "lift"\nmeasures = ["ccc.metal_duty_2020"]'
TERMS = {
    "lift": LIFT,
    "ban": 'kind = "ban"',
    "duty": 'kind = "import_duty"\nad_valorem = "25 %"',
    "quota": 'kind = "import_quota"\nquantity = "100 kt/yr"',
    "exporters quota": 'kind = "import_quota"\nquantity = "100 kt/yr"\nrent_to = "exporter"',
    "export tax": 'kind = "export_tax"\nad_valorem = "10 %"',
}


def world() -> WorldTable:
    from dataclasses import replace

    return replace(toy_table(duties=False), unit="billion USD", goods={"metal": "S1"})


def answer(tmp_path: Path, term: str, table: WorldTable | None = None) -> EconomyAnswer:
    path = tmp_path / "deal.toml"
    path.write_text(DEAL.format(title=term, term=TERMS[term]), "utf-8")
    return of_deal(assess_named(str(path)), table or world())


@pytest.mark.parametrize("term", ["lift", "ban", "duty", "quota"])
def test_both_engines_agree_on_trade_and_output(tmp_path: Path, term: str) -> None:
    """A barrier moves trade and the importer's own output the same way in both."""
    a = answer(tmp_path, term)
    assert a.both is not None
    assert a.result.certificate.ok
    sides = {s.what: s for s in a.both.sides}
    assert sides["trade"].agree
    assert (sides["trade"].market < 0.0) == (term != "lift")
    names = [(x.sector, x.exporter, x.importer) for x in a.both.shock.links]
    assert ("S1", "BBB", "CCC") in names


def test_a_ban_is_a_ban_and_a_quota_a_rent(tmp_path: Path) -> None:
    ban, quota = answer(tmp_path, "ban"), answer(tmp_path, "quota")
    assert ban.both is not None
    assert quota.both is not None
    assert {x.kind for x in ban.both.shock.links if x.importer == "CCC"} == {"ban"}
    link = next(x for x in quota.both.shock.links if x.importer == "CCC")
    assert link.rate_after > link.rate_before
    assert quota.result.after.revenue[2] > quota.result.before.revenue[2]


@pytest.mark.parametrize("term", ["exporters quota", "export tax"])
def test_a_deal_of_which_nothing_can_be_shown_is_refused_with_reasons(
    tmp_path: Path, term: str
) -> None:
    with pytest.raises(InputError) as caught:
        answer(tmp_path, term)
    said = str(caught.value)
    assert "nothing in" in said
    assert "importer" in said


def test_a_table_without_the_good_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no sector for metal"):
        answer(tmp_path, "lift", toy_table(duties=False))


def test_a_deal_that_is_not_about_a_market_is_refused() -> None:
    with pytest.raises(InputError, match="no term about a market"):
        of_deal(assess_named("halve-defence-2025"), load_table())


def test_the_founding_deal_by_both_engines() -> None:
    a = of_deal(assess_named("us-russia-2025"), load_table())
    assert a.both is not None
    begun = next(x for x in a.both.shock.links if x.kind == "opened")
    assert (begun.exporter, begun.importer, begun.rate_after) == ("RUS", "USA", pytest.approx(0.1))
    gains = {s.region: s for s in a.both.sides if s.what == "gain"}
    assert gains["USA"].agree
    assert gains["RUS"].agree
    # A metal of half a per cent of the flow: neither engine may be ten times the other.
    for side in gains.values():
        assert 0.1 < side.economy / side.market < 10.0
    left_out = {x.what: x.why for x in a.not_modelled}
    assert "no budgets" in left_out["Defence budgets"]
    assert "deposits" in left_out["Rare earths"]
    assert "no plants" in left_out["Joint hydropower and aluminium in Krasnoyarsk"]
    supply = "Up to 2 Mt of aluminium a year from Russia to the United States"
    assert "does not bind" in left_out[supply]
    assert any("minerals deal" in x.what or "no concern" in x.what for x in a.not_modelled)


def test_text_and_json_say_the_same(tmp_path: Path) -> None:
    a = answer(tmp_path, "lift")
    text, plain = screen(a), to_json(a)
    assert headline(a) in " ".join(text.split())
    assert plain["headline"] == headline(a)
    assert "Both engines" in text
    for line in text.splitlines():
        assert len(line) <= 100
    for width in (80, 91):
        assert max(len(line) for line in screen(a, width=width).splitlines()) <= width


def test_duties_alone() -> None:
    table = load_table()
    a = of_duties(["USA:CHN:*=10%"], table)
    assert a.both is None
    assert a.regions == ("USA", "CHN")
    n = table.regions.index("CHN")
    assert a.result.welfare[n] < 1.0
    assert a.title == "USA charges 10 % more on everything from CHN"
    assert "falls" in headline(a)
    # What duties collect is the duty on what still comes in.
    m = table.regions.index("USA")
    paid = 0.1 * a.result.after.trade[:, m, n].sum()
    np.testing.assert_allclose(a.result.after.revenue[m], paid, rtol=1e-12)


def test_the_sentence_follows_the_numbers() -> None:
    table = load_table()
    none = of_duties(["USA:CHN:*=0%"], table)
    assert "does not change" in headline(none)
    assert "0 of 27 regions gain and 0 lose" in headline(none)


def test_no_duty_and_no_deal() -> None:
    with pytest.raises(InputError, match="no deal and no --duty"):
        of_duties([], load_table())
