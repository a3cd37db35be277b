"""What a deal offers side by side: one line for the market and for each other part.

Money of different kinds stands beside each other and is never added up: a gain of welfare a year,
what a project is worth on one day, what is left of sales before capital, a budget that is freed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accord.assessment.assessment import Answer, Assessment
from accord.assessment.part import Amount, Summary
from accord.assessment.words import good
from accord.instruments.countries import country_names
from accord.instruments.problem import listed

NEVER_ADDED = "Money of different kinds is never added up"
ACCESS = "low to high access"
DRAWS = "10 to 90 % of draws"


@dataclass(frozen=True, slots=True)
class Offers:
    """All offers of a deal, and the countries that its money is told for, by code."""

    lines: tuple[Summary, ...]
    parties: tuple[str, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What kinds of money there are, in full."""
        return tuple(dict.fromkeys(x.money_is[0] for x in self.lines if x.money))

    @property
    def note(self) -> str | None:
        """What must not be done with the table, ``None`` where all money is of one kind."""
        if len(self.kinds) < 2:  # noqa: PLR2004 - it takes two
            return None
        return f"{NEVER_ADDED}: {'; '.join(self.kinds)}."


def offers(a: Answer) -> Offers | None:
    """Return the offers of a deal side by side, ``None`` where it has but one."""
    summaries = [x.summary for x in a.parts if x.summary is not None]
    if isinstance(a, Assessment):
        summaries.insert(0, _of_market(a))
    if len(summaries) < 2:  # noqa: PLR2004 - it takes two
        return None
    codes = (p.country or p.code or "" for p in a.scene.deal.parties)
    return Offers(tuple(summaries), tuple(dict.fromkeys(code for code in codes if code)))


def country(code: str) -> str:
    """Return a country's name, or the code where it has none."""
    return country_names().get(code, code)


def _of_market(a: Assessment) -> Summary:
    name = a.focus.good.replace("_", " ")
    money = tuple(_gains(a))
    quantities = tuple(_trade(a))
    return Summary(
        name=f"{name[:1].upper()}{name[1:]}",
        quantities=quantities,
        money=money,
        money_is=("change of welfare a year", "gain/yr"),
        shown=quantities[0] if quantities else next(iter(money), None),
        year=a.level_year,
        when=f"at the levels of {a.level_year}",
        needs=tuple(_needs(a)),
    )


def _trade(a: Assessment) -> Iterator[Amount]:
    lane = a.focus.lane
    if lane is None:
        return
    cases = {
        case.weights: case.effects.after.flow(*lane) - case.effects.before.flow(*lane)
        for case in a.access
    }
    change = a.effects.after.flow(*lane) - a.effects.before.flow(*lane)
    what = f"{good(a.good_names.get(lane.good, lane.good))} sold"
    drawn = _drawn(a, "flow", f"{lane.origin}>{lane.destination}", lane.good)
    ends = (cases["low"], cases["high"]) if cases else None
    yield Amount(what, change, "t/yr", "", "", *_range(drawn, ends))


def _gains(a: Assessment) -> Iterator[Amount]:
    for code in a.parties:
        ends = [
            case.effects.change("welfare", code) for case in a.access if case.weights != "central"
        ]
        value = a.effects.change("welfare", code)
        access = (min(ends), max(ends)) if ends else None
        found = _range(_drawn(a, "welfare", code), access)
        yield Amount("welfare gain", value, "USD/yr", code, "", *found)


def _range(
    drawn: tuple[float, float] | None, access: tuple[float, float] | None
) -> tuple[float | None, float | None, str]:
    """Return low, high and of what kind: of draws, else of access; none where access is fixed."""
    if drawn is not None:
        return *drawn, DRAWS
    return (None, None, "") if access is None else (*access, ACCESS)


def _drawn(
    a: Assessment, measure: str, region: str, good: str | None = None
) -> tuple[float, float] | None:
    """Return between what a change lies in 8 of 10 draws; ``None`` without draws."""
    found = None if a.ensemble is None else a.ensemble.range_of(measure, region, good)
    if found is None or found.change is None:
        return None
    return found.change.low, found.change.high


def _needs(a: Assessment) -> Iterator[str]:
    """Yield what the deal's text leaves out and its market needs."""
    implied = [term.id for term in a.terms if term.implied]
    if implied:
        yield f"what its text leaves out: {listed(implied, 'and')}"
