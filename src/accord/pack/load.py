"""Reads a pack from its folder, and says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from accord.errors import Fault, InputError
from accord.instruments.problem import nearest
from accord.market import Good, Region, Tracer
from accord.pack import checks, reader
from accord.pack.balance import Balance, balance
from accord.pack.benchmark import Benchmark
from accord.pack.calibrate import skeleton
from accord.pack.columns import Known, listed
from accord.pack.law import read_law
from accord.pack.pack import Pack
from accord.pack.priors import Priors, prior_faults, read_priors
from accord.pack.provenance import digest
from accord.pack.reader import Reader
from accord.pack.schema import PRIORS, PackFile
from accord.pack.toml import Document

SHIPPED = Path(__file__).parents[1] / "packs"


def shipped() -> tuple[str, ...]:
    """Return the names of the packs that come with accord."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/pack.toml")))


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


def _read(source: Reader) -> Pack | None:
    """Return the pack; ``None`` where its files are not sound each in itself."""
    head, document = reader.read_head(source)
    goods, regions = reader.read_goods(source), reader.read_regions(source)
    known = Known(
        goods=tuple(good.code for good in goods) or None,
        regions=tuple(region.code for region in regions) or None,
        sources=None if head is None else tuple(entry.id for entry in head.source),
    )
    table = source.table("priors.csv", PRIORS, known)
    priors = read_priors(table) if table.sound else Priors(())
    hub_prices = reader.read_hub_prices(source, known, needed=bool(head and head.hub))
    entries = () if head is None else head.benchmark
    benchmarks = reader.read_benchmarks(source, entries, known)
    columns = reader.read_columns(source, known)
    levels = reader.read_levels(source, known)
    observations = reader.read_observations(source, known)
    changes = reader.read_flow_changes(source, benchmarks, known)
    policy = source.name("policy.toml")
    law, wrong = read_law(source.folder / "policy.toml", policy, known.sources)
    source.faults += wrong
    if head is not None and known.goods and known.regions:
        source.faults += _head_faults(source, head, document, known)
    balances = _balances(source, benchmarks, goods, regions)
    if table.sound:
        source.faults += prior_faults(table, priors, _kinds(benchmarks))
    if head is None or source.faults:
        return None
    pack = Pack(
        name=head.name,
        title=head.title,
        version=head.version,
        summary=head.summary,
        price_year=head.price_year,
        currency=head.currency,
        digest=digest(source.folder),
        folder=source.folder,
        regions=regions,
        goods=goods,
        sources=head.source,
        assumptions=head.assumption,
        not_modelled=head.not_modelled,
        columns=columns,
        tracers=tuple(Tracer(t.name, t.good, t.sources, t.kinds) for t in head.tracer),
        hubs=head.hub,
        hub_prices=hub_prices,
        statutes=law,
        priors=priors,
        benchmarks=benchmarks,
        balances=balances,
        levels=levels,
        observations=observations,
        flow_changes=changes,
    )
    source.faults += _pack_faults(pack, source, head, document, table.file)
    return pack


def _head_faults(source: Reader, head: PackFile, document: Document, known: Known) -> list[Fault]:
    stated = {entry.year for entry in head.benchmark}
    folders = source.years(r"benchmark_(\d{4})")
    stray = [name for year, name in folders.items() if year not in stated]
    return [
        *checks.head_faults(head, document, known.goods or (), known.regions or ()),
        *checks.folder_faults(source.folder.name, stray),
    ]


def _balances(
    source: Reader,
    benchmarks: Mapping[int, Benchmark],
    goods: Iterable[Good],
    regions: Iterable[Region],
) -> dict[int, Balance]:
    order = [(good.code, region.code) for good in goods for region in regions]
    balances: dict[int, Balance] = {}
    for year, bench in benchmarks.items():
        balances[year], faults = balance(bench, order)
        source.faults += [*faults, *checks.benchmark_faults(bench, balances[year])]
    return balances


def _kinds(benchmarks: Mapping[int, Benchmark]) -> set[str]:
    return {t.kind for bench in benchmarks.values() for t in bench.techniques}


def _pack_faults(
    pack: Pack, source: Reader, head: PackFile, document: Document, priors_file: str
) -> list[Fault]:
    """Return what is wrong between files that are sound each in itself."""
    kinds = _kinds(pack.benchmarks)
    faults = checks.unknown_kind_faults(head, document, kinds)
    for year, bench in pack.benchmarks.items():
        needed = checks.needed_prior_faults(priors_file, pack.priors, bench, pack.balances[year])
        faults += [fault for fault in needed if fault not in faults]
    faults += checks.year_faults(pack, source.folder.name)
    markets = {year: skeleton(pack, bench) for year, bench in pack.benchmarks.items()}
    return [*faults, *checks.statute_faults(pack, markets)]
