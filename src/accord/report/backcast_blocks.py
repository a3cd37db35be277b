"""The tables of a back-cast, as a screen or a page shows them."""

from __future__ import annotations

from collections.abc import Sequence

from accord.backcast import Backcast, ScoredRow
from accord.backcast.backcast import Explained, SignCheck
from accord.backcast.evidence import SHARES, Event
from accord.backcast.posterior import TRIAL_YEARS, Trial
from accord.backcast.score import ENOUGH_ORIGINS, RIVALS, RUNS, SHARE
from accord.report.block import Block, Line
from accord.report.numbers import TONNES, UNITS, Unit, amount, percent

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
MOVES = 0.0005
"""Change of an error (a fraction) from which a parameter is listed by itself."""
TELLS = 0.1
"""Part of a parameter's prior spread below which the evidence has said nothing of it."""


SAID_OF_YEARS = (
    "Mean absolute error of US import shares, weighted by observed share, percentage points. "
    "prior: only the law is known of these years. updated: parameters fitted to what was seen "
    "up to 2022, so that 2018-2022 is no forecast there."
)
SAID_OF_DRIFT = (
    "drift alone: the error to expect if all policy were right and tastes drifted as in 2010-2017. "
    "An error far below it is partly luck."
)


def blocks(found: Backcast) -> list[Block]:
    """Return every table, in the order of reading."""
    return [
        year_block(found),
        *event_blocks(found),
        sign_block(found),
        explained_block(found),
        contest_block(found),
        posterior_block(found),
        sensitivity_block(found),
        choice_block(found),
    ]


def points(value: float, digits: int = 1) -> str:
    """Return a fraction as percentage points."""
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
            "plain" if y.origins >= ENOUGH_ORIGINS else "rest",
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
    notes = [event.changes + "."]
    if not event.modelled:
        notes.append("Not in the law of the pack: the model says nothing of it.")
    if len(shown) < len(mine):
        notes.append(f"{len(mine) - len(shown)} smaller origins are scored too (--out, --json).")
    heading = f"{event.starts}  {event.title}"
    columns = ("", "unit", "observed", *(COLUMNS[run] for run in RUNS))
    return Block(heading, columns, tuple(lines), tuple(notes))


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
    note = f"USD/t, dollars of {found.evidence.base}. Required of the two duties only."
    return Block(columns[0], columns, lines, (note,), words=("from", "to", "sign"))


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


def contest_block(found: Backcast) -> Block:
    """Return mean absolute errors by quantity, and who wins."""
    lines: list[Line] = []
    for c in found.contests:
        row = next(r for r in found.rows if r.quantity == c.quantity)
        unit, digits = _unit(row)
        unit = POINTS if c.quantity in SHARES else unit
        cells = [amount(c.by_run[run], unit, digits) for run in RUNS]
        verdict = ["wins" if c.beats("prior", rival) else "LOSES" for rival in RIVALS]
        lines.append(Line((NAMES[c.quantity], str(c.rows), unit.name, *cells, *verdict)))
    columns = ("Mean absolute error", "rows", "unit", *(COLUMNS[run] for run in RUNS),
               "against\nunchanged", "against\npass-thr.")  # fmt: skip
    note = (
        "wins, loses: the run prior against each naive forecast, over the same rows. Shares: the "
        "mean over years of the share-weighted error. Events that are not modelled are left out."
    )
    return Block(columns[0], columns, tuple(lines), (note,), words=("unit", *columns[-2:]))


