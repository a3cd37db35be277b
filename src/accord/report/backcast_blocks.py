"""The tables of a back-cast's errors, as a screen or a page shows them."""

from __future__ import annotations

from accord.backcast import Backcast, ScoredRow
from accord.backcast.backcast import Explained, SignCheck
from accord.backcast.evidence import SHARES, Event
from accord.backcast.score import RIVALS, RUNS, SHARE, Contest
from accord.report.block import Block, Line
from accord.report.numbers import NONE, TONNES, UNITS, Unit, amount

COLUMNS = {
    "prior": "prior",
    "updated": "updated",
    "naive_unchanged": "nothing\nchanges",
    "naive_full_pass_through": "full pass-\nthrough",
}
NAMES = {
    SHARE: "US import shares",
    "eu_import_share": "Russia in EU imports",
    "us_imports": "US imports",
    "us_premium": "US premium over LME",
    "us_output": "US smelter output",
    "russia_exports": "Russia's exports",
    "hub_price": "LME",
}
POINTS = Unit("pp", 0.01)
LARGE_SHARE = 0.03


SAID_OF_YEARS = (
    "Mean absolute error of US import shares, weighted by observed share, percentage points. "
    "prior: only the law is known of these years. updated: parameters fitted to what was seen "
    "up to 2022, so that 2018-2022 is no forecast there."
)
SAID_OF_DRIFT = (
    "drift alone: the error to expect if all policy were right and tastes drifted as in 2010-2017. "
    "An error far below it is partly luck."
)


def points(value: float | None, digits: int = 1) -> str:
    """Return a fraction as percentage points; a dash where there is none."""
    return f"{amount(value, POINTS, digits)} pp"


def year_block(found: Backcast) -> Block:
    """Return the share errors by year."""
    lines = [
        Line(
            (
                str(y.year),
                str(y.origins),
                *(amount(y.by_run[run], POINTS, 2) for run in RUNS),
                amount(y.drift, POINTS, 1),
            ),
            "plain" if y.judged else "rest",
        )
        for y in found.years
    ]
    notes = (
        SAID_OF_YEARS,
        SAID_OF_DRIFT,
    )
    columns = ("", "origins", *(COLUMNS[run] for run in RUNS), "drift\nalone")
    return Block("Error of US import shares, pp", columns, tuple(lines), notes)


def event_blocks(found: Backcast) -> list[Block]:
    """Return one table an event: observed beside every run."""
    made = [_event(found, event) for event in found.evidence.events]
    return [block for block in made if block is not None]


def _event(found: Backcast, event: Event) -> Block | None:
    mine = [r for r in found.run(RUNS[0]) if r.event == event.id]
    if not mine:
        return None
    shown = [r for r in mine if r.quantity != SHARE or r.observed >= LARGE_SHARE or _russian(r)]
    by_key = {(r.run, r.quantity, r.region, r.date): r for r in found.rows}
    lines: list[Line] = []
    for row in shown:
        runs = [by_key[run, row.quantity, row.region, row.date].predicted for run in RUNS]
        unit, digits = _unit(row)
        cells = [amount(value, unit, digits) for value in (row.observed, *runs)]
        lines.append(Line((_label(row), unit.name, *cells)))
    lines += [_event_error(c) for c in found.of_event(event.id)]
    notes = [event.changes + "."]
    if not event.modelled:
        notes.append("Not in the law of the pack: the model says nothing of it.")
    if len(shown) < len(mine):
        notes.append(f"{len(mine) - len(shown)} smaller origins are scored too (--out, --json).")
    heading = f"{event.starts}  {event.title}"
    columns = ("", "unit", "observed", *(COLUMNS[run] for run in RUNS))
    return Block(heading, columns, tuple(lines), tuple(notes))


def _event_error(c: Contest) -> Line:
    """Return the mean absolute errors of an event's rows of one quantity."""
    unit, digits = _error_unit(c)
    cells = (amount(c.by_run[run], unit, digits) for run in RUNS)
    return Line((f"mean error, {NAMES[c.quantity]}", unit.name, "", *cells), "rest")


def _error_unit(c: Contest) -> tuple[Unit, int]:
    if c.quantity in SHARES:
        return POINTS, 1
    return (TONNES[1] if c.unit == "t/yr" else UNITS[c.unit][0]), 0


def _russian(row: ScoredRow) -> bool:
    return row.region == "RUS"


