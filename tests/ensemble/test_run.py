"""From draws to answers: the same however computed, and right where the answer is known."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import accord
from accord.ensemble import chunk as chunks
from accord.ensemble import workers
from accord.ensemble.affordable import Cost, refuse_excess
from accord.ensemble.ask import Ask
from accord.ensemble.chunk import SIZE, Failure, Prepared, Stretch, solve_chunk, stretches
from accord.ensemble.drawn import Drawn
from accord.ensemble.ensemble import Ensemble
from accord.ensemble.one_by_one import solve_each
from accord.ensemble.run import How, central_of, prepare, run
from accord.equilibrium import solve_market
from accord.equilibrium.share import ShareState
from accord.errors import Infeasible, InputError
from accord.pack.uncertain import Uncertainty
from accord.probability.distribution import Distribution
from ensemble_asks import DUTY, MINIMUM, NEW_SMELTER, NOTHING, QUOTA, ask_of, toy_ask

DRAWS = 3 * SIZE + 7
RUN = import_module("accord.ensemble.run")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return toy_ask(tmp_path_factory.mktemp("deal"), DUTY, QUOTA, NEW_SMELTER)


@pytest.fixture(scope="module")
def wide(toy: Ask) -> Uncertainty:
    return widened(toy)


@pytest.fixture(scope="module")
def found(toy: Ask, wide: Uncertainty) -> Ensemble:
    return run(toy, DRAWS, uncertainty=wide, how=How(workers=1))


def widened(ask: Ask) -> Uncertainty:
    """Every prior of toyland, which fixes most of them, as wide as a quarter either way."""
    from accord.pack.uncertain import Uncertain

    def wide(x: float) -> Distribution:
        return Distribution("lognormal", x, x / 1.25, 1.25 * x)

    numbers = tuple(
        Uncertain(r.key, str(r.key), wide(r.median), "", "assumed", "", "prior")
        for r in ask.pack.priors.rows
    )
    return Uncertainty(numbers, np.eye(len(numbers)))


def still(ask: Ask) -> Uncertainty:
    """Numbers that hardly vary: their distributions all but a point."""
    spread = widened(ask)

    def point(x: float) -> Distribution:
        return Distribution("fixed", x, x, x)

    numbers = tuple(replace(n, distribution=point(n.distribution.median)) for n in spread.numbers)
    return Uncertainty(numbers, spread.correlation)


def assert_identical(one: Ensemble, other: Ensemble) -> None:
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(one.effects.solved, other.effects.solved)
    np.testing.assert_array_equal(one.effects.before, other.effects.before)
    np.testing.assert_array_equal(one.effects.after, other.effects.after)
    assert one.failures == other.failures
    assert one.closures == other.closures


# ------------------------------------------------------------------------------------ right


def test_every_draw_is_the_answer_of_its_own_markets(
    toy: Ask, wide: Uncertainty, found: Ensemble
) -> None:
    prepared = prepare(toy, 0, wide)
    drawn = Drawn(tuple(n.key for n in wide.numbers), found.values)
    for draw in (0, 1, SIZE, DRAWS - 1):
        for market, values in zip(
            prepared.markets.single(drawn, draw),
            (found.effects.before[draw], found.effects.after[draw]),
            strict=True,
        ):
            universe = prepared.markets.universe
            solved = solve_market(market, universe=universe)
            expected = chunks.values_of(chunks.accounts_of(solved), prepared.rows, "share")
            np.testing.assert_allclose(values, expected, rtol=1e-7, atol=1e-3)


def test_draws_of_the_founding_deal_are_their_own_answers() -> None:
    ask = ask_of("us-russia-2025")
    prepared = prepare(ask, 1)
    part = solve_chunk(prepared, Stretch(0, 3))
    drawn = Drawn(tuple(n.key for n in prepared.uncertainty.numbers), part.values)
    for draw in range(3):
        both = prepared.markets.single(drawn, draw)
        for market, table in zip(both, (part.before, part.after), strict=True):
            solved = solve_market(market, universe=prepared.markets.universe)
            expected = chunks.values_of(chunks.accounts_of(solved), prepared.rows, "share")
            np.testing.assert_allclose(table[draw], expected, rtol=1e-6, atol=1.0)


def test_numbers_that_do_not_vary_give_the_point_answer_in_every_draw(toy: Ask) -> None:
    central = central_of(toy)
    found = run(toy, 5, uncertainty=still(toy), central=central)
    for i, row in enumerate(central.rows):
        for values, point in ((found.effects.before, row.before), (found.effects.after, row.after)):
            if point is None:
                assert np.isnan(values[:, i]).all()
            else:
                np.testing.assert_allclose(values[:, i], point, rtol=1e-7, atol=1e-3)


def test_a_deal_that_does_nothing_changes_nothing(tmp_path: Path, wide: Uncertainty) -> None:
    found = run(toy_ask(tmp_path, NOTHING), SIZE + 1, uncertainty=wide)
    assert found.solved == SIZE + 1
    largest = np.nanmax(np.abs(found.effects.before), axis=0)
    assert np.nanmax(np.abs(found.effects.change) / np.maximum(largest, 1e-9)) < 1e-9


def test_the_fast_way_and_the_plain_way_reach_the_same_points(toy: Ask, wide: Uncertainty) -> None:
    prepared = prepare(toy, 0, wide)
    keys = tuple(n.key for n in wide.numbers)
    drawn = Drawn(keys, wide.draws(9, 0))
    for stack, start in zip(prepared.markets.stacks(drawn), prepared.starts, strict=True):
        fast, plain = chunks.solve_many(stack, start), solve_each(stack, start)
        assert fast.solved.all()
        assert plain.solved.all()
        for draw in range(9):
            one, other = (ShareState(stack.one(draw), z[draw]) for z in (fast.z, plain.z))
            np.testing.assert_allclose(one.price, other.price, rtol=1e-9)
            np.testing.assert_allclose(one.flow, other.flow, rtol=1e-7, atol=1e-3)


def test_duties_are_paid_in_all_draws_but_the_quota_binds_in_some_only(found: Ensemble) -> None:
    rents = found.changes("limit_rent", "CCC", "metal")
    assert rents is None or np.isfinite(rents).all()
    duty = found.range_of("duty_revenue", "CCC", "metal")
    assert duty is not None
    assert duty.change is not None
    assert duty.change.low < duty.change.median < duty.change.high
    assert duty.draws == DRAWS


# ---------------------------------------------------------------------------------- the same


def test_same_seed_same_answer_and_another_seed_another(
    toy: Ask, wide: Uncertainty, found: Ensemble
) -> None:
    assert_identical(found, run(toy, DRAWS, uncertainty=wide, how=How(workers=1)))
    other = run(toy, SIZE, seed=1, uncertainty=wide)
    assert not np.array_equal(other.values, found.values[:SIZE])


def test_one_process_and_two_give_the_same_bits(
    toy: Ask, wide: Uncertainty, found: Ensemble
) -> None:
    assert_identical(found, run(toy, DRAWS, uncertainty=wide, how=How(workers=2)))


def test_beside_other_threads_nothing_is_forked(
    toy: Ask, wide: Uncertainty, found: Ensemble
) -> None:
    """A lock that another thread holds while a process is forked stays locked in it for ever."""
    assert workers.can_fork() == (sys.platform == "linux" and threading.active_count() == 1)
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert not workers.can_fork()
        assert_identical(found, run(toy, DRAWS, uncertainty=wide, how=How(workers=2)))
    finally:
        done.set()
        other.join()


def test_processes_that_are_not_forked_give_the_same_bits(
    toy: Ask, wide: Uncertainty, found: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_context", lambda: multiprocessing.get_context("spawn"))
    assert_identical(found, run(toy, DRAWS, uncertainty=wide, how=How(workers=2)))


def test_more_draws_begin_with_the_fewer(toy: Ask, wide: Uncertainty, found: Ensemble) -> None:
    fewer = run(toy, 2 * SIZE, uncertainty=wide)
    np.testing.assert_array_equal(fewer.values, found.values[: 2 * SIZE])
    np.testing.assert_array_equal(fewer.effects.after, found.effects.after[: 2 * SIZE])


def test_variants_of_a_deal_have_their_draws_in_common() -> None:
    plain = run(ask_of("us-russia-2025"), 4, seed=3)
    other = run(ask_of("us-russia-2025", "duty-free"), 4, seed=3)
    np.testing.assert_array_equal(plain.values, other.values)
    here, there = (x.effects.place["hub_price", "WORLD", "aluminium"] for x in (plain, other))
    np.testing.assert_allclose(
        plain.effects.before[:, here], other.effects.before[:, there], rtol=1e-10
    )


def test_a_process_that_dies_costs_time_only(
    toy: Ask, wide: Uncertainty, found: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, plain = os.getpid(), workers.solve_chunk

    def dies(prepared: Prepared, stretch: Stretch) -> chunks.Chunk:
        if os.getpid() != parent and stretch.start == SIZE:
            os._exit(1)
        return plain(prepared, stretch)

    monkeypatch.setattr(workers, "solve_chunk", dies)
    assert_identical(found, run(toy, DRAWS, uncertainty=wide, how=How(workers=2)))


# ------------------------------------------------------------------------- failures, stopping


def test_a_draw_without_an_answer_is_counted_named_and_in_no_range(
    toy: Ask, wide: Uncertainty, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = chunks.solve_many

    def failing(stack, start, **more):  # noqa: ANN001, ANN003, ANN202
        many = plain(stack, start, **more)
        solved, z = many.solved.copy(), many.z.copy()
        solved[2], z[2] = False, np.nan
        return replace(many, solved=solved, z=z, causes={2: "no method could close it"})

    monkeypatch.setattr(chunks, "solve_many", failing)
    found = run(toy, 6, uncertainty=wide, how=How(workers=1))
    assert (found.done, found.solved, found.failed, found.partial) == (6, 5, 1, False)
    assert found.failures[0] == Failure(2, "before", "no method could close it")
    assert found.causes == {"before: no method could close it": 1}
    assert np.isnan(found.effects.after[2]).all()
    ranges = found.range_of("hub_price", "WORLD", "metal")
    assert ranges is not None
    assert ranges.draws == 5
    assert any("1 of 6 draws" in note for note in found.notes)


def test_a_minimum_that_some_draws_cannot_meet_fails_in_those(tmp_path: Path) -> None:
    ask = toy_ask(tmp_path, MINIMUM.format(tonnes=999_000))
    wide = widened(ask)
    found = run(ask, 20, uncertainty=wide)
    assert 0 < found.failed < 20
    (cause,) = found.causes
    assert "short by" in cause
    prepared = prepare(ask, 0, wide)
    drawn = Drawn(tuple(n.key for n in wide.numbers), found.values)
    for failure in found.failures:
        assert failure.side == "after"
        with pytest.raises(Infeasible):
            solve_market(prepared.markets.single(drawn, failure.draw)[1])
    flow = found.range_of("flow", "AAA>CCC", "metal")
    assert flow is not None
    assert flow.after is not None
    assert flow.after.low == pytest.approx(999_000.0)


def test_causes_that_differ_in_numbers_only_are_one(found: Ensemble) -> None:
    failures = tuple(Failure(i, "after", f"short by {i},000 t/yr") for i in (2, 1))
    other = Failure(7, "before", "nothing clears")
    causes = replace(found, failures=(*failures, other)).causes
    assert causes == {"after: short by 1,000 t/yr": 2, "before: nothing clears": 1}


@pytest.mark.parametrize("processes", [1, 2])
def test_an_interrupted_run_is_the_chunks_done_marked_partial(
    toy: Ask, wide: Uncertainty, found: Ensemble, processes: int
) -> None:
    seen: list[int] = []

    def stop(done: int, wanted: int) -> None:
        assert wanted == DRAWS
        seen.append(done)
        if len(seen) == 2:
            raise KeyboardInterrupt

    part = run(toy, DRAWS, uncertainty=wide, how=How(workers=processes, progress=stop))
    assert part.partial
    assert part.done == seen[-1] < DRAWS
    assert any("Stopped early" in note for note in part.notes)
    np.testing.assert_array_equal(part.values, found.values[part.draws])
    np.testing.assert_array_equal(part.effects.after, found.effects.after[part.draws])
    assert part.range_of("hub_price", "WORLD", "metal") is not None


STOPPED = """
import sys
from pathlib import Path
from ensemble_asks import DUTY, toy_ask
from accord.ensemble.run import How, run

