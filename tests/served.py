"""The live page in a process of its own, and a browser to open it with."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
ADDRESS = re.compile(r"http://\S+")
# Nothing of the browser's own may go over the network while tests watch who is asked.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
START = "import sys; sys.argv[0] = 'accord'; from accord.cli import main; main()"


def chromium() -> str | None:
    """Return where Debian's Chromium is; ``None`` where it is not installed."""
    return os.environ.get("ACCORD_CHROMIUM") or shutil.which("chromium")


@contextmanager
def served(*arguments: str, ahead: bool = False) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve the page on a free port; yield its address and its process.

    ``ahead``  whether it works while nobody asks, and takes the processor from other tests
    """
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", START, "serve", *arguments, "--port", "0",
         "--ahead" if ahead else "--no-ahead"],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield _address(process), process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()


def _address(process: subprocess.Popen[str]) -> str:
    """Return what it says it listens at, within a minute and a half."""
    assert process.stderr is not None
    late = threading.Timer(90.0, process.kill)
    late.start()
    said: list[str] = []
    try:
        for line in process.stderr:
            said.append(line)
            found = ADDRESS.search(line)
            if found:
                return found[0]
    finally:
        late.cancel()
    raise AssertionError(f"the page was not served: {''.join(said)}")
