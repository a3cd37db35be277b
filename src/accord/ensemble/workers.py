"""Chunks of draws on several processes of this machine.

Each process takes the next chunk that nobody has, so a slow one holds nobody up. On Linux they are
forked, with all that is prepared in them; elsewhere, and where other threads run (a lock that one
of them holds would stay locked in a fork for ever), it is sent to them. A chunk that a process lost
is done again by whoever asked.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from accord.ensemble.chunk import Chunk, Prepared, Stretch, solve_chunk

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


def cores() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def on_processes(
    prepared: Prepared,
    work: Sequence[Stretch],
    count: int,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[Chunk]:
    """Yield the chunks of some stretches as ``count`` processes finish them.

    ``meanwhile`` is called once they are at work. When the caller stops early they are ended.
    """
    context = _context()
    following = context.Value("q", 0)
    started: list[tuple[BaseProcess, Connection]] = []
    left = set(range(len(work)))
    try:
        for _ in range(count):
            here, there = context.Pipe(duplex=False)
            process: BaseProcess = context.Process(
                target=_work, args=(prepared, tuple(work), following, there), daemon=True
            )
            process.start()
            # Ours is closed, so that a pipe ends when its process does.
            there.close()
            started.append((process, here))
        meanwhile()
        for number, chunk in _arriving([connection for _, connection in started]):
            left.discard(number)
            yield chunk
        for number in sorted(left):
            yield solve_chunk(prepared, work[number])
    finally:
        for process, connection in started:
            process.terminate()
            process.join()
            connection.close()


def _context() -> Any:  # noqa: ANN401 - each way to start a process has a type of its own
    return multiprocessing.get_context("fork" if can_fork() else "spawn")


def can_fork() -> bool:
    """Return whether a fork of this process is safe: on Linux, without other threads."""
    return sys.platform == "linux" and threading.active_count() == 1


def _arriving(connections: list[Connection]) -> Iterator[tuple[int, Chunk]]:
    """Yield what comes in, until every process has closed its end."""
    open_ends = list(connections)
    while open_ends:
        for ready in wait(open_ends):
            assert isinstance(ready, Connection)  # noqa: S101 - wait returns what it was given
            try:
                yield ready.recv()
            except (EOFError, OSError):
                open_ends.remove(ready)


def _work(
    prepared: Prepared,
    work: tuple[Stretch, ...],
    following: Any,  # noqa: ANN401 - a number shared between processes has no type of its own
    there: Connection,
) -> None:
    """Do chunks until none is left; whatever goes wrong, the asker does the chunk again."""
    # Ctrl-C reaches the whole group; the asker decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(Exception):
        while (number := _next(following)) < len(work):
            there.send((number, solve_chunk(prepared, work[number])))
    there.close()


def _next(following: Any) -> int:  # noqa: ANN401 - as above
    with following.get_lock():
        number = int(following.value)
        following.value = number + 1
    return number
