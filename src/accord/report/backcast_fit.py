"""The tables of a back-cast's parameters: updated, tried one at a time, and other choices."""

from __future__ import annotations

from collections.abc import Sequence

from accord.backcast import Backcast
from accord.backcast.posterior import TRIAL_YEARS, Trial, how_to_refit
from accord.backcast.score import RIVALS, smaller
from accord.report.backcast_blocks import POINTS, points
from accord.report.block import Block, Line
from accord.report.numbers import Unit, amount, percent

MOVES = 0.0005
"""Change of an error (a fraction) from which a parameter is listed by itself."""
TELLS = 0.1
"""Part of a parameter's prior spread below which the evidence has said nothing of it."""


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
            f"the pack or the program, and stay as they were until they are fitted anew: "
            f"{how_to_refit(found.pack)}."
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
    lost: list[str] = []
    open_cases: list[int] = []
    for t in found.posterior.sensitivity:
        for year, error in zip(TRIAL_YEARS, t.years, strict=True):
            wins = smaller(error, rival.get(year))
            if wins is None:
                open_cases.append(year)
            elif not wins:
                lost.append(f"{t.name} at its {ENDS[t.at]} percentile in {year}")
    count = len(found.posterior.sensitivity) * len(TRIAL_YEARS) - len(open_cases)
    return f"{_beaten(count, lost)}{_not_compared(open_cases)}".strip()


def _beaten(count: int, lost: Sequence[str]) -> str:
    if not lost:
        return f"“Nothing changes” is beaten in all {count} of these cases." if count else ""
    return (
        f"“Nothing changes” is beaten in {count - len(lost)} of {count} of these cases; not with "
        f"{'; '.join(lost)}."
    )


def _not_compared(years: Sequence[int]) -> str:
    if not years:
        return ""
    named = " and ".join(map(str, sorted(set(years))))
    return f" {len(years)} cases of {named} cannot be compared: no observed shares."


ENDS = {"low": "10th", "high": "90th"}


def _moves(trials: Sequence[Trial], name: str, base: Sequence[float | None]) -> bool:
    pairs = (p for t in trials if t.name == name for p in zip(t.years, base, strict=True))
    return any(abs(x - b) >= MOVES for x, b in pairs if x is not None and b is not None)


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
                percent(None if t.imports is None else 100.0 * t.imports, digits=1),
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
