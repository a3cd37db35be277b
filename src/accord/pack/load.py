"""Reads a pack from its folder, and says everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from accord.errors import Fault, InputError
from accord.instruments.problem import nearest
from accord.market import DutyColumn, Good, Region, Tracer
from accord.pack import checks, reader
from accord.pack.balance import Balance, balance
from accord.pack.benchmark import Benchmark
from accord.pack.calibrate import skeleton
from accord.pack.chain import Chain
from accord.pack.columns import Known, listed
from accord.pack.contents import Adjustment, Level, Observation, Plant, UserShare
from accord.pack.law import Law, read_law
from accord.pack.outlook import Outlook
from accord.pack.pack import Pack
from accord.pack.plant_checks import plant_faults
from accord.pack.priors import Priors, prior_faults, read_priors
from accord.pack.provenance import digest
from accord.pack.read_chain import read_chain
from accord.pack.read_outlook import read_outlook
from accord.pack.read_plants import read_plants, read_users
from accord.pack.read_uncertain import read_correlations
from accord.pack.reader import Reader
from accord.pack.schema import PRIORS, PackFile
from accord.pack.tables import Table
from accord.pack.toml import Document

_KIND = re.compile(r'kind\s*=\s*"([a-z_]+)"')
SHIPPED = Path(__file__).parents[1] / "packs"


def shipped() -> tuple[str, ...]:
    """Return the names of the packs that come with accord."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/pack.toml")))


def kind_of(pack: str) -> str:
    """Return what kind of pack that name or folder has: ``market``, or as its pack.toml says."""
    shipped_file = SHIPPED / pack / "pack.toml"
    file = shipped_file if shipped_file.is_file() else Path(pack) / "pack.toml"
    if not file.is_file():
        return "market"
    with file.open(encoding="utf-8", errors="replace") as lines:
        # The kind stands above the first table; the rest of the file need not be read for it.
        for line in lines:
            found = _KIND.match(line)
            if found or line.startswith("["):
                return found[1] if found else "market"
    return "market"


def load(pack: str | Path) -> Pack:
    """Return the pack of that name, or in that folder.

    The name of a shipped pack comes first; anything else, and any ``Path``, is a folder. Raises
    ``InputError`` with everything that is wrong with the pack's files.
    """
    folder = Path(pack)
    if isinstance(pack, str) and pack in shipped():
        folder = SHIPPED / pack
    elif not (folder / "pack.toml").exists():
        raise InputError([_no_pack(str(pack), folder)])
    kind = kind_of(str(folder))
    if kind != "market":
        fix = "name a pack that has a market; `accord packs` lists what ships"
        fault = Fault(str(pack), f"a pack of the kind {kind}", "a market pack", fix)
        raise InputError([fault])
    source = Reader(folder.resolve())
    contents = _read(source)
    if contents is None or source.faults:
        raise InputError(sorted(source.faults, key=lambda fault: (fault.file, fault.line or 0)))
    return contents


def _no_pack(name: str, folder: Path) -> Fault:
    names = listed(shipped())
    allowed = f"a pack that ships ({names}) or a folder with a pack.toml"
    near = nearest(folder.name, shipped())
    found = "no such pack"
    fix = f'write "{near}"' if near else "check the path; `accord packs` lists what ships"
    if folder.is_dir():
        found, fix = "a folder without pack.toml", "add pack.toml, or name the folder that has it"
    elif folder.exists():
        found, fix = "a file", "name the folder that holds pack.toml"
    return Fault(name, found, allowed, fix)


@dataclass(frozen=True)
class _Parts:
    """What the files of a pack hold, as far as they could be read."""

    head: PackFile | None
    document: Document
    known: Known
    goods: tuple[Good, ...]
    regions: tuple[Region, ...]
    columns: tuple[DutyColumn, ...]
    priors_table: Table
    hub_prices: Mapping[tuple[str, int], float]
    law: Law
    benchmarks: Mapping[int, Benchmark]
    levels: Mapping[int, tuple[Level, ...]]
    plants: tuple[Plant, ...]
    users: tuple[UserShare, ...]
    observations: tuple[Observation, ...]
    flow_changes: Mapping[int, tuple[Adjustment, ...]]
    outlook: Outlook | None
    chain: Chain | None


def _read(source: Reader) -> Pack | None:
    """Return the pack; ``None`` where its files are not sound each in itself."""
    parts = _parts(source)
    table = parts.priors_table
    priors = read_priors(table) if table.sound else Priors(())
    source.faults += _head_faults(source, parts)
    balances = _balances(source, parts)
    complete = parts.head is not None and len(parts.benchmarks) == len(parts.head.benchmark)
    kinds = _kinds(parts.benchmarks) if complete else None
    source.faults += prior_faults(table, priors, kinds)
    latent = any(bench.latent for bench in parts.benchmarks.values())
    correlations = read_correlations(source, parts.known, priors, latent=latent)
    if parts.head is None or source.faults:
        return None
    pack = replace(
        _assembled(source.folder, parts.head, parts, priors, balances), correlations=correlations
    )
    source.faults += _pack_faults(pack, source, parts)
    return pack


