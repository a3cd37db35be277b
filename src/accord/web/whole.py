"""The whole answer of a position: what `accord report` would have of the deal as it was moved."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from accord import deal as deals
from accord.assessment import Assessment
from accord.assessment.assess import DEFAULT_CLOSURE, assess
from accord.assessment.market_question import question_of
from accord.assessment.paths import Years
from accord.assessment.sampling import Sampling
from accord.claims import words_of
from accord.deal import Deal
from accord.ensemble.run import How
from accord.web.ground import DRAWS, SEED, Scenario
from accord.web.latest import Latest
from accord.web.moved import fixed_of
from accord.web.moved_file import MovedFile, moved_file

YEARS_AHEAD = 10
DRAWN = Sampling(DRAWS, SEED, How(workers=1))
"""The draws of the page, in this process: those that answer may start none of their own."""
Beside = Callable[[Path, str], Path]
"""Writes a deal's text into a folder, its tables of facts and words beside it."""


@dataclass(frozen=True)
class Whole:
    """A question for the whole answer of a position.

    ``name``    the same for the same question;  ``served``  the file of the deal that is served
    ``text``    of that file, or as it was edited
    ``beside``  puts a text where the tables beside the served file are found
    """

    name: str
    scenario: Scenario
    values: Mapping[str, float]
    served: Path
    text: str
    beside: Beside

    @property
    def years(self) -> Years:
        """The years that the page shows: those after the day of the law."""
        first = self.scenario.answer.as_of.year
        return first, first + YEARS_AHEAD

    @property
    def file(self) -> MovedFile:
        """The deal's file with what was moved."""
        return moved_file(self.text, self.scenario, self.values)

    def place(self, folder: Path) -> Path:
        """Return where the file is: its own place while it has this very text, else the folder."""
        text = self.file.text
        try:
            same = self.served.read_bytes() == text.encode()
        except OSError:
            same = False
        return self.served if same else self.beside(folder, text)

    def answered(self, path: Path) -> Assessment:
        """Return the answer of the file, without years. Raises as ``assess``."""
        found = assess(
            self._deal(path),
            variant=self.file.variant,
            as_of=self.scenario.answer.as_of,
            sampling=DRAWN,
            fixed=fixed_of(self.scenario.dials, self.values),
        )
        if not isinstance(found, Assessment):
            msg = f"{self.served.name} has no market"
            raise TypeError(msg)
        return found

    def with_years(self, a: Assessment) -> Assessment:
        """Return the answer with the path over the page's years. Raises as ``assess``."""
        fixed = fixed_of(self.scenario.dials, self.values)
        question = question_of(a.scene.deal, a.as_of, DEFAULT_CLOSURE, fixed)
        path = question.path(self.years)
        if path is None:
            return a
        return replace(a, paths=path.answer(), because=(*path.never_begun(), *a.because))

    def _deal(self, path: Path) -> Deal:
        """Return the deal of the file; packs that it names by a path stay where they are."""
        return replace(deals.load(path, words_of(path)), packs=self.scenario.deal.packs)


@dataclass(frozen=True)
class _Kept:
    folder: Path
    answer: Assessment
    with_years: Assessment | None = None


class WholeAnswers:
    """The whole answer that was asked for last: its sections and files are asked for one by one."""

    def __init__(self) -> None:
        self._kept: Latest[str, _Kept] = Latest(1)

    @contextmanager
    def open(self, whole: Whole, *, years: bool = False) -> Generator[Assessment]:
        """Yield the answer; while it is read its file stands where it stood. Raises as ``assess``.

        Between readings there is no file, so that a process that is ended leaves none behind.
        """
        kept = self._kept.get(whole.name)
        folder = _again(kept.folder) if kept is not None else None
        if kept is None or folder is None:
            kept, folder = None, Path(tempfile.mkdtemp(prefix="accord-"))
        try:
            path = whole.place(folder)
            kept = self._known(whole, kept or _Kept(folder, whole.answered(path)), years=years)
            yield (kept.with_years or kept.answer) if years else kept.answer
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _known(self, whole: Whole, kept: _Kept, *, years: bool) -> _Kept:
        """Return what is to be kept, with years if they are asked for."""
        self._kept.put(whole.name, kept)
        if years and kept.with_years is None:
            kept = replace(kept, with_years=whole.with_years(kept.answer))
            self._kept.put(whole.name, kept)
        return kept


def _again(folder: Path) -> Path | None:
    """Make a folder anew; ``None`` where something else has its place."""
    try:
        folder.mkdir(0o700)
    except OSError:
        return None
    return folder
