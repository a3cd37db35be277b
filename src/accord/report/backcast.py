"""A back-cast as a stranger reads it: the answer first, then where it comes from."""

from __future__ import annotations

from rich.text import Text

from accord.backcast import Backcast
from accord.backcast.score import RIVALS, RUNS
from accord.report.backcast_blocks import (
    NAMES,
    contest_block,
    event_blocks,
    explained_block,
    points,
    sign_block,
    year_block,
)
from accord.report.backcast_fit import choice_block, posterior_block, sensitivity_block
from accord.report.block import Block
from accord.report.layout import HEADING, QUIET, WIDTH, Lines, prose, render, table
from accord.report.numbers import UNITS, amount
from accord.report.page import article


def as_json(found: Backcast) -> dict[str, list[dict[str, object]]]:
    """Return the scored rows as the command line prints them."""
    return {"rows": [row.as_json() for row in found.rows]}


def blocks(found: Backcast) -> list[Block]:
    """Return every table, in the order of reading."""
    return [
        year_block(found),
        *event_blocks(found),
        sign_block(found),
        explained_block(found),
        contest_block(found),
        posterior_block(found),
        sensitivity_block(found),
        choice_block(found),
    ]


def text(found: Backcast, *, width: int, colour: bool) -> str:
    """Return the whole back-cast as text."""
    parts: Lines = [
        *prose(title(found), width, HEADING),
        *prose(setting(found), width, QUIET),
        *(line for said in headline(found) for line in prose(said, width, "bold")),
    ]
    for block in blocks(found):
        parts += [Text(), *table(block, width, notes=True)]
    for said in closing(found):
        parts += [Text(), *prose(said, width, indent="  ")]
    return render(parts, colour=colour)


def title(found: Backcast) -> str:
    """Return what this is."""
    years = found.evidence.years
    base = found.evidence.base
    return f"Back-cast of {found.pack.name}: {years[0]}-{years[-1]} from the world of {base}"


def setting(found: Backcast) -> str:
    """Return what was compared with what, and how many rows of which status."""
    evidence = found.evidence
    statuses = ", ".join(f"{n} {status}" for status, n in found.status_counts().items())
    shares = ", ".join(f"{y.origins} in {y.year}" for y in found.years)
    scored = len(found.scored(RUNS[0]))
    silent = len(found.run(RUNS[0])) - scored
    shown = f" {silent} more, of an event that is not modelled, are shown only." if silent else ""
    left = f"{len(evidence.missing)} figures that were missing or did not fit were left out"
    more = f"; {len(found.skipped)} cannot be predicted" if found.skipped else ""
    return (
        f"Scored: {scored} observed figures ({statuses}); US import shares: {shares or 'none'}."
        f"{shown} {left}, none filled{more}."
    )


def headline(found: Backcast) -> list[str]:
    """Return the answer in a few sentences, made from the numbers."""
    lines = [*_of_shares(found), _of_premium(found)]
    contests = [c for c in found.contests if c.judged]
    lost = [c for c in contests if any(c.beats("prior", rival) is False for rival in RIVALS)]
    if lost:
        named = ", ".join(NAMES[c.quantity] for c in lost)
        lines.append(f"It loses to at least one of the two on: {named}.")
    return lines


def _of_shares(found: Backcast) -> list[str]:
    judged = [y for y in found.years if y.judged]
    if not judged:
        return ["No year has import shares of three or more origins: none is judged by shares."]
    errors = "; ".join(
        f"{points(y.by_run['prior'])} in {y.year} "
        f"({points(y.by_run[RIVALS[0]])} if nothing changes)"
        for y in judged
    )
    wins = [sum(y.beats("prior", rival) is True for y in judged) for rival in RIVALS]
    beaten = (
        f"It beats “nothing changes” in {wins[0]} of {len(judged)} years and “full pass-through” "
        f"in {wins[1]} of {len(judged)}."
    )
    return [f"Knowing only the law, the model's US import shares are off by {errors}.", beaten]


def _of_premium(found: Backcast) -> str:
    premium = next((c for c in found.contests if c.quantity == "us_premium"), None)
    if premium is None:
        return "The US premium is not observed: nothing is said of it."
    required = [s for s in found.signs if s.required]
    right = sum(s.right for s in required)
    own, *rivals = (_dollars(premium.by_run[run]) for run in ("prior", *RIVALS))
    return (
        f"The US premium moves the right way in {right} of {len(required)} required cases; its "
        f"mean error is {own} ({rivals[0]} if nothing changes, {rivals[1]} with full pass-through)."
    )


def _dollars(value: float | None) -> str:
    return f"{amount(value, UNITS['USD/t'][0], 0)} USD/t"


def closing(found: Backcast) -> list[str]:
    """Return what is left out and how to get everything."""
    gone = [e.title for e in found.evidence.events if not e.modelled]
    left = [*gone, *LEFT_OUT]
    return [
        f"Not modelled ({len(left)}): {'; '.join(left)}.",
        "Method, errors and where it is wrong: docs/backcast.md. Every row: --out DIR or --json.",
    ]


LEFT_OUT = (
    "ocean freight and energy shocks of 2021-22 (the premium of those years)",
    "stocks bought ahead of a duty, and sold off after it",
    "demand of later years, which moves total imports and the LME",
    "new lanes: what did not exist in the base year stays near nothing (Russia to China)",
    "drift of single origins",
)


def page(found: Backcast) -> str:
    """Return the back-cast as an HTML document."""
    said = [setting(found), *headline(found), *closing(found)]
    return article(title(found), said, blocks(found))


def excerpts(found: Backcast) -> dict[str, str]:
    """Return the pieces that the documentation shows, by name, as text."""
    shown = {
        "years": year_block(found),
        "signs": sign_block(found),
        "contests": contest_block(found),
        "posterior": posterior_block(found),
        "sensitivity": sensitivity_block(found),
        "choices": choice_block(found),
    }
    said = [line for text in (setting(found), *headline(found)) for line in prose(text, WIDTH)]
    pieces = {name: table(block, WIDTH, notes=True) for name, block in shown.items()}
    pieces["answer"] = said
    return {name: render(lines, colour=False) for name, lines in pieces.items()}
