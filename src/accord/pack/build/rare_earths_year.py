"""A benchmark year of the rare-earth pack: its sources, and its hand-written tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from accord.pack.build.inputs import Inputs
from accord.pack.build.tables import Row


@dataclass(frozen=True, slots=True)
class Year:
    """A benchmark year: that of mine output and its edition, and who is the source of what.

    ``quoted``  the status of its prices
    """

    year: str
    mined: str
    edition: str
    mine_source: str
    price_source: str
    quoted: str


@dataclass(frozen=True)
class Layered(Inputs):
    """Hand-written tables of which some stand in a folder of their own."""

    shared: Path = Path()

    def rows(self, name: str) -> list[Row]:
        """Return a table: the folder's own, else the shared one."""
        own = (self.folder / f"{name}.csv").is_file()
        return super().rows(name) if own else Inputs(self.shared).rows(name)
