"""How long a whole answer takes from nothing: a new process, imports, pack, solves, screen.

    python benchmarks/run_cold.py [--runs N] [DEAL ...]

Run it with the Python of an environment that accord is installed in (an installed package has its
bytecode cached; a source tree under PYTHONDONTWRITEBYTECODE has not). Prints median, least and
most wall and processor seconds, and the largest memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time

PROMISED_SECONDS = 0.6
PROMISED_MEGABYTES = 150.0
DEALS = (
    "us-russia-2025:common-duty",
    "us-russia-2025:only-200-lifted",
    "us-russia-2025:two-million",
)
COMMAND = "import sys; from accord.cli import main; sys.argv[0] = 'accord'; main()"


def once(deal: str) -> tuple[float, float, float]:
    """Return wall seconds, processor seconds and peak megabytes of one run."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "run", deal], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"accord run {deal} did not answer")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024.0


def main() -> None:
    """Time every deal and print a line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("deals", nargs="*", default=list(DEALS))
    options = parser.parse_args()
    print(f"promised: {PROMISED_SECONDS} s wall in the median, {PROMISED_MEGABYTES:.0f} MB")
    print(f"{'deal':<34}{'wall: median':>13}{'least':>8}{'most':>8}{'cpu':>8}{'MB':>8}")
    for deal in options.deals:
        once(deal)  # the first run fills the disk's cache
        walls, cpus, sizes = zip(*(once(deal) for _ in range(options.runs)), strict=True)
        print(
            f"{deal:<34}{statistics.median(walls):>13.3f}{min(walls):>8.3f}{max(walls):>8.3f}"
            f"{statistics.median(cpus):>8.3f}{max(sizes):>8.1f}"
        )


if __name__ == "__main__":
    main()
