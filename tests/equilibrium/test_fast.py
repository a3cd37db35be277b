"""Compiled kernels: the same answers as NumPy, used only where they are warm, told where not.

The kernels are plain loops: without numba they are tested as Python, with it as they were compiled.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from accord.equilibrium import fast, many
from accord.equilibrium.arrays import Arrays
from accord.equilibrium.equilibrium import answer
from accord.equilibrium.many import CHUNK, Many, solve_many
from accord.equilibrium.many_tables import ManyLayout
from accord.equilibrium.share import Share
from accord.equilibrium.stack import Stack, stacked
from accord.market import LaneKey, Market
from drawn_worlds import compiled, draw_of, drawn
from worlds import LANE_AB, SOURCE_A, duty, limit, origin_duty, quota, toy, with_duty

TOY = toy()


def traced() -> Market:
    """Two kinds of plant make metal in A, and duties follow what smelters make of it."""
    smelter = next(x for x in TOY.activities if x.name == "smelter.A")
    works = replace(
        smelter, name="works.A", kind="remelting", rising_cost=1.5 * smelter.rising_cost
    )
    market = replace(TOY, activities=(*TOY.activities, works))
    rate, both = duty(0.4, tracer=SOURCE_A.name), duty(0.1, specific=20.0, tracer=SOURCE_A.name)
    return with_duty(with_duty(market, rate, LANE_AB), both, LaneKey("metal", "A", "C"))


def two_inputs() -> Market:
    """A plant that needs two goods."""
    like = next(x for x in TOY.activities if x.name == "mine.B")
    mill = replace(like, name="mill.B", kind="mill", inputs=(("ore", 0.1), ("metal", 0.002)))
    return replace(TOY, activities=(*TOY.activities, mill))


SEGREGATED = origin_duty(TOY, 0.4, "segregated")
WORLDS: dict[str, Market] = {
    "toyland": TOY,
    "quota": TOY.with_limit(quota(26e3, duty(0.2, specific=30.0))),
    "limit": TOY.with_limit(limit(25e3)),
    "minimum": TOY.with_limit(limit(25e3, sense="at_least")),
    "limit that grows": TOY.with_limit(replace(limit(2e4), per_activity=(("smelter.B", 0.2),))),
    "traced shares": traced(),
    "traced shares and a limit": traced().with_limit(limit(2e4)),
    "clean supply": traced().with_limit(SEGREGATED.limits[0]),
    "clean supply of A": TOY.with_limit(
        limit(1e3, LANE_AB, over=duty(0.2), clean_supply=("A", SOURCE_A.name))
    ),
    "two inputs": two_inputs(),
    "not every lane": replace(TOY, lanes=tuple(x for x in TOY.lanes if x.key != TOY.lanes[1].key)),
}
CLOSE = 1e-10
STATE = fast.look()

# Whoever has numba but has not compiled the kernels would wait a minute for the first test.
any_way = pytest.mark.skipif(
    STATE.installed and not STATE.warm, reason=f"numba is here but cold: {fast.COMMAND}"
)
only_compiled = pytest.mark.skipif(
    not STATE.warm, reason=f"needs compiled kernels: accord[fast], then {fast.COMMAND}"
)


def assert_same(one: Many, other: Many) -> None:
    assert np.array_equal(one.solved, other.solved)
    sizes = np.maximum(np.abs(other.z[other.solved]).max(axis=0), 1e-6)
    apart = np.abs(one.z - other.z)[other.solved] / sizes
    assert apart.max() < CLOSE


def mixed() -> Stack:
    """Draws in some of which a limit binds, a plant idles, a lane is closed."""
    arrays, rng = compiled(TOY.with_limit(limit(25e3))), np.random.default_rng(5)
    rows: list[Arrays] = []
    for k in range(12):
        row = draw_of(arrays, rng, 0.05)
        capacity, weight = row.activities.capacity.copy(), row.lanes.log_weight.copy()
        if k % 3 == 0:
            capacity[len(capacity) - 1 - k % 2] = 0.0
        if k % 4 == 0:
            weight[k % len(weight)] = -np.inf
        if k % 2:
            row = replace(row, limits=replace(row.limits, bound=10 * row.limits.bound))
        activities = replace(row.activities, capacity=capacity)
        rows.append(
            replace(row, activities=activities, lanes=replace(row.lanes, log_weight=weight))
        )
    return stacked(rows)


# ------------------------------------------------------------------------------------ right


@any_way
@pytest.mark.parametrize("name", WORLDS)
def test_kernels_reach_the_points_that_numpy_reaches(name: str) -> None:
    stack = drawn(WORLDS[name], 12, seed=4)
    one, other = solve_many(stack, kernel="numba"), solve_many(stack)
    assert one.solved.all()
    assert_same(one, other)


def test_traced_shares_without_a_limit_are_solved_side_by_side() -> None:
    found = solve_many(drawn(traced(), 4, seed=4))
    assert found.solved.all()
    for draw in range(4):
        alone = answer(Share(), found.stack.one(draw), None)[0]
        assert found.state(draw).flow == pytest.approx(alone.flow, rel=1e-8, abs=1e-4)


@any_way
def test_limits_bind_plants_idle_and_lanes_close_in_some_draws_only() -> None:
    assert_same(solve_many(mixed(), kernel="numba"), solve_many(mixed()))


@any_way
def test_draws_that_kernels_leave_are_solved_the_sturdy_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from accord.equilibrium import fast_kernel

    stack, plain = drawn(TOY, 9, seed=2), fast_kernel.solved
    left = np.array([1, 4, 8])

    def half_done(layout: ManyLayout, start: NDArray[np.float64]) -> tuple[object, object]:
        z, steps = plain(layout, start)
        z[left], steps[left] = np.nan, -1
        return z, steps

    monkeypatch.setattr(fast_kernel, "solved", half_done)
    found = solve_many(stack, kernel="numba")
    assert found.solved.all()
    assert (found.steps[left] > 0).all()
    assert_same(found, solve_many(stack))


@any_way
def test_a_start_that_is_no_number_is_left() -> None:
    from accord.equilibrium import fast_kernel

    stack = drawn(TOY, 3, seed=2)
    layout = many.many_layout(many.shape_of(many.envelope_of(stack)), stack)
    start = np.tile(Share().solve(stack.base, None).z, (3, 1))
    start[1, 0] = np.nan
    _, steps = fast_kernel.solved(layout, start)
    assert steps[1] == -1
    assert (steps[[0, 2]] >= 0).all()


@any_way
def test_answers_of_markets_near_by_are_used_with_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    from accord.equilibrium import fast_kernel

    stack = drawn(TOY, 4, seed=2)
    first = solve_many(stack)
    monkeypatch.delattr(fast_kernel, "solved")
    assert solve_many(stack, near=first, kernel="numba").solved.all()


@only_compiled
def test_how_draws_are_split_does_not_change_a_bit() -> None:
    stack = drawn(WORLDS["quota"], 2 * CHUNK + 9, seed=7)
    start = Share().solve(stack.base, None).z
    whole = solve_many(stack, start, kernel="numba")
    for begin in range(0, stack.count, CHUNK):
        rows = slice(begin, min(begin + CHUNK, stack.count))
        part = solve_many(stack.rows(rows), start, kernel="numba")
        assert np.array_equal(part.z, whole.z[rows])


# ------------------------------------------------------------------------------------ pieces


@any_way
def test_exponentials_are_right_to_the_last_bits() -> None:
    from accord.equilibrium.fast_point import exponentials

    x = np.concatenate([np.linspace(-700.0, 700.0, 4001), np.linspace(-1e-3, 1e-3, 101), [0.0]])
    found, turn = x.copy(), np.zeros(len(x))
    exponentials(found, turn, turn.view(np.int64))
    np.testing.assert_array_max_ulp(found, np.exp(x), 2)


@any_way
@pytest.mark.parametrize("size", [1, 3, 4, 5, 8, 11])
def test_blocks_are_solved_as_one_matrix(size: int) -> None:
    from accord.equilibrium.fast_linear import eliminate, through

    rng = np.random.default_rng(size)
    present = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1]])
    blocks = rng.normal(size=(4, 4, size, size)) * present[:, :, None, None]
    matrix = blocks.transpose(0, 2, 1, 3).reshape(4 * size, -1)
    right = rng.normal(size=4 * size)
    expected, pivots = np.linalg.solve(matrix, right), np.zeros((4, size), dtype=np.int64)
    eliminate(blocks, pivots, present)
    through(blocks, pivots, present, right)
    np.testing.assert_allclose(right, expected, rtol=1e-8, atol=1e-10)


@any_way
def test_pivots_are_sought_and_a_singular_block_gives_no_number() -> None:
    from accord.equilibrium.fast_linear import factor, solve

    turned = np.array([[0.0, 2.0], [4.0, 1.0]])
    x, pivots = np.array([2.0, 9.0]), np.zeros(2, dtype=np.int64)
    factor(turned, pivots, 2)
    solve(turned, pivots, x, 2)
    np.testing.assert_allclose(x, [2.0, 1.0])
    singular, x = np.array([[1.0, 2.0], [2.0, 4.0]]), np.ones(2)
    factor(singular, pivots, 2)
    solve(singular, pivots, x, 2)
    assert np.isnan(x).all()


# ------------------------------------------------------------------------------------ warm or not


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for caches in which a stamp says that everything is warm, and numba is there."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    monkeypatch.setattr(fast, "find_spec", lambda _: object())
    (tmp_path / "kept.nbi").touch()
    stamp = {"of": fast._fingerprint(), "index": str(tmp_path / "kept.nbi")}
    (tmp_path / fast.STAMP).write_text(json.dumps(stamp))
    return tmp_path


def test_a_stamp_of_this_version_and_machine_is_warm(cache: Path) -> None:
    assert (cache / fast.STAMP).exists()
    assert fast.look() == fast.Cache(installed=True, warm=True)
    assert fast.look().advice is None
    assert fast.kernel_in_use() == "numba"


def test_without_a_stamp_numba_is_cold_and_the_command_is_named(cache: Path) -> None:
    (cache / fast.STAMP).unlink()
    assert fast.kernel_in_use() == "numpy"
    advice = fast.look().advice
    assert advice is not None
    assert fast.COMMAND in advice


@pytest.mark.parametrize("content", ["", "[]", '{"of": 3}', '{"of": "another machine"}'])
def test_a_stamp_of_another_version_or_none_is_cold(cache: Path, content: str) -> None:
    (cache / fast.STAMP).write_text(content)
    assert fast.look() == fast.Cache(installed=True, warm=False)


def test_a_stamp_whose_code_was_removed_is_cold(cache: Path) -> None:
    (cache / "kept.nbi").unlink()
    assert not fast.look().warm


def test_without_numba_nothing_is_said(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache.exists()
    monkeypatch.setattr(fast, "find_spec", lambda _: None)
    assert fast.look() == fast.Cache(installed=False, warm=False)
    assert fast.look().advice is None


def test_numba_that_is_switched_off_is_not_used(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache.exists()
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert fast.kernel_in_use() == "numpy"


def test_warming_up_without_numba_says_how_to_have_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fast, "find_spec", lambda _: None)
    assert fast.main() == 2
    said = capsys.readouterr()
    assert not said.out
    assert "accord[fast]" in said.err
    with pytest.raises(ModuleNotFoundError, match="numba"):
        fast.warm_up()


def test_every_file_of_the_kernels_is_looked_at() -> None:
    here = Path(fast.__file__).parent
    kernels = {f"equilibrium/{x.name}" for x in here.glob("fast_*.py")}
    assert kernels <= set(fast.SOURCES)
    assert all((here.parent / name).is_file() for name in fast.SOURCES)


def test_a_plain_run_does_not_import_numba(tmp_path: Path) -> None:
    package = tmp_path / "numba"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('numba was imported')")
    program = (
        "import sys\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "from accord.ensemble.run import kernel_for\n"
        "from accord.equilibrium import fast, many\n"
        "assert fast.look().installed and not fast.look().warm\n"
        "assert kernel_for(10**6) == 'numpy'\n"
        "assert 'numba' not in sys.modules\n"
    )
    environment = {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(Path(*_source()))}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _source() -> tuple[str, ...]:
    return Path(fast.__file__).parents[2].parts
