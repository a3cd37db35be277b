"""Which lanes a border measure touches: goods × exporters × importers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from accord.instruments.countries import code_for, country_names
from accord.instruments.fields import ALL, Codes, CodesOrAll, GoodsOrAll, about
from accord.instruments.problem import Problem, listed, nearest
from accord.instruments.term import Term
from accord.market import Lane, LaneKey, Market


@dataclass(frozen=True, slots=True)
class Scope:
    """Sets of goods, origins and destinations; home use is never in scope."""

    goods: frozenset[str]
    origins: frozenset[str]
    destinations: frozenset[str]

    def covers(self, lane: Lane) -> bool:
        """Return whether a lane crosses a border that this scope watches."""
        return (
            lane.destination in self.destinations
            and lane.origin in self.origins
            and lane.good in self.goods
            and lane.origin != lane.destination
        )


def regions_named(codes: Collection[str], market: Market) -> frozenset[str]:
    """Return the regions that the codes stand for.

    A country that is only a part of a region does not stand for it; all members together do.
    """
    named = set(codes)
    if named == set(ALL):
        return frozenset(market.region_by_code)
    return frozenset(
        r.code for r in market.regions if r.code in named or (r.members and named >= set(r.members))
    )


def code_problems(field: str, codes: Collection[str], market: Market) -> list[Problem]:
    """Return what is wrong with country or region codes in this market."""
    if set(codes) == set(ALL):
        return []
    regions = regions_named(codes, market)
    found = (_code_problem((field,), code, regions, market) for code in codes)
    return [problem for problem in found if problem is not None]


def _code_problem(
    path: tuple[str, ...], code: str, regions: frozenset[str], market: Market
) -> Problem | None:
    region = market.region_of(code)
    if region is None:
        return _unknown_code(path, code, market)
    if region in regions:
        return None
    whole = market.region_by_code[region]
    found = f'"{code}", which this pack holds only as a part of {region} ({whole.name})'
    allowed = "a region of the pack, or every country of one"
    fix = f'write "{region}" if all of it is meant; or leave {code} out and say so in not_modelled'
    return Problem(path, found, allowed, fix)


def _unknown_code(path: tuple[str, ...], code: str, market: Market) -> Problem:
    names = country_names()
    allowed = f"a region of this pack: {listed(list(market.region_by_code))}"
    if code in names:
        named = next((r.code for r in market.regions if r.name.startswith(names[code])), None)
        fix = f'write "{named}"' if named else "take it out, or use a pack that holds it"
        found = f'"{code}" ({names[code]}), which this pack does not hold'
        return Problem(path, found, allowed, fix)
    likely = nearest(code, list(market.region_by_code)) or code_for(code)
    fix = f'write "{likely}"{_name_of(likely, market)}' if likely else 'write for example "USA"'
    return Problem(path, f'the unknown code "{code}"', allowed, fix)


def _name_of(code: str, market: Market) -> str:
    region = market.region_by_code.get(code)
    name = country_names().get(code, "") if region is None else region.name
    return f" ({name})" if name else ""


def good_problems(field: str, goods: Collection[str], market: Market) -> list[Problem]:
    """Return what is wrong with goods in this market."""
    known = [g.code for g in market.goods]
    problems: list[Problem] = []
    for good in goods:
        if good not in known and set(goods) != set(ALL):
            likely = nearest(good, known)
            fix = f'write "{likely}"' if likely else "take it out, or use a pack that holds it"
            found = f'the unknown good "{good}"'
            problems.append(Problem((field,), found, listed(known), fix))
    return problems


class LaneTerm(Term):
    """A term that falls on trade between regions: goods × exporters × importers."""

    goods: GoodsOrAll = about('a good of the pack, a list of them, or "all"', '["aluminium"]')
    exporters: CodesOrAll = about('a country, a list of them, or "all"', '["RUS"]')
    importers: CodesOrAll = about('a country, a list of them, or "all"', '["USA"]')
    excluded: Codes = about(
        'countries left out where exporters or importers are "all"', '["CAN"]', (), alias="except"
    )

    def scope(self, market: Market) -> Scope:
        """Return the lanes this term falls on."""
        known = frozenset(g.code for g in market.goods)
        left_out = regions_named(self.excluded, market)
        origins = regions_named(self.exporters, market)
        destinations = regions_named(self.importers, market)
        return Scope(
            goods=known if self.goods == ALL else known & frozenset(self.goods),
            origins=origins - left_out if self.exporters == ALL else origins,
            destinations=destinations - left_out if self.importers == ALL else destinations,
        )

    def lanes(self, market: Market) -> tuple[LaneKey, ...]:
        """Return the names of the lanes this term falls on, in the market's order."""
        scope = self.scope(market)
        return tuple(lane.key for lane in market.lanes if scope.covers(lane))

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.excluded and ALL not in (self.exporters, self.importers):
            fix = 'write exporters = "all", or take except out'
            allowed = 'except only where exporters or importers are "all"'
            problems.append(Problem(("except",), "except beside two lists", allowed, fix))
        shared = sorted(set(self.exporters) & set(self.importers) - set(ALL))
        if shared and len(self.exporters) == len(self.importers) == 1:
            found = f'"{shared[0]}" on both sides'
            allowed = "trade between two different regions"
            concerns = ("exporters",)
            problems.append(
                Problem(("importers",), found, allowed, "name the other side", concerns)
            )
        return problems

    def faults(self, market: Market) -> list[Problem]:
        """Return unknown goods and codes, or that there is no such trade in the market."""
        problems = [
            *good_problems("goods", self.goods, market),
            *code_problems("exporters", self.exporters, market),
            *code_problems("importers", self.importers, market),
            *code_problems("except", self.excluded, market),
        ]
        if not problems and not self.lanes(market):
            problems.append(self._no_lanes())
        return problems

    def notes(self, before: Market, after: Market) -> list[str]:
        """Return that the term moves nothing where its lanes stay closed."""
        closed = [after.lane_by_key[key] for key in self.lanes(before)]
        others = {m for lane in closed for m in lane.closed_by if m != self.id}
        if not closed or not others or any(set(x.closed_by) <= {self.id} for x in closed):
            return []
        why = listed(sorted(others), "and")
        return [f"{self.id} has no effect: {self.trade()} stays closed by {why}."]

    def trade(self) -> str:
        """Return the trade this term falls on, in words."""
        goods = "every good" if self.goods == ALL else listed(self.goods, "and")
        sides = [
            f"everywhere{self._but()}" if side == ALL else listed(side, "and")
            for side in (self.exporters, self.importers)
        ]
        return f"{goods} from {sides[0]} to {sides[1]}"

    def _but(self) -> str:
        return f" except {listed(self.excluded, 'and')}" if self.excluded else ""

    def _no_lanes(self) -> Problem:
        allowed = "trade that the pack has a lane for"
        fix = "check goods, exporters and importers; the pack has no flow and no estimate of one"
        return Problem((), f"no trade in {self.trade()}", allowed, fix)
