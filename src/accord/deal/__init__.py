"""Deal files: read, checked, and turned into frozen values."""

from __future__ import annotations

from accord.deal.check import Beside, check, check_parties, examine
from accord.deal.deal import AssumedRow, ClaimRead, Deal, Entry, NotModelledRow
from accord.deal.loader import load
from accord.deal.shipped import find, shipped_deals
from accord.deal.template import template
from accord.deal.vocabulary import Measurable, Vocabulary

__all__ = [
    "AssumedRow",
    "Beside",
    "ClaimRead",
    "Deal",
    "Entry",
    "Measurable",
    "NotModelledRow",
    "Vocabulary",
    "check",
    "check_parties",
    "examine",
    "find",
    "load",
    "shipped_deals",
    "template",
]
