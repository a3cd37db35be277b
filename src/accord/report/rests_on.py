"""What an answer rests on, as tables: which uncertain numbers its range comes from, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from rich.text import Text

from accord.assessment import Assessment
from accord.assessment.main_number import main_number
from accord.assessment.one_at_a_time import OneAtATime, one_at_a_time
from accord.assessment.rests_on import FEWEST, Pillar
from accord.assessment.serialise import fixed_to_json
from accord.assessment.sobol import Index, Sobol, agreement, sobol
from accord.pack.number_names import ACCESS
from accord.report import opening
from accord.report.block import Block, Line
from accord.report.layout import HEADING, NARROWEST, QUIET, WIDTH, Lines, prose, render, table
from accord.report.numbers import NONE, percent

DIRECTIONS = {1: "higher", -1: "lower", 0: "both ways"}
OF_ACCESS = ("low", "central", "high")
"""Access is a normal score; these are the columns of latent_flows.csv at its three points."""
ACCESS_NOTE = (
    "Access: low, central and high are the pack's three estimates of what each closed lane would "
    "carry; in files they stand as normal scores, −1.28, 0 and 1.28."
)
TOLD = {"posterior": "updated with evidence", "prior": "not updated"}


def rests_on_block(a: Assessment, *, brief: bool = False) -> Block | None:
    """Return the uncertain numbers, the most important first; ``None`` where no draws can tell.

    ``brief``  names them as the pack's tables do, for a screen
    """
    found = a.rests_on
    if found is None:
        return None
    columns = ("", "part of the variance", "low", "median", "high", "if it is higher", "told")
    lines = tuple(_line(x, short(x.parameter) if brief else x.name) for x in found.pillars)
    note = (
        f"Part of the variance of {found.about}; the fit to the draws that tells explains "
        f"{percent(100.0 * found.explained, digits=0)} of it. Low and high: 10 and 90 % point of "
        "the number itself."
    )
    heading = f"What decides how wide the range of {found.about} is"
    notes = (note, *_of_access(x.parameter for x in found.pillars))
    return Block(heading, columns, lines, notes, words=columns[-2:])


def _line(x: Pillar, name: str) -> Line:
    numbers = ends(x.parameter, x.low, x.median, x.high)
    share = percent(100.0 * x.share, digits=0)
    return Line((name, share, *numbers, DIRECTIONS[x.direction], TOLD.get(x.told, x.told)))


def ends(parameter: str, *values: float | None) -> tuple[str, ...]:
    """Return points of a number as cells; those of ``access`` by what each lane has there.

    ``values``  its low, median and high, or low and high
    """
    if parameter == ACCESS.parameter:
        return OF_ACCESS if len(values) == len(OF_ACCESS) else (OF_ACCESS[0], OF_ACCESS[-1])
    return tuple(map(_number, values))


def _of_access(parameters: Iterable[str]) -> tuple[str, ...]:
    """Return the note that explains the points of ``access``, where it is shown."""
    return (ACCESS_NOTE,) if ACCESS.parameter in parameters else ()


def _number(value: float | None, digits: int = 3) -> str:
    if value is None:
        return NONE
    large = abs(value) >= 10.0**digits - 0.5  # from here on .3g would write 1e+03
    return (f"{value:,.0f}" if large else f"{value:.{digits}g}").replace("-", "−")


@dataclass(frozen=True)
class Deeper:
    """What an answer rests on beyond its draws: markets solved for the question alone.

    ``alone``  one number at a time;  ``sobol``  indices, ``None`` where they were not asked for
    """

    alone: OneAtATime
    sobol: Sobol | None = None


def deeper(a: Assessment, points: int = 0) -> Deeper | None:
    """Return it, with Sobol indices from so many base points (0: without).

    ``None`` without draws, and under closures whose draws are not solved together.
    """
    main = main_number(a)
    if main is None or a.ensemble is None:
        return None
    found = sobol(main, points, a.ensemble.seed) if points else None
    return Deeper(one_at_a_time(a, main), found)


MOST_BARS = 8
RESTS_ON = ("name", "parameter", "share", "direction", "low", "median", "high", "told")
TORNADO = ("name", "parameter", "low", "median", "high", "at_low", "central", "at_high", "unit",
           "slope", "elasticity")  # fmt: skip
ELASTICITIES = ("datum", "where", "value", "datum_unit", "derivative", "unit", "elasticity")


def rest_rows(a: Assessment) -> list[tuple[object, ...]]:
    """Return what the draws say the main number rests on, columns ``RESTS_ON``."""
    found = () if a.rests_on is None else a.rests_on.pillars
    return [tuple(getattr(x, name) for name in RESTS_ON) for x in found]


def tornado_rows(x: Deeper) -> list[tuple[object, ...]]:
    """Return every number moved alone, columns ``TORNADO``."""
    alone = x.alone
    return [
        (b.name, b.parameter, b.low, b.median, b.high, b.at_low, alone.central, b.at_high,
         alone.unit, b.slope, b.elasticity)
        for b in alone.bars
    ]  # fmt: skip


def as_json(a: Assessment, x: Deeper | None) -> dict[str, Any]:
    """Return all of it as programs read it; what was not asked for is ``None``."""
    found: dict[str, Any] = {
        "fixed": fixed_to_json(a),
        "by_draws": None if a.rests_on is None else asdict(a.rests_on),
        "one_at_a_time": None,
        "sobol": None,
        "agreement": [],
    }
    if x is None:
        return found
    alone, indices = x.alone, x.sobol
    found["one_at_a_time"] = {
        "about": alone.about,
        "unit": alone.unit,
        "central": alone.central,
        "numbers": [bar._asdict() for bar in alone.bars],
        "data": [datum._asdict() for datum in alone.data],
    }
    if indices is not None:
        found["sobol"] = asdict(indices) | {
            "indices": [each._asdict() for each in indices.indices],
        }
        found["agreement"] = list(agreement(a.rests_on, alone, indices))
    return found


def tornado_block(x: Deeper, most: int = MOST_BARS) -> Block:
    """Return the numbers that move the answer most by themselves."""
    alone = x.alone
    columns = ("", "low", "high", f"at low, {alone.unit}", f"at high, {alone.unit}",
               "elasticity")  # fmt: skip
    lines = tuple(
        Line((short(b.parameter), *ends(b.parameter, b.low, b.high),
              *map(_number, (b.at_low, b.at_high)), _number(b.elasticity, 2)))
        for b in alone.bars[:most]
    )  # fmt: skip
    note = (
        f"{alone.about[:1].upper()}{alone.about[1:]} is {_number(alone.central)} {alone.unit} with "
        "all numbers at their medians; each here at its 10 and 90 % point, the others at their "
        "medians. Elasticity: per cent for one per cent of the number, at the medians; a dash "
        "where the median is 0."
    )
    left = len(alone.bars) - len(lines)
    notes = (note, *_of_access(b.parameter for b in alone.bars[:most]),
             *((f"{left} more move it less: --out has all.",) if left > 0 else ()))  # fmt: skip
    return Block("One number at a time", columns, lines, notes, words=())


def data_block(x: Deeper) -> Block | None:
    """Return the data of law and market with the largest elasticities."""
    if not x.alone.data:
        return None
    lines = tuple(
        Line((f"{d.datum.replace('_', ' ')}, {d.where}", _number(d.value), d.datum_unit,
              _number(d.derivative), d.unit, _number(d.elasticity, 2)))
        for d in x.alone.data
    )  # fmt: skip
    columns = ("", "value", "its unit", "derivative", "unit", "elasticity")
    note = (
        "Of the level with the deal, from one backward solve, everything else held: σ with the "
        "weights held, so that it is not the σ above, which is calibrated anew."
    )
    heading = "What of law and market it reacts to most"
    return Block(heading, columns, lines, (note,), words=("its unit", "unit"))


def sobol_block(found: Sobol, most: int = MOST_BARS) -> Block:
    """Return the Sobol indices, the largest first."""
    columns = ("", "first order", "5 to 95 %", "total", "5 to 95 % of it")
    lines = tuple(
        Line((_group(x), _part(x.first), _span(x.first_low, x.first_high), _part(x.total),
              _span(x.total_low, x.total_high)))
        for x in found.indices[:most]
    )  # fmt: skip
    lost = f" {found.lost} base points without all answers are left out." if found.lost else ""
    groups = [x for x in found.indices if len(x.parameters) > 1]
    told = "".join(f" One group: {'; '.join(map(short, x.parameters))}." for x in groups)
    together = f" Numbers that vary together have indices only as a group.{told}" if told else ""
    note = (
        f"From {found.solved:,} markets, {found.points} base points; intervals by resampling.{lost}"
        f"{together}"
    )
    return Block(f"Sobol indices of {found.about}", columns, lines, (note,), words=())


def _why_not_told(a: Assessment) -> str:
    solved = 0 if a.ensemble is None else a.ensemble.solved
    if solved < FEWEST:
        return f"{solved} draws are too few to tell what it rests on: {FEWEST} can."
    return "The draws do not tell what it rests on."


def short(parameter: str) -> str:
    """Return a number as a pack's tables name it, in plain words."""
    return parameter.replace("_", " ").replace(":", ": ")


