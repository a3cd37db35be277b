"""Packs that ship, each read once: the market, its parts and their faults all need them."""

from __future__ import annotations

from functools import lru_cache

from accord import pack as packs
from accord.pack import Pack


def loaded(name: str) -> Pack:
    """Return a pack by name; one in a folder is read anew. Raises as ``load``."""
    return _shipped(name) if name in packs.shipped() else packs.load(name)


@lru_cache(maxsize=4)
def _shipped(name: str) -> Pack:
    return packs.load(name)
