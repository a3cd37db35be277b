"""Packs that ship, each read once: the market, its parts and their faults all need them."""

from __future__ import annotations

from functools import lru_cache

from accord import pack as packs
from accord.deal import Deal
from accord.errors import Fault, InputError
from accord.pack import Pack


def loaded(name: str) -> Pack:
    """Return a pack by name; one in a folder is read anew. Raises as ``load``."""
    return _shipped(name) if name in packs.shipped() else packs.load(name)


def market_pack_of(deal: Deal) -> Pack:
    """Return the pack of the market: the only one, or the first that has one beside those of parts.

    Raises ``InputError`` where that is not told.
    """
    if len(deal.packs) == 1:
        return loaded(deal.packs[0])
    markets = [name for name in deal.packs if packs.kind_of(name) == "market"]
    if len(markets) == 1 or (markets and len(deal.domains) > 1):
        return loaded(markets[0])
    found = f"{len(deal.packs)} packs: {', '.join(deal.packs) or 'none'}"
    fix = "name the one pack whose market the deal is about"
    raise InputError([Fault(deal.file, found, "one pack", fix, field="packs")])


@lru_cache(maxsize=4)
def _shipped(name: str) -> Pack:
    return packs.load(name)
