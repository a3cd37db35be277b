"""The twelve statements: each has a verdict, and what is behind it decides, not this file."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from shutil import copytree

import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.claims import Judged, JudgedClaim, Ledger, pack_figures
from accord.claims.levers import Lever, levers_of
from accord.claims.verdict import VERDICTS
from accord.equilibrium import solve_market
from accord.pack.load import SHIPPED, load

Changed = Callable[..., Ledger]


def named(ledger: Ledger, claim: str) -> JudgedClaim:
    return next(c for c in ledger.claims if c.id == claim)


def verdict(ledger: Ledger, claim: str, reading: str) -> str:
    return next(r.verdict for r in named(ledger, claim).readings if r.reading == reading)


@pytest.fixture(scope="module")
def answer() -> Assessment:
    found = assess_named("us-russia-2025")
    assert isinstance(found, Assessment)
    return found


def test_twelve_claims_each_with_a_verdict_and_a_reason(ledger: Ledger) -> None:
    assert len(ledger.claims) == 12
    for claim in ledger.claims:
        assert claim.verdict in VERDICTS
        for reading in claim.readings:
            assert reading.because
            assert reading.verdict in VERDICTS


def test_every_value_has_a_unit_a_threshold_and_a_source(ledger: Ledger) -> None:
    judged = [r for claim in ledger.claims for r in claim.readings if r.value is not None]
    assert len(judged) >= 20
    for reading in judged:
        assert reading.unit is not None
        assert reading.threshold is not None
        assert reading.sources
        assert "flips" in reading.because, reading.reading


def test_what_no_number_can_test_says_why(ledger: Ledger) -> None:
    for claim in ("ukraine-deal-no-concern", "companies-as-partners"):
        assert named(ledger, claim).verdict == "not checkable"
        assert named(ledger, claim).leading.because


def test_fifteen_percent_hangs_on_the_wording(ledger: Ledger) -> None:
    claim = named(ledger, "fifteen-percent")
    assert claim.verdict_as("in-2017") == "supported"
    assert claim.verdict_as(None) == "depends"
    assert verdict(ledger, "fifteen-percent", "just-before") == "contradicted"


def test_the_figures_of_the_facts_are_reproduced(ledger: Ledger) -> None:
    shown = {
        reading.reading: reading.value
        for reading in named(ledger, "halve-defence-budgets").readings
        if reading.value is not None
    }
    assert shown["half-of-the-us-budget"] == pytest.approx(498.65)
    assert shown["half-of-the-russian-budget"] == pytest.approx(74.5)
    assert shown["equal-burden"] == pytest.approx(6.7, abs=0.05)
    assert shown["equal-burden-at-purchasing-power"] == pytest.approx(2.0, abs=0.05)
    assert shown["precedents"] == pytest.approx(9 / 983)


# ------------------------------------------------------------- change the datum, not this file


@pytest.mark.parametrize(
    ("claim", "reading", "change", "was", "now"),
    [
        ("more-than-ukraine", "significantly", ("UKR,rare_earths,2025,0.71",
         "UKR,rare_earths,2025,50"), "supported", "contradicted"),
        ("output-several-times-over", "so-far", ("RUS,rare_earths,2025,2.6,kt REO/yr",
         "RUS,rare_earths,2025,19,kt REO/yr"), "contradicted", "supported"),
        ("halve-defence-budgets", "equal-burden-at-purchasing-power", (",490.9,", ",900,"),
         "contradicted", "supported"),
    ],
)  # fmt: skip
def test_a_changed_figure_changes_the_verdict(  # noqa: PLR0913, PLR0917 - a table's columns
    ledger: Ledger,
    changed: Changed,
    claim: str,
    reading: str,
    change: tuple[str, str],
    was: str,
    now: str,
) -> None:
    assert verdict(ledger, claim, reading) == was
    assert verdict(changed(change), claim, reading) == now


@pytest.mark.parametrize(
    ("claim", "reading", "table", "old", "new", "now"),
    [
        ("joint-exploration", "matters-for-the-world", "rare_earths/chain/observed.csv",
         "mine_output,RUS,,2600,", "mine_output,RUS,,6000,", "depends"),
        ("halve-defence-budgets", "equal-burden", "budgets/cited.csv",
         "sipri,RUS,2024,149,bn USD", "sipri,RUS,2024,997,bn USD", "supported"),
        ("halve-defence-budgets", "half-of-the-russian-budget", "budgets/cited.csv",
         "sipri,RUS,2024,149,bn USD", "sipri,RUS,2024,801,bn USD", "supported"),
        ("halve-defence-budgets", "precedents", "budgets/base_rates.csv",
         "5,10,0.5,983,9,", "5,10,0.5,983,99,", "supported"),
    ],
)  # fmt: skip
def test_a_changed_figure_of_a_pack_changes_the_verdict(  # noqa: PLR0913, PLR0917 - columns
    ledger: Ledger,
    changed: Changed,
    changed_pack: Callable[..., None],
    claim: str,
    reading: str,
    table: str,
    old: str,
    new: str,
    now: str,
) -> None:
    assert verdict(ledger, claim, reading) == "contradicted"
    changed_pack(table, old, new)
    assert verdict(changed(), claim, reading) == now


def reading_of(ledger: Ledger, claim: str, reading: str) -> Judged:
    return next(r for r in named(ledger, claim).readings if r.reading == reading)


def test_a_plan_is_judged_by_what_the_deal_would_bring(ledger: Ledger) -> None:
    claim = named(ledger, "output-several-times-over")
    assert claim.verdict == "depends"
    mine = reading_of(ledger, claim.id, "from-the-mine")
    seven = reading_of(ledger, claim.id, "sevenfold")
    for judged in (mine, seven):
        assert judged.low is not None
        assert judged.value is not None
        assert judged.high is not None
        assert judged.low < judged.value < judged.high
    assert mine.value == seven.value
    assert mine.probability is not None
    assert seven.probability is not None
    assert 0.0 < seven.probability < mine.probability < 1.0
    assert "rare_earths" in "".join(mine.sources)


def test_the_share_of_draws_is_that_of_the_answers_part(ledger: Ledger, answer: Assessment) -> None:
    """The same share that the part tells of its target, which is seven times too."""
    seven = reading_of(ledger, "output-several-times-over", "sevenfold")
    (draws,) = (x for p in answer.parts for x in p.draws if x.measure == "mine_output")
    reached = sum(x >= 7.0 * draws.before for x in draws.after) / len(draws.after)
    assert seven.probability == pytest.approx(reached, abs=1e-12)
    said = next(x for p in answer.parts for x in p.because if x.startswith("7 times"))
    assert f"{100.0 * reached:.1f} % of the draws" in said


@pytest.mark.parametrize(
    ("change", "reading", "now"),
    [
        (("horizon_years = 15", "horizon_years = 3"), "from-the-mine", "contradicted"),
        (('through = "magnet"', 'through = "mine"'), "to-finished-goods", "not checkable"),
        (("threshold = 7.0", "threshold = 1.0"), "sevenfold", "supported"),
    ],
)
def test_another_plan_has_another_verdict(
    ledger: Ledger, changed: Changed, change: tuple[str, str], reading: str, now: str
) -> None:
    claim = "output-several-times-over"
    assert verdict(ledger, claim, reading) == "depends"
    assert verdict(changed(change), claim, reading) == now


def test_a_project_that_does_not_pay_says_what_metal_price_it_takes(ledger: Ledger) -> None:
    pays = reading_of(ledger, "krasnoyarsk", "pays")
    assert pays.verdict == "contradicted"
    assert pays.value is not None
    assert pays.value < 0.0
    assert "that takes a world price of" in pays.because


def test_nothing_is_left_pending(ledger: Ledger) -> None:
    found = {claim.verdict for claim in ledger.claims}
    assert found <= {"supported", "contradicted", "depends", "not checkable"}


def test_a_changed_pack_changes_the_verdict(
    changed: Changed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copytree(SHIPPED / "aluminium" / "history", tmp_path / "aluminium" / "history")
    table = tmp_path / "aluminium" / "history" / "open_lane_shares.csv"
    table.write_text(table.read_text("utf-8").replace("kt,0.14618", "kt,0.09"), "utf-8")
    monkeypatch.setattr(pack_figures, "SHIPPED", tmp_path)
    assert verdict(changed(), "fifteen-percent", "in-2017") == "contradicted"


def test_other_cut_offs_change_the_verdict(ledger: Ledger, changed: Changed) -> None:
    header = "word,kind,strict,middle,generous,unit,means,source,status\n"
    row = "significant,size,0.0003,0.0002,0.0001,fraction,a very sharp eye,own,assumed\n"
    assert verdict(ledger, "no-significant-effect", "world-price") == "supported"
    sharp = changed(words=header + row)
    assert verdict(sharp, "no-significant-effect", "world-price") == "contradicted"


def test_other_terms_change_the_verdict(ledger: Ledger, changed: Changed) -> None:
    before = next(r for r in ledger.rows if r.reading.startswith("the price that US"))
    only = changed(variant="only-200-lifted")
    after = next(r for r in only.rows if r.reading.startswith("the price that US"))
    assert before.verdict == "depends"  # it holds read middle, and does not read strict
    assert before.value is not None
    assert before.value < -0.1
    assert (after.verdict, after.value) == ("contradicted", 0.0)


# ----------------------------------------------------------------------------------- flip points


def test_a_figure_flips_at_its_threshold(ledger: Ledger) -> None:
    rows = {row.measure: row for row in ledger.rows}
    assert rows["mine_output_share"].flips_at == rows["mine_output_share"].threshold == 0.01
    assert rows["military_spending_ratio"].flips_at == 1.25


def test_a_duty_on_either_side_of_the_flip_point_has_another_verdict(answer: Assessment) -> None:
    """The flip point of a model reading, checked by solving the market on both sides of it."""
    row = next(r for r in answer.claims if r.reading == "the price that US buyers pay is held down")
    assert row.flips_at is not None
    assert isinstance(row.threshold, float)
    lane = answer.focus.lane
    assert lane is not None
    after = answer.effects.after
    lever = next(x for x in levers_of(after.market, lane) if x.name == "duty")
    edges: list[float] = []
    for duty in (row.flips_at * 0.98, row.flips_at * 1.02):
        market = lever.turned(after.market, duty)
        there = solve_market(market, universe=after.universe, start=after.state.z)
        was = answer.effects.before.buyer_price(lane.good, "USA")
        now = there.buyer_price(lane.good, "USA")
        assert was is not None
        assert now is not None
        edges.append(100.0 * (now - was) / was)
    assert edges[0] < row.threshold < edges[1]


def test_a_minimum_on_either_side_of_the_flip_point(ledger: Ledger) -> None:
    row = next(r for r in ledger.rows if r.reading.startswith("with the full 2 Mt, the price in"))
    assert row.verdict == "depends"  # significant read middle, and not read strict
    assert row.value is not None
    assert row.value < -5.0
    assert row.flips_at is not None
    assert 0.0 < row.flips_at < 2e6


def test_where_a_ban_closes_the_lane_nothing_is_turned(ledger: Ledger) -> None:
    row = next(r for r in ledger.rows if r.reading.startswith("with the duties of 2023 lifted"))
    assert row.verdict == "contradicted"
    assert row.flips_at is None
    assert "Import prohibition" in row.because


def test_levers_are_where_the_deal_leaves_them(answer: Assessment) -> None:
    lane = answer.focus.lane
    assert lane is not None
    levers = levers_of(answer.effects.after.market, lane)
    assert [(x.name, x.now) for x in levers] == [("duty", pytest.approx(0.1)), ("access", 1.0)]
    assert levers_of(answer.effects.before.market, lane) == ()


def test_turning_a_lever_to_where_it_stands_changes_nothing(answer: Assessment) -> None:
    lane = answer.focus.lane
    assert lane is not None
    after = answer.effects.after
    for lever in levers_of(after.market, lane):
        market = lever.turned(after.market, lever.now)
        again = solve_market(market, universe=after.universe, start=after.state.z)
        assert again.flow(*lane) == pytest.approx(after.flow(*lane), rel=1e-9)


def test_a_higher_duty_never_sells_more(answer: Assessment) -> None:
    lane = answer.focus.lane
    assert lane is not None
    after = answer.effects.after
    lever = Lever("duty", lane, 0.1, 0.0, 2.0)
    flows = [
        solve_market(
            lever.turned(after.market, x), universe=after.universe, start=after.state.z
        ).flow(*lane)
        for x in (0.0, 0.25, 0.5, 1.0)
    ]
    assert all(a > b for a, b in pairwise(flows))


def test_pack_figures_are_in_base_units_with_a_source() -> None:
    pack = load("aluminium")
    rows = list(pack_figures.pack_figures(pack, SHIPPED / "aluminium"))
    shares = [f for f in rows if f.quantity == "us_import_share"]
    assert len({(f.region, f.year, f.edition) for f in shares}) == len(shares)
    assert all(0.0 <= f.value <= 1.0 for f in shares)
    assert all(f.source and f.status for f in rows)
    made = next(f for f in rows if (f.quantity, f.region) == ("output", "RUS"))
    assert (made.value, made.unit) == (3_880_000.0, "t/yr")


def test_a_pack_takes_over_from_the_figures_beside_a_deal(changed: Changed) -> None:
    """What a pack knows is not read from the table beside the deal, whatever that says."""
    claim = "halve-defence-budgets"
    own = {r.reading: (r.verdict, r.value) for r in named(changed(), claim).readings}
    first = "military_spending,USA,,2024,1001.8,bn USD/yr"
    other = 'military_spending,USA,,2024,1,bn USD/yr,"SIPRI, current USD",wdi-2026,reported,'
    both = changed((first, f"{other}\n{first}"))
    assert {r.reading: (r.verdict, r.value) for r in named(both, claim).readings} == own


def test_the_pack_of_rare_earths_knows_the_mines_that_the_deal_cites() -> None:
    rows = list(pack_figures.other_figures(SHIPPED / "rare_earths"))
    mined = {(f.region, f.year): f.value for f in rows if f.quantity == "mine_output"}
    assert mined["RUS", 2024] / mined["WORLD", 2024] == pytest.approx(2.6 / 380.0)
