"""Why an answer can be trusted, and how far: its certificate, its baseline, what it leaves out."""

from __future__ import annotations

from accord.assessment import Answer, Assessment
from accord.assessment.assessment import BaselineRow
from accord.assessment.fixed_words import FIXED
from accord.assessment.pieces import Assumption
from accord.assessment.ranges import questions, sampling_error
from accord.report.block import Block, Line
from accord.report.names import region
from accord.report.numbers import UNITS, Unit, amount, digits_for, percent, small, unit_for


def certificate(a: Assessment) -> str:
    """Return the certificate in one sentence; each number is the worst over all markets."""
    c = a.check
    head = "Certified" if c.ok else "NOT CERTIFIED"
    return (
        f"{head}: markets clear to {small(c.market_clearing)}, tonnes {small(c.mass_balance)}, "
        f"limits {small(c.complementarity)}; welfare computed twice to "
        f"{small(c.welfare_identity)}."
    )


def draws(a: Assessment) -> list[str]:
    """Return how many draws the ranges rest on, what has no answer among them, what decides."""
    if a.ensemble is None:
        return []
    found = a.ensemble
    many = f"{found.solved:,} of {found.done:,} draws of {len(found.numbers)} numbers"
    said = f"Ranges: {many} have a certified answer (seed {found.seed}"
    error = range_error(a)
    if error:
        share = percent(100.0 * error, digits=0)
        said += f"; their number leaves the ends open by {share} of the range"
    said += ")."
    lines = [said, *_told_once(found.notes)]
    return lines if a.rests_on is None else [*lines, a.rests_on.sentence]


def _told_once(notes: tuple[str, ...]) -> list[str]:
    """Return notes as paragraphs: what is indented belongs to the line above it."""
    found: list[str] = []
    for note in notes:
        if note.startswith(" ") and found:
            found[-1] += ("; " if not found[-1].endswith(":") else " ") + note.strip().rstrip(".")
        else:
            found.append(note)
    return [said if said.endswith(".") else f"{said}." for said in found]


def range_error(a: Assessment) -> float | None:
    """Return how far the ends of the main range may be off, over its width."""
    if a.ensemble is None or not a.ensemble.solved:
        return None
    first = next(questions(a.focus, a.ensemble), None)
    return None if first is None else sampling_error(first.values)


def baseline(a: Assessment) -> str | None:
    """Return in one sentence how far the year of the levels is from what the world showed."""
    fitted = [abs(e) for row in a.baseline if row.fitted and (e := error_of(row)) is not None]
    free = [abs(e) for row in a.baseline if not row.fitted and (e := error_of(row)) is not None]
    said: list[str] = []
    if fitted:
        said.append(f"{_rows(fitted)} fitted, which proves nothing")
    if len(free) == 1:
        said.append(f"1 not ({_one_row(a)})")
    elif free:
        middle = percent(sorted(free)[len(free) // 2], digits=0)
        largest = percent(max(free), digits=0)
        said.append(f"{len(free)} not (median error {middle}, largest {largest})")
    return f"World of {_years(a)}: {'; '.join(said)}." if said else None


def _years(a: Assessment) -> str:
    return ", ".join(str(year) for year in sorted({r.year for r in a.baseline}))


def _one_row(a: Assessment) -> str:
    """Name the only row that was not used to set the model, with both of its values."""
    row = next(r for r in a.baseline if not r.fitted and error_of(r) is not None)
    unit, digits = _unit_of(row)
    model, observed = (amount(v, unit, digits) for v in (row.model, row.observed))
    what = _what(a, row).removeprefix("imports, ") if ">" in row.region else _what(a, row)
    return f"{what}: {model}, seen {observed} {unit.name}"


def _rows(errors: list[float]) -> str:
    return "1 row" if len(errors) == 1 else f"{len(errors)} rows"


def error_of(row: BaselineRow) -> float | None:
    """Return the model's error in per cent of what was observed."""
    if row.model is None or not row.observed:
        return None
    return 100.0 * (row.model - row.observed) / abs(row.observed)


def baseline_block(a: Assessment) -> Block | None:
    """Return every row of the baseline against the world."""
    if not a.baseline:
        return None
    columns = ("", "year", "unit", "observed", "model", "error", "used to set the model")
    lines = tuple(_baseline_line(a, row) for row in a.baseline)
    heading = f"The model of {_years(a)}, under the law of that year, against what the world showed"
    return Block(heading, columns, lines, words=("unit", columns[-1]))


def _baseline_line(a: Assessment, row: BaselineRow) -> Line:
    unit, digits = _unit_of(row)
    return Line(
        (
            _what(a, row),
            str(row.year),
            unit.name,
            amount(row.observed, unit, digits),
            amount(row.model, unit, digits),
            percent(error_of(row), signed=True),
            "yes, fitted" if row.fitted else "no",
        )
    )


def _what(a: Assessment, row: BaselineRow) -> str:
    where = " → ".join(region(a, code) for code in row.region.split(">"))
    return f"{row.quantity.replace('_', ' ')}, {where}"


def _unit_of(row: BaselineRow) -> tuple[Unit, int]:
    unit = unit_for((row.observed,), UNITS.get(row.unit, (Unit(row.unit, 1.0),)))
    return unit, digits_for((row.observed,), unit)


def assumed(a: Answer) -> list[str]:
    """Return what is assumed: what was fixed first, then the deal's implied and assumed terms."""
    implied = [f"{t.id} (implied, not in the text)" for t in a.terms if t.implied]
    fixed = [x for x in a.assumptions if x.where == FIXED]
    others = [x for x in a.assumptions if x.where != FIXED]
    return [*map(_assumption, fixed), *implied, *map(_assumption, others)]


def _assumption(x: Assumption) -> str:
    says = x.says.rstrip(".")
    return says if x.where in says else f"{x.where}: {says}"


def not_modelled(a: Answer) -> list[str]:
    """Return what is left out: the deal's own terms first, then what the pack leaves out."""
    own = {t.id for t in a.terms}
    return [
        row.what.rstrip(".") for row in sorted(a.not_modelled, key=lambda row: row.term not in own)
    ]
