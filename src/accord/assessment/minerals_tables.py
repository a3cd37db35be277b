"""Joint work on deposits as tidy rows and small tables."""

from __future__ import annotations

from collections.abc import Iterator

from accord.assessment.minerals_case import MineralsCase
from accord.assessment.part import Cell, Column, PartTable
from accord.effects import Row
from accord.minerals.observed import compare
from accord.minerals.study import Outcome

TONNES, KG, BN = "t/yr", "USD/kg", "bn USD"
STEP_NAMES = {
    "mine": "mined (REO)",
    "separation": "separated (NdPr oxide)",
    "metal": "NdPr metal",
    "magnet": "NdFeB magnets",
}


def rows(case: MineralsCase) -> tuple[Row, ...]:
    """Return output by step and year, prices, and what a floor costs."""
    return (*_output(case), *_prices(case), *_floors(case))


def _output(case: MineralsCase) -> Iterator[Row]:
    study = case.study
    region, world = study.question.region, study.world_output
    for path in study.paths:
        before = study.base_of(path.step)
        for i, year in enumerate(study.prospects.years):
            low, mean, high = (before + float(x[i]) for x in (path.low, path.mean, path.high))
            measure = f"{path.step}_output"
            yield Row(measure, region, path.product, year, before, mean, TONNES, low, high)
            if path.step == "mine":
                was, now, least, most = (x / world for x in (before, mean, low, high))
                name = "mine_output_part_of_world"
                yield Row(name, region, path.product, year, was, now, "fraction", least, most)


def _prices(case: MineralsCase) -> Iterator[Row]:
    year = case.study.last_year
    for x in case.prices():
        yield Row(
            "buyer_price", x.region, x.good, year, x.before, x.expected, "USD/t", x.low, x.high
        )


def _floors(case: MineralsCase) -> Iterator[Row]:
    year = case.study.last_year
    for floor in case.floors:
        cost = case.floor_cost(floor)
        if cost is not None:
            yield Row("price_floor_cost", floor.payer, floor.good, year, 0.0, cost[2], "USD/yr")


def tables(case: MineralsCase) -> tuple[PartTable, ...]:
    """Return every table; the first is on the screen too."""
    found = (
        _at_horizon(case),
        _by_year(case),
        _deposits(case),
        _steps(case),
        _price_table(case),
        _cases(case),
        _stakes(case),
        _sold(case),
        _basket(case),
        _elements(case),
        _world(case),
    )
    return tuple(table for table in found if table.rows)


def _at_horizon(case: MineralsCase) -> PartTable:
    study = case.study
    lines: list[tuple[Cell, ...]] = []
    for path in study.paths:
        share = 100.0 * study.abroad_share(path.step)
        values = (float(path.mean[-1]), float(path.low[-1]), float(path.high[-1]))
        lines.append((STEP_NAMES[path.step], study.base_of(path.step), *values, share))
    columns = (
        Column("step"), Column(f"{study.question.region} {study.year}", TONNES, 0),
        Column("expected more", TONNES, 0), Column("low", TONNES, 0), Column("high", TONNES, 0),
        Column("capacity outside China", "% of world", 0),
    )  # fmt: skip
    notes = (
        "Low and high: 10th and 90th percentile over draws of size, years and odds.",
        "A low of 0 is a draw in which nothing gets that far.",
    )
    title = f"What {study.last_year} would have more, by step"
    return PartTable("by_step", title, columns, tuple(lines), notes)


def _by_year(case: MineralsCase) -> PartTable:
    study = case.study
    lines: list[tuple[Cell, ...]] = [
        (year, STEP_NAMES[p.step], float(p.mean[i]), float(p.low[i]), float(p.high[i]))
        for i, year in enumerate(study.prospects.years)
        for p in study.paths
    ]
    columns = (
        Column("year"), Column("step"), Column("expected more", TONNES, 0),
        Column("low", TONNES, 0), Column("high", TONNES, 0),
    )  # fmt: skip
    return PartTable("by_year", "Year by year", columns, tuple(lines))