def posterior_block(found: Backcast) -> Block:
    """Return the parameters before and after the evidence."""
    lines = tuple(
        Line(
            (
                u.name,
                *(f"{x:.3g}" for x in (u.prior[0], u.prior[1], u.prior[2])),
                *(f"{x:.3g}" for x in (u.median, u.low, u.high)),
                percent(100.0 * u.told, digits=0),
            )
        )
        for u in found.posterior.updates
    )
    p = found.posterior
    silent = [u.name for u in p.updates if u.told < TELLS]
    strongest = max(p.correlations.items(), key=lambda item: abs(item[1]))
    pair, value = strongest
    correlation = amount(value, Unit("", 1.0), 2)
    size = (
        "Prior and updated: median, 10th and 90th percentile. told: by how much the evidence "
        f"narrows the logarithm. {p.draws} draws, worth {p.effective:.0f} independent ones."
    )
    limits = (
        f"The evidence hardly tells: {', '.join(silent) or 'none of these'}. Largest correlation: "
        f"{correlation} ({pair[0]}; {pair[1]})."
    )
    notes = [size, limits]
    if not found.fit_is_current:
        notes.append(
            "The updated parameters and the tables of choices were computed from another state of "
            f"the pack or the program: run accord pack build {found.pack.name}."
        )
    columns = ("Parameters", "prior", "low", "high", "updated", "low ", "high ", "told")
    return Block(columns[0], columns, lines, tuple(notes))


def sensitivity_block(found: Backcast) -> Block:
    """Return the share errors with each elasticity at its 10th and 90th percentile."""
    trials = found.posterior.sensitivity
    names = list(dict.fromkeys(t.name for t in trials))
    base = found.posterior.choices[0].years
    lines = [
        _ends([t for t in trials if t.name == name]) for name in names if _moves(trials, name, base)
    ]
    still = len(names) - len(lines)
    columns = (
        "One at a time, pp",
        *(f"{y}\n{end}" for y in TRIAL_YEARS for end in ("low", "high")),
    )
    note = (
        "Share error of the run prior with one elasticity at its 10th (low) and 90th (high) "
        f"percentile. {still} more move no year by {points(MOVES, 2)}."
    )
    return Block(columns[0], columns, tuple(lines), (note, robustness(found)))


def robustness(found: Backcast) -> str:
    """Return under which of the trials the model no longer beats "nothing changes"."""
    rival = {y.year: y.by_run[RIVALS[0]] for y in found.years}
    lost = [
        f"{t.name} at its {ENDS[t.at]} percentile in {year}"
        for t in found.posterior.sensitivity
        for year, error in zip(TRIAL_YEARS, t.years, strict=True)
        if error >= rival[year]
    ]
    count = len(found.posterior.sensitivity) * len(TRIAL_YEARS)
    if not lost:
        return f"“Nothing changes” is beaten in all {count} of these cases."
    return (
        f"“Nothing changes” is beaten in {count - len(lost)} of {count} of these cases; not with "
        f"{'; '.join(lost)}."
    )


ENDS = {"low": "10th", "high": "90th"}


def _moves(trials: Sequence[Trial], name: str, base: Sequence[float]) -> bool:
    mine = [t for t in trials if t.name == name]
    return any(abs(x - b) >= MOVES for t in mine for x, b in zip(t.years, base, strict=True))


def _ends(pair: Sequence[Trial]) -> Line:
    low, high = pair
    cells = [x for ends in zip(low.years, high.years, strict=True) for x in ends]
    name = f"{low.name} ({low.value:.3g} / {high.value:.3g})"
    return Line((name, *(amount(x, POINTS, 2) for x in cells)))


def choice_block(found: Backcast) -> Block:
    """Return the errors under each choice, made or not."""
    lines = tuple(
        Line(
            (
                t.name,
                t.at,
                *(amount(x, POINTS, 2) for x in t.years),
                amount(t.premium, Unit("USD/t", 1.0), 0),
                percent(100.0 * t.imports, digits=1),
            )
        )
        for t in found.posterior.choices
    )
    columns = ("Choices", "", *(f"{y}, pp" for y in TRIAL_YEARS), "premium\nUSD/t", "US imports")
    note = (
        "Errors: shares by year; the premium's annual figures; total US imports. tried: computed "
        "and not taken. refused: fits single lanes."
    )
    return Block(columns[0], columns, lines, (note,), words=("",))
