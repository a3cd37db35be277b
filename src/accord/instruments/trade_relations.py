"""Normal trade relations and their suspension: which column of an importer's tariff applies."""

from __future__ import annotations

from typing import ClassVar, Literal

from accord.instruments.duty import matches, set_aside
from accord.instruments.fields import ALL, GoodsOrAll, Patterns, Slug, about
from accord.instruments.lift import not_in_force, without_in
from accord.instruments.problem import Problem, listed
from accord.instruments.scope import LaneTerm
from accord.market import DutyColumn, Lane, Market, Wedge

ORDINARY_TARIFF = "tariff.general"
"""The measure that the rates of the general column carry on lanes."""


class TradeRelations(LaneTerm):
    """Suspends or restores normal trade relations between importers and partners.

    ``suspended``: the rates of ``column`` are due in place of the ordinary tariff (the measures in
    ``replaces``). ``normal``: the suspensions named in ``restores`` end for these partners, and
    the ordinary tariff is due again.
    """

    names_measures: ClassVar[tuple[str, ...]] = ("restores", "replaces")

    kind: str = "trade_relations"
    relations: Literal["suspended", "normal"] = about('"suspended" or "normal"', '"normal"')
    goods: GoodsOrAll = about('a good, a list of them, or "all"', '["aluminium"]', ALL)
    column: Slug = about("a column of the importer's tariff", '"column2"', "column2")
    replaces: Patterns = about(
        "ids of the measures that the column stands in place of",
        f'["{ORDINARY_TARIFF}"]',
        (ORDINARY_TARIFF,),
    )
    restores: Patterns = about("ids of the suspensions that end", '["us.column2_russia"]', ())

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.relations == "normal" and not self.restores:
            fix = 'add for example restores = ["us.column2_russia"]'
            allowed = "ids of the suspensions that end"
            problems.append(Problem(("restores",), "nothing", allowed, fix))
        wrong = ("column", "replaces") if self.relations == "normal" else ("restores",)
        for name in sorted(set(wrong) & self.model_fields_set):
            found = f'{name} with relations = "{self.relations}"'
            other = "suspended" if self.relations == "normal" else "normal"
            allowed = f'{name} only with relations = "{other}"'
            problems.append(Problem((name,), found, allowed, "take it out"))
        return problems

    def apply(self, market: Market) -> Market:
        """Return the market with the other column in force, or the ordinary one back."""
        if self.relations == "normal":
            for measure in self._suspensions(market):
                market = without_in(market, self.scope(market), measure)
            return market
        rates, scope = self._rates(market), self.scope(market)
        aside = set_aside(market, scope, self.id, self.replaces)
        return aside.map_lanes(
            lambda lane: scope.covers(lane) and lane_column(lane) in rates,
            lambda lane: lane.with_wedge(
                column_wedge(self.id, rates[lane_column(lane)], lane, market)
            ),
        )

    def faults(self, market: Market) -> list[Problem]:
        """Return what is wrong with the term in this market."""
        problems = super().faults(market)
        if problems or self.relations == "normal" or self._rates(market):
            return problems
        columns = sorted({c.column for c in market.columns})
        found = f'no rates in the column "{self.column}" for {self.trade()}'
        fix = "check the column and the importers"
        return [Problem(("column",), found, listed(columns) or "a column of the pack", fix)]

    def notes(self, before: Market, after: Market) -> list[str]:
        """Return suspensions that are not in force, and closed lanes."""
        notes = super().notes(before, after)
        if self.relations == "normal":
            return [*not_in_force(self.id, self.restores, before), *notes]
        return notes

    def _suspensions(self, market: Market) -> list[str]:
        return sorted(m for m in market.measures if matches(m, self.restores))

    def _rates(self, market: Market) -> dict[tuple[str, str], DutyColumn]:
        scope = self.scope(market)
        return {
            (c.importer, c.good): c
            for c in market.columns
            if c.column == self.column
            and c.importer in scope.destinations
            and c.good in scope.goods
        }


def ordinary_tariff(market: Market, column: str = "general") -> Market:
    """Return the market with the rates of every importer's general column on its lanes.

    They carry the measure ``ORDINARY_TARIFF``, which suspended trade relations set aside.
    """
    rates = {(c.importer, c.good): c for c in market.columns if c.column == column}
    return market.map_lanes(
        lambda lane: lane.origin != lane.destination and _charged(lane, rates),
        lambda lane: lane.with_wedge(
            column_wedge(ORDINARY_TARIFF, rates[lane_column(lane)], lane, market)
        ),
    )


def _charged(lane: Lane, rates: dict[tuple[str, str], DutyColumn]) -> bool:
    rate = rates.get(lane_column(lane))
    return rate is not None and (rate.ad_valorem, rate.specific) != (0.0, 0.0)


def lane_column(lane: Lane) -> tuple[str, str]:
    """Return what a tariff column is looked up by: importer and good."""
    return lane.destination, lane.good


def column_wedge(measure: str, rate: DutyColumn, lane: Lane, market: Market) -> Wedge:
    """Return a tariff column's rate as a wedge on a lane."""
    return Wedge(
        measure=measure,
        side="import",
        ad_valorem=rate.ad_valorem,
        specific=rate.specific,
        basis=market.region_by_code[lane.destination].customs_basis,
        revenue_to=lane.destination,
    )
