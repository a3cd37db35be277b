"""Processes that answer, so that the one that listens never waits for a market.

On Linux they are forked from the first, with all it has prepared; elsewhere, and where one has
died, they start anew. Each answers one question at a time.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from accord.assessment.reference import DealReference
from accord.web.library import Asked, Library

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext, SpawnContext


class WorkerLost(RuntimeError):
    """A process that answers has died over a question; another takes its place."""


def cores() -> int:
    """Return how many processes can run at once on this machine."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # pragma: no cover - not on Linux
        return os.cpu_count() or 1


class Worker:
    """One process that answers. Its methods are called from one thread at a time."""

    def __init__(self, served: DealReference, library: Library | None) -> None:
        self._served = served
        self._start(library)

    def ask(self, asked: Asked) -> bytes:
        """Return the answer. Raises ``WorkerLost`` where the process has died over it."""
        try:
            self._pipe.send(asked)
            return self._pipe.recv_bytes()
        except (EOFError, OSError):
            self.stop()
            self._start(None)
            raise WorkerLost("a process that answers has died and was started anew") from None

    def stop(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.terminate()
        self._process.join(5.0)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid or 0

    def _start(self, library: Library | None) -> None:
        context = _context(forked=library is not None)
        self._pipe, other = context.Pipe()
        target: Callable[..., None] = _work
        arguments = (other, self._served, library)
        self._process = context.Process(target=target, args=arguments, daemon=True)
        self._process.start()
        other.close()


def _context(*, forked: bool) -> ForkContext | SpawnContext:
    # A fork of a process with threads may hang: only the first ones are forked, before any thread.
    single = threading.active_count() == 1
    can = "fork" in multiprocessing.get_all_start_methods()
    if forked and single and can:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")


def _work(pipe: Connection, served: DealReference, library: Library | None) -> None:
    known = library or Library(served)
    while True:
        try:
            asked: Asked = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        try:
            pipe.send_bytes(_answered(known, asked))
        except KeyboardInterrupt:
            return


def _answered(known: Library, asked: Asked) -> bytes:
    """Return the answer, or in its place that the program is at fault: the page lives on."""
    try:
        return known.answer(asked)
    except Exception as error:  # noqa: BLE001 - told on standard error in full, and on the page
        traceback.print_exc()
        return json.dumps({
            "ok": False,
            "faults": [],
            "cause": f"an error of the program, not of your input: {type(error).__name__}",
            "remedy": "move on, and please report what the terminal says",
        }).encode()  # fmt: skip
