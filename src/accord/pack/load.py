"""Reads a pack from its folder, and says everything that is wrong with it at once."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from accord.errors import Fault, InputError
from accord.instruments.problem import Problem, nearest, problems_of
from accord.market import DutyColumn, Good, Market, Region, Tracer
from accord.pack import schema
from accord.pack.balance import Balance, balance
from accord.pack.benchmark import (
    Benchmark,
    BenchmarkTables,
    Place,
    Technique,
    read_benchmark,
    read_techniques,
)
from accord.pack.checks import benchmark_faults, needed_prior_faults, observation_faults
from accord.pack.columns import Known, listed
from accord.pack.contents import Adjustment, Level, Observation
from accord.pack.law import Law, law_faults, read_law
from accord.pack.pack import Pack
from accord.pack.priors import Priors, prior_faults, read_priors
from accord.pack.provenance import digest
from accord.pack.schema import PackFile
from accord.pack.skeleton import lanes_of, market_of
from accord.pack.tables import Table, TableSpec, read_table, read_text
from accord.pack.toml import Document, read_toml

SHIPPED = Path(__file__).parents[1] / "packs"

_BENCHMARK = re.compile(r"benchmark_(\d{4})$")
_LEVELS = re.compile(r"levels_(\d{4})\.csv$")
_OBSERVED = re.compile(r"observed_(\d{4})\.csv$")


def shipped() -> tuple[str, ...]:
    """Return the names of the packs that come with accord."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/pack.toml")))


def load(pack: str | Path) -> Pack:
    """Return the pack of that name, or in that folder.

    A plain word is the name of a shipped pack; anything with a separator, and any ``Path``, is a
    folder. Raises ``InputError`` with everything that is wrong with the pack's files.
    """
    folder = Path(pack)
    is_name = isinstance(pack, str) and "/" not in pack and "\\" not in pack and pack not in {".", ".."}
    if is_name and pack in shipped():
        folder = SHIPPED / str(pack)
    elif not folder.is_dir() or not (folder / "pack.toml").exists():
        raise InputError([_no_pack(str(pack), folder)])
    reader = _Reader(folder)
    contents = reader.read()
    if contents is None or reader.faults:
        raise InputError(sorted(reader.faults, key=_place))
    return contents


def _place(fault: Fault) -> tuple[str, int]:
    return fault.file, fault.line or 0


def _no_pack(name: str, folder: Path) -> Fault:
    names = listed(shipped())
    allowed = f"a pack that ships ({names}) or a folder with a pack.toml"
    near = nearest(folder.name, shipped())
    fix = f'write "{near}"' if near else "check the path; `accord packs` lists what ships"
    if folder.is_dir():
        found, fix = "a folder without pack.toml", "add pack.toml, or name the folder that has it"
    elif folder.exists():
        found, fix = "a file", "name the folder that holds pack.toml"
    else:
        found = "no such pack"
    return Fault(name, found, allowed, fix)


@dataclass
class _Reader:
    """Reads one folder; gathers faults on the way."""

    folder: Path
    faults: list[Fault] = field(default_factory=list[Fault])
    known: Known = field(default_factory=Known)

    def name(self, path: str) -> str:
        """Return a file's name in messages."""
        return f"{self.folder.name}/{path}"

    def table(self, path: str, spec: TableSpec, *, needed: bool = True) -> Table:
        """Return a table; one that need not be there is empty if it is not."""
        where = self.folder / path
        if not needed and not where.exists():
            return Table(self.name(path), present=False)
        table = read_table(where, self.name(path), spec, self.known)
        self.faults += table.faults
        return table

    def read(self) -> Pack | None:
        """Return the pack, ``None`` where it cannot be told what it holds."""
        head, document = self._head()
        goods_table = self.table("goods.csv", schema.GOODS)
        regions_table = self.table("regions.csv", schema.REGIONS)
        goods = tuple(
            Good(code, name)
            for code, name in zip(*_cells(goods_table, "good", "name"), strict=True)
        )
        regions = self._regions(regions_table)
        self.known = Known(
            goods=tuple(g.code for g in goods) or None,
            regions=tuple(r.code for r in regions) or None,
            sources=None if head is None else tuple(s.id for s in head.source),
        )
        columns = self._columns()
        priors_table = self.table("priors.csv", schema.PRIORS)
        prices = self.table("hub_prices.csv", schema.HUB_PRICES, needed=bool(head and head.hub))
        benchmarks = self._benchmarks(head, document)
        levels = self._levels(benchmarks)
        observations = self._observations(benchmarks)
        law, wrong = read_law(
            self.folder / "policy.toml", self.name("policy.toml"), self.known.sources or ()
        )
        self.faults += wrong
        if head is None:
            return None
        tracers = tuple(Tracer(t.name, t.good, t.sources, t.kinds) for t in head.tracer)
        self._check_head(head, document, benchmarks)
        priors = read_priors(priors_table) if priors_table.sound else Priors(())
        balances = self._balances(benchmarks, goods, regions)
        if self.faults:
            return None
        hub_prices = _hub_prices(prices)
        self._check_hubs(head, hub_prices, benchmarks, levels, prices.file)
        self.faults += prior_faults(priors_table, priors, _kinds(benchmarks))
        for year, bench in benchmarks.items():
            self.faults += needed_prior_faults(priors_table.file, priors, bench, balances[year])
        pack = Pack(
            name=head.name,
            title=head.title,
            version=head.version,
            summary=head.summary,
            price_year=head.price_year,
            currency=head.currency,
            digest=digest(self.folder),
            folder=self.folder,
            regions=regions,
            goods=goods,
            sources=head.source,
            assumptions=head.assumption,
            not_modelled=head.not_modelled,
            columns=columns,
            tracers=tracers,
            hubs=head.hub,
            hub_prices=hub_prices,
            statutes=law,
            priors=priors,
            benchmarks=benchmarks,
            balances=balances,
            levels=levels,
            observations=observations,
            flow_changes=self._flow_changes(benchmarks),
        )
        self._check_law(pack)
        return pack
