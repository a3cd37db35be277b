from __future__ import annotations

import pytest

from accord.pack.build.mirror import Mirror, Rule, combine, gap, median_gap, unallocated

RULE = Rule(importer_weight=0.5, floor=0.1, cap=0.5, one_sided=0.4, sentinel=1.0)


def mirror(importer: float | None, exporter: float | None, destination: str = "BBB") -> Mirror:
    return Mirror("metal", "AAA", destination, importer, exporter)


def test_two_reports_are_averaged_and_their_gap_is_the_error() -> None:
    prior = combine(mirror(100.0, 80.0), RULE)
    assert prior.value == pytest.approx(90.0)
    assert prior.error == pytest.approx(0.2)


def test_the_error_has_a_floor_and_a_cap() -> None:
    assert combine(mirror(100.0, 100.0), RULE).error == 0.1
    assert combine(mirror(100.0, 2.0), RULE).error == 0.5


SILENT = [(50.0, None), (50.0, 0.0), (None, 50.0), (0.0, 50.0)]


@pytest.mark.parametrize(("importer", "exporter"), SILENT)
def test_one_silent_side_leaves_the_other(importer: float | None, exporter: float | None) -> None:
    prior = combine(mirror(importer, exporter), RULE)
    assert prior.value == 50.0
    assert prior.error == 0.4


def test_a_small_report_beside_a_zero_is_a_report() -> None:
    assert combine(mirror(0.8, 0.0), RULE).value == pytest.approx(0.4)


def test_no_report_is_no_flow() -> None:
    assert combine(mirror(None, None), RULE).value == 0.0


def test_gap_is_the_difference_over_the_larger() -> None:
    assert gap(725.0, 981.0) == pytest.approx(256.0 / 981.0)


def test_median_gap_counts_lanes_that_both_report() -> None:
    middle, count = median_gap([mirror(10.0, 5.0), mirror(10.0, None), mirror(8.0, 6.0)])
    assert count == 2
    assert middle == pytest.approx(0.375)


def test_unallocated_is_the_exporter_s_total_less_what_named_partners_received() -> None:
    reports = [mirror(40.0, None), mirror(None, 10.0, "CCC"), mirror(3.0, 90.0, "ROW")]
    assert unallocated(reports, "metal", "AAA", "ROW") == pytest.approx(100.0 - 50.0)
