"""The years of an answer as tables and sentences: a line a year, and the long run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from accord.assessment import Assessment
from accord.assessment.paths import PathAnswer
from accord.report import opening
from accord.report.block import Block, Line
from accord.report.main_results import Result, change_of, results
from accord.report.names import place, region
from accord.report.numbers import UNITS, Number, amount, digits_for, small, unit_for

# Results that the table has room for, before and after each year, and their short names.
PAIRS = ("flow", "output", "hub_price", "buyer_price", "duty_revenue")


NO_RANGES = "Draws are of the one year above: these years have no range, numbers at their medians."


@dataclass(frozen=True, slots=True)
class Series:
    """One number over the years, without the deal and with it."""

    result: Result
    before: tuple[Number, ...]
    after: tuple[Number, ...]

    @property
    def change(self) -> tuple[Number, ...]:
        """After less before; what is rounding of the solver is 0."""
        pairs = zip(self.before, self.after, strict=True)
        return tuple(change_of(one, other)[0] for one, other in pairs)


def series(a: Assessment, answer: PathAnswer) -> list[Series]:
    """Return the numbers that are shown over the years."""
    return [_read(r, answer) for r in results(a) if r.measure in PAIRS]


def _read(result: Result, answer: PathAnswer) -> Series:
    found = [result.read(year.effects) for year in answer.paths.years]
    return Series(result, tuple(b for b, _ in found), tuple(x for _, x in found))


def paths(a: Assessment, most: int | None = None) -> Block | None:
    """Return the table of the years, of at most so many numbers; ``None`` if none were asked."""
    answer = a.paths
    if answer is None:
        return None
    columns: list[str] = [""]
    cells: list[list[str]] = [[str(year.year) for year in answer.paths.years]]
    for one in series(a, answer)[:most]:
        titles, shown = _pair(one)
        columns += titles
        cells += shown
    for who in _who(a):
        title, gains = _gains(who, answer)
        columns.append(title)
        cells.append(gains)
    count = len(answer.paths.years)
    lines = tuple(Line(tuple(column[i] for column in cells)) for i in range(count))
    return Block(_heading(answer), tuple(columns), lines, tuple(_notes(a, answer)), words=())


def _heading(answer: PathAnswer) -> str:
    first, last = answer.paths.years[0].year, answer.paths.long_run.year
    span = str(first) if first == last else f"{first}-{last}"
    return f"Year by year, {span}, under law enacted by {opening.day(answer.paths.as_of)}"


def _pair(one: Series) -> tuple[list[str], list[list[str]]]:
    """Return the two columns of a number, before and after, in one unit."""
    both = (*one.before, *one.after)
    unit = unit_for(both, UNITS[one.result.unit])
    digits = digits_for(both, unit)
    # Two columns that differ by less than their digits would say that nothing changed.
    if 0.0 < max((abs(c) for c in one.change if c), default=0.0) < 5.0 * unit.size * 10.0**-digits:
        digits += 1
    name = _short(one.result)
    titles = [f"{name}\n{unit.name}\nbefore", "\n\nafter"]
    return titles, [[amount(v, unit, digits) for v in values] for values in (one.before, one.after)]


def _short(result: Result) -> str:
    """Return a number's name in as few letters as a column has."""
    codes = result.region.replace(">", "→")
    names: dict[str, Callable[[], str]] = {
        "flow": lambda: codes,
        "output": lambda: "output",
        "hub_price": lambda: result.name.partition("(")[2].rstrip(")") or "world price",
        "buyer_price": lambda: f"{codes} pays",
        "duty_revenue": lambda: f"{codes} duty",
    }
    return names[result.measure]()


def _who(a: Assessment) -> list[str]:
    """Return whose gain is shown: the buyer's region and the seller's, else the parties'."""
    ends = (a.focus.importer, a.focus.exporter)
    named = [code for code in dict.fromkeys(ends) if code is not None]
    return named or list(a.parties[:2])


def _gains(who: str, answer: PathAnswer) -> tuple[str, list[str]]:
    values = [year.effects.change("welfare", who) for year in answer.paths.years]
    unit = unit_for(values, UNITS["USD/yr"])
    digits = digits_for(values, unit)
    shown = [amount(v, unit, digits, signed=True) for v in values]
    return f"{who} gains\n{unit.name}\n", shown


def _notes(a: Assessment, answer: PathAnswer) -> Iterable[str]:
    for who in _who(a):
        total = sum(year.effects.change("welfare", who) for year in answer.paths.years)
        unit = unit_for((total,), UNITS["USD/yr"])
        shown = amount(total, unit, digits_for((total,), unit), signed=True)
        where = place(a, who)
        yield f"{where[0].upper()}{where[1:]}: {shown} {unit.name} over these years, undiscounted."
    if a.ensemble is not None:
        yield NO_RANGES


