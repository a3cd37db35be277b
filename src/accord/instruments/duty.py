"""What every duty at a border shares: its rate, its base, and how it sets others aside."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import ClassVar, Literal

from accord.instruments.fields import Patterns, Share, about
from accord.instruments.problem import Problem
from accord.instruments.scope import LaneTerm, Scope
from accord.market import Lane, Limit, Market, Wedge

Basis = Literal["fob", "cif"]
Mode = Literal["adds", "replaces"]


class Duty(LaneTerm):
    """A term that charges imports: base, metal content, and the duties it stands in place of."""

    names_measures: ClassVar[tuple[str, ...]] = ("replaces",)

    basis: Basis | None = about(
        '"fob" or "cif"; without it, as the importer\'s customs law has it', '"fob"', None
    )
    content: Share = about(
        "the share of the value on which the duty falls, more than 0 % and at most 100 %",
        '"100 %"',
        1.0,
    )
    mode: Mode = about('"adds" or "replaces"', '"adds"', "adds")
    replaces: Patterns = about("ids of the measures it stands in place of", '["us.s232_*"]', ())

    @property
    def stage(self) -> int:
        """In place of all duties that were there: before new ones; of named ones: after them."""
        if self.mode == "adds":
            return 2
        return 3 if self.replaces else 1

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.replaces and self.mode == "adds":
            fix = 'add mode = "replaces", or take replaces out'
            found = 'replaces with mode = "adds"'
            allowed = 'replaces only with mode = "replaces"'
            problems.append(Problem(("replaces",), found, allowed, fix))
        return problems

    def faults(self, market: Market) -> list[Problem]:
        """Return what is wrong with the term in this market."""
        problems = super().faults(market)
        if not problems and self.mode == "replaces":
            patterns = self.replaces or ("*",)
            problems += shared_quota_problems(market, self.scope(market), patterns, "mode")
        return problems

    def prepared(self, market: Market) -> Market:
        """Return the market with the duties set aside that this one stands in place of."""
        if self.mode == "adds":
            return market
        return set_aside(market, self.scope(market), self.id, self.replaces)

    def wedge(self, ad_valorem: float, specific: float, lane: Lane, market: Market) -> Wedge:
        """Return the duty as a wedge on a lane, collected by the importer."""
        return Wedge(
            measure=self.id,
            side="import",
            ad_valorem=ad_valorem,
            specific=specific,
            basis=self.basis or market.region_by_code[lane.destination].customs_basis,
            content=self.content,
            revenue_to=lane.destination,
        )

    def charged(self, market: Market, ad_valorem: float, specific: float) -> Market:
        """Return the market with the wedge on every lane of the term."""
        return market.map_lanes(
            self.scope(market).covers,
            lambda lane: lane.with_wedge(self.wedge(ad_valorem, specific, lane, market)),
        )


def no_rate(fields: str, example: str) -> Problem:
    """Return the problem of a duty or subsidy that names no rate."""
    concerns = tuple(fields.split(", "))
    return Problem((), "no rate", f"{fields}, or both", f"add {example}", concerns)


def matches(measure: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a measure's id matches one of the patterns (``*`` is any part)."""
    return any(fnmatchcase(measure, p) for p in patterns)


def set_aside(market: Market, scope: Scope, by: str, patterns: tuple[str, ...]) -> Market:
    """Return the market with measures suspended on the scope's lanes, and their shared limits.

    Without patterns every import duty there is suspended, the ordinary tariff included. Wedges
    that another measure holds suspended already are marked too, so that the order of terms does
    not matter.
    """

    def suspended(lane: Lane) -> Lane:
        aimed = [_aimed_at(w, by, patterns) for w in lane.wedges]
        if not any(aimed):
            return lane
        pairs = zip(lane.wedges, aimed, strict=True)
        return replace(lane, wedges=tuple(w.suspend(by) if hit else w for w, hit in pairs))

    limits = tuple(
        replace(x, suspended_by=(*x.suspended_by, by))
        if x.measure != by and _limit_aimed_at(x, patterns) and _inside(x, scope)
        else x
        for x in market.limits
    )
    changed = market.map_lanes(lambda x: bool(x.wedges) and scope.covers(x), suspended)
    return replace(changed, limits=limits)


def _aimed_at(wedge: Wedge, by: str, patterns: tuple[str, ...]) -> bool:
    if wedge.measure == by or by in wedge.suspended_by:
        return False
    return matches(wedge.measure, patterns) if patterns else wedge.side == "import"


def _limit_aimed_at(limit: Limit, patterns: tuple[str, ...]) -> bool:
    # A plain quota is not a duty: only a tariff-rate quota is set aside unnamed.
    return matches(limit.measure, patterns) if patterns else limit.over is not None


def _inside(limit: Limit, scope: Scope) -> bool:
    return all(
        k.good in scope.goods and k.origin in scope.origins and k.destination in scope.destinations
        for k in limit.lanes
    )


def shared_quota_problems(
    market: Market, scope: Scope, patterns: tuple[str, ...], field: str
) -> list[Problem]:
    """Return the quotas that would be set aside for some of those who share them only."""
    problems: list[Problem] = []
    for limit in market.limits:
        if not limit.in_force or not matches(limit.measure, patterns) or _inside(limit, scope):
            continue
        if limit.over is None and patterns == ("*",):
            continue
        if any(scope.covers(market.lane_by_key[k]) for k in limit.lanes):
            found = f"{limit.measure}, a quota shared with trade outside this term"
            allowed = "quotas whose every user is in the term"
            fix = f"lift {limit.measure} and write a quota for those who keep it"
            problems.append(Problem((field,), found, allowed, fix))
    return problems
