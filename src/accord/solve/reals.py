"""Real numbers out of what somebody gives; what is complex is no number here, never half of one."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray


def reals(given: object) -> NDArray[np.float64]:
    """Return an array of real numbers; NaN where an entry has an imaginary part.

    Raises ``TypeError`` or ``ValueError`` for what is no array of numbers.
    """
    found = np.asarray(given)
    if not np.iscomplexobj(found):
        return found.astype(np.float64, copy=False)
    whole = found.astype(np.complex128, copy=False)
    return np.where(np.imag(whole) == 0.0, np.real(whole), np.nan)


def complex_words(given: object, place: tuple[int, ...]) -> str | None:
    """Return the complex number at a place in words; ``None`` where it is not complex."""
    found = np.asarray(given)
    if not np.iscomplexobj(found):
        return None
    entry = cast("complex", found[place])
    return None if entry.imag == 0.0 else f"{entry.real:g}{entry.imag:+g}i"
