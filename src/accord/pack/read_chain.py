"""Reads ``chain/`` and ``projects/`` of a pack, and says everything that is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from accord.errors import Fault
from accord.pack.benchmark import Benchmark, Technique
from accord.pack.chain import (
    CLOSE,
    STEPS,
    Chain,
    Deposit,
    Recovery,
    Span,
    StageObservation,
    Step,
)
from accord.pack.columns import Column, Known, closest, listed
from accord.pack.reader import Reader
from accord.pack.schema import WORLD
from accord.pack.tables import Table, TableSpec

_ORIGIN = (Column("source", "source"), Column("status", "status"))
_SHARE = "write the part as a fraction: 0.3 for 30 %"


def _range(least: float | None = 0.0, most: float | None = None, hint: str = "") -> list[Column]:
    return [
        Column(name, "number", least=least, most=most, hint=hint)
        for name in ("low", "central", "high")
    ]


COMPOSITION = TableSpec(
    (
        Column("good", "good"),
        Column("element", "word"),
        Column("content", "number", above=0.0),
        Column("published", "number", above=0.0, needed=False, filled=False),
        Column("unit", "unit", dimension="number"),
        *_ORIGIN,
    ),
    key=("good", "element"),
)
RECOVERIES = TableSpec(
    (
        Column("kind", "word"),
        Column("recovery", "number", above=0.0, most=1.0, hint=_SHARE),
        Column("low", "number", above=0.0, most=1.0, hint=_SHARE),
        Column("high", "number", above=0.0, most=1.0, hint=_SHARE),
        Column("unit", "unit", dimension="number"),
        *_ORIGIN,
    ),
    key=("kind",),
)
STAGE_OBSERVED = TableSpec(
    (
        Column("quantity", "word"),
        Column("region", "region", words=(WORLD,)),
        Column("partner", "region", words=(WORLD,), filled=False),
        Column("value", "number", least=0.0),
        Column("unit", "unit", dimension="any"),
        Column("year", "year"),
        *_ORIGIN,
        Column("basis", "word", words=("identity", "fit", "check")),
    ),
    key=("quantity", "region", "partner", "year"),
)
DEPOSITS = TableSpec(
    (
        Column("deposit", "word"),
        Column("name", "word"),
        Column("region", "region"),
        Column("ore", "good"),
        Column("done", "word", words=("none", *STEPS[:-1])),
        *_range(),
        Column("unit", "unit", dimension="mass a year"),
        Column("resource_kt", "number", above=0.0, filled=False),
        Column("grade", "number", above=0.0, most=1.0, filled=False, hint=_SHARE),
        *_ORIGIN,
    ),
    key=("deposit",),
    values=("low", "central", "high"),
)
STEP_TABLE = TableSpec(
    (
        Column("step", "word", words=STEPS),
        Column("item", "word", words=("years", "probability", "capex")),
        *_range(),
        Column("unit", "word", words=("yr", "fraction", "USD per t/yr")),
        *_ORIGIN,
    ),
    key=("step", "item"),
)


def read_chain(source: Reader, known: Known, benchmarks: Mapping[int, Benchmark]) -> Chain | None:
    """Return the chain of a pack, ``None`` where it has none or it is at fault."""
    if not (source.folder / "chain").is_dir():
        return None
    composition = source.table("chain/composition.csv", COMPOSITION, known)
    recoveries = source.table("chain/recoveries.csv", RECOVERIES, known)
    observed = source.table("chain/observed.csv", STAGE_OBSERVED, known, needed=False)
    deposits = source.table("projects/deposits.csv", DEPOSITS, known, needed=False)
    steps = source.table("projects/steps.csv", STEP_TABLE, known, needed=False)
    tables = (composition, recoveries, observed, deposits, steps)
    if not all(table.sound for table in tables):
        return None
    source.faults += [*_order_faults(deposits), *_order_faults(steps), *_step_faults(steps)]
    chain = Chain(
        content=_content(composition),
        recovery={r.kind: r for r in _recoveries(recoveries)},
        observed=tuple(_observations(observed)),
        deposits=tuple(_deposits(deposits)),
        steps={s.step: s for s in _steps(steps)},
    )
    techniques = [t for bench in benchmarks.values() for t in bench.techniques]
    source.faults += _chain_faults(composition, recoveries, chain, techniques)
    for bench in benchmarks.values():
        source.faults += _gap_faults(bench, chain)
    source.faults += _deposit_faults(deposits, chain)
    return chain


def _content(table: Table) -> dict[tuple[str, str], float]:
    names = zip(table.text["good"], table.text["element"], strict=True)
    return dict(zip(names, table.number["content"], strict=True))


def _note(table: Table, row: int) -> str:
    notes = table.text.get("note")
    return "" if notes is None else notes[row]


def _span(table: Table, row: int) -> Span:
    number = table.number
    return Span(number["low"][row], number["central"][row], number["high"][row])


def _recoveries(table: Table) -> Iterator[Recovery]:
    text, number = table.text, table.number
    for i in range(len(table)):
        span = Span(number["low"][i], number["recovery"][i], number["high"][i])
        origin = (text["source"][i], text["status"][i], _note(table, i))
        yield Recovery(text["kind"][i], span, *origin)


def _observations(table: Table) -> Iterator[StageObservation]:
    text = table.text
    for i in range(len(table)):
        yield StageObservation(
            quantity=text["quantity"][i],
            region=text["region"][i],
            partner=text["partner"][i],
            value=table.number["value"][i],
            unit=text["unit"][i],
            year=int(text["year"][i]),
            source=text["source"][i],
            status=text["status"][i],
            basis=text["basis"][i],
            note=_note(table, i),
        )


def _deposits(table: Table) -> Iterator[Deposit]:
    text, number = table.text, table.number
    for i in range(len(table)):
        resource, grade = number["resource_kt"][i], number["grade"][i]
        yield Deposit(
            deposit=text["deposit"][i],
            name=text["name"][i],
            region=text["region"][i],
            ore=text["ore"][i],
            done=text["done"][i],
            output=_span(table, i),
            resource=None if math.isnan(resource) else resource * 1000.0,
            grade=None if math.isnan(grade) else grade,
            source=text["source"][i],
            status=text["status"][i],
            note=_note(table, i),
        )


def _steps(table: Table) -> Iterator[Step]:
    found: dict[str, dict[str, int]] = {}
    for i in range(len(table)):
        found.setdefault(table.text["step"][i], {})[table.text["item"][i]] = i
    for step, rows in found.items():
        if len(rows) == 3:  # noqa: PLR2004 - years, probability, capex
            first = rows["years"]
            yield Step(
                step=step,
                years=_span(table, rows["years"]),
                probability=_span(table, rows["probability"]),
                capex=_span(table, rows["capex"]),
                source=table.text["source"][first],
                status=table.text["status"][first],
                note=_note(table, first),
            )


# ------------------------------------------------------------------------------------- faults


def _order_faults(table: Table) -> Iterator[Fault]:
    key = ("deposit",) if "deposit" in table.text else ("step", "item")
    for i in range(len(table)):
        span = _span(table, i)
        if not span.low <= span.central <= span.high:
            found = f"low {span.low:g}, central {span.central:g}, high {span.high:g}"
            fix, place = "put the three in order", (table.lines[i], table.label(i, key))
            yield Fault(table.file, found, "low ≤ central ≤ high", fix, *place)


def _step_faults(table: Table) -> Iterator[Fault]:
    have = set(zip(table.text.get("step", ()), table.text.get("item", ()), strict=True))
    for i, (step, item) in enumerate(
        zip(table.text.get("step", ()), table.text.get("item", ()), strict=True)
    ):
        high = table.number["high"][i]
        if item == "probability" and high > 1.0:
            found = f"a probability of {high:g}"
            place = (table.lines[i], f"{step} {item}", "high")
            yield Fault(table.file, found, "a probability from 0 to 1", _SHARE, *place)
    for step in STEPS if table.present and len(table) else ():
        for item in ("years", "probability", "capex"):
            if (step, item) not in have:
                fix = f"add a row {step},{item}"
                yield Fault(table.file, f"no {item} of {step}", "a row for each", fix, None, step)


def _chain_faults(
    composition: Table,
    recoveries: Table,
    chain: Chain,
    techniques: Iterable[Technique],
) -> Iterator[Fault]:
    every = list(techniques)
    dug = {good for t in every if not t.inputs for good, _ in t.outputs}
    for good in dict.fromkeys(composition.text["good"]):
        total = sum(x for (g, _), x in chain.content.items() if g == good)
        if good in dug and abs(total - 1.0) > CLOSE:
            yield _sum_fault(composition, good, total)
    kinds = sorted({t.kind for t in every})
    for i, kind in enumerate(recoveries.text["kind"]):
        if kinds and kind not in kinds:
            fix = closest(kind, kinds, "remove the row")
            allowed = f"a kind of activity of the pack: {listed(kinds)}"
            place = (recoveries.lines[i], kind, "kind")
            yield Fault(recoveries.file, f'"{kind}"', allowed, fix, *place)


def _sum_fault(table: Table, good: str, total: float) -> Fault:
    line = table.lines[list(table.text["good"]).index(good)]
    found = f"an ore whose oxides sum to {100.0 * total:.6g} %"
    fix = "correct the assay, or divide each row by the sum and keep it under published"
    return Fault(table.file, found, "oxides that sum to 100 %", fix, line, good, "content")


def _gap_faults(bench: Benchmark, chain: Chain) -> Iterator[Fault]:
    for t in bench.techniques:
        element, gap = chain.gap(t.kind, t.inputs, t.outputs) if t.inputs else ("", 0.0)
        if gap > CLOSE:
            yield _gap_fault(f"{bench.folder}/activities.csv", t, element, gap)


def _gap_fault(file: str, t: Technique, element: str, gap: float) -> Fault:
    return Fault(
        file,
        f"{element} going in and coming out differ by {100.0 * gap:.3g} % after recovery",
        "outputs that hold what the kind recovers of its inputs (chain/recoveries.csv), to 1e-9",
        "correct its coefficients, the composition of its goods, or the recovery",
        t.line,
        t.name,
    )


def _deposit_faults(table: Table, chain: Chain) -> Iterator[Fault]:
    ores = sorted({good for good, _ in chain.content})
    for i, deposit in enumerate(chain.deposits):
        if not any(good == deposit.ore for good in ores):
            found = f"the ore {deposit.ore}, of which the pack knows no oxides"
            fix = closest(deposit.ore, ores, "add its rows to chain/composition.csv")
            place = (table.lines[i], deposit.deposit, "ore")
            yield Fault(table.file, found, f"one of {listed(ores)}", fix, *place)
