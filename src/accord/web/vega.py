"""Vega, Vega-Lite and Vega-Embed as one script, made on this machine and kept in its cache."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
from importlib.metadata import version
from pathlib import Path

# The page has no eval: Vega-Embed brings the interpreter that does without (option ``ast``).
SNIPPET = "window.vegaEmbed = vegaEmbed;\n"


def cache_folder() -> Path:
    """Return the user's folder for what can be made again."""
    if sys.platform == "darwin":  # pragma: no cover - elsewhere
        return Path.home() / "Library" / "Caches" / "accord"
    named = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(named) if named else Path.home() / ".cache") / "accord"


def vega_script() -> bytes:
    """Return the script, from the cache if it is there.

    It takes a second to make; a cache that cannot be written to costs that second at every start.
    """
    made_by = version("vl-convert-python")
    tag = hashlib.sha256(f"{made_by}\n{SNIPPET}".encode()).hexdigest()[:12]
    kept = cache_folder() / f"vega-{made_by}-{tag}.js"
    try:
        return kept.read_bytes()
    except OSError:
        pass
    import vl_convert  # noqa: PLC0415 - an extra, and slow

    script = vl_convert.javascript_bundle(SNIPPET).encode()
    _keep(kept, script)
    return script


def _keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; where that is not allowed, do without."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
