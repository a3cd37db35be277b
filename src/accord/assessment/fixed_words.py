"""What is said of numbers that somebody fixed for an answer."""

from __future__ import annotations

from collections.abc import Sequence

from accord.assessment.pieces import Assumption
from accord.pack import FixedNumber

FIXED = "fixed"
"""Where such an assumption is said to stand."""
MOST_NAMED = 3


def fixed_sentence(fixed: Sequence[FixedNumber]) -> str | None:
    """Return that an answer stands at chosen assumptions; ``None`` where none was chosen."""
    if not fixed:
        return None
    said = [f"{x.words} = {x.value:g} in place of {x.median:g}" for x in fixed[:MOST_NAMED]]
    rest = len(fixed) - len(said)
    if rest:
        said.append(f"{rest} more")
    head = "At a chosen assumption" if len(fixed) == 1 else "At chosen assumptions"
    return f"{head}: {'; '.join(said)}."


def fixed_assumptions(fixed: Sequence[FixedNumber]) -> tuple[Assumption, ...]:
    """Return each as the assumption that it is."""
    return tuple(
        Assumption(
            FIXED,
            f"{x.name} = {x.value:g} in the point and in every draw, chosen for this answer: "
            f"{x.words}; the pack has {x.otherwise}",
            "every number of the market",
        )
        for x in fixed
    )
