"""accord: what a proposed deal between countries would actually do.

``accord.run("us-russia-2025")`` answers a deal; everything else stands in the rooms below.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.assessment import Answer

__version__ = "0.1.0"
__all__ = ["run"]


def run(  # noqa: PLR0913 - the question has as many parts
    deal: str | Path,
    *,
    as_of: date | str | None = None,
    closure: str = "share",
    years: tuple[int, int] | str | None = None,
    draws: int | None = None,
    seed: int = 0,
    fix: Mapping[str, float] | None = None,
) -> Answer:
    """Return the answer of a deal, as ``accord run`` gives it; in a notebook it shows itself.

    ``deal``   a path or the name of a deal that ships, with ``:variant`` and ``@YYYY-MM-DD`` if you
               like: ``"us-russia-2025:duty-free@2025-07-01"``
    ``as_of``  the day whose law is the state of affairs before (default: the deal's)
    ``years``  first and last, for a path over years: ``(2025, 2035)``
    ``draws``  of what is uncertain, behind the ranges: 0 for none (default: the command line's)
    ``fix``    uncertain numbers that stand at a value, in the point and in every draw:
               ``{"sigma.aluminium": 6}``

    Raises ``accord.errors.InputError`` with every fault of the input at once, and
    ``accord.errors.NoCertifiedAnswer`` where the model has none.
    """
    # Here and not above, so that importing accord takes no time.
    from accord.assessment.sampling import Sampling, default_draws  # noqa: PLC0415
    from accord.report.notebook import answer_of  # noqa: PLC0415

    sampling = Sampling(default_draws(closure) if draws is None else draws, seed)
    return answer_of(
        deal, as_of=as_of, closure=closure, years=years, sampling=sampling, fixed=fix or {}
    )
