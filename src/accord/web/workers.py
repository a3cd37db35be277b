"""Processes that answer, so that the one that listens never waits for a market.

The draws of every market are shared out among the processes of a team: each solves its own at every
position, and the first puts the answer together. One more stands aside, for what takes seconds.

On Linux they are forked from the first, with all it has prepared; elsewhere, and where one has
died, they start anew. Each answers one question at a time.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import pickle
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from accord.assessment.reference import DealReference
from accord.web.draws import PARTS, Found
from accord.web.library import Asked, Library, OthersLost

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext, SpawnContext

MOST = len(PARTS)
"""Processes of a team at most: the parts that draws are cut into."""
ANSWER, WANTED, LOST = b"A", b"W", b"L"
"""How what a process sends begins: its answer, what it wants of the others, that one has died."""
DIED = "a process that answers has died and was started anew"
ORPHAN = 5.0
"""Seconds after which a process that waits looks whether who asks it is still there."""
GENTLE = 5
"""How far the process aside stands back where there are fewer cores than processes."""


class WorkerLost(RuntimeError):
    """A process that answers has died over a question; another takes its place."""


def cores() -> int:
    """Return how many processes can run at once on this machine."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # pragma: no cover - not on Linux
        return os.cpu_count() or 1


@dataclass(frozen=True)
class Role:
    """What a process is there for.

    ``parts``   the draws it has;  ``asks``  whether others have the rest
    ``gentle``  whether it leaves the processor to the others
    """

    parts: tuple[slice, ...] = PARTS
    asks: bool = False
    gentle: bool = False


ALONE = Role()


@dataclass(frozen=True)
class Given:
    """A scenario that another process has prepared."""

    asked: Asked
    scenario: bytes


