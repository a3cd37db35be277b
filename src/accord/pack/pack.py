"""A data pack: the world's numbers with their sources, and the markets made from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from accord.errors import Fault, InputError
from accord.instruments import Term
from accord.market import Market
from accord.pack.access import with_access
from accord.pack.balance import BalanceRow
from accord.pack.calibrate import Calibration, Calibrator, LaneWeights, calibrator
from accord.pack.carry import carry
from accord.pack.columns import listed
from accord.pack.contents import Adjustment, Contents, Observation, UserShare
from accord.pack.fixed import FixedNumber, Wished, fixed_numbers
from accord.pack.law import Measure
from accord.pack.makers import MakerRow, makers_of
from accord.pack.number_names import ACCESS
from accord.pack.outlook import law_known_on
from accord.pack.priors import Prior, PriorKey
from accord.pack.regimes import Regime, regimes_of
from accord.pack.schema import Assumption, MissingPiece, Source
from accord.pack.uncertain import Uncertainty, central_values, uncertainty_of


@dataclass(frozen=True)
class PackReport:
    """What ``accord pack show`` prints about one year and one day's law; plain data.

    ``flow_changes``  how the benchmark's flows were reconciled, largest change first
    ``makers``        every activity of the year;  ``users`` who uses a good outside the chain
    ``adjustments``   what calibration had to change on top, and how the year was carried forward
    """

    name: str
    title: str
    version: str
    digest: str
    price_year: int
    year: int
    benchmark_year: int
    law_date: date
    balances: tuple[BalanceRow, ...]
    flow_changes: tuple[Adjustment, ...]
    adjustments: tuple[Adjustment, ...]
    law: tuple[Measure, ...]
    priors: tuple[Prior, ...]
    makers: tuple[MakerRow, ...]
    users: tuple[UserShare, ...]
    observations: tuple[Observation, ...]
    assumptions: tuple[Assumption, ...]
    not_modelled: tuple[MissingPiece, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, repr=False)
class Pack(Contents):
    """A data pack, read and found sound; ``market`` makes the market of a year and a day's law.

    ``fixed``  numbers that stand at a chosen value wherever the pack is asked: they are its central
               values, and no draws' business
    """

    fixed: tuple[FixedNumber, ...] = ()

    def with_fixed(self, wished: Wished, year: int) -> Pack:
        """Return the pack with some of its numbers fixed in place of those fixed before.

        ``wished`` by key, or by name as in ``sigma.aluminium``. Raises ``InputError`` with
        everything that is wrong with it, and for a year that the pack does not have.
        """
        free = replace(self, fixed=()) if self.fixed else self
        fixed = fixed_numbers(free, free.uncertainty(year), wished)
        return replace(free, fixed=fixed) if fixed else free

    def market(
        self,
        year: int,
        law: date,
        lane_weights: LaneWeights = "central",
        priors: Mapping[PriorKey, float] | None = None,
    ) -> Market:
        """Return the market of ``year`` under the law of the day ``law``.

        ``lane_weights`` picks how much latent lanes would carry; ``priors`` gives values for rows
        of the priors in place of their medians, and a score for ``access``. Raises ``InputError``
        for a year or a prior that the pack does not have, and where its data contradict themselves.
        """
        return self.under_law(self.calibration(year, lane_weights, priors).market, law)

    def reweighted(self, market: Market, year: int, lane_weights: LaneWeights) -> Market:
        """Return a market of ``year`` at central weights with latent lanes at other ones."""
        latent = self.benchmarks[self.benchmark_year(year)].latent
        shift = {
            key: math.log(getattr(row, lane_weights) / row.central) for key, row in latent.items()
        }
        return market.map_lanes(
            lambda lane: lane.key in shift,
            lambda lane: replace(lane, log_weight=lane.log_weight + shift[lane.key]),
        )

    def under_law(self, market: Market, day: date) -> Market:
        """Return a market without law with the ordinary tariff and the measures of a day."""
        return self.statutes.enacted(market, day)

    def calibration(
        self,
        year: int,
        lane_weights: LaneWeights = "central",
        priors: Mapping[PriorKey, float] | None = None,
    ) -> Calibration:
        """Return the market of ``year`` without law, and what was adjusted to calibrate it.

        Rows of the priors that are not in ``priors`` are at their central values: the median that
        evidence gave them, where a back-cast updated them, else their own; or what they are fixed
        at. Lanes at low or high weights are so wherever access is fixed.
        """
        if priors:
            return self._calibrated(year, lane_weights, priors)
        key = year, lane_weights
        if key not in self._calibrations:
            self._calibrations[key] = self._calibrated(year, lane_weights, None)
        return self._calibrations[key]

    @cached_property
    def _calibrations(self) -> dict[tuple[int, LaneWeights], Calibration]:
        """Calibrations at the priors' medians: several rooms ask for one and the same."""
        return {}

    def _calibrator(self, year: int, lane_weights: LaneWeights) -> Calibrator:
        key = year, lane_weights
        if key not in self._calibrators:
            self._calibrators[key] = calibrator(self, self.benchmarks[year], lane_weights)
        return self._calibrators[key]

    @cached_property
    def _calibrators(self) -> dict[tuple[int, LaneWeights], Calibrator]:
        """What calibrates each benchmark, whatever the priors are."""
        return {}

    def _calibrated(
        self, year: int, lane_weights: LaneWeights, priors: Mapping[PriorKey, float] | None
    ) -> Calibration:
        chosen = {**self._fixed_values, **(priors or {})}
        access = chosen.pop(ACCESS, 0.0)
        unknown = [key for key in chosen if key not in self.priors.by_key]
        if unknown:
            raise InputError([self._unknown_prior(key) for key in unknown])
        if year not in self.years:
            raise InputError([self._unknown_year(year)])
        benchmark = self.benchmarks[self.benchmark_year(year)]
        calibrate = self._calibrator(benchmark.year, lane_weights)
        start = calibrate.at({**self._central_values, **chosen})
        if year != benchmark.year:
            ratio = self._price_ratio(benchmark.year, year)
            start = carry(start, year, self.levels[year], ratio)
        if access and lane_weights == "central":
            return with_access(self, start, access)
        return start

    def uncertainty(self, year: int) -> Uncertainty:
        """Return what is not known about the market of ``year``, as distributions.

        What is fixed is not among it. Raises ``InputError`` for a year that the pack does not have,
        and where what a back-cast left in its folder is at fault.
        """
        if year not in self.years:
            raise InputError([self._unknown_year(year)])
        found = uncertainty_of(self, year)
        return found.without(self._fixed_values) if self.fixed else found

    def central_values(self) -> Mapping[PriorKey, float]:
        """Return what rows of the priors stand at in place of their own medians.

        It is what they are fixed at, else the median that evidence gives them.
        """
        return self._central_values

    @cached_property
    def _central_values(self) -> dict[PriorKey, float]:
        fixed = {key: value for key, value in self._fixed_values.items() if key != ACCESS}
        return {**central_values(self), **fixed}

    @property
    def central_access(self) -> float:
        """The score of what closed lanes would carry: 0, or what it is fixed at."""
        return self._fixed_values.get(ACCESS, 0.0)

    @cached_property
    def _fixed_values(self) -> dict[PriorKey, float]:
        return {number.key: number.value for number in self.fixed}

    @cached_property
    def prior_medians(self) -> Mapping[PriorKey, float]:
        """The medians of all rows before any evidence: what a back-cast starts from."""
        return {row.key: row.median for row in self.priors.rows}

    def benchmark_year(self, year: int) -> int:
        """Return the benchmark that the market of ``year`` rests on: the last one not after it."""
        return max(y for y in self.benchmarks if y <= year)

    def default_year(self, as_of: date) -> int:
        """Return the last full year before ``as_of`` that the pack has; failing that its first."""
        past = [year for year in self.years if year < as_of.year]
        return max(past) if past else min(self.years)

    def law(self, day: date) -> tuple[Measure, ...]:
        """Return the measures in force on a day, in the order in which they are applied."""
        return self.statutes.on(day)

    def regimes(self, year: int, more: Iterable[Term] = ()) -> tuple[Regime, ...]:
        """Return a calendar year as stretches of days under one law, ``more`` terms among it."""
        return regimes_of(year, [*(m.term for m in self.measures), *more])

    def as_known_on(self, day: date) -> Pack:
        """Return the pack with its law as it stood on paper on a day (conventions C51)."""
        known = {} if self.outlook is None else self.outlook.law_known or {}
        return replace(self, statutes=law_known_on(self.statutes, day, known))

    def observed(self, year: int) -> tuple[Observation, ...]:
        """Return what the world showed in a year."""
        return tuple(row for row in self.observations if row.year == year)

    def report(self, year: int | None = None, law: date | None = None) -> PackReport:
        """Return what there is to say about the market of a year (the last) under a day's law.

        Without ``law`` it is the law of the benchmark's day.
        """
        chosen = self.years[-1] if year is None else year
        calibration = self.calibration(chosen)
        base = self.benchmark_year(chosen)
        day = self.benchmarks[base].law_date if law is None else law
        return PackReport(
            name=self.name,
            title=self.title,
            version=self.version,
            digest=self.digest,
            price_year=self.price_year,
            year=chosen,
            benchmark_year=base,
            law_date=day,
            balances=self.balances[base].rows,
            flow_changes=self.flow_changes.get(base, ()),
            adjustments=calibration.adjustments,
            law=self.law(day),
            priors=self.priors.rows,
            makers=makers_of(calibration, self.plants),
            users=self.users,
            observations=self.observed(chosen),
            assumptions=self.assumptions,
            not_modelled=self.not_modelled,
            sources=self.sources,
        )

    def __repr__(self) -> str:
        """Answer first: what it covers."""
        sizes = f"{len(self.goods)} goods, {len(self.regions)} regions"
        years = ", ".join(str(year) for year in self.years)
        return f"<Pack {self.name} {self.version}: {sizes}, {years}>"

    def _price_ratio(self, benchmark_year: int, year: int) -> float:
        quote = self.hubs[0].quote
        return self.hub_prices[quote, year] / self.hub_prices[quote, benchmark_year]

    def _unknown_year(self, year: int) -> Fault:
        years = listed(str(y) for y in self.years)
        fix = f"choose {max(y for y in self.years if y <= max(year, self.years[0]))}"
        return Fault(self.name, f"the year {year}", f"a year of the pack: {years}", fix)

    def _unknown_prior(self, key: PriorKey) -> Fault:
        found = f"the prior {','.join(key)}"
        allowed = "a row of the pack's priors.csv, by parameter, good and region"
        return Fault(self.name, found, allowed, "name it as the table does")