def told(done, wanted):
    print(done, flush=True)

if __name__ == "__main__":
    found = run(toy_ask(Path(sys.argv[1]), DUTY), 10**6, how=How(workers=2, progress=told))
    print(f"partial={found.partial} done={found.done} solved={found.solved}")
"""


@pytest.mark.skipif(os.name != "posix", reason="signals to a group of processes")
def test_ctrl_c_leaves_the_chunks_done_and_no_process_behind(tmp_path: Path) -> None:
    here = Path(__file__).resolve().parents[1]
    paths = os.pathsep.join([str(here), str(Path(accord.__file__).parents[1])])
    script = tmp_path / "stopped.py"
    script.write_text(STOPPED, encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
    )
    assert running.stdout is not None
    first = running.stdout.readline()
    assert int(first) == SIZE
    os.killpg(running.pid, signal.SIGINT)
    said, errors = running.communicate(timeout=120)
    assert errors == ""
    assert running.returncode == 0
    assert "partial=True" in said
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


def test_with_nothing_uncertain_every_draw_has_the_same_answer(toy: Ask) -> None:
    found = run(toy, 5, how=How(workers=1), uncertainty=Uncertainty((), np.zeros((0, 0))))
    assert found.numbers == ()
    assert (np.nanmax(found.effects.after, axis=0) == np.nanmin(found.effects.after, axis=0)).all()


def test_stopped_before_anything_is_done_there_is_no_answer(
    toy: Ask, wide: Uncertainty, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(prepared: Prepared, stretch: Stretch) -> None:
        del prepared, stretch
        raise KeyboardInterrupt

    monkeypatch.setattr(RUN, "solve_chunk", stop)
    with pytest.raises(KeyboardInterrupt):
        run(toy, DRAWS, uncertainty=wide, how=How(workers=1))


def test_progress_is_told_after_every_chunk(toy: Ask, wide: Uncertainty) -> None:
    told: list[tuple[int, int]] = []
    run(toy, 2 * SIZE + 1, uncertainty=wide, how=How(1, progress=lambda *x: told.append(x)))
    assert told == [(n, 2 * SIZE + 1) for n in (SIZE, 2 * SIZE, 2 * SIZE + 1)]


def test_probability_is_the_share_of_solved_draws(found: Ensemble) -> None:
    column = found.effects.place["imports", "CCC", "metal"]
    falls = found.probability(lambda x: x.change[:, column] < 0.0)
    changes = found.changes("imports", "CCC", "metal")
    assert changes is not None
    assert falls == pytest.approx(np.mean(changes < 0.0))
    assert found.changes("imports", "nowhere", "metal") is None
    assert found.range_of("imports", "nowhere", "metal") is None


# ------------------------------------------------------------------------------------ faults


def fault_of(*args: object, **kwargs: object) -> str:
    with pytest.raises(InputError) as caught:
        run(*args, **kwargs)  # type: ignore[arg-type]
    (fault,) = caught.value.faults
    return f"{fault.field}: {fault.found}; {fault.allowed}; {fault.fix}"


@pytest.mark.parametrize("draws", [0, -5])
def test_no_draws_at_all_are_refused(toy: Ask, draws: int) -> None:
    assert fault_of(toy, draws).startswith(f"draws: {draws} draws")


def test_a_negative_seed_is_refused(toy: Ask) -> None:
    assert fault_of(toy, 5, -1).startswith("seed: the seed -1")


def test_a_thousand_million_draws_are_refused_with_the_largest_count_that_fits(
    toy: Ask, wide: Uncertainty
) -> None:
    said = fault_of(toy, 10**9, uncertainty=wide, how=How(memory=1e9))
    assert "1,000,000,000 draws" in said
    assert "at most" in said
    assert "GB" in said
    most = int(said.rpartition("ask for ")[2].replace(",", ""))
    rows = len(central_of(toy).rows)
    assert 0.5 < most * rows * 32 / 1e9 < 1.1


def test_the_count_that_is_named_fits() -> None:
    cost = Cost(bytes_per_draw=70_000.0, seconds_per_draw=1e-3)
    most = cost.most(1e9)
    refuse_excess(most, cost, 1e9)
    with pytest.raises(InputError):
        refuse_excess(2 * most, cost, 1e9)


def test_an_unknown_closure_is_refused(toy: Ask) -> None:
    assert "nonsense" in fault_of(replace(toy, closure="nonsense"), 5)


def test_stretches_cover_every_draw_once() -> None:
    cut = stretches(DRAWS)
    covered = [i for x in cut for i in range(x.start, x.stop)]
    assert covered == list(range(DRAWS))
    assert all(x.start % SIZE == 0 for x in cut)
    assert len(cut) == 4
