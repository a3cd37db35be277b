"""What is wrong with a fit's table of parameters: names and values that cannot be."""

from __future__ import annotations

from collections.abc import Sequence

from accord.backcast.evidence import Parameter
from accord.errors import Fault
from accord.pack.tables import Table

SIGMA, SIGMA_ABOVE = "sigma", 1.0
"""Origins of one metal are better substitutes than a constant share of spending would say."""


def fit_faults(table: Table, parameters: Sequence[Parameter]) -> list[Fault]:
    """Return what is wrong with ``posterior.csv``: each parameter once, each range in order."""
    names = {(p.parameter, p.good, p.region): p.name for p in parameters}
    faults: list[Fault] = []
    found: set[tuple[str, str, str]] = set()
    for i, line in enumerate(table.lines):
        parameter, good, region = (table.text[n][i] for n in ("parameter", "good", "region"))
        key = (parameter, good, region)
        found.add(key)
        name = " ".join(part for part in key if part != "*")
        if key not in names:
            allowed = f"a row of parameters.csv: {', '.join(names.values())}"
            faults.append(
                Fault(table.file, name, allowed, "correct the name", line, None, "parameter")
            )
            continue
        for field, said, allowed, fix in _range_faults(table, i, parameter):
            faults.append(Fault(table.file, said, allowed, fix, line, name, field))
    for key in names.keys() - found:
        allowed = "every row of parameters.csv"
        faults.append(
            Fault(table.file, f"no row {names[key]}", allowed, "add the row, or fit anew")
        )
    return faults


def _range_faults(table: Table, i: int, parameter: str) -> list[tuple[str, str, str, str]]:
    """Return (field, found, allowed, fix) for the numbers of a row."""
    value = {name: column[i] for name, column in table.number.items()}
    low, median, high = value["low"], value["median"], value["high"]
    first, last = value["prior_low"], value["prior_high"]
    found: list[tuple[str, str, str, str]] = []
    if not first < value["prior_median"] < last:
        said = f"{first:g}, {value['prior_median']:g}, {last:g}"
        allowed = "prior_low < prior_median < prior_high"
        found.append(("prior_median", said, allowed, "correct the numbers, or fit anew"))
        return found
    if not low < median < high:
        said = f"{low:g}, {median:g}, {high:g}"
        found.append(("median", said, "low < median < high", "correct the numbers, or fit anew"))
    factor = last / first  # further off than the whole 10-90 % range is a slip
    least, most = value["prior_median"] / factor, value["prior_median"] * factor
    if parameter == SIGMA:
        least = max(least, SIGMA_ABOVE)
    if not least < median < most:
        allowed = f"above {least:g} and below {most:g}, given its prior"
        found.append(("median", f"{median:g}", allowed, "correct the number, or fit anew"))
    return found
