"""Who gets what buyers pay more: the incidence of a change on a region's users of a good.

With x the tonnes that arrive after, P the buyer price and c the landed cost of a lane,

    Σx·ΔP = Σ x·Δ(gate) + Σ x·Δ(duty) + … + Δ(matching and mix)

so what users pay more for the tonnes they still buy goes to makers at home, to makers abroad whose
metal pays more duty than before and to those whose does not, to treasuries, to holders of rents,
to freight; the last piece is what it costs to buy another mix. An origin that sent nothing before
has no cost to compare with: all that it changes, its duty too, is in the mix; ``duty_revenue`` has
that duty. Users also lose the tonnes they no
longer buy: their whole loss is the fall of consumer surplus.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from accord.effects.effects import Effects
from accord.effects.premium import Arrival, arrivals

NO_CHANGE = 1e-9
"""A duty that moves by less than this (USD per tonne) is the same duty."""
NOTHING = 1e-9
"""An origin with less than this part of what arrives sends nothing (conventions C16)."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Who gets what users pay more, USD a year; negative: who pays for what they save.

    ``foreign_taxed``   makers abroad whose metal pays more duty per tonne than before
    ``foreign_untaxed`` makers abroad whose metal does not
    ``mix``             dearer or cheaper origins, new ones among them, and how well they match
    """

    treasury: float
    home_makers: float
    foreign_taxed: float
    foreign_untaxed: float
    foreign_treasuries: float
    rents: float
    freight: float
    other_taxes: float
    mix: float

    @property
    def total(self) -> float:
        """Their sum: what users pay more for the tonnes they still buy."""
        return sum(float(getattr(self, piece.name)) for piece in fields(self))


@dataclass(frozen=True)
class Incidence:
    """The incidence of a change on a region's users of a good.

    ``paid``          what users pay more for the tonnes they buy after, USD a year
    ``shares``        who gets it; they add up to ``paid``
    ``users_loss``    the fall of consumer surplus of final users, USD a year
    ``forgone``       its part that nobody gets: tonnes no longer bought (or bought anew)
    ``duty_revenue``  the change of duty revenue on the good, USD a year: unlike the treasury's
                      share it counts what the imports that no longer come had paid
    ``pass_through``  Δ(duty-paid import price) over Δ(duty) on the lanes whose duty changed, by
                      tonnes after; ``None`` where no duty changed on tonnes that come
    """

    region: str
    good: str
    paid: float
    shares: Shares
    users_loss: float
    forgone: float
    duty_revenue: float
    pass_through: float | None


def incidence(effects: Effects, region: str, good: str | None = None) -> Incidence | None:
    """Return the incidence of a change on a region's users of a good, a quoted one by default.

    ``None`` where nobody there buys the good before or after (C16), or no good is quoted.
    """
    before, after = effects.before, effects.after
    if good is None:
        good = next((hub.good for hub in after.market.hubs), "")
    if (good, region) not in after.universe.buyer_index:
        return None
    prices = before.buyer_price(good, region), after.buyer_price(good, region)
    if prices[0] is None or prices[1] is None:
        return None
    pairs = tuple(zip(arrivals(before, region, good), arrivals(after, region, good), strict=True))
    tonnes = sum(a.tonnes for _, a in pairs)
    paid = tonnes * (prices[1] - prices[0])
    loss = -effects.change("consumer_surplus", region, good)
    final = after.universe.buyer_index[good, region]
    kept = float(after.state.final_use[final]) * (prices[1] - prices[0])
    return Incidence(
        region=region,
        good=good,
        paid=paid,
        shares=_shares(pairs, paid),
        users_loss=loss,
        forgone=loss - kept,
        duty_revenue=effects.change("duty_revenue", region, good),
        pass_through=_pass_through(pairs),
    )


Pairs = tuple[tuple[Arrival, Arrival], ...]


def _shares(pairs: Pairs, paid: float) -> Shares:
    got = dict.fromkeys((piece.name for piece in fields(Shares)), 0.0)
    for was, now in _that_came(pairs):
        old, new = was.charges, now.charges
        duty = new.duty - old.duty
        maker = "home_makers" if now.is_home else "foreign_untaxed"
        if duty > NO_CHANGE and not now.is_home:
            maker = "foreign_taxed"
        tax = "treasury" if now.is_home else "foreign_treasuries"
        got[maker] += now.tonnes * (new.gate - old.gate)
        got["treasury"] += now.tonnes * duty
        got[tax] += now.tonnes * (new.export_tax - old.export_tax)
        got["rents"] += now.tonnes * (new.rent - old.rent)
        got["freight"] += now.tonnes * (new.freight - old.freight)
        others = new.use_tax + new.friction - old.use_tax - old.friction
        got["other_taxes"] += now.tonnes * others
    got["mix"] = paid - sum(got.values())
    return Shares(**got)


def _that_came(pairs: Pairs) -> Pairs:
    """Return the lanes that carried something before."""
    least = NOTHING * sum(was.tonnes for was, _ in pairs)
    return tuple((was, now) for was, now in pairs if was.tonnes > least)


def _pass_through(pairs: Pairs) -> float | None:
    """Return by how much the duty-paid price of imports moved for a dollar of duty."""
    price = duty = 0.0
    for was, now in _that_came(pairs):
        change = now.charges.duty - was.charges.duty
        if not now.is_home and abs(change) > NO_CHANGE:
            price += now.tonnes * (now.charges.landed - was.charges.landed)
            duty += now.tonnes * change
    return price / duty if abs(duty) > NO_CHANGE else None
