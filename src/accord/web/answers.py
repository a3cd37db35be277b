"""Questions of many readers, few processes: each question answered once, the newest first.

Answers that were given are kept; equal questions wait for one answer; a question whose readers have
all moved on is not begun. While nobody waits, the next places of a slider in motion are worked out.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from accord.web.library import Asked
from accord.web.position import Position
from accord.web.workers import Worker, WorkerLost

KEPT_BYTES = 48_000_000
"""Answers kept, by their size: some two thousand positions."""
READERS = 1_000
QUIET = 1.5
"""Seconds without a question after which places are worked out that nobody has asked for."""
CROWD = 4
"""Questions waiting from which a process that has the deal not prepared is worth its seconds."""
SCENARIOS = 6
AHEAD = 3
"""Places of a slider worked out ahead of a moving hand."""


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
    asked: Asked
    done: asyncio.Future[bytes]
    readers: set[str] = field(default_factory=set)
    begun: bool = False


class Answers:
    """What is known, what is asked, and who works on it. Lives on one event loop."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.counts = Counts()
        self._workers = list(workers)
        self._idle = list(workers)
        self._threads = ThreadPoolExecutor(len(workers), "answers")
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0
        self._jobs: OrderedDict[tuple[str, str], _Job] = OrderedDict()
        self._ahead: OrderedDict[tuple[str, str], Asked] = OrderedDict()
        self._later: list[Asked] = []
        self._last_asked = 0.0
        self._waking: asyncio.TimerHandle | None = None
        # Which process has prepared which deal, variant and day: another would take seconds.
        self._prepared = {Position(): {id(x) for x in workers}}
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def get(self, asked: Asked, reader: str = "", number: int = 0) -> bytes:
        """Return the answer to a question.

        ``reader``, ``number``  who asks, and how many questions they asked before: a newer one
        makes the older ones void. Raises ``Superseded`` for a void one, ``WorkerLost`` where the
        process that answered has died.
        """
        self.counts.asked += 1
        self._last_asked = asyncio.get_running_loop().time()
        if reader:
            self._supersede(reader, number)
        key = _key(asked)
        if key in self._kept:
            self._kept.move_to_end(key)
            self.counts.kept += 1
            return self._kept[key]
        job = self._jobs.get(key)
        if job is None:
            job = _Job(asked, asyncio.get_running_loop().create_future())
            self._jobs[key] = job
            self._ahead.pop(key, None)
        else:
            self.counts.joined += 1
        job.readers.add(reader)
        self._go_on()
        return await asyncio.shield(job.done)

    def look_ahead(self, questions: list[Asked]) -> None:
        """Work these out while nobody waits; what was to be worked out before is forgotten."""
        self._ahead.clear()
        for asked in questions[:AHEAD]:
            if _key(asked) not in self._kept and _key(asked) not in self._jobs:
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
        for worker in self._workers:
            worker.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------------ the queue

    def _supersede(self, reader: str, number: int) -> None:
        newest = self._newest.get(reader, -1)
        if number < newest:
            self.counts.superseded += 1
            raise Superseded
        self._newest[reader] = number
        self._newest.move_to_end(reader)
        while len(self._newest) > READERS:
            self._newest.popitem(last=False)
        for key, job in list(self._jobs.items()):
            if reader in job.readers:
                job.readers.discard(reader)
                if not job.readers and not job.begun:
                    del self._jobs[key]
                    self.counts.superseded += 1
                    job.done.set_exception(Superseded())
                    job.done.exception()  # said to whoever waits; nobody need

    def _go_on(self) -> None:
        """Give idle processes what waits: readers' questions first, the oldest of them first."""
        waiting = [x for x in self._jobs.values() if not x.begun]
        for job in waiting:
            worker = self._fit(job.asked, len(waiting))
            if worker is not None:
                self._begin(job, worker)
        # One process stays free for the reader, if there is more than one.
        while len(self._idle) == len(self._workers) and (self._ahead or self._later):
            if not self._ahead and not self._quiet():
                return
            asked = self._ahead.popitem(last=False)[1] if self._ahead else self._later.pop(0)
            if _key(asked) in self._kept or _key(asked) in self._jobs:
                continue
            job = _Job(asked, asyncio.get_running_loop().create_future())
            job.done.add_done_callback(_heard)
            self._jobs[_key(asked)] = job
            self.counts.ahead += 1
            self._begin(job, self._fit(asked, CROWD) or self._idle[-1])

    def _quiet(self) -> bool:
        """Return whether nobody has moved anything for a while; if not, look again later."""
        loop = asyncio.get_running_loop()
        left = self._last_asked + QUIET - loop.time()
        if left > 0.0:
            if self._waking is not None:
                self._waking.cancel()
            self._waking = loop.call_later(left, self._go_on)
        return left <= 0.0

    def _fit(self, asked: Asked, waiting: int) -> Worker | None:
        """Return an idle process that has the deal prepared; any where none has or many wait."""
        prepared = self._prepared.get(asked.position.scenario, set())
        found = next((x for x in self._idle if id(x) in prepared), None)
        if found is not None or (prepared and waiting < CROWD):
            return found
        return self._idle[-1] if self._idle else None

    def _begin(self, job: _Job, worker: Worker) -> None:
        job.begun = True
        self._idle.remove(worker)
        scenario = job.asked.position.scenario
        if job.asked.kind != "deal":
            self._prepared.setdefault(scenario, set()).add(id(worker))
        while len(self._prepared) > SCENARIOS:
            self._prepared.pop(next(iter(self._prepared)))
        task = asyncio.get_running_loop().create_task(self._work(job, worker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, job: _Job, worker: Worker) -> None:
        key = _key(job.asked)
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                self._threads, worker.ask, job.asked
            )
            self.counts.solved += 1
            self._keep(key, found)
            _settle(job, found)
        except WorkerLost as error:
            if not job.done.done():
                job.done.set_exception(error)
        finally:
            self._jobs.pop(key, None)
            self._idle.append(worker)
            self._go_on()

    def _keep(self, key: tuple[str, str], found: bytes) -> None:
        if key[0] == "deal":
            return
        self._bytes += len(found) - len(self._kept.pop(key, b""))
        self._kept[key] = found
        while self._bytes > KEPT_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1])


def _settle(job: _Job, found: bytes) -> None:
    if not job.done.done():
        job.done.set_result(found)


def _heard(done: asyncio.Future[bytes]) -> None:
    if not done.cancelled():
        done.exception()


def _key(asked: Asked) -> tuple[str, str]:
    return asked.kind, asked.text if asked.kind == "deal" else asked.position.query
