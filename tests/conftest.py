"""What holds for all tests, before anything imports NumPy."""

from __future__ import annotations

import os

# Small systems on few cores: threads of the linear algebra library wait for each other, and on a
# busy machine for seconds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
