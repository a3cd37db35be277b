"""Several answers side by side; the first is what the others are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from accord.assessment import Answer, Assessment
from accord.display import Displayed
from accord.effects.measures import WORLD
from accord.errors import Fault, InputError
from accord.instruments.problem import listed
from accord.report import trust
from accord.report.compare_draws import (
    CommonDraws,
    common_draws,
    why_not_common,
    why_not_comparable,
)
from accord.report.compare_numbers import WELFARE, read
from accord.report.main_results import NO_CHANGE, Result, results
from accord.report.names import place, region
from accord.report.numbers import Number, largest

MOST = 8
"""Scenarios that are shown side by side; files have all."""


@dataclass(frozen=True)
class Comparison(Displayed):
    """Answers by reference, in the order asked for; ``results`` are what is compared."""

    references: tuple[str, ...]
    answers: tuple[Assessment, ...]
    results: tuple[Result, ...]

    @property
    def comparable(self) -> bool:
        """Whether levels may be subtracted: same data, same year, same closure."""
        return why_not_comparable(self.answers) is None

    @property
    def one_law(self) -> bool:
        """Whether all are answered under the law of one day, so that they have one "before"."""
        return len({a.as_of for a in self.answers}) == 1

    @property
    def ranged(self) -> bool:
        """Whether any scenario has draws."""
        return any(a.ensemble is not None for a in self.answers)

    @cached_property
    def draws(self) -> CommonDraws | None:
        """The scenarios over common draws; ``None`` without draws or where they are not common."""
        return common_draws(self.answers)

    @property
    def shown(self) -> Comparison:
        """The scenarios that are shown side by side: the first eight."""
        if len(self.answers) <= MOST:
            return self
        return Comparison(self.references[:MOST], self.answers[:MOST], self.results)


def markets_only(answers: Sequence[Answer]) -> list[Assessment]:
    """Return answers about markets. Raises ``InputError`` naming those that have none."""
    faults = [
        Fault(
            "command line",
            f"{a.deal.slug}, which has no term about a market",
            "deals about a market: their prices and trade are compared",
            "leave it out, and answer it with `accord run`",
        )
        for a in answers
        if not isinstance(a, Assessment)
    ]
    if faults:
        raise InputError(faults)
    return [a for a in answers if isinstance(a, Assessment)]


def compare(references: Sequence[str], answers: Sequence[Assessment]) -> Comparison:
    """Return answers ready to be shown side by side; what is shown follows the first's focus."""
    first = next((a for a in answers if a.focus.lane is not None), answers[0])
    return Comparison(tuple(references), tuple(answers), (*_duties(first), *results(first)))


def _duties(a: Assessment) -> tuple[Result, ...]:
    lane = a.focus.lane
    if lane is None:
        return ()
    where = f"{lane.origin}>{lane.destination}"
    seller = region(a, lane.origin)
    return (
        Result(f"Duty on {seller} by law", "duty_rate_statutory", where, lane.good, "fraction"),
        Result(f"Duty on {seller} paid", "duty_rate_collected", where, lane.good, "fraction"),
    )


def welfare_rows(c: Comparison) -> tuple[Result, ...]:
    """Return the rows of welfare: the parties in focus, or whoever it moves most, and the world."""
    first = next((a for a in c.answers if a.focus.lane is not None), c.answers[0])
    lane = first.focus.lane
    regions = _most_moved(first) if lane is None else [lane.destination, lane.origin]
    return tuple(
        Result(place(first, code), "welfare", code, None, "USD/yr")
        for code in dict.fromkeys([*regions, WORLD])
    )


def _most_moved(a: Assessment) -> list[str]:
    regions = a.effects.before.universe.regions
    return sorted(regions, key=lambda code: -abs(a.effects.change("welfare", code)))[:3]


def against_first(c: Comparison, result: Result) -> list[Number]:
    """Return the value of each scenario less the first's; 0 where it is rounding."""
    values = [read(a, result)[1] for a in c.answers]
    first, floor = values[0], NO_CHANGE * largest(values)
    if result.measure == WELFARE:
        floor = NO_CHANGE * max(a.effects.gross_change for a in c.answers)
    gaps = [None if v is None or first is None else v - first for v in values]
    return [0.0 if gap is not None and abs(gap) <= floor else gap for gap in gaps]