def _deposits(case: MineralsCase) -> PartTable:
    study = case.study
    lines: list[tuple[Cell, ...]] = []
    values = {ore: sum(usd for _, usd in parts.values()) / 1e3 for ore, parts in case.baskets()}
    for d in study.question.deposits:
        mean = float(study.prospects.mean(d.deposit, "mine")[-1])
        chance = float((study.prospects.reached[d.deposit, "mine"][:, -1] > 0.0).mean())
        lines.append(
            (
                d.name, None if d.resource is None else d.resource / 1e3,
                None if d.grade is None else 100.0 * d.grade, d.done, d.output.central,
                100.0 * chance, mean, values[d.ore], d.source, d.status,
            )
        )  # fmt: skip
    columns = (
        Column("deposit"), Column("in the ground", "kt", 0), Column("grade", "%", 1),
        Column("step behind it"), Column("output if built", TONNES, 0),
        Column("mines by then", "% of draws", 0), Column("expected", TONNES, 0),
        Column("oxides in a kg of ore", KG, 2), Column("source"), Column("status"),
    )  # fmt: skip
    notes = ("Reserves, state balance and resources are counted differently: never add them up.",)
    return PartTable("deposits", "Deposits", columns, tuple(lines), notes)


def _steps(case: MineralsCase) -> PartTable:
    study = case.study
    lines: list[tuple[Cell, ...]] = []
    passing = dict(study.passing())
    for name, s in study.chain.steps.items():
        stated = study.question.lead_years.get(name)
        through = passing.get(name)
        lines.append(
            (
                name, s.years.low, s.years.central, s.years.high, stated,
                100.0 * s.probability.low, 100.0 * s.probability.central,
                100.0 * s.probability.high, None if through is None else 100.0 * through,
                s.source, s.status,
            )
        )  # fmt: skip
    columns = (
        Column("step"), Column("years, low", "yr", 0), Column("central", "yr", 0),
        Column("high", "yr", 0), Column("stated in the deal"), Column("succeeds, low", "%", 0),
        Column("central ", "%", 0), Column("high ", "%", 0),
        Column("through it by the horizon", "%", 0), Column("source"), Column("status"),
    )  # fmt: skip
    notes = ("Through it: of what is expected to get through the step before; years count too.",)
    return PartTable(
        "steps", "Steps: years after the one before, and odds", columns, tuple(lines), notes
    )


