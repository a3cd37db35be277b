"""A joint project in tables, the one for the screen first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from accord.assessment.part import Cell, Column, PartTable
from accord.assessment.project_case import ProjectCase
from accord.assessment.project_words import name_of
from accord.assessment.words import place
from accord.invest.appraisal import Share
from accord.invest.study import POWER_PRICES

BN, MN, KT = 1e9, 1e6, 1e3
FRACTION = 100.0
USD, TONNES = ("USD/t", 1.0), ("kt/yr", KT)


def tables(case: ProjectCase) -> tuple[PartTable, ...]:
    """Return the tables, the one for the screen first."""
    return (
        _parties(case),
        *_sizes(case),
        *_market_table(case),
        *_power_table(case),
        _comparables(case),
        *_drawn(case),
        _by_year(case),
    )


def _parties(case: ProjectCase) -> PartTable:
    drawn = case.study.uncertainty

    def row(share: Share) -> tuple[Cell, ...]:
        worth = drawn.of(share.party)
        low, high = (None, None) if worth is None else worth.interval(worth.npv)
        needed = case.study.world_price(share.break_even)
        return (
            case.name_of(share),
            share.npv / BN,
            None if low is None else low / BN,
            None if high is None else high / BN,
            None if share.rates.only is None else share.rates.only * FRACTION,
            share.rate * FRACTION,
            None if share.role == "treasury" else share.payback,
            needed,
        )

    columns = (
        Column("who"),
        Column("worth", "bn USD"),
        Column("low", "bn USD"),
        Column("high", "bn USD"),
        Column("earns", "%"),
        Column("needs", "%"),
        Column("pays back", "yr"),
        Column(f"{case.quote} needed", "USD/t"),
    )
    note = (
        f"Worth on the day of signing in dollars of {case.study.case.price_year}; low and high are "
        f"the 5th and 95th percentile of {drawn.draws} draws (seed {drawn.seed}). Earns and needs "
        "are a year, above inflation. Paying back counts what the plants are worth at the end."
    )
    shown = tuple(row(share) for share in case.shown)
    return PartTable("parties", "What it is worth, to whom", columns, shown, (note,))


def _sizes(case: ProjectCase) -> Iterator[PartTable]:
    study = case.study
    if not study.bought:
        return
    imports = None if study.feedback is None else study.feedback.before_deal.imports
    partner = place(case.regions[study.partner]) if study.partner else "the partner"
    columns = (
        Column("at the cost of"),
        Column("smelter", "kt/yr"),
        Column("hydropower", "MW"),
        Column("a tonne a year costs", "USD"),
        Column(f"of the imports of {partner}", "%"),
    )
    shown = tuple(
        (
            x.label,
            x.chain.metal / KT,
            x.chain.hydropower,
            x.chain.cost,
            None if not imports else FRACTION * x.chain.metal / imports,
        )
        for x in study.bought
    )
    title = f"What {study.case.capex / BN:,.3g} bn USD buys"
    note = (
        f"Dollars of {study.case.price_year} by the US GDP deflator. Hydropower is sized for all "
        "the smelter's power in a mean year."
    )
    yield PartTable("sizes", title, columns, shown, (note,))


def _market_table(case: ProjectCase) -> Iterator[PartTable]:
    study = case.study
    if study.feedback is None:
        return
    region = place(case.regions[study.case.region])
    partner = place(case.regions[study.partner]) if study.partner else ""
    one, other = study.feedback.without, study.feedback.with_project
    lines = [
        (f"World price ({case.quote})", "hub", USD),
        (f"Makers of metal in {region} get", "gate", USD),
        ("They pay for alumina", "ore", USD),
        (f"Metal made in {region}", "output", TONNES),
    ]
    if partner:
        lines += [
            (f"Buyers in {partner} pay", "buyers", USD),
            (f"From {region} to {partner}", "from_region", TONNES),
            (f"All imports of {partner}", "imports", TONNES),
        ]
    shown = tuple(
        (title, unit, *_compared(getattr(one, field), getattr(other, field), size))
        for title, field, (unit, size) in lines
    )
    off, on = study.without_feedback.capital, study.base.capital
    worth = ("Worth of the project", "mn USD", *_compared(off.npv, on.npv, MN))
    columns = (
        Column("under the deal"),
        Column("unit"),
        *map(Column, ("without", "with", "change")),
    )
    note = (
        f"The market of {case.level_year} with the deal's own terms. Without is the plain "
        "spreadsheet: prices as if the project sold nothing."
    )
    yield PartTable(
        "market", "The price it earns moves with what it sells", columns, (*shown, worth), (note,)
    )


def _compared(before: float | None, after: float | None, size: float) -> tuple[Cell, ...]:
    """Return a number without the project, with it, and the change, in units of a size."""
    shown = tuple(None if x is None else x / size for x in (before, after))
    return (*shown, None if before is None or after is None else (after - before) / size)


def _power_table(case: ProjectCase) -> Iterator[PartTable]:
    study = case.study
    if not study.case.size("smelter"):
        return
    prices = study.metal_needed(np.array(POWER_PRICES))
    if prices is None:
        return
    needed = [None if np.isnan(x) else study.world_price(float(x)) for x in prices]
    shown: list[tuple[Cell, ...]] = [
        (power, None if x is None else float(x))
        for power, x in zip(POWER_PRICES, needed, strict=True)
    ]
    rate = f"{study.base.capital.rate * FRACTION:.3g} %"
    notes = [f"For a smelter that buys all its power and whose capital earns {rate} a year."]
    own = study.world_price(study.base.capital.break_even)
    if study.case.size("hydropower") and own is not None:
        notes.append(f"With its own hydropower it needs {own:,.0f} USD/t.")
    if study.power_needed is not None:
        notes.append(
            f"That hydropower must get {study.power_needed:,.1f} USD/MWh to pay by itself."
        )
    columns = (Column("power", "USD/MWh"), Column(f"{case.quote} needed", "USD/t"))
    yield PartTable(
        "power",
        "What power and metal must cost for it to pay",
        columns,
        tuple(shown),
        (" ".join(notes),),
    )


def _comparables(case: ProjectCase) -> PartTable:
    columns = (
        Column("kind"),
        Column("plant"),
        Column("size"),
        Column("cost, per t/yr or MW", "USD"),
        Column("year"),
        Column("counted"),
        Column("source"),
        Column("status"),
    )
    shown = tuple(
        (
            x.kind,
            x.plant,
            f"{x.capacity / KT:,.0f} kt/yr" if x.kind == "smelter" else f"{x.capacity:,.0f} MW",
            x.cost,
            x.year,
            "yes" if x.counted else "no",
            x.source,
            x.status,
        )
        for x in case.study.case.comparables
    )
    title = f"Comparable plants, in dollars of {case.study.case.price_year}"
    return PartTable("comparables", title, columns, shown)


def _drawn(case: ProjectCase) -> Iterator[PartTable]:
    """Yield what is drawn: factors on the base case, then numbers, most telling first."""
    study = case.study
    ranges = study.case.ranges(study.metal)
    factors: list[tuple[Cell, ...]] = []
    numbers: list[tuple[Cell, ...]] = []
    for name, moved in study.uncertainty.drivers:
        unit = study.case.unit_of(name)
        size = 1.0 if unit in {"yr", "1", "USD/MWh"} else FRACTION
        r = ranges[name]
        three = tuple(float(x) * size for x in (r.low, r.median, r.high))
        if unit == "factor":
            factors.append((name_of(name), *three, moved * FRACTION))
        else:
            shown = {"fraction": "%", "1": ""}.get(unit, unit)
            numbers.append((name_of(name), shown, *three, moved * FRACTION))
    note = (
        "Triangular between low and high, each independent of the others. The last column is the "
        "rank correlation with the worth to all capital, in per cent."
    )
    names, moves = ("low", "likely", "high"), Column("moves worth", "%")
    columns = (Column("of the base case"), *(Column(x, "%", 0) for x in names), moves)
    title = "What is not known, and what it matters"
    yield PartTable("drawn_factors", title, columns, tuple(factors), (note,))
    plain = (Column(x, digits=1) for x in names)
    columns = (Column("number"), Column("unit"), *plain, moves)
    yield PartTable("drawn_numbers", f"{title}: numbers", columns, tuple(numbers), (note,))


def _by_year(case: ProjectCase) -> PartTable:
    base = case.study.base
    parties = base.parties
    columns = (
        Column("year"),
        Column("metal", "kt"),
        Column("built", "mn USD"),
        Column("sales", "mn USD"),
        Column("running cost", "mn USD"),
        Column("project", "mn USD"),
        *(Column(case.name_of(share), "mn USD") for share in parties),
    )
    flow = base.flow
    shown = tuple(
        (
            case.as_of.year + t,
            float(flow.metal[t]) / KT,
            float(flow.capex[t]) / MN,
            float(flow.sales[t] + flow.power_sales[t]) / MN,
            float(flow.running_cost[t]) / MN,
            float(base.project.flow[t]) / MN,
            *(float(share.flow[t]) / MN for share in parties),
        )
        for t in range(len(flow.metal))
    )
    notes = ("The columns of the parties add up to the project's, year by year.",)
    return PartTable("cash_flow", "Cash flow by year, base case", columns, shown, notes)
