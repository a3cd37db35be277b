"""Where the published files of larger cases are looked for; they are not accord's to ship.

``$ACCORD_CASES``, then ``../shared/cases`` beside the folder the command is run in or beside the
source tree. A case whose folder is nowhere is checked on its small world alone, and its published
numbers are rows that are not run.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def published_folder(name: str) -> Path | None:
    """Return the folder of a case's published files, or ``None`` where there is none."""
    given = os.environ.get("ACCORD_CASES")
    tree = Path(__file__).resolve().parents[3].parent
    places = [Path(given)] if given else [Path("..", "shared", "cases"), tree / "shared" / "cases"]
    return next((place / name for place in places if (place / name).is_dir()), None)


def columns(path: Path) -> dict[str, list[str]]:
    """Return the columns of a CSV file by name; a name that ends in ``.gz`` is unpacked."""
    packed = path.read_bytes()
    text = gzip.decompress(packed) if path.suffix == ".gz" else packed
    header, *rows = csv.reader(io.StringIO(text.decode("utf-8")))
    return {name: [row[k] for row in rows] for k, name in enumerate(header)}


def numbers(column: list[str]) -> NDArray[np.float64]:
    """Return a column as numbers; blanks are 0."""
    return np.array([float(text) if text else 0.0 for text in column])
