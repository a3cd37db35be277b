"""A duty by where the metal was smelted, whoever exports it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Literal

from accord.instruments.duty import Basis, matches, no_rate
from accord.instruments.fields import (
    ALL,
    Codes,
    CodesOrAll,
    Flag,
    Patterns,
    Price,
    Rate,
    Slug,
    about,
)
from accord.instruments.problem import Problem, listed
from accord.instruments.scope import Scope, code_problems, good_problems, regions_named
from accord.instruments.term import Term
from accord.market import Lane, Limit, Market, Tracer, Wedge


class SmeltOriginDuty(Term):
    """A duty on metal smelted in ``sources``, in whatever exporter's goods it arrives.

    ``pro_rata``: every exporter ships its average mix, so the duty is due on the share of the
    tracer in that exporter's supply. ``segregated``: an exporter sends its own clean metal first
    and pays nothing; only what it sends beyond its clean supply pays the duty. With ``direct`` the
    sources' own exports pay in full. ``in_place_of`` names duties that metal pays no longer when
    it pays this one: the wedge is then the difference to what they charge in this market.
    """

    names_measures: ClassVar[tuple[str, ...]] = ("in_place_of",)
    ramped: ClassVar[tuple[str, ...]] = ("ad_valorem", "specific")

    kind: str = "smelt_origin_duty"
    good: Slug = about("the good that carries the metal", '"aluminium"')
    importers: Codes = about("the countries that charge it", '["USA"]')
    sources: Codes = about("the countries whose metal it is aimed at", '["RUS"]')
    exporters: CodesOrAll = about('a country, a list of them, or "all"', '"all"', ALL)
    accounting: Literal["segregated", "pro_rata"] = about(
        '"segregated" or "pro_rata"', '"pro_rata"'
    )
    ad_valorem: Rate | None = about("a percentage of the customs value", '"200 %"', None)
    specific: Price | None = about("a price per mass", '"100 USD/t"', None)
    basis: Basis | None = about(
        '"fob" or "cif"; without it, as the importer\'s customs law has it', '"fob"', None
    )
    direct: Flag = about(
        "true or false: whether the sources' own exports pay it too", "true", default=True
    )
    in_place_of: Patterns = about(
        "ids of duties that such metal pays no longer", '["us.s232_*"]', ()
    )

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.ad_valorem is None and self.specific is None:
            problems.append(no_rate("ad_valorem, specific", 'ad_valorem = "200 %"'))
        return problems

    @property
    def stage(self) -> int:
        """Last: it counts what other duties charge."""
        return 5

    def apply(self, market: Market) -> Market:
        """Return the market with the duty on the metal, by the named accounting."""
        tracer = self.tracer(market)
        if tracer is None:
            return market
        sources = regions_named(self.sources, market)
        changed = market
        if self.direct:
            changed = self._charge(changed, self._scope(market, sources), None)
        others = regions_named(self.exporters, market) - sources
        if self.accounting == "pro_rata":
            return self._charge(changed, self._scope(market, others), tracer.name)
        return replace(changed, limits=(*changed.limits, *self._limits(changed, others, tracer)))

    def tracer(self, market: Market) -> Tracer | None:
        """Return the market's tracer of this metal."""
        sources = regions_named(self.sources, market)
        return next(
            (t for t in market.tracers if t.good == self.good and frozenset(t.sources) == sources),
            None,
        )

    def faults(self, market: Market) -> list[Problem]:
        """Return unknown goods and codes, or that the market does not trace this metal."""
        problems = [
            *good_problems("good", (self.good,), market),
            *code_problems("importers", self.importers, market),
            *code_problems("sources", self.sources, market),
            *code_problems("exporters", self.exporters, market),
        ]
        if problems:
            return problems
        if self.tracer(market) is None:
            traced = [f"{t.good} of {listed(t.sources, 'and')}" for t in market.tracers]
            found = f"{self.good} of {listed(self.sources, 'and')}"
            allowed = f"metal that the pack traces: {listed(traced) or 'none'}"
            fix = "use an import_duty on the countries' own exports, or a pack that traces it"
            return [Problem(("sources",), found, allowed, fix)]
        everybody = frozenset(market.region_by_code)
        if not any(self._scope(market, everybody).covers(lane) for lane in market.lanes):
            found = f"no trade in {self.good} to {listed(self.importers, 'and')}"
            allowed = "trade that the pack has a lane for"
            return [Problem(("importers",), found, allowed, "check good and importers")]
        return []

    def _scope(self, market: Market, origins: frozenset[str]) -> Scope:
        return Scope(frozenset({self.good}), origins, regions_named(self.importers, market))

    def _charge(self, market: Market, scope: Scope, tracer: str | None) -> Market:
        return market.map_lanes(
            scope.covers, lambda lane: lane.with_wedge(self._wedge(lane, market, tracer))
        )

    def _wedge(self, lane: Lane, market: Market, tracer: str | None) -> Wedge:
        return Wedge(
            measure=self.id,
            side="import",
            ad_valorem=(self.ad_valorem or 0.0) - self._paid(lane, lambda w: w.ad_valorem),
            specific=(self.specific or 0.0) - self._paid(lane, lambda w: w.specific),
            basis=self.basis or market.region_by_code[lane.destination].customs_basis,
            revenue_to=lane.destination,
            tracer=tracer,
        )

    def _paid(self, lane: Lane, rate: Callable[[Wedge], float]) -> float:
        """Return what the duties it stands in place of charge on a lane."""
        return sum(rate(w) for w in lane.active_wedges if matches(w.measure, self.in_place_of))

    def _limits(self, market: Market, origins: frozenset[str], tracer: Tracer) -> list[Limit]:
        """Return a limit for each exporter: its clean supply goes free, the excess pays."""
        by_origin: dict[str, list[Lane]] = {}
        scope = self._scope(market, origins)
        for lane in market.lanes:
            if scope.covers(lane):
                by_origin.setdefault(lane.origin, []).append(lane)
        return [
            Limit(
                measure=self.id,
                sense="at_most",
                lanes=tuple(lane.key for lane in lanes),
                bound=0.0,
                rent_to=origin,
                over=self._wedge(lanes[0], market, None),
                clean_supply=(origin, tracer.name),
            )
            for origin, lanes in by_origin.items()
        ]