def _parts(source: Reader) -> _Parts:
    head, document = reader.read_head(source)
    goods, regions = reader.read_goods(source), reader.read_regions(source)
    known = Known(
        goods=tuple(good.code for good in goods) or None,
        regions=tuple(region.code for region in regions) or None,
        sources=None if head is None else tuple(entry.id for entry in head.source),
    )
    entries = () if head is None else head.benchmark
    benchmarks = reader.read_benchmarks(source, entries, known)
    policy = source.folder / "policy.toml"
    law, wrong = read_law(policy, source.name("policy.toml"), known.sources)
    source.faults += wrong
    whole = len(benchmarks) == len(entries)
    names = [t.name for b in benchmarks.values() for t in b.techniques] if whole else None
    return _Parts(
        head=head,
        document=document,
        known=known,
        goods=goods,
        regions=regions,
        columns=reader.read_columns(source, known),
        priors_table=source.table("priors.csv", PRIORS, known),
        hub_prices=reader.read_hub_prices(source, known, needed=bool(head and head.hub)),
        law=law,
        benchmarks=benchmarks,
        levels=reader.read_levels(source, known),
        plants=read_plants(source, known),
        users=read_users(source, known),
        observations=reader.read_observations(source, known),
        flow_changes=reader.read_flow_changes(source, benchmarks, known),
        outlook=read_outlook(source, known, names, None if wrong else law.measures),
        chain=read_chain(source, known, benchmarks),
    )


def _assembled(
    folder: Path, head: PackFile, parts: _Parts, priors: Priors, balances: dict[int, Balance]
) -> Pack:
    return Pack(
        name=head.name,
        title=head.title,
        version=head.version,
        summary=head.summary,
        price_year=head.price_year,
        currency=head.currency,
        digest=digest(folder),
        folder=folder,
        regions=parts.regions,
        goods=parts.goods,
        sources=head.source,
        assumptions=head.assumption,
        not_modelled=head.not_modelled,
        columns=parts.columns,
        tracers=tuple(Tracer(t.name, t.good, t.sources, t.kinds) for t in head.tracer),
        hubs=head.hub,
        hub_prices=parts.hub_prices,
        statutes=parts.law,
        priors=priors,
        benchmarks=parts.benchmarks,
        balances=balances,
        levels=parts.levels,
        plants=parts.plants,
        users=parts.users,
        observations=parts.observations,
        flow_changes=parts.flow_changes,
        outlook=parts.outlook,
        chain=parts.chain,
    )


def _head_faults(source: Reader, parts: _Parts) -> list[Fault]:
    head, known = parts.head, parts.known
    if head is None or not known.goods or not known.regions:
        return []
    stated = {entry.year for entry in head.benchmark}
    folders = source.years(r"benchmark_(\d{4})")
    stray = [name for year, name in folders.items() if year not in stated]
    return [
        *checks.head_faults(head, parts.document, known.goods, known.regions),
        *checks.folder_faults(source.folder.name, stray),
    ]


def _balances(source: Reader, parts: _Parts) -> dict[int, Balance]:
    order = [(good.code, region.code) for good in parts.goods for region in parts.regions]
    balances: dict[int, Balance] = {}
    for year, bench in parts.benchmarks.items():
        balances[year], faults = balance(bench, order)
        source.faults += [*faults, *checks.benchmark_faults(bench, balances[year])]
    return balances


def _kinds(benchmarks: Mapping[int, Benchmark]) -> set[str]:
    return {t.kind for bench in benchmarks.values() for t in bench.techniques}


def _pack_faults(pack: Pack, source: Reader, parts: _Parts) -> list[Fault]:
    """Return what is wrong between files that are sound each in itself."""
    kinds = _kinds(pack.benchmarks)
    faults: list[Fault] = []
    if parts.head is not None:
        faults += checks.unknown_kind_faults(parts.head, parts.document, kinds)
    file = parts.priors_table.file
    for year, bench in pack.benchmarks.items():
        needed = checks.needed_prior_faults(file, pack.priors, bench, pack.balances[year])
        faults += [fault for fault in needed if fault not in faults]
    faults += checks.year_faults(pack, source.folder.name)
    faults += plant_faults(pack, source.folder.name)
    markets = {year: skeleton(pack, bench) for year, bench in pack.benchmarks.items()}
    return [*faults, *checks.statute_faults(pack, markets)]
