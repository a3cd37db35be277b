"""The queue: one answer for equal questions, none for those overtaken, little kept."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from accord.web import answers as module
from accord.web.ahead import next_places, places_beside, places_by_halves
from accord.web.answers import Answers, Superseded
from accord.web.library import Asked
from accord.web.position import position_of
from accord.web.workers import WorkerLost


class Slow:
    """A worker that answers when it is let."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.asked: list[str] = []
        self.fails = False

    def ask(self, asked: Asked) -> bytes:
        self.asked.append(asked.position.query)
        assert self.gate.wait(10)
        if self.fails:
            self.fails = False
            raise WorkerLost("gone")
        return asked.position.query.encode()

    def stop(self) -> None:
        self.gate.set()


def view(query: str) -> Asked:
    return Asked("view", position_of(query))


def played(scene: Callable[[Answers, Slow], Coroutine[Any, Any, None]]) -> Answers:
    worker = Slow()

    async def play() -> Answers:
        found = Answers([worker])
        try:
            await asyncio.wait_for(scene(found, worker), 20)
        finally:
            found.close()
        return found

    return asyncio.run(play())


def test_equal_questions_wait_for_one_answer() -> None:
    async def scene(found: Answers, worker: Slow) -> None:
        tasks = [asyncio.create_task(found.get(view("duty=5"), f"r{i}", 1)) for i in range(9)]
        await asyncio.sleep(0)
        worker.gate.set()
        assert {await task for task in tasks} == {b"duty=5"}
        assert worker.asked == ["duty=5"]
        assert await found.get(view("duty=5")) == b"duty=5"
        assert worker.asked == ["duty=5"]

    counts = played(scene).counts
    assert (counts.asked, counts.joined, counts.kept, counts.solved) == (10, 8, 1, 1)


def test_work_for_a_reader_who_moved_on_is_not_begun() -> None:
    async def scene(found: Answers, worker: Slow) -> None:
        tasks = [asyncio.create_task(found.get(view(f"duty={i}"), "me", i)) for i in range(1, 8)]
        await asyncio.sleep(0.05)
        worker.gate.set()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert done[0] == b"duty=1"  # it had begun
        assert all(isinstance(x, Superseded) for x in done[1:-1])
        assert done[-1] == b"duty=7"
        assert worker.asked == ["duty=1", "duty=7"]
        with pytest.raises(Superseded):
            await found.get(view("duty=9"), "me", 3)

    played(scene)


def test_one_reader_does_not_void_anothers_question() -> None:
    async def scene(found: Answers, worker: Slow) -> None:
        first = asyncio.create_task(found.get(view("duty=1"), "a", 1))
        shared = asyncio.create_task(found.get(view("duty=2"), "a", 2))
        other = asyncio.create_task(found.get(view("duty=2"), "b", 1))
        newer = asyncio.create_task(found.get(view("duty=3"), "a", 3))
        await asyncio.sleep(0.05)
        worker.gate.set()
        assert await other == b"duty=2"
        assert await newer == b"duty=3"
        await asyncio.gather(first, shared, return_exceptions=True)

    played(scene)


def test_a_lost_process_is_told_and_the_next_question_is_answered() -> None:
    async def scene(found: Answers, worker: Slow) -> None:
        worker.fails = True
        worker.gate.set()
        with pytest.raises(WorkerLost):
            await found.get(view("duty=1"))
        assert await found.get(view("duty=1")) == b"duty=1"

    played(scene)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES", 200)

    async def scene(found: Answers, worker: Slow) -> None:
        worker.gate.set()
        for i in range(300):
            await found.get(view(f"duty={i}"), f"r{i}", i)
        assert found._bytes <= 200
        assert not found._jobs
        assert len(found._newest) <= module.READERS

    played(scene)


def test_the_next_places_are_worked_out_while_nobody_waits() -> None:
    async def scene(found: Answers, worker: Slow) -> None:
        worker.gate.set()
        found.look_ahead([view("duty=1"), view("duty=2")])
        while found._jobs or found._ahead:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
        assert await found.get(view("duty=2")) == b"duty=2"
        assert found.counts.kept == 1

    assert played(scene).counts.ahead == 2


DIAL = {"key": "duty", "least": 0.0, "most": 50.0, "step": 0.5, "value": 10.0}


def test_a_slider_in_motion_goes_on_the_same_way() -> None:
    up = next_places(position_of("duty=11"), position_of("duty=11.5"), [DIAL])
    assert [x.query for x in up] == ["duty=12", "duty=12.5", "duty=13"]
    down = next_places(position_of("duty=11"), position_of("duty=10.5"), [DIAL])
    assert [x.query for x in down] == ["", "duty=9.5", "duty=9"]
    fast = next_places(position_of("duty=11"), position_of("duty=14"), [DIAL])
    assert [x.query for x in fast] == ["duty=14.5", "duty=17", "duty=15"]
    end = next_places(position_of("duty=49"), position_of("duty=49.5"), [DIAL])
    assert [x.query for x in end] == ["duty=50"]


def test_a_slider_that_a_hand_has_come_to_may_go_either_way() -> None:
    beside = places_beside(position_of("duty=9.5&a.b=1"), DIAL)
    assert [x.query for x in beside] == ["a.b=1", "a.b=1&duty=9", "a.b=1&duty=10.5"]
    assert [x.query for x in places_beside(position_of("duty=50"), DIAL)] == ["duty=49.5"]


