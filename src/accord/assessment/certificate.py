"""The certificate of a whole answer: both markets, and welfare computed in two ways."""

from __future__ import annotations

from accord.assessment.assessment import Check
from accord.effects import Effects
from accord.errors import NoCertifiedAnswer

IDENTITY_TOLERANCE = 1e-8
"""Largest difference of the two computations of welfare, over the gross change (C41)."""


def certified(effects: Effects) -> Check:
    """Return the certificate of an answer. Raises ``NoCertifiedAnswer`` where it does not hold."""
    both = (effects.before.certificate, effects.after.certificate)
    identity = effects.welfare_identity
    check = Check(
        market_clearing=max(c.market_clearing for c in both),
        complementarity=max(c.complementarity for c in both),
        mass_balance=max(c.mass_balance for c in both),
        welfare_identity=identity,
        steps=sum(c.steps for c in both) + effects.path.solves,
        seconds=sum(c.seconds for c in both),
        ok=all(c.ok for c in both) and identity <= IDENTITY_TOLERANCE,
    )
    if not check.ok:
        raise NoCertifiedAnswer(*_why_not(effects))
    return check


def _why_not(effects: Effects) -> tuple[str, str]:
    cause = (
        "the two computations of the change of welfare differ by "
        f"{effects.welfare_identity:.1e} of the gross change (allowed {IDENTITY_TOLERANCE:.0e}): "
        f"{effects.welfare_by_parts:,.0f} and {effects.path.total:,.0f} USD a year"
    )
    return cause, "apply the deal's terms one by one to find the one that cannot be followed"
