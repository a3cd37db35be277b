"""Names of places and goods inside sentences and headings."""

from __future__ import annotations

import re

from accord.assessment import Assessment
from accord.effects.measures import WORLD

WITH_ARTICLE = (
    "United ", "Netherlands", "Philippines", "Czech ", "Dominican ", "Republic of", "Rest of",
    "Other ", "European ", "Gulf ", "Russian Federation",
)  # fmt: skip
ASIDE = re.compile(r"\s*\([^)]*\)")


def region(a: Assessment, code: str) -> str:
    """Return a region's name without what stands in brackets after it."""
    return "World" if code == WORLD else ASIDE.sub("", a.region_name(code))


def place(a: Assessment, code: str) -> str:
    """Return a region's name as a sentence has it: "the United States"."""
    name = region(a, code)
    if code == WORLD:
        return "the world"
    if not name.startswith(WITH_ARTICLE):
        return name
    lower_first = name.startswith(("Rest of", "Other "))
    return f"the {name[0].lower()}{name[1:]}" if lower_first else f"the {name}"


def good(a: Assessment, code: str) -> str:
    """Return a good's name as a sentence has it: "unwrought aluminium"."""
    name = ASIDE.sub("", a.good_names.get(code, code))
    return name if name.isupper() else f"{name[0].lower()}{name[1:]}"


def quote(a: Assessment, code: str) -> str | None:
    """Return the name users know the good's world price by (LME), if it is quoted."""
    hubs = a.effects.after.market.hubs
    return next((hub.quote for hub in hubs if hub.good == code), None)
