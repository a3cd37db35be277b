"""What an answer rests on, as a table: which uncertain numbers its range comes from."""

from __future__ import annotations

from accord.assessment import Assessment
from accord.assessment.rests_on import Pillar
from accord.report.block import Block, Line
from accord.report.numbers import NONE, percent

DIRECTIONS = {1: "higher", -1: "lower", 0: "both ways"}
TOLD = {"posterior": "updated with evidence", "prior": "not updated"}


def rests_on_block(a: Assessment) -> Block | None:
    """Return the uncertain numbers, the most important first; ``None`` where no draws can tell."""
    found = a.rests_on
    if found is None:
        return None
    columns = ("", "part of the variance", "low", "median", "high", "if it is higher", "told")
    lines = tuple(_line(x) for x in found.pillars)
    note = (
        f"Part of the variance of {found.about}; the fit to the draws that tells explains "
        f"{percent(100.0 * found.explained, digits=0)} of it. Low and high: 10 and 90 % point of "
        "the number itself."
    )
    heading = f"What decides how wide the range of {found.about} is"
    return Block(heading, columns, lines, (note,), words=columns[-2:])


def _line(x: Pillar) -> Line:
    size = ("low", "median", "high")
    shown = ((getattr(x, name) for name in size))
    numbers = tuple(NONE if v is None else f"{v:.3g}".replace("-", "−") for v in shown)
    share = percent(100.0 * x.share, digits=0)
    return Line((x.name, share, *numbers, DIRECTIONS[x.direction], TOLD.get(x.told, x.told)))
