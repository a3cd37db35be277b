"""Questions of many readers, few processes: each question answered once, the oldest wait first.

Answers that were given are kept; equal questions wait for one answer; a question whose readers have
all moved on is not begun. What takes seconds is worked out aside, where no moved slider waits for
it. While nobody waits, the next places of a slider in motion are worked out, and then others.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, cast

from accord.web.latest import Latest
from accord.web.library import SLOW, Asked
from accord.web.position import Position
from accord.web.workers import WorkerLost

KEPT_BYTES = 48_000_000
"""Answers kept, by their size: some two thousand positions."""
READERS = 1_000
QUIET = 1.0
"""Seconds without a question or answer after which places are worked out that nobody asked for."""
SCENARIOS, REFUSED = 6, 50
"""Scenarios that processes keep ready, as in ``library``, and that are known to have no answer."""
ASIDE = SLOW | {"deal", "check"}
"""Kinds of questions that no draws are solved for, or that take seconds."""
PASSING = SLOW | {"deal"}
"""Kinds whose answers are large or nobody's but the reader's, and are not kept."""
AHEAD = 3
"""Places of a slider worked out ahead of a moving hand."""


class Answering(Protocol):
    """Answers one question at a time, in the caller's thread."""

    def ask(self, asked: Asked) -> bytes:
        """Return the answer."""
        ...

    def stop(self) -> None:
        """End."""


class Giving(Answering, Protocol):
    """Can be given a scenario that was prepared elsewhere."""

    def give(self, asked: Asked, scenario: bytes) -> None:
        """Take a scenario."""


class Superseded(Exception):
    """The reader has asked something newer; nobody waits for this answer."""


@dataclass
class Counts:
    """How questions were answered since the start."""

    asked: int = 0
    kept: int = 0
    joined: int = 0
    solved: int = 0
    ahead: int = 0
    superseded: int = 0


@dataclass
class _Job:
    """A question on its way: its ``readers`` and their newest number, ``since`` when one waits."""

    asked: Asked
    done: asyncio.Future[bytes]
    since: float
    readers: dict[str, int] = field(default_factory=dict)
    begun: bool = False

    @property
    def slow(self) -> bool:
        """Whether the answer takes seconds."""
        return self.asked.kind in SLOW


@dataclass
class _Seat:
    """Something that answers, and whether it does now."""

    worker: Answering
    idle: bool = True


