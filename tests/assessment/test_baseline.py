"""The model beside the world: three labelled objects, none of them mixed up."""

from __future__ import annotations

import pytest

from accord.assessment.pack_report import PackShown, pack_report


@pytest.fixture(scope="module")
def shown() -> PackShown:
    return pack_report("aluminium")


def test_the_objects_are_labelled_apart(shown: PackShown) -> None:
    labels = [o.label for o in shown.baselines]
    assert labels == ["fitted 2017", "fitted 2024", "2024 from 2017", "2025 from 2024"]
    assert not any(o.failure for o in shown.baselines)


def test_benchmark_flows_come_back_as_reconciled(shown: PackShown) -> None:
    gaps = {o.label: o.flow_gap for o in shown.baselines if o.flow_gap is not None}
    assert set(gaps) == {"fitted 2017", "fitted 2024"}
    assert max(gaps.values()) <= 1e-6


def test_predictions_never_claim_to_be_fitted(shown: PackShown) -> None:
    for label in ("2024 from 2017", "2025 from 2024"):
        rows = next(o.rows for o in shown.baselines if o.label == label)
        assert rows
        assert not any(row.fitted for row in rows)


def test_russia_to_china_in_2025_within_a_factor_of_one_and_a_half(shown: PackShown) -> None:
    rows = next(o.rows for o in shown.baselines if o.label == "2025 from 2024")
    row = next(r for r in rows if r.region == "RUS>CHN")
    assert row.model is not None
    assert 1 / 1.5 <= row.model / row.observed <= 1.5
