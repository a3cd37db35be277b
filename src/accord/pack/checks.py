"""What must hold between the tables of a pack, once each of them is sound in itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product

from accord.errors import Fault
from accord.instruments.problem import Problem, nearest
from accord.market import Lane, Market
from accord.pack.balance import Balance
from accord.pack.benchmark import Benchmark
from accord.pack.columns import closest, listed
from accord.pack.contents import Contents
from accord.pack.law import law_faults
from accord.pack.priors import KIND_PARAMETERS, PARAMETERS, Priors
from accord.pack.schema import PackFile
from accord.pack.toml import Document


def head_faults(
    head: PackFile, document: Document, goods: Iterable[str], regions: Iterable[str]
) -> list[Fault]:
    """Return goods and regions that hubs and tracers name and the pack does not have."""
    files = {"goods.csv": list(goods), "regions.csv": list(regions)}
    named = [(("hub", i), "good", "goods.csv", hub.good) for i, hub in enumerate(head.hub)]
    named += [
        (("hub", i), "except_origins", "regions.csv", region)
        for i, hub in enumerate(head.hub)
        for region in hub.except_origins
    ]
    named += [(("tracer", i), "good", "goods.csv", t.good) for i, t in enumerate(head.tracer)]
    named += [
        (("tracer", i), "sources", "regions.csv", region)
        for i, tracer in enumerate(head.tracer)
        for region in tracer.sources
    ]
    faults: list[Fault] = []
    for table, field, file, name in named:
        if name not in files[file]:
            allowed = f"a name of {file}: {listed(files[file])}"
            fix = closest(name, files[file], f"add it to {file}")
            faults.append(document.fault(Problem((field,), f'"{name}"', allowed, fix), table))
    return faults


def folder_faults(folder: str, stray: Iterable[str]) -> list[Fault]:
    """Return benchmark folders that ``pack.toml`` does not mention."""
    return [
        Fault(
            f"{folder}/{name}",
            "a folder that pack.toml does not mention",
            "a [[benchmark]] table with its year and law_date",
            f"add [[benchmark]] with year = {name[-4:]} to pack.toml, or remove the folder",
        )
        for name in stray
    ]


def benchmark_faults(bench: Benchmark, balance: Balance) -> list[Fault]:
    """Return prices and freight that a benchmark needs and does not have, and idle latent lanes."""
    return [*_price_faults(bench), *_freight_faults(bench), *_latent_faults(bench, balance)]


def _price_faults(bench: Benchmark) -> list[Fault]:
    senders = dict.fromkeys((key.good, key.origin) for key in (*bench.flow, *bench.latent))
    return [
        Fault(
            f"{bench.folder}/prices.csv",
            f"no price of {good} in {region}, which ships it",
            "a producer price for every region with output",
            f"add a row {good},{region}",
            None,
            f"{good} {region}",
        )
        for good, region in senders
        if (good, region) not in bench.price
    ]


def _freight_faults(bench: Benchmark) -> list[Fault]:
    return [
        Fault(
            f"{bench.folder}/freight.csv",
            f"no freight from {key.origin} to {key.destination}",
            "freight for every lane between two regions; home supply may go without",
            f"add a row {key.good},{key.origin},{key.destination}",
            None,
            f"{key.good} {key.origin} {key.destination}",
        )
        for key in (*bench.flow, *bench.latent)
        if key not in bench.freight and key.origin != key.destination
    ]


def _latent_faults(bench: Benchmark, balance: Balance) -> list[Fault]:
    faults: list[Fault] = []
    file = f"{bench.folder}/latent_flows.csv"
    for key, latent in bench.latent.items():
        term = f"{key.good} {key.origin} {key.destination}"
        if key in bench.flow:
            found = f"a latent flow on a lane that carries {bench.flow[key]:,.0f} t"
            fix = "remove the row here or the one in flows.csv"
            faults.append(Fault(file, found, "lanes without a flow", fix, latent.line, term))
        if not latent.low <= latent.central <= latent.high:
            found = f"low {latent.low:,.0f}, central {latent.central:,.0f}, high {latent.high:,.0f}"
            fix = "put the three in order"
            faults.append(Fault(file, found, "low ≤ central ≤ high", fix, latent.line, term))
        if (key.good, key.destination) not in balance.inflow:
            found = f"a latent flow to {key.destination}, which buys no {key.good}"
            fix = "remove the row, or add the flows it buys at the benchmark"
            allowed = "destinations with an inflow to compare it with"
            faults.append(Fault(file, found, allowed, fix, latent.line, term))
    return faults


def needed_prior_faults(
    file: str, priors: Priors, bench: Benchmark, balance: Balance
) -> list[Fault]:
    """Return parameters that a benchmark needs and no row of the priors gives."""
    needed = [("sigma", *place) for place in balance.inflow]
    needed += [(name, *place) for name in PARAMETERS[1:] for place in balance.final_use]
    needed += [
        (f"{name}:{t.kind}", t.outputs[0][0], t.region)
        for name in KIND_PARAMETERS
        for t in bench.techniques
    ]
    missing: dict[tuple[str, str], list[str]] = {}
    for parameter, good, region in needed:
        if priors.row(parameter, good, region) is None:
            missing.setdefault((parameter, good), []).append(region)
    return [
        Fault(
            file,
            f"no row for {good} in {listed(regions)}",
            "a row for it, or one with * for good or region",
            f"add a row {parameter},{good},*",
            None,
            parameter,
        )
        for (parameter, good), regions in missing.items()
    ]


def year_faults(contents: Contents, folder: str) -> list[Fault]:
    """Return levels without a benchmark before them, and hub prices that are not there."""
    faults: list[Fault] = []
    for year in contents.levels:
        file = f"{folder}/levels_{year}.csv"
        if year in contents.benchmarks:
            found = f"levels for {year}, which has a benchmark"
            fix = "remove the file, or the benchmark"
            faults.append(Fault(file, found, "levels for years without a benchmark", fix))
        elif not any(base < year for base in contents.benchmarks):
            found = "levels for a year before every benchmark"
            fix = "levels carry a benchmark forward: add an earlier one"
            faults.append(Fault(file, found, "a year after a benchmark", fix))
        else:
            faults += _level_faults(contents, year, file)
    return [*faults, *_hub_faults(contents, folder)]


def _level_faults(contents: Contents, year: int, file: str) -> list[Fault]:
    base = max(y for y in contents.benchmarks if y < year)
    techniques = contents.benchmarks[base].techniques
    names = [*dict.fromkeys(f"{t.kind}.{t.region}" for t in techniques)]
    return [
        Fault(
            file,
            f"levels of {level.name}",
            f"activities of benchmark_{base}: {listed(names)}",
            closest(level.name, names, f"add it to benchmark_{base}/activities.csv"),
            level.line,
            level.name,
        )
        for level in contents.levels[year]
        if level.name not in names
    ]


def _hub_faults(contents: Contents, folder: str) -> list[Fault]:
    if contents.levels and not contents.hubs:
        found = "levels of a year, and no [[hub]]"
        allowed = "a [[hub]] whose prices carry the benchmark forward"
        return [Fault(f"{folder}/pack.toml", found, allowed, "add a [[hub]] and hub_prices.csv")]
    faults: list[Fault] = []
    for n, hub in enumerate(contents.hubs):
        years = contents.years if n == 0 else tuple(contents.benchmarks)
        faults += [
            Fault(
                f"{folder}/hub_prices.csv",
                f"no price of {hub.quote} in {year}",
                "a price for every benchmark, and for every year with levels",
                f"add a row {hub.quote},{year}",
                None,
                hub.quote,
            )
            for year in years
            if (hub.quote, year) not in contents.hub_prices
        ]
        for bench in contents.benchmarks.values():
            faults += _untraded(hub.good, hub.except_origins, bench)
    return faults


def _untraded(good: str, left_out: tuple[str, ...], bench: Benchmark) -> list[Fault]:
    traded = any(
        k.good == good and k.origin != k.destination and k.origin not in left_out
        for k in bench.flow
    )
    if traded:
        return []
    found = f"no {good} crosses a border, so nothing makes up the hub price"
    fix = "remove the [[hub]], or add the flows"
    return [Fault(f"{bench.folder}/flows.csv", found, "flows between regions", fix)]


def statute_faults(contents: Contents, markets: Mapping[int, Market]) -> tuple[Fault, ...]:
    """Return what is wrong with the law in the markets of the benchmarks taken together."""
    every = list(markets.values())
    lanes = {lane.key: lane for market in every for lane in market.lanes}
    activities = {a.name: a for market in every for a in market.activities}
    base = every[0]
    whole = replace(base, activities=tuple(activities.values()), lanes=tuple(lanes.values()))
    return law_faults(contents.statutes, whole, lambda: _with_every_lane(whole))


def _with_every_lane(market: Market) -> Market:
    """Return the market with a lane from everybody to everybody for each good."""
    codes = [region.code for region in market.regions]
    lanes = tuple(
        Lane(good.code, origin, destination)
        for good in market.goods
        for origin, destination in product(codes, codes)
    )
    return replace(market, lanes=lanes)


def unknown_kind_faults(head: PackFile, document: Document, kinds: Iterable[str]) -> list[Fault]:
    """Return kinds of activities that a tracer names and no benchmark has."""
    every = sorted(set(kinds))
    return [
        document.fault(
            Problem(
                ("kinds",),
                f'"{kind}"',
                f"a kind of activities.csv: {listed(every)}",
                f'write "{near}"' if (near := nearest(kind, every)) else "name a kind of the pack",
            ),
            ("tracer", i),
        )
        for i, tracer in enumerate(head.tracer)
        for kind in tracer.kinds
        if kind not in every
    ]
