"""The table of published results: published, computed, error, tolerance, case by case."""

from __future__ import annotations

from collections.abc import Sequence

from accord.cases import Row
from accord.report.block import Block, Line
from accord.report.layout import Lines, prose, render, table


def validation_json(rows: Sequence[Row]) -> dict[str, list[dict[str, object]]]:
    """Return the rows as one JSON object."""
    return {"rows": [row.as_json() for row in rows]}


def validation_text(rows: Sequence[Row], *, width: int, colour: bool) -> str:
    """Return one table a case, its source below it, and a last line that counts."""
    parts: Lines = []
    for case in dict.fromkeys(row.case for row in rows):
        mine = [row for row in rows if row.case == case]
        parts += [*table(_block(case, mine), width, notes=True), *prose(" ", width)]
    parts += prose(summary(rows), width, "bold")
    return render(parts, colour=colour)


def summary(rows: Sequence[Row]) -> str:
    """Return how many numbers of how many cases are within their tolerance."""
    checked = [row for row in rows if row.ok is not None]
    cases = len({row.case for row in checked})
    within = sum(bool(row.ok) for row in checked)
    held = f"{within} of {len(checked)} published numbers"
    return f"{held} in {cases} case{'' if cases == 1 else 's'} are within tolerance.{_absent(rows)}"


def failures(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that are not within their tolerance."""
    return [row for row in rows if row.ok is False]


def line_of(row: Row) -> str:
    """Return one row in words."""
    return (
        f"{row.case}, {row.quantity}: published {row.published:.10g}, computed "
        f"{_number(row.computed)}, error {_error(row.error)}, allowed {row.tolerance:.1e}"
    )


def _absent(rows: Sequence[Row]) -> str:
    """Say what was not run; a case without its published files is checked on a small world only."""
    absent = [row for row in rows if row.ok is None]
    names = ", ".join(dict.fromkeys(row.case for row in absent))
    if not absent:
        return ""
    return (
        f" {len(absent)} were not run: the published files of {names} are not here "
        "($ACCORD_CASES names their folder)."
    )


def _block(case: str, rows: Sequence[Row]) -> Block:
    lines = tuple(
        Line((
            row.quantity,
            f"{row.published:.10g}",
            _number(row.computed),
            _error(row.error),
            f"{row.tolerance:.1e}",
            {True: "yes", False: "NO", None: "not run"}[row.ok],
        ))
        for row in rows
    )  # fmt: skip
    columns = ("", "published", "computed", "error", "tolerance", "within")
    return Block(case, columns, lines, notes=(rows[0].source,), words=("within",))


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.10g}"


def _error(value: float | None) -> str:
    return "—" if value is None else f"{value:.1e}"
