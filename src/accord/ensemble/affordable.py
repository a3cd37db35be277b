"""How long draws will take and how much room they need; what is too much is refused beforehand."""

from __future__ import annotations

import os
from dataclasses import dataclass

from accord.errors import Fault, InputError
from accord.probability.points import MOST_POINTS, MOST_SEED

PLACE = "command line"
BYTES = 8
SHARE_OF_MEMORY = 0.5
"""Of the machine's memory: what an ensemble may fill at most."""
UNKNOWN_MEMORY = 4 * 10**9
"""Bytes taken for granted where a machine does not say how many it has."""
KEPT = 2
"""Numbers kept for each effect and draw: before and after."""
BESIDE = 1.0
"""What is worked out beside them for ranges (changes, a sorted copy), over what is kept."""
LONGEST = 7 * 86_400.0
"""Seconds that an ensemble may take at most: a week."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What draws cost: bytes and seconds for each, on so many processes."""

    bytes_per_draw: float
    seconds_per_draw: float

    def memory(self, draws: int) -> float:
        """Return the bytes of so many draws."""
        return draws * self.bytes_per_draw

    def seconds(self, draws: int) -> float:
        """Return the seconds of so many draws."""
        return draws * self.seconds_per_draw

    def most(self, memory: float) -> int:
        """Return the largest count that fits into so many bytes and the longest time."""
        by_time = LONGEST / self.seconds_per_draw if self.seconds_per_draw > 0.0 else MOST_POINTS
        return _rounded(min(memory / self.bytes_per_draw, by_time, MOST_POINTS))


def bytes_per_draw(rows: int, numbers: int) -> float:
    """Return what a draw takes up: its effects before and after, and the numbers drawn."""
    return BYTES * (KEPT * rows * (1.0 + BESIDE) + numbers)


def memory_there() -> float:
    """Return how many bytes an ensemble may fill on this machine."""
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        whole = UNKNOWN_MEMORY
    return SHARE_OF_MEMORY * whole


def refuse_count(draws: int) -> None:
    """Raise ``InputError`` for a number of draws that is none."""
    if draws < 1:
        fix = "leave the option out for the default, or ask for 100 or more"
        raise InputError([Fault(PLACE, f"{draws:,} draws", "1 draw or more", fix, field="draws")])


def refuse_seed(seed: int) -> None:
    """Raise ``InputError`` for a seed that no points can be made from."""
    if not 0 <= seed < MOST_SEED:
        fix, allowed = "write a whole number, as in 7", f"0 to {MOST_SEED - 1}"
        raise InputError([Fault(PLACE, f"the seed {seed}", allowed, fix, field="seed")])


def refuse_excess(draws: int, cost: Cost, memory: float) -> None:
    """Raise ``InputError`` for more draws than fit, naming the largest count that does."""
    most = cost.most(memory)
    if draws <= most:
        return
    takes = f"about {duration(cost.seconds(draws))} and {size(cost.memory(draws))} of memory"
    allowed = f"at most {most:,} draws on this machine ({size(memory)} for them, a week)"
    fault = Fault(PLACE, f"{draws:,} draws: {takes}", allowed, f"ask for {most:,}", field="draws")
    raise InputError([fault])


def _rounded(count: float) -> int:
    """Round down to two digits, so that the number can be remembered and typed."""
    whole = int(count)
    unit = 10 ** max(len(str(whole)) - 2, 0)
    return whole // unit * unit


def duration(seconds: float) -> str:
    """Return a time as a person says it."""
    for name, length in (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)):
        if seconds >= 2.0 * length:
            return f"{seconds / length:,.0f} {name}"
    return f"{seconds:,.1f} seconds"


def size(count: float) -> str:
    """Return a number of bytes as a person says it."""
    for name, unit in (("TB", 1e12), ("GB", 1e9)):
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count / 1e6:,.0f} MB"