# -------------------------------------------------------------------------------------- in words


def labels(c: Comparison) -> list[str]:
    """Return short names of the scenarios: the variant alone where all are of one deal."""
    one_deal = len({a.deal.slug for a in c.answers}) == 1
    return [
        a.deal.variant if one_deal and a.deal.variant else ":".join(
            x for x in (a.deal.slug, a.deal.variant) if x
        )
        for a in c.answers
    ]  # fmt: skip


def names(c: Comparison) -> list[str]:
    """Return names that tell the scenarios apart: with their day or place where labels do not."""
    short = labels(c)
    dated = [
        f"{name} of {a.as_of}" if short.count(name) > 1 and not c.one_law else name
        for name, a in zip(short, c.answers, strict=True)
    ]
    seen: Counter[str] = Counter()
    found: list[str] = []
    for name in dated:
        seen[name] += 1
        found.append(f"{name} ({seen[name]})" if dated.count(name) > 1 else name)
    return found


def gain_name(c: Comparison, result: Result) -> str:
    """Return what a row of the table of differences is called."""
    if result.measure != WELFARE:
        return result.name
    # Under laws of different days a difference is the law's doing as well as the deals'.
    return f"{'Gain' if c.one_law else 'Welfare'} of {result.name}"


def counts(c: Comparison) -> list[str]:
    """Return how many scenarios there are beyond those shown, and what is said of their draws."""
    said: list[str] = []
    if len(c.answers) > MOST:
        said.append(
            f"{len(c.answers)} scenarios: the first {MOST} stand side by side; "
            "--json and --out have all."
        )
    return [*said, *_draws(c)]


def _draws(c: Comparison) -> list[str]:
    """Return on how many draws ranges and differences rest, or why there are no differences."""
    why_not = why_not_common(c.answers)
    if why_not is not None:
        return [why_not, *_stopped(c), *_failed(c)]
    different = why_not_comparable(c.answers)
    if different is not None:
        return [f"{different}: nothing is subtracted."]
    first = c.answers[0].ensemble
    if c.draws is None or first is None:
        return []
    done = min(a.ensemble.done for a in c.answers if a.ensemble is not None)
    count = "all" if c.draws.together == done else f"{c.draws.together:,}"
    line = (
        f"Every scenario has the same {done:,} draws of {len(first.numbers)} uncertain numbers "
        f"(seed {first.seed}); {count} have a certified answer in every scenario."
    )
    return [line, *_stopped(c), *_failed(c)]


def _stopped(c: Comparison) -> list[str]:
    early = [
        f"{a.ensemble.done:,} of {a.ensemble.wanted:,} draws of {name}"
        for name, a in zip(names(c), c.answers, strict=True)
        if a.ensemble is not None and a.ensemble.partial
    ]
    said = f"Stopped early: {listed(early, 'and')} were done, and no more are compared."
    return [said] if early else []


def _failed(c: Comparison) -> list[str]:
    without = [
        f"{a.ensemble.failed:,} of {a.ensemble.done:,} in {name}"
        for name, a in zip(names(c), c.answers, strict=True)
        if a.ensemble is not None and a.ensemble.failed
    ]
    return [f"Draws without a certified answer: {listed(without, 'and')}."] if without else []


def notes(c: Comparison) -> list[str]:
    """Return what must be known about each scenario: its answer, and why."""
    said: list[str] = []
    for label, a in zip(labels(c), c.answers, strict=True):
        said.append(f"{label}, {a.as_of}: {a.headline}")
        said += [f"  · {reason}" for reason in a.because]
    return said


def certificates(c: Comparison) -> str:
    """Return in one sentence whether all answers are certified, and the worst of each check."""
    checks = [a.check for a in c.answers]
    worst = max(checks, key=lambda check: check.welfare_identity)
    state = "All are certified" if all(x.ok for x in checks) else "NOT all are certified"
    return (
        f"{state}: markets clear to {trust.small(max(x.market_clearing for x in checks))}, "
        f"welfare computed twice agrees to {trust.small(worst.welfare_identity)}."
    )
