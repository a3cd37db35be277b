"""What the dated law of a pack charges on each lane on a day, by the instruments themselves."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from accord.instruments import Term, enact, ordinary_tariff, read_term
from accord.market import DutyColumn, Good, Lane, LaneKey, Market, Region, Tracer
from accord.market.landed_cost import Rates, rates
from accord.pack.build.inputs import Inputs
from accord.pack.build.mirror import LaneName
from accord.pack.build.tables import Row

TONNES_PER_KT = 1000.0


@dataclass(frozen=True)
class Law:
    """A pack's measures and tariff columns, and what ``pack.toml`` says about prices and days.

    ``days``       benchmark year → the day whose law holds there
    ``insulated``  regions whose producer price the world quote does not follow
    """

    measures: tuple[Term, ...]
    columns: tuple[DutyColumn, ...]
    regions: tuple[Region, ...]
    tracers: tuple[Tracer, ...]
    days: Mapping[str, date]
    insulated: frozenset[str]

    def on(self, day: date, lanes: Mapping[LaneName, float]) -> Market:
        """Return a market that has nothing but lanes with freight, under the law of ``day``."""
        goods = sorted({good for good, _, _ in lanes})
        market = Market(
            name="law",
            year=day.year,
            price_year=day.year,
            regions=self.regions,
            goods=tuple(Good(code, code) for code in goods),
            activities=(),
            lanes=tuple(Lane(*lane, freight=freight) for lane, freight in sorted(lanes.items())),
            buyers=(),
            demands=(),
            columns=self.columns,
            tracers=self.tracers,
        )
        terms = [measure for measure in self.measures if measure.in_force(day)]
        return enact(ordinary_tariff(market), sorted(terms, key=_first_day))


def _first_day(term: Term) -> date:
    return term.starts or date.min


def read_law(folder: Path, columns: Iterable[Row], regions: Iterable[Row]) -> Law:
    """Return the law of a pack: ``policy.toml``, the tracers of ``pack.toml``, tariff columns."""
    policy = tomllib.loads((folder / "policy.toml").read_text(encoding="utf-8"))
    head = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
    measures: list[dict[str, Any]] = policy["measure"]
    tracers: list[dict[str, Any]] = head.get("tracer", [])
    benchmarks: list[dict[str, Any]] = head["benchmark"]
    hubs: list[dict[str, Any]] = head.get("hub", [])
    return Law(
        days={str(b["year"]): b["law_date"] for b in benchmarks},
        insulated=frozenset(r for hub in hubs for r in hub.get("except_origins", ())),
        measures=tuple(read_term(table) for table in measures),
        tracers=tuple(
            Tracer(t["name"], t["good"], tuple(t["sources"]), tuple(t["kinds"])) for t in tracers
        ),
        columns=tuple(
            DutyColumn(
                row["importer"],
                row["good"],
                row["column"],
                float(row["ad_valorem"]),
                float(row["specific"]),
            )
            for row in columns
        ),
        regions=tuple(
            Region(
                row["region"],
                row["name"],
                "fob" if row["customs_basis"] == "fob" else "cif",
                tuple(row["members"].split()),
            )
            for row in regions
        ),
    )


def lane_rates(market: Market, flows: Mapping[LaneName, float]) -> dict[LaneName, Rates]:
    """Return each lane's landed cost as slope and intercept; flows (kt) decide over-quota duty."""
    over = _over_quota(market, flows)
    found: dict[LaneName, Rates] = {}
    for lane in market.lanes:
        extra = over.get(lane.key)
        full = lane if extra is None else extra
        found[lane.key] = rates(full)
    return found


def closed(market: Market) -> frozenset[LaneName]:
    """Return the lanes that some measure forbids."""
    return frozenset(lane.key for lane in market.lanes if lane.closed_by)


def _over_quota(market: Market, flows: Mapping[LaneName, float]) -> dict[LaneKey, Lane]:
    found: dict[LaneKey, Lane] = {}
    for limit in market.limits:
        if limit.over is None or limit.clean_supply is not None or not limit.in_force:
            continue
        total = sum(flows.get(key, 0.0) for key in limit.lanes)
        if total * TONNES_PER_KT > limit.bound:
            for key in limit.lanes:
                found[key] = market.lane_by_key[key].with_wedge(limit.over)
    return found


@dataclass(frozen=True)
class Ground:
    """What every step of the build stands on: the facts, the hand-written tables, the law."""

    folder: Path
    inputs: Inputs
    law: Law
