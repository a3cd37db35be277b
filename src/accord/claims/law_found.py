"""Measures on the dated law and on the plants of the market before the deal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from accord.claims.found import Found, nothing
from accord.claims.model import Model
from accord.claims.sizes import said_day
from accord.deal.tables import Reading
from accord.market import LaneKey


def measured(reading: Reading, model: Model) -> Found:
    """Return what the law or the market before the deal says of a reading."""
    return _BY_NAME[reading.measure or ""](reading, model)


def _duty_rate(reading: Reading, model: Model) -> Found:
    """Return the sum of the ad valorem duties on a lane on a day, whatever else closes it."""
    day = reading.day or (date(reading.year, 12, 31) if reading.year else model.as_of)
    market = model.pack.under_law(model.pack.calibration(model.before().market.year).market, day)
    origin, destination = (
        market.region_of(reading.partner or ""),
        market.region_of(reading.region or ""),
    )
    key = LaneKey(reading.good or "", origin or "", destination or "")
    lane = market.lane_by_key.get(key)
    if lane is None:
        return nothing(f"the pack {model.pack.name} has no lane {key}")
    duties = [w for w in lane.active_wedges if w.side == "import" and w.tracer is None]
    titles = {m.id: m.title for m in model.pack.measures}
    names = [titles.get(w.measure, w.measure) for w in duties if w.ad_valorem]
    return Found(
        sum(w.ad_valorem * w.content for w in duties),
        of=f"duty by law on {model.region(key.origin)}'s {key.good} in "
        f"{model.region(key.destination)} on {said_day(day)}",
        sources=(f"Law of the pack {model.pack.name}: {'; '.join(names) or 'no duty'}",),
    )


def _law_from_year(reading: Reading, model: Model) -> Found:
    measure = next((m for m in model.pack.measures if m.id == reading.law), None)
    if measure is None or measure.term.starts is None:
        return nothing(f"the law has no first day of {reading.law}")
    titles = {s.id: f"{s.publisher}, {s.title}" for s in model.pack.sources}
    source = "; ".join(titles.get(name, name) for name in measure.term.source)
    return Found(
        float(measure.term.starts.year),
        of=f"{measure.title}, from {said_day(measure.term.starts)}",
        sources=(f"{source} ({measure.term.status})",),
    )


def _capacity(reading: Reading, model: Model) -> Found:
    return _plants(reading, model, "capacity to make", idle=False)


def _idle_capacity(reading: Reading, model: Model) -> Found:
    return _plants(reading, model, "idle capacity to make", idle=True)


def _plants(reading: Reading, model: Model, what: str, *, idle: bool) -> Found:
    """Return the capacity, or what of it stands idle before the deal, in tonnes of the good."""
    before, good = model.before(), reading.good or ""
    region = before.market.region_of(reading.region or "")
    plants = [a for a in before.market.activities if a.region == region and good in dict(a.outputs)]
    if not plants:
        return nothing(f"nobody in {reading.region} makes {good} in the pack {model.pack.name}")
    total = sum(a.capacity.level * dict(a.outputs)[good] for a in plants)
    made = sum(before.output(a.name) * dict(a.outputs)[good] for a in plants) if idle else 0.0
    return Found(
        total - made,
        of=f"{what} {good} in {model.region(region or '')}, {before.market.year}",
        sources=(f"Pack {model.pack.name} {model.pack.version}, levels of {before.market.year}",),
    )


_BY_NAME: dict[str, Callable[[Reading, Model], Found]] = {
    "duty_rate": _duty_rate,
    "law_from_year": _law_from_year,
    "capacity": _capacity,
    "idle_capacity": _idle_capacity,
}
