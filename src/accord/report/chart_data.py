"""What pictures show, as plain rows: numbers in the unit of the picture, and how they are written.

The report and the live page draw the same rows; every row has the text that stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment import Assessment
from accord.effects.by_term import ByTerm
from accord.report.gains import range_of_row, shown_gains
from accord.report.names import place
from accord.report.numbers import (
    DOLLARS,
    UNITS,
    Number,
    Unit,
    amount,
    column,
    digits_for,
    percent,
    unit_for,
)
from accord.report.paths import series
from accord.report.why import Asked, added_up, ids_and_titles

Value = str | float | int | None
Rows = tuple[dict[str, Value], ...]

SHOWN_OVER_YEARS = ("flow", "output", "hub_price", "buyer_price")
ALL_TERMS = "All terms together"
MOST_GAINS = 9
MONEY = "welfare"


@dataclass(frozen=True, slots=True)
class ChartData:
    """The rows of one picture, its title with the unit, and a sentence that says what it shows."""

    name: str
    title: str
    says: str
    unit: str
    rows: Rows


def gains_data(a: Assessment) -> ChartData:
    """Return who gains and who pays: total, its 10 and 90 % point, and both as text."""
    shown = shown_gains(a, MOST_GAINS)
    unit = shown.unit
    values = column((g.total for _, g in shown.rows), unit, signed=True)
    rows: list[dict[str, Value]] = []
    for (name, gain), text in zip(shown.rows, values, strict=True):
        low, high = range_of_row(a.ensemble, gain) or (None, None)
        rows.append({
            "who": name,
            "value": gain.total / unit.size,
            "low": None if low is None else low / unit.size,
            "high": None if high is None else high / unit.size,
            "text": text,
            "range": _range(low, high, unit),
            "side": _side(gain.total),
        })  # fmt: skip
    title = f"Who gains and who pays, {unit.name} a year"
    said = [f"{row['who']} {row['text']}" for row in rows]
    ranged = " Thin lines: 10 to 90 % of draws." if any(row["range"] for row in rows) else ""
    return ChartData(
        "gains", title, f"{'; '.join(said)} {unit.name}.{ranged}", unit.name, tuple(rows)
    )


def _range(low: Number, high: Number, unit: Unit) -> str:
    if low is None or high is None:
        return ""
    return " … ".join(column((low, high), unit, signed=True))


def _side(value: float) -> str:
    return "none" if value == 0.0 else "up" if value > 0.0 else "down"


def why_data(a: Assessment, asked: Asked, found: ByTerm) -> ChartData:
    """Return how a change adds up: from nothing, a step a term, to all terms together."""
    shares = found.of(asked.key)
    total = sum(shares)
    unit = unit_for((*shares, total), UNITS[asked.unit])
    texts = added_up(shares, unit)
    titles = ids_and_titles(a)
    rows: list[dict[str, Value]] = []
    at = 0.0
    for term, share, text in zip(found.terms, shares, texts, strict=False):
        rows.append(_step(titles.get(term, term), at, at + share, text, unit))
        at += share
    rows.append(_step(ALL_TERMS, 0.0, total, texts[-1], unit) | {"side": "total"})
    name = unit.name + (" a year" if asked.unit.endswith("/yr") else "")
    says = "; ".join(f"{row['label']}: {row['text']}" for row in rows)
    what = asked.name if asked.key[0] == MONEY else f"{asked.name}, change"
    title = f"{what}, {name}: what each term adds"
    return ChartData(f"why-{asked.key[0]}", title, f"{says} {name}.", name, tuple(rows))


def _step(label: str, start: float, end: float, text: str, unit: Unit) -> dict[str, Value]:
    return {
        "label": label,
        "start": start / unit.size,
        "end": end / unit.size,
        "text": text,
        "side": _side(end - start),
    }


def paths_data(a: Assessment) -> tuple[ChartData, ...]:
    """Return one picture's rows for each number that is shown over the years; none for one year."""
    answer = a.paths
    if answer is None or len(answer.paths.years) < 2:  # noqa: PLR2004 - a line
        return ()
    years = [year.year for year in answer.paths.years]
    found: list[ChartData] = []
    for one in series(a, answer):
        both = (*one.before, *one.after)
        if one.result.measure not in SHOWN_OVER_YEARS or None in both:
            continue
        unit = unit_for(both, UNITS[one.result.unit])
        digits = digits_for(both, unit)
        rows: Rows = tuple(
            {"year": year, "side": side, "value": (value or 0.0) / unit.size,
             "text": amount(value, unit, digits)}
            for side, values in (("without the deal", one.before), ("with the deal", one.after))
            for year, value in zip(years, values, strict=True)
        )  # fmt: skip
        name = unit.name + (" a year" if one.result.unit.endswith("/yr") else "")
        title = f"{one.result.name}, {name}, {years[0]}-{years[-1]}"
        last = rows[-1]["text"], rows[len(years) - 1]["text"]
        says = f"In {years[-1]}: {last[0]} with the deal, {last[1]} without it."
        found.append(ChartData(f"path-{one.result.measure}", title, says, name, rows))
    return tuple(found)


def rests_on_data(a: Assessment) -> ChartData | None:
    """Return how much of the range comes from which uncertain number; ``None`` without draws."""
    found = a.rests_on
    if found is None:
        return None
    rows: Rows = tuple(
        {"label": x.name, "value": 100.0 * x.share, "text": percent(100.0 * x.share, digits=0),
         "side": "decides" if i < found.decisive else "rest"}
        for i, x in enumerate(found.pillars)
    )  # fmt: skip
    title = f"What decides how wide the range of {found.about} is, % of its variance"
    return ChartData("rests-on", title, found.sentence, "%", rows)


def who_pays_sentence(a: Assessment) -> str:
    """Return whose gain the world's is made of, in one sentence: the largest gain and loss."""
    shown = shown_gains(a, None)
    named = [(code.region, code.total) for _, code in shown.rows[:-1] if code.region]
    gain = max(named, key=lambda pair: pair[1], default=None)
    loss = min(named, key=lambda pair: pair[1], default=None)
    said: list[str] = []
    if gain is not None and gain[1] > 0.0:
        said.append(f"{place(a, gain[0])} gains most ({_money(gain[1])} a year)")
    if loss is not None and loss[1] < 0.0:
        said.append(f"{place(a, loss[0])} loses most ({_money(loss[1])} a year)")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _money(value: float) -> str:
    unit = unit_for((value,), DOLLARS)
    return f"{amount(value, unit, digits_for((value,), unit), signed=True)} {unit.name}"