def long_run(a: Assessment) -> Block | None:
    """Return the last year's main results, with the change at slow and at fast growth beside it."""
    answer = a.paths
    if answer is None:
        return None
    last = answer.paths.long_run
    rows = [*results(a), *(_welfare(a, who) for who in _who(a))]
    sides = (last.effects, answer.slow.effects, answer.fast.effects)
    lines = tuple(Line(long_run_cells(row, [row.read(x) for x in sides])) for row in rows)
    columns = ("", "unit", "before", "after", "change", "slow / fast growth")
    note = (
        "Before is the same year without the deal. Slow / fast growth: the change in two other "
        "worlds, where all demand and stated capacities grow as slowly, or as fast, as the outlook "
        "allows. They are two scenarios and no range: the change need not lie between them."
    )
    return Block(f"The long run: {last.year}", columns, lines, (note,))


def _welfare(a: Assessment, who: str) -> Result:
    return Result(f"Gain of {place(a, who)}", "welfare", who, None, "USD/yr")


def long_run_cells(row: Result, found: Sequence[tuple[Number, Number]]) -> tuple[str, ...]:
    """Return the cells of a result, before and after at median, slow and fast growth."""
    changes = [change_of(*pair)[0] for pair in found]
    # The level of welfare hangs on where demand is assumed to end: only its change is a result.
    levels = (None, None) if row.measure == "welfare" else found[0]
    # What is nothing at median growth may be much at another.
    unit = unit_for((*levels, *changes), UNITS[row.unit])
    digits, finer = digits_for((*levels, *changes), unit), digits_for(changes, unit)
    median, slow, fast = (amount(c, unit, finer, signed=True) for c in changes)
    return (
        row.name,
        unit.name + ("/yr" if row.unit.endswith("/yr") else ""),
        *(amount(v, unit, digits) for v in levels),
        median,
        f"{slow} / {fast}",
    )


def plants(a: Assessment) -> Block | None:
    """Return the use of capacity where the deal's good is made, in the first and the last year."""
    answer = a.paths
    if answer is None:
        return None
    first, last = answer.paths.years[0], answer.paths.long_run
    names = [x for x in first.after.universe.activities if x.outputs[0][0] == a.focus.good]
    wanted = [x for x in names if x.region in _who(a)]
    cells = [
        (
            _plant(a, x.name, x.region),
            *(_percent(y.utilisation(x.name)) for y in (first.before, first.after)),
            *(_percent(y.utilisation(x.name)) for y in (last.before, last.after)),
        )
        for x in wanted
    ]
    columns = ("", f"{first.year}\nbefore", "\nafter", f"{last.year}\nbefore", "\nafter")
    heading = "How much of their capacity plants use"
    note = "Idle plants count as capacity: they start again when the price covers their cost."
    return Block(heading, columns, tuple(Line(c) for c in cells), (note,), words=())


def plant_rows(answer: PathAnswer) -> Iterable[tuple[object, ...]]:
    """Return every activity in every year: its use of capacity (a fraction), its output (t/yr)."""
    for year in answer.paths.years:
        sides = year.before, year.after
        for plant in year.after.universe.activities:
            good, per_unit = plant.outputs[0]
            yield (
                year.year,
                plant.name,
                good,
                *(side.utilisation(plant.name) for side in sides),
                *(side.output(plant.name) * per_unit for side in sides),
            )


def _plant(a: Assessment, name: str, code: str) -> str:
    kind, _, rest = name.partition(".")
    own = rest.partition(".")[2]
    return f"{region(a, code)}, {kind}{f' {own}' if own else ''}"


def _percent(value: Number) -> str:
    return "—" if value is None else f"{100.0 * value:.0f} %"


def certificate(a: Assessment) -> str | None:
    """Return the certificate of all years in one sentence: the worst of each number."""
    if a.paths is None:
        return None
    worst, years = a.paths.worst, len(a.paths.checks)
    return (
        f"Every year certified ({years}): markets clear to {small(worst.market_clearing)}, tonnes "
        f"{small(worst.mass_balance)}, limits {small(worst.complementarity)}; welfare computed "
        f"twice to {small(worst.welfare_identity)} (worst in {worst.year})."
    )


def rests_on(a: Assessment) -> list[str]:
    """Return what the path takes for granted."""
    return [] if a.paths is None else [says for says, _ in a.paths.assumptions]


def leaves_out(a: Assessment) -> list[str]:
    """Return what the path leaves out, beyond what the answer does."""
    return [] if a.paths is None else [what for what, _ in a.paths.not_modelled]