def _label(row: ScoredRow) -> str:
    what = f"share of {row.region}" if row.quantity == SHARE else NAMES[row.quantity]
    if row.quantity == "russia_exports":
        what = f"{what} to {row.region}" if row.region != "WORLD" else f"{what}, all"
    return f"{what}, {row.date}"


def _unit(row: ScoredRow) -> tuple[Unit, int]:
    if row.quantity in SHARES:
        return Unit("%", 0.01), 1
    if row.unit == "t/yr":
        return TONNES[1], 0
    return UNITS[row.unit][0], 0


def sign_block(found: Backcast) -> Block:
    """Return the directions that were to be checked."""
    titles = {event.id: event.title for event in found.evidence.events}
    lines = tuple(
        Line(
            (
                f"{NAMES[s.quantity]}: {titles[s.event]}",
                s.before,
                s.after,
                _signed(s.observed),
                _signed(s.predicted),
                _verdict(s),
            )
        )
        for s in found.signs
    )
    columns = ("Directions", "from", "to", "observed", "prior", "sign")
    notes = [f"USD/t, dollars of {found.evidence.base}. Required of the two duties only."]
    if found.unchecked:
        notes.append(
            f"{_counted(found.unchecked, 'direction')} cannot be checked: nothing is observed."
        )
    return Block(columns[0], columns, lines, tuple(notes), words=("from", "to", "sign"))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _signed(value: float) -> str:
    return amount(value, Unit("USD/t", 1.0), 0, signed=True)


def _verdict(s: SignCheck) -> str:
    if not s.modelled:
        return "not modelled"
    return "right" if s.right else "WRONG"


def explained_block(found: Backcast) -> Block:
    """Return the way from the base year to each observation: policy, observed outputs, the rest."""
    lines = [_explained(e) for e in found.explained if _worth_explaining(e)]
    years = "; ".join(
        f"{year}: {', '.join(regions)}" for year, regions in found.inputs.items() if regions
    )
    way = (
        f"base: {found.evidence.base}, in dollars of the year. + law: what only the law moves (the "
        "run prior). + outputs: the same with observed smelter outputs as INPUT, demand growing "
        "with them; rest: what neither explains (drift, energy, freight, stocks, sanctions)."
    )
    used = f"Used as input: {years}. Demand is observed nowhere on one basis, and is no input."
    notes = (way, used)
    columns = ("What explains it", "unit", "base", "+ law", "+ outputs", "observed", "rest")
    return Block(columns[0], columns, tuple(lines), notes)


def _worth_explaining(e: Explained) -> bool:
    row = e.row
    if row.day is not None or row.quantity == "us_output":
        return False
    return row.quantity != SHARE or row.region in {"CAN", "RUS", "ARE"}


def _explained(e: Explained) -> Line:
    row = ScoredRow("", e.row.event, e.row.date, e.row.quantity, e.row.region, e.row.value, 0.0,
                    0.0, e.row.unit, used_in_calibration=False, source="")  # fmt: skip
    unit, digits = _unit(row)
    last = e.policy if e.inputs is None else e.inputs
    cells = [amount(x, unit, digits) for x in (e.base, e.policy, e.inputs, e.row.value)]
    return Line(
        (_label(row), unit.name, *cells, amount(e.row.value - last, unit, digits, signed=True))
    )


VERDICTS = {True: "wins", False: "LOSES", None: NONE}


def contest_block(found: Backcast) -> Block:
    """Return mean absolute errors by quantity, and who wins."""
    lines: list[Line] = []
    for c in found.contests:
        unit, digits = _error_unit(c)
        cells = [amount(c.by_run[run], unit, digits) for run in RUNS]
        verdict = [VERDICTS[c.beats("prior", rival)] for rival in RIVALS]
        name = NAMES[c.quantity] if c.judged else f"{NAMES[c.quantity]}, single*"
        weight = "plain" if c.judged else "rest"
        lines.append(Line((name, str(c.rows), unit.name, *cells, *verdict), weight))
    columns = ("Mean absolute error", "rows", "unit", *(COLUMNS[run] for run in RUNS),
               "against\nunchanged", "against\npass-thr.")  # fmt: skip
    note = (
        "wins, loses: the run prior against each naive forecast, over the same rows. Shares: the "
        "mean over years of the share-weighted error. Events that are not modelled are left out."
    )
    notes = [note]
    if not all(c.judged for c in found.contests):
        notes.append("* years with one or two origins, by which no forecast is judged.")
    return Block(columns[0], columns, tuple(lines), tuple(notes), words=("unit", *columns[-2:]))
