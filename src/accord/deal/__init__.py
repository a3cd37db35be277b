"""Deal files: read, checked, and turned into frozen values."""

from __future__ import annotations

from accord.deal.check import check, examine
from accord.deal.deal import AssumedRow, ClaimRead, Deal, Entry, NotModelledRow
from accord.deal.loader import load
from accord.deal.shipped import find, shipped_deals
from accord.deal.template import template

__all__ = [
    "AssumedRow",
    "ClaimRead",
    "Deal",
    "Entry",
    "NotModelledRow",
    "check",
    "examine",
    "find",
    "load",
    "shipped_deals",
    "template",
]
