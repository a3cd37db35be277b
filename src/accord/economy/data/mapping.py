"""Which regions and sectors of a source make up those of a table: a mapping that covers all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from accord.economy.data.text import csv_rows
from accord.economy.origins import Origins
from accord.economy.world import Array, WorldTable, index_of
from accord.errors import Fault, InputError

COLUMNS = ("kind", "from", "to")
KINDS = ("region", "sector")
TRACE = 1e-9


class Groups(NamedTuple):
    """The labels of groups, and for each label of the source the place of its group."""

    labels: tuple[str, ...]
    place: tuple[int, ...]

    def matrix(self) -> Array:
        """(groups, labels) 1 where a label belongs to a group."""
        out = np.zeros((len(self.labels), len(self.place)))
        out[list(self.place), range(len(self.place))] = 1.0
        return out


@dataclass(frozen=True)
class Aggregation:
    """A mapping as its file has it: for regions and for sectors, label → group, and its lines."""

    file: str
    region: Mapping[str, str]
    sector: Mapping[str, str]

    def regions(self, labels: Sequence[str]) -> Groups:
        """Return the groups of a source's regions. Raises ``InputError`` as ``both``."""
        return self.both(labels, ())[0]

    def both(self, regions: Sequence[str], sectors: Sequence[str]) -> tuple[Groups, Groups]:
        """Return the groups of a source's regions and sectors.

        A kind that the file has no row of stays as it is. Raises ``InputError`` with every label
        that the mapping leaves out, and every one that the source does not have.
        """
        found: list[Fault] = []
        out: list[Groups] = []
        for kind, labels in (("region", regions), ("sector", sectors)):
            given: Mapping[str, str] = getattr(self, kind)
            if not given or not labels:
                out.append(Groups(tuple(labels), tuple(range(len(labels)))))
                continue
            found += self._faults(kind, given, labels)
            out.append(grouped(given, labels))
        if found:
            raise InputError(found)
        return out[0], out[1]

    def _faults(self, kind: str, given: Mapping[str, str], labels: Sequence[str]) -> list[Fault]:
        missing = [x for x in labels if x not in given]
        strange = [x for x in given if x not in labels]
        found: list[Fault] = []
        if missing:
            what = f"no row for {len(missing)} {kind}s: {', '.join(missing[:12])}"
            fix = f"add a row {kind},{missing[0]},GROUP for each"
            found.append(Fault(self.file, what, f"every {kind} of the source", fix, field=kind))
        if strange:
            what = (
                f"{len(strange)} {kind}s that the source does not have: {', '.join(strange[:12])}"
            )
            fix = "correct the label, or remove the row"
            found.append(Fault(self.file, what, f"{kind}s of the source", fix, field=kind))
        return found


AS_IT_IS = Aggregation("no mapping", {}, {})


def grouped(given: Mapping[str, str], labels: Sequence[str]) -> Groups:
    """Return groups in the order in which the mapping names them first."""
    present = dict.fromkeys(group for label, group in given.items() if label in labels)
    place = index_of(tuple(present))
    return Groups(tuple(present), tuple(place[given[x]] if x in given else 0 for x in labels))


def read_mapping(path: Path) -> Aggregation:
    """Return the mapping in a CSV file with the columns kind,from,to.

    Raises ``InputError`` with everything wrong with the file.
    """
    file, rows, found = str(path), _rows(path), list[Fault]()
    out: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for line, row in rows:
        if len(row) != len(COLUMNS) or not all(cell.strip() for cell in row):
            found.append(Fault(file, f"{row}", "kind,from,to", "fill in three cells", line))
            continue
        kind, label, group = (cell.strip() for cell in row)
        if kind not in out:
            found.append(
                Fault(file, f'"{kind}"', "region or sector", "write one", line, None, "kind")
            )
        elif label in out[kind]:
            found.append(Fault(file, f'{kind} "{label}" twice', "one row each", "remove one", line))
        else:
            out[kind][label] = group
    if found:
        raise InputError(found)
    return Aggregation(file, out["region"], out["sector"])


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    rows = list(csv_rows(path))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if tuple(header) != COLUMNS:
        fix = "write kind,from,to on the first line"
        raise InputError([Fault(str(path), ",".join(header), ",".join(COLUMNS), fix, 1)])
    return [(number, row) for number, row in enumerate(rows[1:], 2) if row]


