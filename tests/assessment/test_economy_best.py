"""The best uniform duty of the model of 2025, on the table that ships."""

from __future__ import annotations

import numpy as np
import pytest

from accord.assessment.economy_answer import ask, of_best
from accord.economy.data.load import load_table
from accord.economy.models import OF_2025, Setting
from accord.errors import InputError
from accord.report.economy_best import BEST, RULE, best_rows


def welfare(rate: float, setting: Setting) -> float:
    """Welfare of the United States by the other command, the duty written out."""
    answer = ask(None, [f"USA:*:*={100.0 * rate:.10f}%"], load_table(), setting)
    return float(answer.result.welfare[answer.result.regions.index("USA")])


@pytest.mark.parametrize(
    "setting",
    [
        Setting(OF_2025),
        Setting(OF_2025, revenue_use="lump sum"),
        Setting(OF_2025, "balanced", local_share=0.12),
    ],
)
def test_it_is_best_among_duties_asked_for_one_by_one(setting: Setting) -> None:
    found = of_best(["USA"], load_table(), "uniform", setting)
    assert found.best is not None
    own = float(found.result.welfare[found.result.regions.index("USA")])
    assert welfare(found.best.rate, setting) == pytest.approx(own, rel=1e-9)
    assert own > 1.0
    for step in (-0.05, -0.01, 0.01, 0.05):
        assert welfare(found.best.rate + step, setting) < own
    assert found.result.certificate.ok


def test_every_duty_that_was_tried_is_told_with_what_it_is() -> None:
    best = of_best(["USA"], load_table(), "uniform", Setting(OF_2025)).best
    assert best is not None
    rows = list(best_rows(best))
    assert [r["what"] for r in rows].count(BEST) == 1
    assert [r["rate"] for r in rows if r["what"] == RULE] == [best.formula]
    rates = [float(str(r["rate"])) for r in rows]
    assert rates == sorted(rates)
    top = max(rows, key=lambda r: float(str(r["welfare"])))
    assert top["what"] == BEST
    none = next(r for r in rows if r["rate"] == 0.0)
    np.testing.assert_allclose(float(str(none["welfare"])), 1.0, atol=1e-9)


def test_all_that_this_model_has_not_is_refused_at_once() -> None:
    with pytest.raises(InputError) as caught:
        of_best(["USA", "QQQ"], load_table(), "sector", Setting(OF_2025))
    assert [f.field for f in caught.value.faults] == ["war", "by"]
    with pytest.raises(InputError, match="QQQ"):
        of_best(["QQQ"], load_table(), "uniform", Setting(OF_2025))
