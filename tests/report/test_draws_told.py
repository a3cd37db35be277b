"""What is told beside ranges: draws without an answer with their causes, rounding as no range."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.ranges import NOISE, questions, said_of
from accord.assessment.sampling import Sampling
from accord.claims.true_if import Moved, Turn, _sentence
from accord.ensemble.ensemble import Failure
from accord.pack.number_names import ACCESS
from accord.report import trust
from accord.report.rests_on import OF_ACCESS, ends


@pytest.fixture(scope="module")
def drawn(deal_file: Path) -> Assessment:
    found = assess_named(str(deal_file), sampling=Sampling(40, 0))
    assert isinstance(found, Assessment)
    return found


def test_draws_without_an_answer_are_told_with_their_causes(drawn: Assessment) -> None:
    ensemble = drawn.ensemble
    assert ensemble is not None
    causes = ("before: one thing.", "after: another")
    failures = tuple(
        Failure(i, side, cause)
        for i, (side, _, cause) in enumerate(said.partition(": ") for said in causes)
    )
    solved = np.arange(len(ensemble.draws)) >= len(failures)
    effects = replace(ensemble.effects, solved=solved)
    lacking = replace(ensemble, failures=failures, effects=effects)
    lines = trust.draws(replace(drawn, ensemble=lacking, rests_on=None))
    assert len(lines) == 2
    assert lines[1].startswith("2 of 40 draws have no certified answer: 1 × ")
    assert "before: one thing; " in lines[1] or "after: another; " in lines[1]
    assert not any(line.endswith((":", "..")) for line in lines)


@pytest.mark.parametrize(("times", "differs"), [(1e-3, False), (1e3, True)])
def test_rounding_is_no_range(drawn: Assessment, *, times: float, differs: bool) -> None:
    """Changes far below what a level is certified to are the solver's, whatever their spread."""
    ensemble = drawn.ensemble
    assert ensemble is not None
    effects = ensemble.effects
    noise = np.random.default_rng(0).normal(size=effects.before.shape) * times * NOISE
    still = replace(ensemble, effects=replace(effects, after=effects.before * (1.0 + noise)))
    about = replace(drawn.focus, exporter=None, importer=None)
    assert any(questions(about, still)) == differs
    assert (said_of(about, still) is not None) == differs


def test_access_is_told_by_its_estimates() -> None:
    assert ends(ACCESS.parameter, -1.28, 0.0, 1.28) == OF_ACCESS
    assert ends(ACCESS.parameter, -1.28, 1.28) == (OF_ACCESS[0], OF_ACCESS[2])
    assert ends("sigma metal", 2.0, 4.0) == ("2", "4")


def test_a_value_of_access_is_told_with_its_scale() -> None:
    turn = Turn(np.zeros(1), 1.0, 0.0, settled=True)
    moved = (Moved("closed lanes (access)", "access", 0.0, 0.6, 0.6),)
    said = _sentence(turn, True, moved, True)  # noqa: FBT003
    assert "(access) 0.6 in place of 0, where the pack's low estimate is −1.28" in said
