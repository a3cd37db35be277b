"""Chunks kept in a folder as they are done, so that a long run can be taken up where it stopped.

The folder belongs to one question: same deal, pack, fixed numbers, day, closure, seed, numbers and
version. More draws of it can be asked for later; what is there is not computed again. Files are
written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from zipfile import BadZipFile

import numpy as np

from accord import __version__
from accord.ensemble.chunk import SIZE, Chunk, Failure, Prepared, Stretch
from accord.errors import Fault, InputError

QUESTION = "ensemble.json"
PLACE = "command line"


@dataclass(frozen=True)
class Store:
    """A folder of chunks of one question."""

    folder: Path

    @classmethod
    def of(cls, folder: Path, prepared: Prepared) -> Store:
        """Return the folder, made if it is not there.

        Raises ``InputError`` where it belongs to another question or cannot be used.
        """
        question = question_of(prepared)
        file = folder / QUESTION
        try:
            folder.mkdir(parents=True, exist_ok=True)
            there = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
            strange = there is None and any(folder.iterdir())
        except FileExistsError:
            raise InputError([_unusable(folder, "a file, not a folder")]) from None
        except OSError as error:
            raise InputError([_unusable(folder, error.strerror or str(error))]) from None
        except ValueError:
            raise InputError([_unusable(folder, f"a {QUESTION} that is not JSON")]) from None
        if strange:
            raise InputError([_unusable(folder, "a folder with other files")])
        if there is None:
            _write(file, json.dumps(question, indent=1, ensure_ascii=False).encode())
        elif there != question:
            raise InputError([_of_another(folder, there, question)])
        return cls(folder)

    def load(self, stretch: Stretch) -> Chunk | None:
        """Return a chunk kept earlier; ``None`` where there is none, or none that can be read."""
        try:
            with self._file(stretch).open("rb") as file, np.load(file, allow_pickle=False) as kept:
                said = json.loads(str(kept["said"]))
                return Chunk(
                    start=stretch.start,
                    values=kept["values"],
                    before=kept["before"],
                    after=kept["after"],
                    solved=kept["solved"],
                    failures=tuple(Failure(*failure) for failure in said["failures"]),
                    closures=tuple(said["closures"]),
                )
        except (OSError, ValueError, KeyError, BadZipFile):
            return None

    def save(self, chunk: Chunk) -> None:
        """Keep a chunk."""
        file = self._file(Stretch(chunk.start, chunk.start + chunk.count))
        said = {"failures": chunk.failures, "closures": chunk.closures}
        part = file.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as out:
            np.savez(
                out,
                values=chunk.values,
                before=chunk.before,
                after=chunk.after,
                solved=chunk.solved,
                said=np.array(json.dumps(said)),
            )
        part.replace(file)

    def _file(self, stretch: Stretch) -> Path:
        return self.folder / f"draws-{stretch.start:09d}-{stretch.stop:09d}.npz"


def question_of(prepared: Prepared) -> dict[str, str]:
    """Return what a chunk depends on beside its draws, in words and digests."""
    ask = prepared.markets.ask
    drawn = repr([(n.key, n.distribution) for n in prepared.uncertainty.numbers])
    correlation = prepared.uncertainty.correlation.tobytes()
    rows = repr([(row.measure, row.region, row.good) for row in prepared.rows])
    return {
        "accord": __version__,
        "deal": f"{ask.deal.slug}:{ask.deal.active or ''} sha256 {ask.deal.digest}",
        "pack": f"{ask.pack.name} {ask.pack.version} sha256 {ask.pack.digest}",
        "fixed numbers": repr([(x.key, x.value) for x in ask.pack.fixed]),
        "as_of": str(ask.as_of),
        "closure": repr([(row.closure, row.weight) for row in prepared.choice.weights]),
        "seed": str(prepared.seed),
        "numbers": hashlib.sha256(drawn.encode() + correlation).hexdigest(),
        "effects": hashlib.sha256(rows.encode()).hexdigest(),
        "draws in a chunk": str(SIZE),
    }


def _write(file: Path, content: bytes) -> None:
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(file)


def _unusable(folder: Path, why: str) -> Fault:
    allowed = "an empty folder, one that can be made, or one of an earlier run"
    return Fault(PLACE, f"{folder}: {why}", allowed, "name another folder", field="resume")


def _of_another(folder: Path, there: object, question: dict[str, str]) -> Fault:
    known = cast("dict[str, object]", there) if isinstance(there, dict) else {}
    differ = [name for name, value in question.items() if known.get(name) != value]
    found = f"{folder}, which holds draws of another question: {', '.join(differ)} "
    found += "differs" if len(differ) == 1 else "differ"
    fix = "name another folder, or remove this one"
    return Fault(PLACE, found, "a folder of the same question", fix, field="resume")
