"""`accord run rare-earths-2025`: what its part of the answer says."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from accord.assessment import Answer
from accord.assessment.assess import assess_named
from accord.assessment.part import Part
from accord.assessment.serialise import to_json
from accord.report.page import page
from accord.report.terminal import screen

DEAL = "rare-earths-2025"


def answered(variant: str = "") -> Answer:
    answer = assess_named(f"{DEAL}:{variant}" if variant else DEAL)
    assert isinstance(answer, Answer)
    return answer


def part_of(answer: Answer) -> Part:
    (part,) = answer.parts
    return part


@pytest.fixture(scope="module")
def answer() -> Answer:
    return answered()


@pytest.fixture(scope="module")
def part(answer: Answer) -> Part:
    return part_of(answer)


def test_no_market_is_solved_or_shown(answer: Answer) -> None:
    assert [p.id for p in answer.parts] == ["minerals"]
    assert "hub" not in screen(answer).lower()


def test_its_identities_hold(part: Part) -> None:
    assert len(part.checks) == 3
    assert all(check.ok for check in part.checks)


def test_every_row_is_ordered_and_finite(part: Part) -> None:
    assert part.rows
    for row in part.rows:
        values = [row.before, row.after, *(x for x in (row.low, row.high) if x is not None)]
        assert all(x is not None and math.isfinite(x) and x >= 0.0 for x in values)
        if row.measure != "buyer_price" and row.low is not None and row.high is not None:
            assert row.low <= row.high


def test_output_by_year_starts_at_todays_and_never_falls(part: Part) -> None:
    mined = [row for row in part.rows if row.measure == "mine_output"]
    assert [row.year for row in mined] == list(range(2025, 2041))
    assert mined[0].before == pytest.approx(2600.0, rel=0.01)
    assert mined[0].after == pytest.approx(mined[0].before)
    after = [row.after or 0.0 for row in mined]
    assert after == sorted(after)


def test_magnet_metals_get_cheaper_outside_china(part: Part) -> None:
    rows = [row for row in part.rows if row.measure == "buyer_price"]
    assert {row.region for row in rows} == {"JPN", "EUN", "USA"}
    for row in rows:
        if row.good in {"ndpr_metal", "magnet"}:
            assert (row.after or 0.0) < (row.before or 0.0)


def test_sevenfold_is_about_five_percent_of_the_world(part: Part) -> None:
    (said,) = [x for x in part.because if x.startswith("7 times")]
    assert "18.2 kt, 4.74 % of world output" in said


def test_the_bottleneck_is_named_from_the_numbers(part: Part) -> None:
    assert re.match(r"The narrowest step is .*: [\d.]+ % of", part.because[0])


def test_stakes_add_up(part: Part) -> None:
    (table,) = [x for x in part.tables if x.name == "stakes"]
    assert sum(row[2] for row in table.rows) == pytest.approx(100.0)
    assert sum(row[3] for row in table.rows) > 0.0


def test_the_world_beside_the_pack_says_what_each_row_proves(part: Part) -> None:
    (table,) = [x for x in part.tables if x.name == "world"]
    assert {row[6] for row in table.rows} == {"identity", "fit", "check"}


def test_a_chain_that_ends_earlier_says_less(part: Part) -> None:
    short = part_of(answered("oxides-only"))
    measures = {row.measure for row in short.rows}
    assert "separation_output" in measures
    assert "magnet_output" not in measures
    assert "NdPr oxide" in short.headline
    assert "magnets" in part.headline


def test_a_floor_costs_the_gap_to_the_price() -> None:
    with_floor = part_of(answered("offtake-and-floor"))
    (row,) = [r for r in with_floor.rows if r.measure == "price_floor_cost"]
    (sold,) = [t for t in with_floor.tables if t.name == "terms"]
    tonnes = next(r[4] for r in sold.rows if r[0] == "floor")
    price = 110_000.0 - (row.after or 0.0) / tonnes
    assert row.region == "USA"
    assert 40_000.0 < price < 60_000.0


def test_a_chinese_limit_is_answered_by_the_market_beside_it() -> None:
    both = answered("chinese-quota")
    assert [p.id for p in both.parts] == ["minerals"]
    rows = to_json(both)["effects"]
    dysprosium = [
        r for r in rows
        if (r["measure"], r["region"], r["good"]) == ("buyer_price", "JPN", "dy_oxide")
    ]  # fmt: skip
    assert dysprosium[0]["after"] > 1.1 * dysprosium[0]["before"]


def test_it_prints_and_serialises(answer: Answer) -> None:
    text = json.dumps(to_json(answer), allow_nan=False)
    assert json.loads(text)["parts"]
    assert page(answer)
    assert max(map(len, screen(answer).splitlines())) <= 100


TEXT = """
[deal]
title = "Deposits"
date = 2025-02-24
status = "offer"
pack = ["rare_earths"]

[[source]]
id = "report"
title = "A report"
publisher = "A paper"

[[party]]
code = "USA"

[[term]]
id = "dig"
kind = "joint_exploration"
region = "{region}"
through = "{through}"
horizon_years = {horizon}
source = "report"
"""


def asked(tmp_path: Path, region: str, through: str, horizon: int) -> Part:
    path = tmp_path / "deposits.toml"
    path.write_text(TEXT.format(region=region, through=through, horizon=horizon), "utf-8")
    return part_of(assess_named(str(path)))


@pytest.mark.parametrize("region", ["RUS", "AUS", "ROW"])
@pytest.mark.parametrize("through", ["mine", "separation", "metal", "magnet"])
def test_every_region_with_deposits_has_an_answer(
    region: str, through: str, tmp_path: Path
) -> None:
    part = asked(tmp_path, region, through, 20)
    assert all(check.ok for check in part.checks)
    assert {row.measure for row in part.rows if row.measure.endswith("_output")} == {
        f"{step}_output"
        for step in ("mine", "separation", "metal", "magnet")[
            : ("mine", "separation", "metal", "magnet").index(through) + 1
        ]
    }


def test_within_a_year_nothing_is_built(tmp_path: Path) -> None:
    part = asked(tmp_path, "RUS", "magnet", 1)
    assert "add nothing to mine output by 2026" in part.headline
    for row in part.rows:
        assert row.change == pytest.approx(0.0, abs=1e-6)
