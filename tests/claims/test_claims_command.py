from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from accord.claims.measures import EFFECTS
from accord.cli import cli
from accord.deal import shipped_deals
from accord.probability.quantiles import probability_with_error
from accord.report.claims import STYLES

ROW = [
    "id", "says", "reading", "measure", "verdict", "value", "unit", "threshold", "probability",
    "flips_at", "because", "probability_low", "probability_high", "draws",
]  # fmt: skip
BESIDE = ["claims_together", "what_would_have_to_be_true"]


DRAWS = "96"


def answer(*arguments: object) -> str:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict[str, Any]]]:
    return json.loads(answer("claims", "us-russia-2025", "--json", "--draws", DRAWS))


@pytest.fixture(scope="module")
def rows(found: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    assert list(found) == ["fixed", "rows", *BESIDE]
    return found["rows"]


def test_rows_are_as_promised(rows: list[dict[str, Any]]) -> None:
    assert all(list(row) == ROW for row in rows)
    assert len({row["id"] for row in rows}) == 12
    assert {row["verdict"] for row in rows} <= set(STYLES)
    names = {measure.name for measure in EFFECTS}
    for row in rows:
        of_a_part = str(row["measure"]).startswith(("expected_", "project_npv"))
        drawn = of_a_part or row["measure"] in names
        assert (row["probability"] is not None) == drawn, row["reading"]
        if drawn:
            assert 0.0 <= row["probability_low"] <= row["probability"] <= row["probability_high"]
            assert row["draws"] >= 32
        else:
            assert (row["probability_low"], row["probability_high"]) == (None, None)
            assert row["draws"] == 0


def test_the_error_of_a_probability_is_that_of_its_draws(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["draws"]:
            hits = round(row["probability"] * row["draws"])
            told = probability_with_error(hits, row["draws"])
            assert row["probability_low"] == pytest.approx(told.low)
            assert row["probability_high"] == pytest.approx(told.high)
            assert f"{row['draws']:,} draws meet it" in row["because"]


def test_without_draws_only_parts_have_probabilities() -> None:
    found = json.loads(answer("claims", "us-russia-2025", "--json", "--draws", "0"))
    for row in found["rows"]:
        drawn = str(row["measure"]).startswith(("expected_", "project_npv"))
        assert (row["probability"] is not None) == drawn, row["reading"]
    assert found["what_would_have_to_be_true"] == []
    assert [x["probability"] for x in found["claims_together"]] == [None, None]


def test_what_must_hold_together(found: dict[str, list[dict[str, Any]]]) -> None:
    two, four = found["claims_together"]
    assert (two["id"], two["draws"]) == ("calm-and-restrained", int(DRAWS))
    for joint in (two, four):
        alone = [member["alone"] for member in joint["readings"]]
        # Fréchet's bounds: whatever the readings have to do with each other.
        assert max(0.0, sum(alone) - len(alone) + 1.0) <= joint["probability"] + 1e-12
        assert joint["probability"] <= min(alone) + 1e-12
        assert joint["probability_low"] <= joint["probability"] <= joint["probability_high"]
    assert four["probability"] <= two["probability"]
    text = answer("claims", "us-russia-2025", "--draws", DRAWS)
    told = " ".join(text[text.index("What must hold together") :].split())
    assert two["because"] in told


def test_what_would_have_to_be_true(found: dict[str, list[dict[str, Any]]]) -> None:
    told = {(x["id"], x["reading"]): x for x in found["what_would_have_to_be_true"]}
    price = told["restrains-prices", "the price that US buyers pay is held down"]
    assert price["holds"]
    assert 0.0 < price["distance"] < 4.0
    assert price["moved"][0]["parameter"] == "sigma aluminium"
    assert price["value"] >= -0.1  # per cent: the middle cut-off of "restrain"
    lifted = "with the duties of 2023 lifted and nothing else, Russian metal comes back"
    ban = told["duties-of-2023", lifted]
    assert ban["distance"] is None
    assert "No values" in ban["says"]


def test_run_has_the_same_rows(rows: list[dict[str, Any]]) -> None:
    value = json.loads(answer("run", "us-russia-2025", "--json", "--draws", DRAWS))
    assert value["claims"] == rows
    assert [x["id"] for x in value["claims_together"]] == [
        "calm-and-restrained", "calm-and-restrained-everywhere",
    ]  # fmt: skip
    assert {"claims:words", "claims:facts"} <= set(value["digests"])


def test_the_ledger_says_first_where_reports_differ() -> None:
    text = answer("claims", "us-russia-2025", "--draws", "0")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    differ = text.index("Where reports differ in their words")
    assert differ < text.index(" 1 DEPENDS")
    for number in range(1, 13):
        assert f"\n{number:>2} " in text
    assert "Source: " in text


def test_a_line_for_each_claim_below_an_answer() -> None:
    text = answer("run", "us-russia-2025", "--draws", "0")
    below = text[text.index("What was claimed") :].splitlines()
    assert (
        len([line for line in below if any(f"  {verdict}  " in line for verdict in STYLES)]) == 12
    )


def test_the_day_of_the_law_decides() -> None:
    start = "with the full 2 Mt, the price in the United States"
    was, now = (
        next(
            row
            for row in json.loads(
                answer("claims", "us-russia-2025", "--json", "--draws", "0", "--as-of", day)
            )["rows"]
            if row["reading"].startswith(start)
        )
        for day in ("2025-02-24", "2025-07-01")
    )
    assert was["verdict"] == "depends"
    assert now["verdict"] == "contradicted"


@pytest.mark.parametrize("closure", ["armington", "homogeneous"])
def test_other_closures_judge_too(closure: str) -> None:
    asked = ("claims", "us-russia-2025", "--closure", closure, "--json", "--draws", "9")
    found = json.loads(answer(*asked))
    assert len(found["rows"]) > 12
    price = next(r for r in found["rows"] if r["measure"] == "buyer_price")
    assert 0 < price["draws"] <= 9
    assert all(not x["settled"] for x in found["what_would_have_to_be_true"])


def test_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer("claims", "us-russia-2025", "--out", out, "--draws", "32")
    names = {path.name for path in out.iterdir()}
    assert names == {"claims.csv", "claims.json", "claims.html", "claimreview.jsonld",
                     "claims_together.csv", "true_if.csv", "manifest.json"}  # fmt: skip
    page = (out / "claims.html").read_text("utf-8")
    assert "What must hold together" in page
    assert "What would have to be true" in page
    reviews = json.loads((out / "claimreview.jsonld").read_text("utf-8"))
    assert reviews["@context"] == "https://schema.org"
    assert len(reviews["@graph"]) == 12
    for review in reviews["@graph"]:
        assert review["@type"] == "ClaimReview"
        assert review["claimReviewed"]
        rating = review["reviewRating"]
        assert rating["alternateName"] in STYLES
        if "ratingValue" in rating:
            assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]


def test_a_deal_without_claims_says_so() -> None:
    text = answer("claims", "halve-defence-2025")
    assert "No claim stands in this deal's file." in text
    assert json.loads(answer("claims", "halve-defence-2025", "--json")) == {
        "fixed": [],
        "rows": [],
        "claims_together": [],
        "what_would_have_to_be_true": [],
    }


CLAIMS = """
[[claim]]
id = "equal"
speaker = "somebody"
says = "both give up the same"
source = "report"

[[claim.reading]]
id = "equal"
asserts = "both budgets are the same"
measure = "military_spending_ratio"
region = "USA"
partner = "RUS"
year = 2024
comparator = "between"
threshold = [0.8, 1.25]
unit = "ratio"

[[claim.reading]]
id = "price"
asserts = "metal gets cheaper"
measure = "hub_price"
good = "aluminium"
form = "change_pct"
comparator = "less_than"
threshold = 0
unit = "%"
"""


def test_claims_of_a_deal_without_a_market_are_judged_by_figures(tmp_path: Path) -> None:
    deal = tmp_path / "budgets.toml"
    text = shipped_deals()["halve-defence-2025"].read_text("utf-8")
    deal.write_text(text + CLAIMS, "utf-8")
    one, other = json.loads(answer("claims", deal, "--json"))["rows"]
    assert one["verdict"] == "contradicted"
    assert one["value"] == pytest.approx(6.7, abs=0.05)
    assert other["verdict"] == "not checkable"
    assert "no market was solved" in other["because"]