class Worker:
    """One process that answers. Its methods are called from one thread at a time."""

    def __init__(self, served: DealReference, library: Library | None, role: Role = ALONE) -> None:
        self._served = served
        self._role = role
        self._start(library)

    def ask(self, asked: Asked, others: Sequence[Worker] = ()) -> bytes:
        """Return the answer. Raises ``WorkerLost`` where a process has died over it.

        ``others``  have the draws that this one asks for
        """
        try:
            self._pipe.send(asked)
            while True:
                kind, found = self._received()
                if kind == WANTED:
                    wanted: Asked = pickle.loads(found)  # noqa: S301 - our own
                    self._pipe.send_bytes(pickle.dumps(_of_others(others, wanted)))
                elif kind == LOST:
                    raise WorkerLost(DIED)
                else:
                    return found
        except (EOFError, OSError):
            self._anew()
            raise WorkerLost(DIED) from None

    def give(self, asked: Asked, scenario: bytes) -> None:
        """Take a scenario that another process has prepared."""
        if self.begins(Given(asked, scenario)):
            self.received_or_lost()

    def begins(self, message: Asked | Given) -> bool:
        """Have it begin; ``False`` where it had died and was started anew."""
        try:
            self._pipe.send(message)
        except OSError:
            self._anew()
            return False
        return True

    def received_or_lost(self) -> bytes:
        """Return the answer to what was begun; ``LOST`` where it died over it."""
        try:
            return self._received()[1]
        except (EOFError, OSError):
            self._anew()
            return LOST

    def stop(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.terminate()
        self._process.join(5.0)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid or 0

    def _anew(self) -> None:
        self.stop()
        self._start(None)

    def _received(self) -> tuple[bytes, bytes]:
        whole = self._pipe.recv_bytes()
        return whole[:1], whole[1:]

    def _start(self, library: Library | None) -> None:
        context = _context(forked=library is not None)
        self._pipe, other = context.Pipe()
        target: Callable[..., None] = _work
        arguments = (other, self._served, library, self._role)
        self._process = context.Process(target=target, args=arguments, daemon=True)
        self._process.start()
        other.close()


class Team:
    """Processes that answer one question together: the first, and those that have other draws."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._first, *self._others = workers

    def ask(self, asked: Asked) -> bytes:
        """Return the answer. Raises ``WorkerLost`` where a process has died over it."""
        return self._first.ask(asked, self._others)

    def give(self, asked: Asked, scenario: bytes) -> None:
        """Take a scenario that another process has prepared."""
        for worker in (self._first, *self._others):
            worker.give(asked, scenario)

    def stop(self) -> None:
        """End all processes."""
        for worker in (self._first, *self._others):
            worker.stop()


def shared_out(count: int) -> list[tuple[slice, ...]]:
    """Return the parts of the draws that each of so many processes has: the first the fewest."""
    ends = [len(PARTS) * i // count for i in range(count + 1)]
    return [PARTS[a:b] for a, b in pairwise(ends)]


def team_of(served: DealReference, library: Library, count: int) -> Team:
    """Return so many processes, at least one and at most ``MOST``, that answer together."""
    shares = shared_out(max(1, min(count, MOST)))
    roles = [Role(parts, asks=i == 0 and len(shares) > 1) for i, parts in enumerate(shares)]
    return Team([Worker(served, library, role) for role in roles])


def _of_others(others: Sequence[Worker], asked: Asked) -> list[bytes]:
    """Return what others find, all at once; of one that has died and was started anew, ``LOST``."""
    begun = [worker.begins(asked) for worker in others]
    return [
        worker.received_or_lost() if begins else LOST
        for worker, begins in zip(others, begun, strict=True)
    ]


def _context(*, forked: bool) -> ForkContext | SpawnContext:
    # A fork of a process with threads may hang: only the first ones are forked, before any thread.
    single = threading.active_count() == 1
    can = "fork" in multiprocessing.get_all_start_methods()
    if forked and single and can:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")


# -------------------------------------------------------------------- in the process that answers


class _Theirs:
    """What the other processes find, asked for over the pipe."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._owed = 0

    def begin(self, asked: Asked) -> Callable[[], list[Found]]:
        """Have them begin; what is returned waits for what they find."""
        self._pipe.send_bytes(WANTED + pickle.dumps(asked))
        self._owed += 1
        return self._found

    def _found(self) -> list[Found]:
        found = self._taken()
        if LOST in found:
            raise OthersLost
        parts = [pickle.loads(x) for x in found]  # noqa: S301 - our own
        return [x for x in parts if x is not None]

    def _taken(self) -> list[bytes]:
        self._owed -= 1
        return pickle.loads(self._pipe.recv_bytes())  # noqa: S301 - our own

    def let_go(self) -> None:
        """Take what nobody waited for, where there was no answer."""
        while self._owed:
            self._taken()


def _work(pipe: Connection, served: DealReference, library: Library | None, role: Role) -> None:
    if role.gentle and hasattr(os, "nice"):
        os.nice(GENTLE)
    known = library or Library(served)
    theirs = _Theirs(pipe)
    known.share(role.parts, theirs.begin if role.asks else None)
    # What is there now stays: looking through it again and again takes milliseconds an answer.
    gc.collect()
    gc.freeze()
    parent = os.getppid()
    while True:
        try:
            while not pipe.poll(ORPHAN):
                # Its brothers hold the pipe open too, so that its end does not tell.
                if os.getppid() != parent:
                    return
            message: Asked | Given = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        try:
            found = _found(known, message)
            theirs.let_go()
            pipe.send_bytes(found)
        except KeyboardInterrupt:
            return


def _found(known: Library, message: Asked | Given) -> bytes:
    try:
        if isinstance(message, Given):
            known.give(message.asked, pickle.loads(message.scenario))  # noqa: S301 - our own
            return ANSWER
        if message.kind == "part":
            return ANSWER + pickle.dumps(known.part(message))
        if message.kind == "scenario":
            scenario = known.scenario(message)
            return ANSWER + (pickle.dumps(scenario) if scenario is not None else b"")
        return ANSWER + known.answer(message)
    except OthersLost:
        return LOST
    except Exception as error:  # noqa: BLE001 - told on standard error in full, and on the page
        traceback.print_exc()
        return ANSWER + _fault(message, error)


def _fault(message: Asked | Given, error: Exception) -> bytes:
    """Return, in place of an answer, that the program is at fault: the page lives on."""
    if isinstance(message, Given) or message.kind in {"part", "scenario"}:
        return b""
    return json.dumps({
        "ok": False,
        "faults": [],
        "cause": f"an error of the program, not of your input: {type(error).__name__}",
        "remedy": "move on, and please report what the terminal says",
    }).encode()  # fmt: skip