def _group(x: Index) -> str:
    first, count = short(x.parameters[0]), len(x.parameters)
    return first if count == 1 else f"{first} and {count - 1} tied to it"


def _part(value: float) -> str:
    shown = f"{value:.2f}"
    return shown.removeprefix("-") if float(shown) == 0.0 else shown.replace("-", "−")


def _span(low: float, high: float) -> str:
    return f"{_part(low)} to {_part(high)}"


def text(a: Assessment, x: Deeper, *, width: int = WIDTH, colour: bool = False) -> str:
    """Return what the answer rests on as text; ``width`` in characters, between 80 and 100."""
    width = min(max(width, NARROWEST), WIDTH)
    lines: Lines = [
        *prose(f"What the answer rests on: {opening.title(a)}", width, HEADING),
        *prose(opening.setting(a), width, QUIET),
    ]
    lines += prose(
        _why_not_told(a) if a.rests_on is None else a.rests_on.sentence,
        width, "bold",
    )  # fmt: skip
    blocks = [rests_on_block(a, brief=True), tornado_block(x), data_block(x)]
    blocks.append(None if x.sobol is None else sobol_block(x.sobol))
    for block in blocks:
        if block is not None:
            lines += [Text(), *table(block, width, notes=True)]
    agree = agreement(a.rests_on, x.alone, x.sobol)
    if agree:
        lines += [Text(), Text("Do they agree?", HEADING)]
        for said in agree:
            lines += prose(said, width)
    return render(lines, colour=colour)
