"""The queue: one answer for equal questions, none for those overtaken, little kept."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from accord.web import answers as module
from accord.web.ahead import next_places
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
    end = next_places(position_of("duty=49"), position_of("duty=49.5"), [DIAL])
    assert [x.query for x in end] == ["duty=50"]


def test_nothing_is_known_of_where_other_moves_go() -> None:
    assert next_places(position_of(""), position_of(""), [DIAL]) == []
    assert next_places(position_of("v=a"), position_of("v=b&duty=3"), [DIAL]) == []
    both = [DIAL, {**DIAL, "key": "a.b"}]
    assert next_places(position_of("a.b=1"), position_of("duty=3"), both) == []
