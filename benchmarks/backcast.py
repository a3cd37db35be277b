"""Time a cold `accord backcast aluminium`: a new process each time, wall clock and processor.

Run it: python benchmarks/backcast.py
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time

RUNS = 5
COMMAND = [sys.executable, "-c", "from accord.cli import main; main()", "backcast", "aluminium"]


def main() -> None:
    """Print the median and the best of some runs, seconds."""
    walls: list[float] = []
    used: list[float] = []
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run(COMMAND, check=True, stdout=subprocess.DEVNULL, env=environment)
        walls.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"wall       median {statistics.median(walls):.2f} s, best {min(walls):.2f} s")
    print(f"processor  median {statistics.median(used):.2f} s, best {min(used):.2f} s")


if __name__ == "__main__":
    main()
