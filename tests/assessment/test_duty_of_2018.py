"""Who paid for the US duty of 2018: the numbers of the model in docs/aluminium-pack.md."""

from __future__ import annotations

import json
import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from accord.effects import Effects, compare
from accord.effects.incidence import Incidence, incidence
from accord.effects.premium import Premium, premium
from accord.equilibrium import solve_market, universe_of
from accord.pack import load

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "aluminium-pack.md").read_text("utf-8")
CASES = Path(os.environ.get("ACCORD_CASES", ROOT.parent / "shared" / "cases"))
DAYS = (date(2018, 7, 1), date(2019, 12, 31))
MAKERS = {
    "to the Treasury, %": "treasury",
    "to US makers, primary and secondary, %": "home_makers",
    "to makers abroad that pay the duty, %": "foreign_taxed",
    "to makers abroad that do not, %": "foreign_untaxed",
    "to holders of quotas, %": "rents",
    "to the mix, %": "mix",
}


@cache
def effects(day: date, sigma: float | None = None) -> Effects:
    pack = load("aluminium")
    # As before any evidence of what followed: a prediction.
    priors = pack.prior_medians | {
        key: sigma for key in pack.priors.by_key if key.parameter == "sigma" and sigma is not None
        and key.good == "aluminium"
    }  # fmt: skip
    before, after = (pack.market(2017, d, priors=priors) for d in (date(2017, 12, 31), day))
    universe = universe_of(before, after)
    return compare(*(solve_market(m, universe=universe) for m in (before, after)))


def in_the_us(found: Effects) -> tuple[Premium, Premium, Incidence]:
    first, last = (premium(e, "USA", "aluminium") for e in (found.before, found.after))
    paid = incidence(found, "USA", "aluminium")
    assert first is not None
    assert last is not None
    assert paid is not None
    return first, last, paid


def printed(name: str) -> list[str]:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip().replace("−", "-") for cell in row.strip("|").split("|")][1:3]


def model(name: str, found: Effects) -> float:
    first, last, paid = in_the_us(found)
    if name in MAKERS:
        return 100.0 * float(getattr(paid.shares, MAKERS[name])) / paid.paid
    percent = {"buyer price, %": "buyer_price", "imports, %": "imports"}
    percent["output of all metal, %"] = "output"
    if name in percent:
        row = found.row(percent[name], "USA", "aluminium")
        return float(row.change_pct or 0.0) if row else 0.0
    return {
        "premium before, USD/t": first.premium,
        "premium after, USD/t": last.premium,
        "of it duty collected, USD/t": last.pieces.duty,
        "pass-through to the duty-paid price": paid.pass_through or 0.0,
        "users pay more, mn USD": paid.paid / 1e6,
    }[name]


ROWS = [
    cells[0]
    for line in PAGE[PAGE.index("| United States, aluminium |") :].split("\n\n")[0].splitlines()[2:]
    if (cells := [cell.strip() for cell in line.strip("|").split("|")])
]


@pytest.mark.parametrize("name", ROWS)
def test_the_table_of_the_docs_is_the_engines(name: str) -> None:
    for text, day in zip(printed(name), DAYS, strict=True):
        digits = len(text.partition(".")[2])
        assert float(text) == pytest.approx(model(name, effects(day)), abs=0.5 * 10.0**-digits)


def test_the_shares_are_all_of_what_users_pay_more() -> None:
    assert set(MAKERS) <= set(ROWS)
    for day in DAYS:
        _, _, paid = in_the_us(effects(day))
        assert sum(
            float(getattr(paid.shares, n)) for n in MAKERS.values()
        ) == pytest.approx(paid.paid, rel=1e-6)  # fmt: skip


def test_the_sentences_below_the_table() -> None:
    first, last, _ = in_the_us(effects(DAYS[0]))
    assert f"rises by {last.premium - first.premium:.0f} USD/t" in PAGE
    _, _, paid = in_the_us(effects(DAYS[1], 30.0))
    treasury, exempt = (
        100.0 * value / paid.paid for value in (paid.shares.treasury, paid.shares.foreign_untaxed)
    )
    assert f"at σ = 30 it is {treasury:.0f} % and {exempt:.0f} %" in PAGE


def test_exempt_makers_earn_and_taxed_ones_absorb() -> None:
    """The sign that the published incidence has: Canada's smelters gain once they are exempt."""
    _, _, all_taxed = in_the_us(effects(DAYS[0]))
    _, _, exempt = in_the_us(effects(DAYS[1]))
    assert all_taxed.shares.foreign_taxed < 0.0
    assert exempt.shares.foreign_untaxed > 0.1 * exempt.paid
    assert exempt.shares.treasury < all_taxed.shares.treasury


@pytest.mark.skipif(not (CASES / "empirical_targets.json").is_file(), reason="no published cases")
def test_the_published_column_is_the_sources() -> None:
    rows = json.loads((CASES / "empirical_targets.json").read_text("utf-8"))
    targets = {row["id"]: row["numbers"] for row in rows}
    mar, may = (targets["incidence"][k] for k in ("Mar-Dec 2018 USD m", "May-Oct 2023 USD m"))
    paid = mar["paid by beverage"]
    assert 100.0 * mar["Treasury"] / paid == pytest.approx(20.0)
    assert 100.0 * mar["US smelters"] / paid == pytest.approx(11.0, abs=0.5)
    total = sum(may.values())
    shares = [100.0 * may[k] / total for k in ("US government", "US smelters", "Canadian smelters")]
    assert shares == pytest.approx([27.0, 33.0, 40.0], abs=0.7)
    premia = targets["midwest_premium"]
    per_tonne = [round(premia[k] * 2204.6226) for k in ("6 Apr 2018 USD/lb", "Jan 2019 USD/lb")]
    assert per_tonne == [397, 419]
    assert premia["start 2018 USD/t"] == 200
    assert targets["usitc5405_alu"]["aluminium price +%"] == 1.6
    assert targets["passthrough"]["Cavallo et al 2021"] == 0.945
    assert "397 (6 April 2018), 419 (January 2019)" in PAGE
    assert "20 (2018), 27 (2023)" in PAGE
    assert "11 (2018), 33 (2023), smelters alone" in PAGE
    assert "40 (2023, Canadian smelters)" in PAGE
