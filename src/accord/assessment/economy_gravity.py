"""Structural gravity on a table of one's own: estimate it, and ask what another cost would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from accord.economy.baseline import Array
from accord.economy.data.flows import FlowColumns, Flows, read_flows
from accord.economy.full_endowment import full_endowment
from accord.economy.gravity import Estimates, estimate
from accord.economy.multilateral import GravityWorld, Resistances, conditional
from accord.economy.result import Counterfactual
from accord.errors import Fault, InputError

SHOWN = 5
Pairs = Literal["symmetric", "directed"]


@dataclass(frozen=True)
class GravityWish:
    """What to estimate from a CSV file with one row a flow.

    ``columns``    of trade, exporter, importer, year and variables; no year: one cross-section
    ``pairs``      effects of pairs too, ``symmetric`` (one for both ways) or ``directed``; errors
                   are then clustered by them
    ``drop_separated``  whether to leave out flows without a finite estimate
    ``remove``     a variable whose effect is taken away everywhere, or nothing
    ``substitution``  σ, for what follows from that;  ``reference`` whose prices are 1
    """

    file: Path
    columns: FlowColumns
    pairs: Pairs | None = None
    drop_separated: bool = False
    remove: str | None = None
    substitution: float = 7.0
    reference: str | None = None


@dataclass(frozen=True)
class GravityAnswer:
    """Estimates, and, where a variable was taken away, what follows.

    ``before`` (N importer, N exporter) fitted trade
    ``fixed``  resistances and trade with output and spending held;  ``full`` everything moved
    """

    wish: GravityWish
    estimates: Estimates
    before: Array | None = None
    fixed: Resistances | None = None
    full: Counterfactual | None = None


def gravity_of(wish: GravityWish) -> GravityAnswer:
    """Return the estimates asked for, and the counterfactual if there is one.

    Raises ``InputError`` with everything wrong with the file or the wish, ``NoCertifiedAnswer``.
    """
    _check_wish(wish)
    flows = read_flows(wish.file, wish.columns)
    panel = wish.columns.year is not None
    by_time = [f"{e}\0{y}" if panel else e for e, y in zip(flows.exporter, flows.year, strict=True)]
    to_time = [f"{i}\0{y}" if panel else i for i, y in zip(flows.importer, flows.year, strict=True)]
    names = ("exporter-year", "importer-year") if panel else ("exporter", "importer")
    effects: dict[str, Sequence[str]] = {names[0]: by_time, names[1]: to_time}
    cluster = None
    if wish.pairs is not None:
        ends = zip(flows.exporter, flows.importer, strict=True)
        both_ways = wish.pairs == "symmetric"
        cluster = ["\0".join(sorted(pair) if both_ways else pair) for pair in ends]
        effects["pair"] = cluster
    found = estimate(
        flows.trade, flows.variables, effects, cluster=cluster, drop_separated=wish.drop_separated
    )
    answer = GravityAnswer(wish, found)
    return answer if wish.remove is None else _without(answer, flows, wish.remove)


def _without(answer: GravityAnswer, flows: Flows, variable: str) -> GravityAnswer:
    wish, found = answer.wish, answer.estimates
    countries = tuple(sorted({*flows.exporter, *flows.importer}))
    at = {country: n for n, country in enumerate(countries)}
    place = [at[i] for i in flows.importer], [at[e] for e in flows.exporter]
    fitted = np.full((len(countries), len(countries)), np.nan)
    change = fitted.copy()
    fitted[place] = found.fitted
    change[place] = np.exp(-found[variable].coefficient * flows.variables[variable])
    missing = [f"{countries[e]}→{countries[i]}" for i, e in np.argwhere(~np.isfinite(fitted))]
    if missing:
        shown = ", ".join(missing[:SHOWN])
        fix = "add a row for every pair, home sales too; without, leave --remove out"
        allowed = "every pair once, home sales too, with an estimate"
        raise InputError([_fault(wish, f"no flow for {len(missing)}: {shown}", allowed, fix)])
    reference = countries[0] if wish.reference is None else wish.reference
    if reference not in at:
        fix = "name a country of the file"
        raise InputError([_fault(wish, reference, ", ".join(countries), fix, "reference")])
    world = GravityWorld(countries, fitted, wish.substitution, reference)
    fixed, full = conditional(world, change), full_endowment(world, change)
    return replace(answer, before=fitted, fixed=fixed, full=full)


def _check_wish(wish: GravityWish) -> None:
    found: list[Fault] = []
    if not wish.columns.variables:
        found.append(
            _fault(wish, "no variable", "one or more", "write --on 'log(distance),border'")
        )
    if wish.remove is not None and wish.remove not in wish.columns.variables:
        allowed = ", ".join(wish.columns.variables)
        found.append(_fault(wish, wish.remove, allowed, "name one of --on", "remove"))
    if wish.remove is not None and (wish.columns.year is not None or wish.pairs is not None):
        fix = "leave --year and --pairs out, with the rows of one year in the file"
        found.append(_fault(wish, "--remove in a panel", "one cross-section", fix, "remove"))
    if found:
        raise InputError(found)


def _fault(
    wish: GravityWish, found: str, allowed: str, fix: str, field: str | None = None
) -> Fault:
    return Fault(str(wish.file), found, allowed, fix, None, None, field)