class Answers:
    """What is known, what is asked, and who works on it. Lives on one event loop.

    ``workers``  the first answers where sliders are moved; a second one, if there is one, what
    takes seconds: it also prepares scenarios and gives them to the first
    """

    def __init__(self, workers: Sequence[Answering]) -> None:
        self.counts = Counts()
        self._team = _Seat(workers[0])
        self._aside = _Seat(workers[1]) if len(workers) > 1 else self._team
        self._threads = ThreadPoolExecutor(2, "answers")
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0
        self._jobs: OrderedDict[tuple[str, str], _Job] = OrderedDict()
        self._ahead: OrderedDict[tuple[str, str], Asked] = OrderedDict()
        self._later: deque[Asked] = deque()
        self._last_asked = 0.0
        self._waking: asyncio.TimerHandle | None = None
        # Scenarios that the first has, that are on their way to it, and that have no answer.
        self._ready: Latest[Position, bool] = Latest(SCENARIOS)
        self._ready.put(Position(), value=True)
        self._preparing: set[Position] = set()
        self._given: deque[tuple[Asked, bytes]] = deque()
        self._refused: Latest[Position, bool] = Latest(REFUSED)
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def get(self, asked: Asked, reader: str = "", number: int = 0) -> bytes:
        """Return the answer to a question.

        ``reader``, ``number``  who asks, and how many questions they asked before: a newer one
        makes the older ones void. Raises ``Superseded`` for a void one, ``WorkerLost`` where the
        process that answered has died.
        """
        self.counts.asked += 1
        self._last_asked = since = asyncio.get_running_loop().time()
        if reader:
            since = self._supersede(reader, number, since)
        key = _key(asked)
        if key in self._kept:
            self._kept.move_to_end(key)
            self.counts.kept += 1
            return self._kept[key]
        job = self._jobs.get(key)
        if job is None:
            job = self._jobs[key] = _new_job(asked, since)
            self._ahead.pop(key, None)
        else:
            self.counts.joined += 1
            job.since = min(job.since, since)
        job.readers[reader] = number
        self._go_on()
        return await asyncio.shield(job.done)

    def look_ahead(self, questions: list[Asked]) -> None:
        """Work these out while nobody waits; what was to be worked out before is forgotten."""
        self._ahead.clear()
        for asked in questions[:AHEAD]:
            if not self._has(asked):
                self._ahead[_key(asked)] = asked
        self._go_on()

    def prepare(self, questions: list[Asked]) -> None:
        """Work these out when there is nothing else to do."""
        self._later += questions
        self._go_on()

    @property
    def waiting(self) -> int:
        """Number of questions that nobody has asked yet and that are to be worked out."""
        return len(self._later) + len(self._ahead)

    def close(self) -> None:
        """End all processes."""
        if self._waking is not None:
            self._waking.cancel()
        for seat in (self._team, self._aside):
            seat.worker.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------------ the queue

    def _supersede(self, reader: str, number: int, now: float) -> float:
        """Void what a reader asked before; return since when they wait."""
        if number < self._newest.get(reader, -1):
            self.counts.superseded += 1
            raise Superseded
        self._newest[reader] = number
        self._newest.move_to_end(reader)
        while len(self._newest) > READERS:
            self._newest.popitem(last=False)
        since = now
        for key, job in list(self._jobs.items()):
            if job.begun or job.readers.get(reader, number) >= number:
                continue
            # Whoever moves on keeps their place, or a quick hand would never be served.
            since = min(since, job.since)
            del job.readers[reader]
            if not job.readers:
                del self._jobs[key]
                self.counts.superseded += 1
                job.done.set_exception(Superseded())
                job.done.exception()  # said to whoever waits; nobody need
        return since

    def _go_on(self) -> None:
        """Give what is idle what waits: readers' questions first, the oldest of them first."""
        if self._team.idle and self._given:
            self._start(self._team, self._give(*self._given.popleft()))
        waiting = [x for x in self._jobs.values() if not x.begun]
        for job in sorted(waiting, key=lambda x: (x.slow, x.since)):
            self._offer(job)
        if self._team.idle and self._ahead:
            self._unasked(self._ahead.popitem(last=False)[1])
        # What takes seconds has a gentle process, which needs some of the processor.
        wanted = any(x.slow and x.readers for x in self._jobs.values())
        if self._later and not wanted and self._quiet():
            self._go_ahead()

    def _offer(self, job: _Job) -> None:
        """Begin with a question where something is idle that should answer it."""
        seat = self._seat(job.asked)
        if seat is None or not seat.idle:
            return
        if self._unprepared(job.asked):
            self._start(seat, self._make_ready(job.asked))
        else:
            job.begun = True
            self._start(seat, self._work(job, seat))

    def _seat(self, asked: Asked) -> _Seat | None:
        """Return who should answer or prepare a question; ``None`` while that is on its way."""
        here = asked.position.scenario
        if asked.kind in ASIDE or here in self._refused:
            return self._aside
        if here in self._preparing:
            return None
        return self._team if self._ready.get(here) else self._aside

    def _unprepared(self, asked: Asked) -> bool:
        """Return whether the scenario must be prepared aside before the question is answered."""
        here = asked.position.scenario
        known = here in self._ready or here in self._refused
        return self._aside is not self._team and asked.kind not in ASIDE and not known

    def _go_ahead(self) -> None:
        """Work out what nobody has asked for, where something is idle."""
        skipped: list[Asked] = []
        while self._later and (self._team.idle or self._aside.idle):
            asked = self._later.popleft()
            if not self._has(asked) and not self._unasked(asked):
                skipped.append(asked)
        self._later.extendleft(reversed(skipped))

    def _unasked(self, asked: Asked) -> bool:
        """Begin with a question that nobody has asked; return whether that was possible."""
        seat = self._seat(asked)
        if seat is None or not seat.idle:
            return False
        if self._unprepared(asked):
            self._start(seat, self._make_ready(asked))
            return False
        job = self._jobs[_key(asked)] = _new_job(asked, self._last_asked)
        job.done.add_done_callback(_heard)
        self.counts.ahead += 1
        self._offer(job)
        return True

    def _has(self, asked: Asked) -> bool:
        return _key(asked) in self._kept or _key(asked) in self._jobs

    def _quiet(self) -> bool:
        """Return whether nobody has moved anything for a while; if not, look again later."""
        loop = asyncio.get_running_loop()
        left = self._last_asked + QUIET - loop.time()
        if left > 0.0:
            if self._waking is not None:
                self._waking.cancel()
            self._waking = loop.call_later(left + 0.01, self._go_on)
        return left <= 0.0

    # ------------------------------------------------------------------ work

    def _start(self, seat: _Seat, work: Coroutine[Any, Any, None]) -> None:
        seat.idle = False
        task = asyncio.get_running_loop().create_task(self._seated(seat, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _seated(self, seat: _Seat, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            seat.idle = True
            self._go_on()

    async def _in_thread(self, call: Callable[..., bytes | None], *args: object) -> bytes:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, call, *args) or b""

    async def _work(self, job: _Job, seat: _Seat) -> None:
        """Answer a question."""
        key = _key(job.asked)
        try:
            found = await self._in_thread(seat.worker.ask, job.asked)
            self.counts.solved += 1
            self._keep(key, found)
            if job.readers:
                # Whoever waited long is about to move again.
                self._last_asked = asyncio.get_running_loop().time()
            if not job.done.done():
                job.done.set_result(found)
        except WorkerLost as error:
            if not job.done.done():
                job.done.set_exception(error)
        finally:
            self._jobs.pop(key, None)

    async def _make_ready(self, asked: Asked) -> None:
        """Prepare a scenario aside, and give it to the first as soon as that is idle."""
        here = asked.position.scenario
        self._preparing.add(here)
        try:
            wanted = replace(asked, kind="scenario", position=here)
            found = await self._in_thread(self._aside.worker.ask, wanted)
        except WorkerLost:
            found = b""
        if found:
            self._given.append((asked, found))
        else:
            self._preparing.discard(here)
            self._refused.put(here, value=True)

    async def _give(self, asked: Asked, scenario: bytes) -> None:
        here = asked.position.scenario
        try:
            await self._in_thread(cast("Giving", self._team.worker).give, asked, scenario)
        finally:
            self._preparing.discard(here)
            self._ready.put(here, value=True)

    def _keep(self, key: tuple[str, str], found: bytes) -> None:
        if key[0] in ASIDE or key[0] == "figures":  # large, and kept by who compares them
            return
        self._bytes += len(found) - len(self._kept.pop(key, b""))
        self._kept[key] = found
        while self._bytes > KEPT_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1])


def _new_job(asked: Asked, since: float) -> _Job:
    return _Job(asked, asyncio.get_running_loop().create_future(), since)


def _heard(done: asyncio.Future[bytes]) -> None:
    if not done.cancelled():
        done.exception()


def _key(asked: Asked) -> tuple[str, str]:
    return asked.kind, asked.text if asked.kind == "deal" else asked.position.query
