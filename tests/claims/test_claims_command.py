from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord.cli import cli
from accord.deal import shipped_deals
from accord.report.claims import STYLES

ROW = [
    "id", "says", "reading", "measure", "verdict", "value", "unit", "threshold", "probability",
    "flips_at", "because",
]  # fmt: skip


def answer(*arguments: object) -> str:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    value = json.loads(answer("claims", "us-russia-2025", "--json"))
    assert list(value) == ["rows"]
    return value["rows"]


def test_rows_are_as_promised(rows: list[dict[str, object]]) -> None:
    assert all(list(row) == ROW for row in rows)
    assert len({row["id"] for row in rows}) == 12
    assert {row["verdict"] for row in rows} <= set(STYLES)
    for row in rows:
        drawn = str(row["measure"]).startswith(("expected_", "project_npv"))
        assert (row["probability"] is not None) == drawn, row["reading"]


def test_run_has_the_same_rows(rows: list[dict[str, object]]) -> None:
    value = json.loads(answer("run", "us-russia-2025", "--json"))
    assert value["claims"] == rows
    assert {"claims:words", "claims:facts"} <= set(value["digests"])


def test_the_ledger_says_first_where_reports_differ() -> None:
    text = answer("claims", "us-russia-2025")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    differ = text.index("Where reports differ in their words")
    assert differ < text.index(" 1 DEPENDS")
    for number in range(1, 13):
        assert f"\n{number:>2} " in text
    assert "Source: " in text


def test_a_line_for_each_claim_below_an_answer() -> None:
    text = answer("run", "us-russia-2025")
    below = text[text.index("What was claimed") :].splitlines()
    assert (
        len([line for line in below if any(f"  {verdict}  " in line for verdict in STYLES)]) == 12
    )


def test_the_day_of_the_law_decides(rows: list[dict[str, object]]) -> None:
    later = json.loads(answer("claims", "us-russia-2025", "--as-of", "2025-07-01", "--json"))[
        "rows"
    ]
    was, now = (
        next(r for r in found if r["reading"] == "the price that US buyers pay is held down")
        for found in (rows, later)
    )
    assert was["verdict"] == "supported"
    assert now["verdict"] != "supported"


@pytest.mark.parametrize("closure", ["armington", "homogeneous"])
def test_other_closures_judge_too(closure: str) -> None:
    found = json.loads(answer("claims", "us-russia-2025", "--closure", closure, "--json"))["rows"]
    assert len(found) > 12


def test_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer("claims", "us-russia-2025", "--out", out)
    names = {path.name for path in out.iterdir()}
    assert names == {"claims.csv", "claims.json", "claims.html", "claimreview.jsonld",
                     "manifest.json"}  # fmt: skip
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
    assert json.loads(answer("claims", "halve-defence-2025", "--json")) == {"rows": []}


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
