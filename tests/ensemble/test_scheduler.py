"""The same chunks on a Dask cluster, on this machine; skipped where Dask is not installed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import accord
from accord.ensemble import scheduler
from accord.ensemble.ask import Ask
from accord.ensemble.chunk import SIZE
from accord.ensemble.run import How, run
from accord.errors import InputError
from ensemble_asks import DUTY, QUOTA, toy_ask

HOST = "127.0.0.1"


def refused(ask: Ask, address: str) -> str:
    with pytest.raises(InputError) as caught:
        run(ask, 2 * SIZE, how=How(1, scheduler=address))
    (fault,) = caught.value.faults
    assert fault.field == "scheduler"
    return f"{fault.found}; {fault.fix}"


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return toy_ask(tmp_path_factory.mktemp("deal"), DUTY, QUOTA)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    "address", ["somewhere", "tcp://", "tcp://host", "http://host:80", "tcp://host:99999"]
)
def test_what_is_no_address_is_refused(ask: Ask, address: str) -> None:
    assert address in refused(ask, address)


def test_without_dask_it_says_how_to_install_it(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "find_spec", lambda name: None)  # noqa: ARG005
    assert "accord[cluster]" in refused(ask, "tcp://127.0.0.1:8786")


needs_dask = pytest.mark.skipif(
    scheduler.find_spec("distributed") is None, reason="the extra cluster is not installed"
)


@needs_dask
def test_a_scheduler_that_is_not_there_is_refused_soon(ask: Ask) -> None:
    began = time.monotonic()
    assert "nobody who answers" in refused(ask, f"tcp://{HOST}:{free_port()}")
    assert time.monotonic() - began < 10.0


@needs_dask
def test_what_answers_and_is_no_scheduler_is_refused(ask: Ask) -> None:
    with socket.socket() as mute:
        mute.bind((HOST, 0))
        mute.listen()
        said = refused(ask, f"tcp://{HOST}:{mute.getsockname()[1]}")
    assert "no Dask scheduler" in said


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder: Path, *, path: str) -> None:
        self.address = f"tcp://{HOST}:{free_port()}"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        quiet["env"] = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
        port = self.address.rpartition(":")[2]
        self.scheduler = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", HOST,
             "--port", port, "--no-dashboard"], **quiet,
        )  # fmt: skip
        self.workers = [
            subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_worker", self.address, "--host",
                 HOST, "--nthreads", "1", "--no-dashboard", "--no-nanny"], **quiet,
            )
            for _ in range(2)
        ]  # fmt: skip

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture(params=[str(Path(accord.__file__).parents[1])])
def cluster(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    from distributed import Client

    started = Cluster(tmp_path, path=request.param)
    try:
        with Client(started.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield started
    finally:
        started.stop()


@needs_dask
def test_a_cluster_that_loses_a_worker_gives_the_same_bits(ask: Ask, cluster: Cluster) -> None:
    draws = 24 * SIZE + 5
    killed: list[int] = []

    def kill_one(done: int, wanted: int) -> None:
        if done > 3 * SIZE and not killed:
            cluster.workers[0].kill()
            killed.append(done)
            assert done < wanted

    found = run(ask, draws, how=How(scheduler=cluster.address, progress=kill_one))
    assert killed
    assert not found.partial
    alone = run(ask, draws, how=How(workers=1))
    np.testing.assert_array_equal(found.values, alone.values)
    np.testing.assert_array_equal(found.effects.before, alone.effects.before)
    np.testing.assert_array_equal(found.effects.after, alone.effects.after)


@needs_dask
@pytest.mark.parametrize("cluster", [""], indirect=True)
def test_workers_without_accord_are_told(ask: Ask, cluster: Cluster) -> None:
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    found = subprocess.run([sys.executable, "-c", "import accord"], env=bare, cwd="/", check=False)
    if found.returncode == 0:
        pytest.skip("accord is installed where the workers look for it")
    said = refused(ask, cluster.address)
    assert "cannot read the question" in said
    assert "install this version" in said