def _price_table(case: MineralsCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = [
        (
            x.good, x.region, x.before / 1e3, x.expected / 1e3, x.low / 1e3, x.high / 1e3,
            100.0 * (x.expected / x.before - 1.0),
        )
        for x in case.prices()
    ]  # fmt: skip
    columns = (
        Column("good"), Column("buyers in"), Column("without", KG, 2), Column("expected", KG, 2),
        Column("low", KG, 2), Column("high", KG, 2), Column("change", "%", 2),
    )  # fmt: skip
    study = case.study
    notes = (
        f"In the market of {study.year}, with what is expected in {study.last_year} built.",
        "Low and high: the fifths of the draws in which most and least is mined.",
    )
    return PartTable("prices", "Magnet metals outside China", columns, tuple(lines), notes)


def _cases(case: MineralsCase) -> PartTable:
    study = case.study
    lines: list[tuple[Cell, ...]] = []
    for x in (study.worst, study.expected, study.best, study.complete):
        if x is not None:
            lines += [_case_line(x, good) for good in ("ndpr_oxide", "ndpr_metal", "magnet")]
    columns = (
        Column("case"), Column("good"), Column("could be made", TONNES, 0),
        Column("made at its price", TONNES, 0), Column("value added", "mn USD/yr", 0),
        Column("left after running costs", "mn USD/yr", 0),
    )  # fmt: skip
    notes = ("Costs are those of the largest maker of each step outside China.",)
    return PartTable("cases", "What new plants would run at", columns, tuple(lines), notes)


def _case_line(x: Outcome, good: str) -> tuple[Cell, ...]:
    return x.name, good, x.could_make(good), x.made(good), x.value_added / 1e6, x.surplus / 1e6


def _stakes(case: MineralsCase) -> PartTable:
    expected = case.study.expected
    surplus = 0.0 if expected is None else expected.surplus
    capital = case.study.capital()[1]
    lines: list[tuple[Cell, ...]] = [
        (s.party, s.country, 100.0 * s.share, s.share * capital / 1e6, s.share * surplus / 1e6)
        for s in case.term.share
    ]
    columns = (
        Column("party"), Column("country"), Column("share", "%", 1),
        Column("to pay in", "mn USD", 0), Column("left after running costs", "mn USD/yr", 0),
    )  # fmt: skip
    notes = ("Expected values, before interest and taxes; dollars of the base year.",)
    return PartTable("stakes", "Who holds what", columns, tuple(lines), notes)


def _sold(case: MineralsCase) -> PartTable:
    expected = case.study.expected
    lines: list[tuple[Cell, ...]] = []
    for o in case.offtakes:
        made = 0.0 if expected is None else expected.made(o.good)
        lines.append((o.id, o.buyer, o.good, 100.0 * o.share, o.share * made, None, None))
    for f in case.floors:
        cost = case.floor_cost(f)
        if cost is not None:
            lines.append((f.id, f.payer, f.good, None, cost[0], f.floor / 1e3, cost[2] / 1e6))
    columns = (
        Column("term"), Column("who"), Column("good"), Column("share", "%", 0),
        Column("tonnes", TONNES, 0), Column("floor", KG, 1),
        Column("the payer pays", "mn USD/yr", 1),
    )  # fmt: skip
    return PartTable("terms", "Offtake and price floors", columns, tuple(lines))


def _basket(case: MineralsCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = []
    for ore, parts in case.baskets():
        total = sum(usd for _, usd in parts.values())
        for good, (tonnes, usd) in parts.items():
            lines.append((ore, good, 1e3 * tonnes, usd / 1e3, 100.0 * usd / total))
        lines.append(
            (ore, "all of them", 1e3 * sum(t for t, _ in parts.values()), total / 1e3, 100.0)
        )
    columns = (
        Column("ore"), Column("oxide"), Column("from a tonne of REO", "kg", 1),
        Column("value in a kg", KG, 3), Column("of the basket", "%", 1),
    )  # fmt: skip
    return PartTable(
        "basket", "What a kilogramme of ore is worth, oxide by oxide", columns, tuple(lines)
    )


def _elements(case: MineralsCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = [
        (x.element, x.mined, x.used, x.lost, max(x.left_over, 0.0)) for x in case.elements
    ]
    columns = (
        Column("element"), Column("mined", TONNES, 0), Column("used", TONNES, 0),
        Column("lost", TONNES, 0), Column("left over", TONNES, 0),
    )  # fmt: skip
    title = f"The elements in {case.study.year}, as oxide: the whole world"
    return PartTable("elements", title, columns, tuple(lines))


def _world(case: MineralsCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = []
    for x in compare(case.study.chain, case.study.before):
        scale, unit = (100.0, "%") if x.seen.unit == "fraction" else (1.0, x.seen.unit)
        model = None if x.model is None else scale * x.model
        where = f"{x.seen.partner}>{x.seen.region}" if x.seen.partner else x.seen.region
        lines.append(
            (
                x.seen.quantity, where, x.seen.year, scale * x.seen.value, model, unit,
                x.seen.basis, x.seen.status, x.seen.source, x.seen.note,
            )
        )  # fmt: skip
    columns = (
        Column("quantity"), Column("where"), Column("year"), Column("observed", "", 1),
        Column("model", "", 1), Column("in"), Column("proves"), Column("status"), Column("source"),
        Column("note"),
    )  # fmt: skip
    notes = ("identity: so by construction; fit: used to set the pack; check: neither.",)
    title = f"The pack beside the world, {case.study.year}"
    return PartTable("world", title, columns, tuple(lines), notes)
