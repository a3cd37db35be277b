"""Measures on effects: what the deal changes, over draws or access, and where that would flip."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from accord.claims.found import Found, nothing
from accord.claims.levers import Lever, crossing
from accord.claims.model import CENTRAL, Model, lowered, place_of, plain
from accord.claims.sizes import said, said_day
from accord.deal.tables import Reading
from accord.effects.many_effects import HIGH, LOW
from accord.instruments.problem import listed

Flip = tuple[float | None, str]
"""The value of a lever at which a verdict flips (``None``: nowhere on it), and the sentence."""


def measured(reading: Reading, model: Model) -> Found:
    """Return an effect of the deal, and what else it could be.

    That is the 10 and 90 % points of draws where there are any, else its values at low and high
    access.
    """
    every = model.in_draws(reading.variant, *question(reading, model))
    there = np.flatnonzero(np.isfinite(every))
    draws = tuple(every[there].tolist())
    weights = (CENTRAL,) if draws else model.weights(reading.variant)
    values = [_value(reading, model, name) for name in weights]
    central, others = values[0], [v for v in values[1:] if v is not None]
    if central is None:
        return nothing(_why_nothing(reading, model))
    if draws:
        others = np.quantile(draws, (LOW, HIGH)).tolist()
    return Found(
        central,
        tuple(others) if reading.form != "before" else (),
        of=_described(reading, model),
        sources=(_source(reading, model),),
        draws=draws,
        draw_numbers=() if model.ensemble is None else tuple(model.ensemble.draws[there].tolist()),
    )


def central(reading: Reading, model: Model) -> float | None:
    """Return the value of a reading at central numbers, ``None`` where there is none."""
    return _value(reading, model, CENTRAL)


def _value(reading: Reading, model: Model, weights: str) -> float | None:
    before, after = model.before(weights), model.after(reading.variant, weights)
    if after is None:
        return None
    return model.compared((before, after), *question(reading, model))


def question(reading: Reading, model: Model) -> tuple[str, tuple[str, str | None], str]:
    """Return measure, place and form of a reading, as the model has them."""
    market = model.before().market
    region, partner = (
        None if code is None else market.region_of(code) or code
        for code in (reading.region, reading.partner)
    )
    name, place = place_of(reading.measure or "", region, partner, reading.good)
    return name, place, reading.form or "after"


def _why_nothing(reading: Reading, model: Model) -> str:
    if model.after(reading.variant) is None:
        return f"the model has no certified answer under the variant {reading.variant}"
    _, (region, good), form = question(reading, model)
    what = (reading.measure or "").replace("_", " ")
    return f"the model has no {what} of {good or 'all goods'} in {region} ({form})"


FORMS = {
    "before": "before the deal",
    "after": "with the deal",
    "change": "change with the deal",
    "change_pct": "change with the deal",
}
PHRASES = {
    "flow": "trade from {origin} to {place}",
    "hub_price": "the world price ({quote})",
    "buyer_price": "what buyers in {place} pay",
    "producer_price": "what producers in {place} get",
}


def _described(reading: Reading, model: Model) -> str:
    """Return what was measured, in words."""
    name, (region, good), form = question(reading, model)
    origin, _, destination = region.partition(">")
    quotes = {hub.good: hub.quote for hub in model.pack.hubs}
    phrase = PHRASES.get(name, f"{name.replace('_', ' ')} of {{place}}")
    what = phrase.format(
        origin=model.region(origin),
        place=model.region(destination or origin),
        quote=quotes.get(good or "", good or ""),
    )
    names = {g.code: plain(g.name) for g in model.pack.goods}
    of = f", {lowered(names.get(good, good))}" if good and name != "hub_price" else ""
    variant = f" ({reading.variant})" if reading.variant not in (None, model.deal.active) else ""
    return f"{what}{of}, {FORMS[form]}{variant}"


def _source(reading: Reading, model: Model) -> str:
    variant = reading.variant or model.deal.active
    under = "" if variant is None else f", variant {variant}"
    pack = f"pack {model.pack.name} {model.pack.version}"
    law = f"law of {said_day(model.as_of)}"
    return f"The model ({pack}, {model.closure} closure, {law}{under})"


def flip(reading: Reading, model: Model, edge: float) -> Flip:
    """Return where a lever takes an effect across an edge, and say so.

    Solves the market anew along the levers of the deal's own lane, the first that does it.
    """
    if reading.form == "before":
        return None, ""
    levers = model.levers(reading.variant)
    if not levers:
        return None, _closed(reading, model)
    for lever in levers:
        known = model.turns(reading.variant, lever)
        found = crossing(lever, lambda x, at=lever: _turned(reading, model, at, x), edge, known)
        if found is not None:
            return found, _sentence(reading, model, lever, found)
    return None, _tried(levers)


def _turned(reading: Reading, model: Model, lever: Lever, value: float) -> float | None:
    after = (
        model.after(reading.variant)
        if value == lever.now
        else model.turned(reading.variant, lever, value)
    )
    if after is None:
        return None
    return model.compared((model.before(CENTRAL), after), *question(reading, model))


def _sentence(reading: Reading, model: Model, lever: Lever, value: float) -> str:
    """Say where it flips, and which trade flows there."""
    after = model.turned(reading.variant, lever, value)
    seller = model.region(lever.lane.origin)
    flows = ""
    if after is not None and lever.name != "quantity":
        tonnes = said(after.flow(*lever.lane) / 1e3, "kt/yr")
        flows = f", when {tonnes} flow from {seller}"
    return f"It flips {lever.at(value, seller)}{flows}."


def _tried(levers: Sequence[Lever]) -> str:
    said_so = listed([lever.tried for lever in levers], "and")
    return f"{said_so[:1].upper()}{said_so[1:]} flips it."


def _closed(reading: Reading, model: Model) -> str:
    if model.lane is None:
        return "The deal is not about one trade, so nothing was turned to flip it."
    lane = model.market(reading.variant).lane_by_key.get(model.lane)
    titles = {m.id: m.title for m in model.pack.measures}
    laws = [] if lane is None else [titles.get(name, name) for name in lane.closed_by]
    return f"No duty flips it while this is law: {listed(laws, 'and')}." if laws else ""
