"""From what stands on the command line to answers; shared by the commands that answer deals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from accord.cli_options import Asked
from accord.cli_output import say
from accord.errors import Fault, InputError

if TYPE_CHECKING:
    from accord.assessment import Answer
    from accord.assessment.reference import DealReference


def find_all(deals: Sequence[str]) -> list[DealReference]:
    """Find every deal that is named, or say of all that cannot be found at once."""
    from accord.assessment.reference import find

    found: list[DealReference] = []
    faults: list[Fault] = []
    for deal in deals:
        try:
            found.append(find(deal))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def answered(
    reference: DealReference,
    as_of: date | None,
    closure: str,
    asked: Asked,
    years: str | None = None,
) -> Answer:
    """Answer one reference; a day written into it comes before ``--as-of``."""
    from accord.assessment.assess import assess_reference
    from accord.assessment.paths import parse_years
    from accord.cli_draws import sampling
    from accord.pack.fixed import pairs_of

    return assess_reference(
        reference,
        as_of=reference.as_of or as_of,
        closure=closure,
        years=None if years is None else parse_years(years),
        sampling=sampling(asked, closure),
        fixed=pairs_of(asked.fix),
    )


def all_answered(
    found: Sequence[DealReference],
    names: Sequence[str],
    as_of: date | None,
    closure: str,
    asked: Asked,
) -> list[Answer]:
    """Answer several references over the same draws.

    Each has a folder of its own in that of ``--resume``. When one was stopped early the next have
    no more draws than it: what is compared is what all have.
    """
    answers: list[Answer] = []
    for reference, name in zip(found, names, strict=True):
        own = None if asked.resume is None else asked.resume / re.sub(r"[^\w.-]+", "_", name)
        answer = answered(reference, as_of, closure, replace(asked, resume=own))
        answers.append(answer)
        drawn = getattr(answer, "ensemble", None)
        if drawn is not None and drawn.partial:
            asked = replace(asked, draws=drawn.done)
    return answers


def command_of(name: str, deals: Sequence[str], as_of: date | None, closure: str) -> list[str]:
    """Return the command that gives the same answer again."""
    day = [] if as_of is None else ["--as-of", as_of.isoformat()]
    return ["accord", name, *deals, *day, "--closure", closure]


def refuse_taken_folder(out: Path | None) -> None:
    """Raise ``InputError`` for a folder that cannot be made, before any work is done for it."""
    if out is not None:
        from accord.report.folder import refuse_taken

        refuse_taken(out)


def say_where(out: Path | None) -> None:
    """Say where the files are, if any were written."""
    if out is not None:
        say(f"written: {out}")
