"""Names of places and goods inside sentences and headings."""

from __future__ import annotations

from accord.assessment import Assessment, words
from accord.effects.measures import WORLD


def region(a: Assessment, code: str) -> str:
    """Return a region's name without what stands in brackets after it."""
    return "World" if code == WORLD else words.plain(a.region_name(code))


def place(a: Assessment, code: str) -> str:
    """Return a region's name as a sentence has it: "the United States"."""
    return "the world" if code == WORLD else words.place(a.region_name(code))


def good(a: Assessment, code: str) -> str:
    """Return a good's name as a sentence has it: "unwrought aluminium"."""
    return words.good(a.good_names.get(code, code))


def quote(a: Assessment, code: str) -> str | None:
    """Return the name users know the good's world price by (LME), if it is quoted."""
    hubs = a.effects.after.market.hubs
    return next((hub.quote for hub in hubs if hub.good == code), None)
