"""Sliders of the numbers of a deal's terms, about the market and about its other parts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from accord.deal import Deal
from accord.deal.deal import Entry
from accord.instruments import budget_cut, fields, joint_exploration, joint_project
from accord.instruments.joint_project import Size
from accord.instruments.table import Table
from accord.instruments.term import Term
from accord.web.dial import STEPS, Dial, round_up

MARKET = "market"
TERMS, OFFERS = "terms", "offers"
"""Groups of sliders: of terms about the market, of the deal's other offers."""
BILLION = 1e9
HOLDERS = 2
"""Holders of a whole of whom one slider moves both: what one has not the other has."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a kind of field is moved: its unit, base units in one, how far it reaches at least.

    ``form``  as that of a ``Dial``;  ``step`` where steps have a size of their own
    """

    unit: str
    scale: float
    reach: float
    most: float = math.inf
    above_zero: bool = False
    form: str = "quantity"
    least: float = 0.0
    step: float | None = None


_PERCENT = _Measure("%", 0.01, 100.0, 100.0, above_zero=True)
_TIMES = _Measure("times", 1.0, 10.0, joint_exploration.LARGEST, form="number",
                  least=1.5, step=0.5)  # fmt: skip


def _years(least: float, most: float) -> _Measure:
    return _Measure("years", 1.0, most, most, form="count", least=least, step=1.0)


# By the type that the instrument's field has.
_MEASURES: tuple[tuple[Any, _Measure], ...] = (
    (fields.MassRate, _Measure("kt/yr", 1e3, 100.0)),
    (fields.PositiveMassRate, _Measure("kt/yr", 1e3, 100.0, above_zero=True)),
    (fields.Rate, _Measure("%", 0.01, 50.0, 100.0 * fields.LARGEST_RATE)),
    (fields.Share, _PERCENT),
    (fields.PartOrNone, _Measure("%", 0.01, 100.0, 100.0)),
    (fields.Price, _Measure("USD/t", 1.0, 100.0)),
    (fields.Money, _Measure("bn USD", BILLION, 1.0, above_zero=True)),
    (fields.PowerPrice, _Measure("USD/MWh", 1.0, 50.0)),
    (fields.PowerIntensity, _Measure("MWh/t", 1.0, 10.0)),
    (fields.EmissionIntensity, _Measure("tCO2/t", 1.0, 10.0)),
    (joint_project.Years, _years(1.0, joint_project.LONGEST)),
    (joint_project.YearsOrNone, _years(0.0, joint_project.LONGEST)),
)
# By its name, where the type is the field's own.
_NAMED: dict[tuple[str, str], _Measure] = {
    ("budget_cut", "cut"): _PERCENT,
    ("budget_cut", "years"): _years(1.0, budget_cut.LONGEST),
    ("joint_exploration", "horizon_years"): _years(1.0, joint_exploration.LONGEST),
    ("joint_exploration", "target_factor"): _TIMES,
}


def term_dials(deal: Deal) -> Iterator[Dial]:
    """Yield a slider for each number that the file gives for a term.

    What the file leaves out is no number of the deal.
    """
    for entry in deal.entries:
        if entry.term.domain:
            yield from _of_term(entry)


def _of_term(entry: Entry) -> Iterator[Dial]:
    term = entry.term
    for path, words, how, value in _numbers(term, entry.table, term.kind):
        label = f"{term.title or term.id}: {words}"
        yield _dial(label, how, value / how.scale, term, path)
    yield from _of_holders(entry)


_Found = tuple[str, str, _Measure, float]
"""Path of a number, its name in words, how it is moved, where it stands in base units."""


def _numbers(table: Table, written: Mapping[str, Any], kind: str = "") -> Iterator[_Found]:
    """Yield the plain numbers of a table and of those inside it."""
    for name, info in type(table).model_fields.items():
        value = getattr(table, name)
        if value is None or name not in written:
            continue
        words = name.replace("_", " ")
        if isinstance(value, Table):
            yield from _inside(name, words, value, written[name])
        elif name != "share" and _is_tables(value):
            for i, row in enumerate(value):
                named = f"{getattr(row, 'kind', '') or words}"
                yield from _inside(f"{name}.{i}", named, row, written[name][i])
        else:
            how = _NAMED.get((kind, name)) or _measure(info, value)
            if how is not None:
                yield name, words, how, value.amount if isinstance(value, Size) else float(value)


def _inside(name: str, words: str, table: Table, written: Mapping[str, Any]) -> Iterator[_Found]:
    for path, more, how, value in _numbers(table, written):
        yield f"{name}.{path}", f"{words}, {more}", how, value


def _is_tables(value: object) -> bool:
    rows = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
    return bool(rows) and not isinstance(value, Size) and all(isinstance(x, Table) for x in rows)


def _of_holders(entry: Entry) -> Iterator[Dial]:
    """Yield one slider for what two holders share: the first's part, the other has the rest."""
    held = cast("Sequence[Any]", getattr(entry.term, "share", ()))
    if isinstance(held, float) or len(held) != HOLDERS or "share" not in entry.table:
        return
    first, other = held
    label = f"{entry.term.title or entry.term.id}: share of {first.party}"
    how = replace(_PERCENT, most=99.0, step=1.0)
    dial = _dial(label, how, 100.0 * first.share, entry.term, "share.0.share")
    yield replace(dial, rest="share.1.share", note=f"{other.party} has the rest")


def _measure(info: Any, value: object) -> _Measure | None:  # noqa: ANN401 - a field as instruments have it
    """Return how a field is moved; ``None`` for one that is no plain number."""
    if isinstance(value, Size):
        by_mass = value.of is joint_project.SIZES["smelter"]
        unit, scale, reach = ("kt/yr", 1e3, 100.0) if by_mass else ("MW", 1.0, 1000.0)
        return _Measure(unit, scale, reach, above_zero=True)
    marks = list(info.metadata)
    for part in get_args(info.annotation):
        marks += getattr(part, "__metadata__", ())
    found = next((how for kind, how in _MEASURES if kind.__metadata__[0] in marks), None)
    if found is not None and found.scale == BILLION and cast("float", value) < BILLION:
        return replace(found, unit="mn USD", scale=1e6)
    return found


def _dial(label: str, how: _Measure, value: float, term: Term, path: str) -> Dial:
    most = min(round_up(max(2.0 * value, how.reach)), how.most)
    step = how.step or most / STEPS
    least = step if how.above_zero else how.least
    # The value of the file is a place on the slider, whatever its digits.
    while abs(round((value - least) / step) * step - (value - least)) > 1e-9 * most:
        step /= 2.0 if step > most / 1000.0 else 5.0
        if step < most * 1e-6:
            break
    domain = term.domain or MARKET
    of_market = domain == MARKET
    return Dial(f"t.{term.id}.{path}", TERMS if of_market else OFFERS, label, how.unit, least, most,
                step, value, how.scale, term=term.id, field=path, form=how.form,
                part="" if of_market else domain)  # fmt: skip