def test_nothing_is_known_of_where_other_moves_go() -> None:
    assert next_places(position_of(""), position_of(""), [DIAL]) == []
    assert next_places(position_of("v=a"), position_of("v=b&duty=3"), [DIAL]) == []
    both = [DIAL, {**DIAL, "key": "a.b"}]
    assert next_places(position_of("a.b=1"), position_of("duty=3"), both) == []


SLIDER = {**DIAL, "first": True, "group": "terms"}


def test_places_are_halved_until_every_one_is_there() -> None:
    found = [x.query for x in places_by_halves(position_of(""), [SLIDER], 1_000)]
    assert found[:5] == ["duty=0", "duty=50", "duty=25", "duty=12.5", "duty=37.5"]
    assert sorted(found) == sorted(f"duty={i / 2:g}" for i in range(101) if i != 20)


def test_places_of_all_first_sliders_come_by_turns() -> None:
    other, folded = {**SLIDER, "key": "a.b", "group": "assumptions"}, {**SLIDER, "first": False}
    found = [x.query for x in places_by_halves(position_of(""), [SLIDER, other, folded], 6)]
    assert found == ["duty=0", "duty=50", "a.b=0", "a.b=50", "duty=25", "a.b=25"]


# ------------------------------------------------------------------------------------- aside


class Aside(Slow):
    """Prepares scenarios and does what takes seconds; ``nothing`` has no answer."""

    def __init__(self) -> None:
        super().__init__()
        self.gate.set()

    def ask(self, asked: Asked) -> bytes:
        self.asked.append(f"{asked.kind} {asked.position.query}")
        if asked.kind == "scenario":
            return b"" if asked.position.variant == "nothing" else b"prepared"
        assert self.gate.wait(10)
        return b"aside"


class Team(Slow):
    """Answers at once, and is given scenarios."""

    def __init__(self) -> None:
        super().__init__()
        self.gate.set()
        self.given: list[str] = []

    def give(self, asked: Asked, scenario: bytes) -> None:
        assert scenario == b"prepared"
        self.given.append(asked.position.scenario.query)


def with_aside(scene: Callable[[Answers, Team, Aside], Coroutine[Any, Any, None]]) -> None:
    team, aside = Team(), Aside()

    async def play() -> None:
        found = Answers([team, aside])
        try:
            await asyncio.wait_for(scene(found, team, aside), 20)
        finally:
            found.close()

    asyncio.run(play())


@pytest.mark.parametrize("kind", sorted(module.ASIDE))
def test_a_moved_slider_never_waits_for_what_takes_seconds(kind: str) -> None:
    async def scene(found: Answers, team: Team, aside: Aside) -> None:
        aside.gate.clear()
        slow = asyncio.create_task(found.get(Asked(kind, position_of("duty=5"))))
        await asyncio.sleep(0)
        assert await found.get(view("duty=5")) == b"duty=5"
        assert not slow.done()
        aside.gate.set()
        assert await slow == b"aside"
        assert team.asked == ["duty=5"]

    with_aside(scene)


def test_a_variant_is_prepared_aside_once_while_others_are_answered() -> None:
    async def scene(found: Answers, team: Team, aside: Aside) -> None:
        opened = [asyncio.create_task(found.get(view(f"v=other&duty={i}"))) for i in (1, 2)]
        here = await found.get(view("duty=1"))
        assert here == b"duty=1"
        assert [await x for x in opened] == [b"v=other&duty=1", b"v=other&duty=2"]
        assert aside.asked == ["scenario v=other"]
        assert team.given == ["v=other"]

    with_aside(scene)


def test_a_variant_without_an_answer_is_refused_aside() -> None:
    async def scene(found: Answers, team: Team, aside: Aside) -> None:
        for i in (1, 2):
            assert await found.get(view(f"v=nothing&duty={i}")) == b"aside"
        assert aside.asked[0] == "scenario v=nothing"
        assert len(aside.asked) == 3
        assert not team.asked

    with_aside(scene)


def test_what_nobody_asked_for_is_worked_out_in_order_and_variants_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "QUIET", 0.05)

    async def scene(found: Answers, team: Team, aside: Aside) -> None:
        page = Asked("page", position_of("v=other"))
        found.prepare([page, *(view(f"duty={i}") for i in range(1, 9))])
        while found.waiting or found._jobs:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
        assert [x for x in team.asked if x != "v=other"] == [f"duty={i}" for i in range(1, 9)]
        assert "v=other" in team.asked
        assert aside.asked == ["scenario v=other"]

    with_aside(scene)


def test_a_reader_who_moves_on_keeps_their_place() -> None:
    async def scene(found: Answers, worker: Slow) -> None:
        ask = [
            ("x", "duty=1", 1),
            ("quick", "duty=2", 1),
            ("y", "duty=3", 1),
            ("quick", "duty=4", 2),
        ]
        tasks: list[asyncio.Task[bytes]] = []
        for reader, query, number in ask:
            tasks.append(asyncio.create_task(found.get(view(query), reader, number)))
            await asyncio.sleep(0.01)
        worker.gate.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert worker.asked == ["duty=1", "duty=4", "duty=3"]

    played(scene)


def test_two_questions_of_one_move_do_not_void_each_other() -> None:
    async def scene(found: Answers, worker: Slow) -> None:
        first = asyncio.create_task(found.get(view("duty=9"), "z", 1))
        await asyncio.sleep(0.01)
        both = [
            asyncio.create_task(found.get(Asked(kind, position_of("duty=2")), "me", 4))
            for kind in ("view", "figures")
        ]
        await asyncio.sleep(0.01)
        worker.gate.set()
        await first
        assert [await x for x in both] == [b"duty=2", b"duty=2"]

    played(scene)
