"""Whether draws are solved by compiled kernels: ``accord[fast]`` is there, and warm.

Compiling takes about a minute, once for a machine and a version. No run does it unasked: until

    python -m accord.equilibrium.fast

was run, draws are solved with NumPy. Neither numba nor the kernels are imported to find out: what
was compiled, from what and for what processor, stands in a file beside other caches.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, cast

from accord import __version__

Kernel = Literal["numpy", "numba"]
COMMAND = "python -m accord.equilibrium.fast"
STAMP = "accord-fast.json"
PACKAGES = ("numba", "llvmlite", "numpy")
# Files whose code or constants are in the kernels.
SOURCES = (
    "equilibrium/fast_arrays.py",
    "equilibrium/fast_border.py",
    "equilibrium/fast_compiled.py",
    "equilibrium/fast_kernel.py",
    "equilibrium/fast_linear.py",
    "equilibrium/fast_point.py",
    "equilibrium/fast_slope.py",
    "equilibrium/many_newton.py",
    "equilibrium/share_slope.py",
    "equilibrium/share_system.py",
    "solve/semismooth.py",
)


def load() -> None:
    """Have the kernels ready in this process; where they are warm it takes half a second."""
    from accord.equilibrium import fast_kernel  # noqa: PLC0415 - imports numba

    fast_kernel.load()


@dataclass(frozen=True)
class Cache:
    """What is known of compiled kernels: ``installed`` numba, ``warm`` kernels."""

    installed: bool
    warm: bool

    @property
    def advice(self) -> str | None:
        """How to have draws solved faster; ``None`` where they are, or numba is not wanted."""
        if self.warm or not self.installed:
            return None
        return (
            "Solved with NumPy: numba is installed, but accord's kernels are not compiled for this "
            f"version and machine. To compile them, once, in about a minute: {COMMAND}"
        )


def look() -> Cache:
    """Return whether compiled kernels are there, without importing them."""
    return _looked(_folder(), os.environ.get("NUMBA_DISABLE_JIT", "0"))


def kernel_in_use() -> Kernel:
    """Return what many draws are solved with where it pays: compiled kernels if they are warm."""
    return "numba" if look().warm else "numpy"


def _looked(folder: Path, disabled: str) -> Cache:
    if disabled != "0" or find_spec("numba") is None:
        return Cache(installed=False, warm=False)
    try:
        there: object = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Cache(installed=True, warm=False)
    known = cast("dict[str, object]", there) if isinstance(there, dict) else {}
    kept = Path(str(known.get("index", "")))
    return Cache(installed=True, warm=known.get("of") == _fingerprint() and kept.is_file())


def _folder() -> Path:
    """Return where numba's caches for this package are, or a folder of one's own where not."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        return Path(named)
    beside = Path(__file__).parent / "__pycache__"
    if os.access(beside if beside.exists() else beside.parent, os.W_OK):
        return beside
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "accord"


def _fingerprint() -> str:
    """Return a digest of all that compiled code depends on."""
    parts = [__version__, sys.version, platform.machine(), _processor()]
    for name in PACKAGES:
        try:
            parts.append(version(name))
        except PackageNotFoundError:
            parts.append("")
    for name in SOURCES:
        about = (Path(__file__).parents[1] / name).stat()
        parts.append(f"{name} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _processor() -> str:
    """Return which processor this is, as closely as the system says without being asked twice."""
    said = [platform.processor(), os.environ.get("NUMBA_CPU_NAME", "")]
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith(("model name", "flags", "Features")):
                    said.append(line.strip())
                if not line.strip():
                    break
    except OSError:
        pass
    return "\n".join(said)


def warm_up() -> float:
    """Compile the kernels and remember it; return the seconds it took.

    Raises ``ModuleNotFoundError`` without numba.
    """
    if find_spec("numba") is None:
        raise ModuleNotFoundError("numba is not installed", name="numba")
    began, fingerprint = time.perf_counter(), _fingerprint()
    from accord.equilibrium import fast_kernel  # noqa: PLC0415 - imports numba

    for old in fast_kernel.index_files():
        old.unlink(missing_ok=True)
    fast_kernel.load()
    index = next(iter(fast_kernel.index_files()), None)
    if index is None:
        raise OSError("numba kept nothing: no folder for its cache can be written to")
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{STAMP}.{os.getpid()}.part"
    part.write_text(json.dumps({"of": fingerprint, "index": str(index)}), encoding="utf-8")
    part.replace(folder / STAMP)
    return time.perf_counter() - began


def main() -> int:
    """Compile the kernels and say so; return the exit status."""
    if find_spec("numba") is None:
        print("numba is not installed: pip install 'accord[fast]'", file=sys.stderr)  # noqa: T201
        return 2
    print("compiling accord's kernels for this machine: about a minute …", flush=True)  # noqa: T201
    try:
        took = warm_up()
    except OSError as error:
        print(f"the kernels could not be kept: {error}", file=sys.stderr)  # noqa: T201
        return 2
    print(f"compiled in {took:.0f} s; runs of many draws use them from now on")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