def aggregated(table: WorldTable, mapping: Aggregation) -> WorldTable:
    """Return a table of groups of regions and sectors; sums of values, means of rates.

    A duty of a group is weighted by trade, a trade elasticity by trade between regions. Trade
    between members of a group becomes home sales, and the duties on it are no longer collected:
    its buyers keep their spending, its group's value added grows by what the treasury had.
    """
    regions, sectors = mapping.both(table.regions, table.sectors)
    r, s = regions.matrix(), sectors.matrix()
    trade = np.einsum("aj,jni,bn,ci->abc", s, table.trade, r, r, optimize=True)
    duty = np.einsum("aj,jni,bn,ci->abc", s, table.trade * table.tariff, r, r, optimize=True)
    inside = np.einsum("abb->ab", duty).copy()
    n = len(regions.labels)
    duty[:, range(n), range(n)] = 0.0
    trade[:, range(n), range(n)] += inside
    value_added = r @ table.value_added @ s.T + inside.T
    weight = _border_trade(table)
    names = index_of(table.sectors)
    goods = {g: sectors.labels[sectors.place[names[x]]] for g, x in table.goods.items()}
    return WorldTable(
        name=table.name,
        title=table.title,
        year=table.year,
        unit=table.unit,
        regions=regions.labels,
        sectors=sectors.labels,
        trade=trade,
        io=np.einsum("bn,njk,aj,ck->bac", r, table.io, s, s, optimize=True),
        value_added=value_added,
        final_demand=r @ table.final_demand @ s.T,
        tariff=np.divide(duty, trade, out=np.zeros_like(duty), where=trade > 0.0),
        theta=(s @ (weight * table.theta)) / (s @ weight),
        sources=table.sources,
        assumptions=table.assumptions,
        not_modelled=table.not_modelled,
        goods=goods,
        members=_members(table, regions),
        region_names={k: v for k, v in table.region_names.items() if k in regions.labels},
        sector_names={k: v for k, v in table.sector_names.items() if k in sectors.labels},
        origins=_origins(table, r, s),
    )


def _origins(table: WorldTable, r: Array, s: Array) -> dict[str, Origins]:
    """Return where sums are from; means of several duties or elasticities are derived."""

    def flows(values: Array) -> Array:
        return np.einsum("aj,jni,bn,ci->abc", s, values, r, r, optimize=True)

    def links(values: Array) -> Array:
        return np.einsum("bn,njk,aj,ck->bac", r, values, s, s, optimize=True)

    def accounts(values: Array) -> Array:
        return r @ values @ s.T

    def sectors(values: Array) -> Array:
        return s @ values

    adding = {
        "trade": flows, "tariff": flows, "io": links, "value_added": accounts,
        "final_demand": accounts, "theta": sectors,
    }  # fmt: skip
    out = {name: table.origins_of(name).summed(add) for name, add in adding.items()}
    across = np.broadcast_to(~np.eye(len(r), dtype=np.bool_), out["tariff"].code.shape)
    many = flows(np.ones_like(table.tariff)) > 1.0
    means = {
        "tariff": out["tariff"].only(across).changed(many),
        "theta": out["theta"].changed(s.sum(axis=1) > 1.0),
    }
    return {**out, **means}


def _border_trade(table: WorldTable) -> Array:
    """Return what crosses borders by sector (J,); of a sector that does not, a trace of its size.

    So that a sector that nobody trades has a mean of its own, and next to none beside others.
    """
    total: Array = table.trade.sum(axis=(1, 2))
    border: Array = total - np.einsum("jnn->j", table.trade)
    return np.where(border > 0.0, border, TRACE * total + np.finfo(np.float64).tiny)


def _members(table: WorldTable, regions: Groups) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for label, place in zip(table.regions, regions.place, strict=True):
        group = regions.labels[place]
        mine = table.members.get(label, (label,))
        out[group] = (*out.get(group, ()), *mine)
    return {group: codes for group, codes in out.items() if codes != (group,)}
