"""What is scored, and how: issue 4's list of what the back-cast must show."""

from __future__ import annotations

import csv
import math
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from accord.backcast import Backcast
from accord.backcast.backcast import Forecasts
from accord.backcast.evidence import Evidence, Observed
from accord.backcast.quantities import read
from accord.backcast.read_evidence import load_evidence
from accord.backcast.replay import world_of
from accord.backcast.score import RUNS, SHARE
from accord.pack import Pack, load

HERE = Path(__file__).resolve().parents[2]
FACTS = Path(os.environ.get("ACCORD_FACTS", HERE.parent / "shared" / "facts"))
KEYS = [
    "run", "event", "date", "quantity", "region", "observed", "predicted", "error", "unit",
    "used_in_calibration", "source",
]  # fmt: skip
WORLD_ROWS = "us_imports_unwrought_by_origin_2010_2024.csv"


def test_rows_have_the_fields_of_the_design(found: Backcast) -> None:
    for row in found.rows:
        assert list(row.as_json()) == KEYS
        assert row.error == pytest.approx(row.predicted - row.observed, abs=1e-9)
        assert all(map(math.isfinite, (row.observed, row.predicted, row.error)))


def test_every_run_scores_the_same_observations(found: Backcast) -> None:
    sets = [{(r.quantity, r.region, r.date) for r in found.run(run)} for run in RUNS]
    assert {r.run for r in found.rows} == set(RUNS)
    assert all(s == sets[0] for s in sets)
    assert not found.skipped


def test_the_shares_observed_are_those_that_exist(found: Backcast) -> None:
    counts = Counter(r.date for r in found.run("prior") if r.quantity == SHARE)
    assert counts == {"2018": 1, "2019": 5, "2022": 1, "2023": 26, "2024": 6}
    first = {r.region for r in found.run("prior") if (r.quantity, r.date) == (SHARE, "2018")}
    assert first == {"RUS"}
    assert "WLD" not in {r.region for r in found.rows}


@pytest.mark.skipif(not (FACTS / "aluminium").is_dir(), reason="no sources (ACCORD_FACTS)")
def test_shares_are_tonnes_over_the_total_of_customs(found: Backcast) -> None:
    with (FACTS / "aluminium" / WORLD_ROWS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    totals = {"2018": 4080.0, "2019": 3818.0, "2022": 4400.0, "2023": 4158.0, "2024": 3917.0}
    seen = {(r["year"], r["origin_iso3"]): float(r["kt"]) for r in rows if r["year"] in totals}
    for row in found.run("prior"):
        if row.quantity == SHARE:
            share = seen[row.date, row.region] / totals[row.date]
            assert row.observed == pytest.approx(share, abs=1e-6)


def test_shares_are_fractions(found: Backcast) -> None:
    for row in found.rows:
        if row.unit == "fraction":
            assert 0.0 <= row.observed <= 1.0
            assert 0.0 <= row.predicted <= 1.0


def test_only_the_updated_run_knows_anything_and_nothing_after_2022(found: Backcast) -> None:
    used = [r for r in found.rows if r.used_in_calibration]
    assert used
    assert {r.run for r in used} == {"updated"}
    assert max(r.year for r in used) <= 2022
    assert not any(r.quantity == SHARE and r.region == "RUS" and r.year < 2022 for r in used)


def test_nothing_changes_means_the_shares_of_2017(found: Backcast) -> None:
    total = sum(tonnes for _, tonnes in found.evidence.origins.values())
    for row in found.run("naive_unchanged"):
        if row.quantity == SHARE:
            _, tonnes = found.evidence.origins.get(row.region, ("", 0.0))
            assert row.predicted == pytest.approx(tonnes / total, rel=2e-3, abs=2e-6)


def test_the_model_beats_nothing_changes_where_it_must(found: Backcast) -> None:
    judged = [y for y in found.years if y.origins >= 3]
    assert [y.year for y in judged] == [2019, 2023, 2024]
    for y in judged:
        assert y.beats("prior", "naive_unchanged")
        assert y.beats("updated", "naive_unchanged")
        assert (y.by_run["updated"] or 1.0) <= 0.04
    assert [(y.by_run["prior"] or 1.0) <= 0.04 for y in judged] == [True, True, False]


def test_required_signs_are_right_and_the_sanctions_are_not_modelled(found: Backcast) -> None:
    assert [s.right for s in found.signs if s.required] == [True, True]
    (sanctions,) = [s for s in found.signs if not s.required]
    assert not sanctions.modelled
    assert sanctions.predicted == 0.0


def test_the_error_of_a_year_by_hand(found: Backcast) -> None:
    rows = [r for r in found.run("prior") if (r.quantity, r.date) == (SHARE, "2024")]
    by_hand = sum(r.observed * abs(r.predicted - r.observed) for r in rows)
    by_hand /= sum(r.observed for r in rows)
    year = next(y for y in found.years if y.year == 2024)
    assert year.by_run["prior"] == pytest.approx(by_hand, rel=1e-12)


def test_an_event_that_is_not_modelled_is_in_no_mean_error(found: Backcast) -> None:
    lme = next(c for c in found.contests if c.quantity == "hub_price")
    assert lme.rows == 8
    assert sum(r.quantity == "hub_price" for r in found.run("prior")) == 10


def test_shares_of_single_origins_are_a_row_of_their_own(found: Backcast) -> None:
    judged, single = [c for c in found.contests if c.quantity == SHARE]
    assert (judged.judged, judged.rows) == (True, 37)
    assert (single.judged, single.rows) == (False, 2)
    for run in RUNS:
        years = [y.by_run[run] for y in found.years if y.origins >= 3]
        assert judged.by_run[run] == pytest.approx(sum(x or 0.0 for x in years) / 3)


def test_errors_of_an_event_are_those_of_its_rows(found: Backcast) -> None:
    (shares,) = [c for c in found.of_event("ban-2024") if c.quantity == SHARE]
    year = next(y for y in found.years if y.year == 2024)
    assert shares.by_run == pytest.approx(year.by_run)
    (premium,) = [c for c in found.of_event("duty-2018") if c.quantity == "us_premium"]
    rows = [r for r in found.run("prior") if (r.event, r.quantity) == ("duty-2018", "us_premium")]
    assert premium.by_run["prior"] == pytest.approx(sum(abs(r.error) for r in rows) / len(rows))
    assert found.of_event("sanctions-2018") == ()


def test_events_are_in_order_of_date_whatever_the_order_of_the_table(
    found: Backcast, copied: Callable[[str, str, str], Path]
) -> None:
    folder = copied("backcast/events.csv", "event", "event")
    path = folder / "backcast" / "events.csv"
    head, *lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *reversed(lines)]) + "\n", "utf-8")
    assert load_evidence(load(folder)).events == found.evidence.events
    starts = [e.starts for e in found.evidence.events]
    assert starts == sorted(starts)


