"""What every kind of term has in common: identity, dates, sources, and what it does to a market."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Annotated, ClassVar, Literal, Self, cast

from pydantic import PlainValidator

from accord import units
from accord.instruments.fields import Count, Day, Flag, Slug, Slugs, Text, about
from accord.instruments.problem import FieldError, Problem, field_names, nearest, shown
from accord.instruments.table import Table
from accord.market import Market

Status = Literal["measured", "reported", "derived", "assumed"]


def _ramp(value: object) -> tuple[float, ...]:
    allowed = "a list of percentages, one a year, each more than 0 % and at most 100 %, not falling"
    fix = 'write for example ["25 %", "50 %", "100 %"]'
    given = cast("list[object]", value if isinstance(value, list) else [])
    if not given:
        raise FieldError(shown(cast("object", value)), allowed, fix)
    steps = tuple(units.parse(x, units.SHARE) for x in given)
    if any(not 0.0 < x <= 1.0 for x in steps):
        raise FieldError(shown(given), allowed, fix)
    if list(steps) != sorted(steps):
        raise FieldError(shown(given), allowed, "order the percentages from low to high")
    return steps


class NotModelled(Table):
    """An effect that a term has in the world and not in the model."""

    what: Text = about("text: the effect that is left out", '"jobs in ports"')
    why: Text = about("text: why the model leaves it out", '"the model has no labour market"')


class Where(Table):
    """A place in a source, so that it can be found without copying it."""

    offset: Count = about("characters before the place, a whole number", "1371")
    length: Count | None = about("characters of the place, a whole number", "80", None)


class Term(Table):
    """One term of a deal or one measure of the law; a subclass for each kind.

    ``ramped`` names the fields that grow while the term is phased in, ``names_measures`` those
    with ids of measures. ``domain`` says which part of an answer is about it: ``market``, another
    (see ``DomainTerm``), or none.
    """

    domain: ClassVar[str] = "market"
    ramped: ClassVar[tuple[str, ...]] = ()
    names_measures: ClassVar[tuple[str, ...]] = ()

    id: Slug = about("a name of its own: lower-case letters, digits and - _ .", '"supply"')
    kind: str = about("one of the kinds of terms", '"import_duty"')
    title: Text = about("text: the term in a few words", '"Supply of aluminium"', "")
    starts: Day | None = about(
        "the first day in force, as YYYY-MM-DD", "2025-02-24", None, alias="from"
    )
    until: Day | None = about("the first day no longer in force, as YYYY-MM-DD", "2030-01-01", None)
    ramp: Annotated[tuple[float, ...], PlainValidator(_ramp)] = about(
        "a list of percentages, one a year", '["25 %", "50 %", "100 %"]', ()
    )
    requires: Slugs = about("ids of terms that must be in the deal too", '["lift-ban"]', ())
    implied: Flag = about(
        "true or false: needed by the deal, not in its text", "true", default=False
    )
    assumed: Slugs = about("names of this term's fields that are guesses", '["goods"]', ())
    reading: Text = about("text: why these numbers", '"the report says up to"', "")
    source: Slugs = about("the id of a source of this file", '"report"', ())
    where: Where | None = about(
        "the place in the source: { offset = 1371 } in characters", "{ offset = 1371 }", None
    )
    status: Status | None = about("how well the numbers are known", '"reported"', None)
    not_modelled: tuple[NotModelled, ...] = about(
        "a list of {what, why} tables", '[{ what = "jobs", why = "no labour market" }]', ()
    )

    @property
    def never_modelled(self) -> tuple[NotModelled, ...]:
        """What terms of this kind do and no model here shows."""
        return ()

    @property
    def stage(self) -> int:
        """Where the term stands among those put into effect together (see ``enact``)."""
        return 2

    def apply(self, market: Market) -> Market:
        """Return the market with this term in effect; all it adds carries its id."""
        raise NotImplementedError

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        return [*self._dates(), *self._ramp_faults(), *self._assumed_faults()]

    def faults(self, market: Market) -> list[Problem]:
        """Return what is wrong with the term in this market, before it is applied."""
        del market
        return []

    def result_faults(self, after: Market) -> list[Problem]:
        """Return what is wrong with the term once the whole deal is in effect."""
        del after
        return []

    def notes(self, before: Market, after: Market) -> list[str]:
        """Return what a reader must know about the term's effect or lack of one.

        ``before`` is the market under the law without the deal, ``after`` with all of its terms.
        """
        del before, after
        return []

    @property
    def begins(self) -> date | None:
        """The first day on which it does anything; ``None``: it always has."""
        return self.starts

    @property
    def steps(self) -> tuple[float, ...]:
        """What part of it is there in each year from ``begins`` on; none: all of it at once."""
        return self.ramp

    def in_force(self, day: date) -> bool:
        """Return whether the term is in force on a day."""
        return (self.begins is None or self.begins <= day) and (
            self.until is None or day < self.until
        )

    def overlaps(self, other: Term) -> bool:
        """Return whether there is a day on which both terms are in force."""
        return _before(self.starts, other.until) and _before(other.starts, self.until)

    def share_on(self, day: date) -> float:
        """Return the phased-in fraction of the term on a day (1 where there is no ramp)."""
        if not self.steps or self.begins is None:
            return 1.0
        years = day.year - self.begins.year - ((day.month, day.day) < _month_day(self.begins))
        return self.steps[min(max(years, 0), len(self.steps) - 1)]

    def scaled(self, share: float) -> Self:
        """Return the term with its ramped fields multiplied by ``share``."""
        values = {name: getattr(self, name) for name in self.ramped}
        update = {name: value * share for name, value in values.items() if value is not None}
        return self.model_copy(update=update)

    def _dates(self) -> list[Problem]:
        if self.starts is None or self.until is None or self.starts < self.until:
            return []
        found = f"{self.until}, which is not after from = {self.starts}"
        fix = f"exchange the two: from = {self.until}, until = {self.starts}"
        if self.starts == self.until:
            fix = "give until the first day on which the term no longer holds"
        return [Problem(("until",), found, "a day after from", fix)]

    def _ramp_faults(self) -> list[Problem]:
        if not self.ramp:
            return []
        if not self.ramped:
            found = f"a ramp on a term of kind {self.kind}"
            allowed = "no ramp: there is nothing in this kind that grows"
            return [Problem(("ramp",), found, allowed, "take ramp out")]
        if self.starts is None:
            fix = "add for example from = 2025-02-24"
            return [Problem(("ramp",), "a ramp without from", "ramp together with from", fix)]
        return []

    def _assumed_faults(self) -> list[Problem]:
        names = field_names(type(self))
        problems: list[Problem] = []
        for place, name in enumerate(self.assumed):
            if name not in names:
                likely = nearest(name, names)
                fix = f'write "{likely}"' if likely else "name a field of this term"
                allowed = f"a field of a term of kind {self.kind}"
                problems.append(Problem(("assumed", place), f'"{name}"', allowed, fix))
        if self.assumed and not self.reading:
            fix = 'add reading = "..."'
            problems.append(Problem(("reading",), "nothing", "why the fields are assumed so", fix))
        return problems


def _before(start: date | None, end: date | None) -> bool:
    return start is None or end is None or start < end


def _month_day(day: date) -> tuple[int, int]:
    return day.month, day.day


def same_day(day: date, year: int) -> date:
    """Return the same day of another year, the 1st of March for a 29th of February it lacks."""
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)
