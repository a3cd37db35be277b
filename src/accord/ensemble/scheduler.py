"""The same chunks on a Dask cluster: ``--scheduler tcp://host:port``.

What is prepared goes to every worker once; then each task is some chunks in a row. A task whose
worker dies is given to another; one that cannot be done there is done here.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from accord.ensemble.chunk import Chunk, Prepared, Stretch, solve_chunk
from accord.errors import Fault, InputError

PLACE = "command line"
PATIENCE = 5.0
"""Seconds until a scheduler that does not answer is taken not to be there."""
TASKS_PER_WORKER = 8
"""Tasks for each worker if all are equally fast: enough to even out, few enough to be coarse."""
RETRIES = 3


def on_cluster(prepared: Prepared, work: Sequence[Stretch], address: str) -> Iterator[Chunk]:
    """Yield the chunks of some stretches as the cluster finishes them.

    Raises ``InputError`` for an address that is none, a scheduler that is not there or has no
    workers, and where Dask is not installed.
    """
    host, port = read_address(address)
    distributed = _distributed()
    _refuse_silence(host, port, address)
    with _client(distributed, address) as client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise InputError([_not_there(address, "a scheduler without workers")])
        shared = _shared(client, prepared, address)
        tasks = tuple(_cut(work, workers * TASKS_PER_WORKER))
        futures = {
            client.submit(_solve_all, shared, task, pure=False, retries=RETRIES): task
            for task in tasks
        }
        for future in distributed.as_completed(futures, loop=client.loop):
            if future.status == "finished":
                yield from future.result()
            else:
                yield from _solve_all(prepared, futures[future])
            future.release()


def read_address(address: str) -> tuple[str, int]:
    """Return host and port of ``tcp://host:port``. Raises ``InputError`` for anything else."""
    kind, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    if kind not in {"tcp", "tls"} or not host or not port.isdecimal() or int(port) > 65_535:  # noqa: PLR2004 - the last port there is
        fix = "write it as the scheduler prints it: tcp://127.0.0.1:8786"
        raise InputError([_fault(f'"{address}"', "an address tcp://host:port", fix)])
    return host.strip("[]"), int(port)


def _solve_all(prepared: Prepared, task: Sequence[Stretch]) -> list[Chunk]:
    return [solve_chunk(prepared, stretch) for stretch in task]


def _cut(work: Sequence[Stretch], tasks: int) -> Iterator[tuple[Stretch, ...]]:
    """Yield stretches in a row for so many tasks, or for as many as there are stretches."""
    length = -(-len(work) // tasks)
    return (tuple(work[i : i + length]) for i in range(0, len(work), length))


def _distributed() -> Any:  # noqa: ANN401 - an optional package, not there to check against
    if find_spec("distributed") is None:
        found, fix = "Dask, which is not installed", 'install it: pip install "accord[cluster]"'
        raise InputError([_fault(found, "the extra cluster, or no --scheduler", fix)])
    return import_module("distributed")


def _refuse_silence(host: str, port: int, address: str) -> None:
    """Raise ``InputError`` where nothing listens, or something that does not greet.

    A scheduler greets whoever calls. Dask's own client waits for the greeting without end.
    """
    try:
        with socket.create_connection((host, port), PATIENCE) as line:
            greets = address.startswith("tls") or bool(line.recv(1))
    except TimeoutError:
        greets = False
    except OSError as error:
        why = error.strerror or str(error) or "no answer"
        raise InputError([_not_there(address, f"nobody who answers there ({why})")]) from None
    if not greets:
        raise InputError([_not_there(address, "something that is no Dask scheduler")])


def _client(distributed: Any, address: str) -> Any:  # noqa: ANN401 - as above
    try:
        return distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        why = f"something that is no Dask scheduler ({type(error).__name__})"
        raise InputError([_not_there(address, why)]) from None


def _shared(client: Any, prepared: Prepared, address: str) -> Any:  # noqa: ANN401 - as above
    """Send what is prepared to every worker, so that it outlives the loss of any but all."""
    try:
        return client.scatter(prepared, broadcast=True, hash=False)
    except Exception as error:  # noqa: BLE001 - whatever a worker raises comes as a bare Exception
        found = f"{address}: workers that cannot read the question ({error})"
        fix = "install this version of accord, and the same NumPy, on every worker"
        raise InputError([_fault(found, "workers with accord", fix)]) from None


def _not_there(address: str, what: str) -> Fault:
    fix = "start one (dask scheduler; dask worker ADDRESS), or leave --scheduler out"
    return _fault(f"{address}: {what}", "a Dask scheduler with workers", fix)


def _fault(found: str, allowed: str, fix: str) -> Fault:
    return Fault(PLACE, found, allowed, fix, field="scheduler")