def test_statuses_add_up_to_the_rows(found: Backcast) -> None:
    counts = found.status_counts()
    assert sum(counts.values()) == len(found.scored("prior")) == 74
    assert len(found.run("prior")) - 74 == 2
    assert {r.event for r in found.run("prior")} - {r.event for r in found.scored("prior")} == {
        "sanctions-2018"
    }
    assert set(counts) <= {"measured", "reported", "derived"}


def test_what_is_missing_is_listed_with_a_reason_and_never_scored(found: Backcast) -> None:
    scored = {(r.quantity, r.region, r.date) for r in found.rows}
    gaps = [m for m in found.evidence.missing if m.why == "no figure in the sources"]
    assert gaps
    assert not any((m.quantity, m.region, m.date) in scored for m in gaps)
    recalled = [m for m in found.evidence.missing if "recalled" in m.why]
    assert [m.date for m in recalled] == ["2018", "2019", "2020"]


# -------------------------------------------------------------------- what a forecast may know


def test_the_prior_run_is_blind_to_what_it_is_compared_with(
    found: Backcast, copied: Callable[[str, str, str], Path]
) -> None:
    """Other observations, the same predictions."""
    folder = copied("backcast/observed.csv", "2744.0 of 3917.0 kt", "x")
    path = folder / "backcast" / "observed.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["value"] = str(0.5 * float(row["value"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    pack = load(folder)
    evidence = load_evidence(pack)
    replay = world_of(pack, evidence.base).replay([2024])
    other, _ = Forecasts(_only(evidence, 2024), replay, replay).rows()
    here = {(r.run, r.quantity, r.region, r.date): r for r in found.rows}
    compared = 0
    for row in other:
        if row.run != "updated":
            mine = here[row.run, row.quantity, row.region, row.date]
            assert row.predicted == pytest.approx(mine.predicted, rel=1e-6, abs=1e-9)
            assert row.observed == pytest.approx(0.5 * mine.observed, rel=1e-6)
            compared += 1
    assert compared > 20


def _only(evidence: Evidence, year: int) -> Evidence:
    rows: tuple[Observed, ...] = tuple(o for o in evidence.observed if o.year == year)
    return Evidence(**{**vars(evidence), "observed": rows})


def test_the_world_of_2017_comes_out_as_it_went_in(pack: Pack) -> None:
    evidence = load_evidence(pack)
    world = world_of(pack, evidence.base)
    state = world.replay([]).at_base
    imports = state.imports("USA")
    for country in ("CAN", "RUS", "ARE"):
        assert imports[country] == pytest.approx(evidence.origins[country][1], rel=1e-3)
    assert state.hub == pytest.approx(pack.hub_prices["LME", 2017], rel=1e-6)


def test_a_country_in_a_group_has_its_part_of_2017(found: Backcast) -> None:
    evidence = found.evidence
    parts = {c: evidence.within(c) for c, (r, _) in evidence.origins.items() if r == "GLF"}
    assert sum(parts.values()) == pytest.approx(1.0)
    assert evidence.within("CAN") == 1.0
    gulf = [r for r in found.run("prior") if (r.region, r.date) == ("QAT", "2023")]
    assert len(gulf) == 1


def test_prices_are_turned_into_dollars_of_their_year(found: Backcast, pack: Pack) -> None:
    evidence = found.evidence
    state = world_of(pack, evidence.base).replay([]).at_base
    row = next(o for o in evidence.observed if (o.quantity, o.date) == ("hub_price", "2024"))
    assert read(row, state, evidence) == pytest.approx(state.hub * evidence.deflator[2024])
