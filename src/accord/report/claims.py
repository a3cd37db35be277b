"""The ledger of claims as a reader meets it: the verdict first, its number, what would flip it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.text import Text

from accord.assessment.assessment import Answer
from accord.claims import Judged, JudgedClaim
from accord.report import opening
from accord.report.block import Block, Line
from accord.report.layout import HEADING, NARROWEST, QUIET, WIDTH, Lines, prose, render, table

STYLES = {
    "supported": "bold green",
    "contradicted": "bold red",
    "depends": "bold yellow",
    "not checkable": "bold",
    "pending": "bold",
}
VERDICT_WIDTH = max(map(len, STYLES)) + 2
NONE = "No claim stands in this deal's file."


def as_json(a: Answer) -> dict[str, list[dict[str, Any]]]:
    """Return the rows as the command line prints them."""
    return {"rows": [asdict(row) for row in a.claims]}


def text(a: Answer, *, width: int = WIDTH, colour: bool = False) -> str:
    """Return the whole ledger as text; ``width`` in characters, kept between 80 and 100."""
    width = min(max(width, NARROWEST), WIDTH)
    lines: Lines = [
        *prose(f"What was claimed: {opening.title(a)}", width, HEADING),
        *prose(opening.setting(a), width, QUIET),
        *prose(tally(a), width, "bold"),
    ]
    differ = [claim for claim in a.ledger.claims if claim.wordings]
    if differ:
        lines += [Text(), Text("Where reports differ in their words", HEADING)]
        for claim in differ:
            for said in wording_lines(claim):
                lines += prose(f"· {said}", width, indent="  ")
    for number, claim in enumerate(a.ledger.claims, start=1):
        lines += [Text(), *_claim(claim, number, width)]
    return render(lines, colour=colour)


def tally(a: Answer) -> str:
    """Return how many claims have which verdict, in a sentence."""
    verdicts = [claim.verdict for claim in a.ledger.claims]
    if not verdicts:
        return NONE
    counted = [f"{verdicts.count(v)} {v}" for v in STYLES if v in verdicts]
    return f"{len(verdicts)} claims: {', '.join(counted)}."


def wording_lines(claim: JudgedClaim) -> list[str]:
    """Return how the reports of a claim differ, and whether the verdict hangs on it."""
    own = claim.verdict_as(None)
    found: list[str] = []
    for wording in claim.wordings:
        other = claim.verdict_as(wording.id)
        if other is None or own is None:
            verdict = "no verdict hangs on it"
        elif other == own:
            verdict = f"{own} either way"
        else:
            verdict = f"{own} in the report's words, {other} in these"
        found.append(f"{claim.id}: {wording.says} ({verdict}).")
    return found


def _claim(claim: JudgedClaim, number: int, width: int) -> Lines:
    head = Text(f"{number:>2} ").append(claim.verdict.upper(), STYLES[claim.verdict])
    split = f" · readings: {claim.split}" if claim.split else ""
    lines = [head.append(f"  {claim.id}{split}", QUIET)]
    who = f"{claim.speaker}; {claim.source}{f', {claim.where}' if claim.where else ''}"
    lines += _indented(f"“{claim.says}” ({who})", width, "   ", "bold")
    for reading in claim.readings:
        lines += _reading(reading, width)
    if claim.figures:
        lines += _indented(f"Beside it: {claim.figures}", width, "   ", QUIET)
    return lines


def _reading(reading: Judged, width: int) -> Lines:
    pad = " " * (3 + VERDICT_WIDTH)
    beside = " (beside it)" if reading.role == "context" else ""
    lines = _indented(f"{reading.asserts}{beside}", width, pad, "")
    mark = f"   {reading.verdict:<{VERDICT_WIDTH}}"
    lines[0] = Text(mark, STYLES[reading.verdict]).append(lines[0].plain[len(pad) :], "not bold")
    lines += _indented(reading.because, width, pad, "")
    if reading.sources:
        lines += _indented(f"Source: {'; '.join(reading.sources)}.", width, pad, QUIET)
    return lines


def _indented(said: str, width: int, pad: str, style: str) -> Lines:
    return [Text(pad).append(line) for line in prose(said, width - len(pad), style)]


def claims_block(a: Answer) -> Block | None:
    """Return one line for each claim: what was said, the verdict, the number that tells most."""
    lines = tuple(
        Line((claim.says, claim.verdict, claim.leading.shown)) for claim in a.ledger.claims
    )
    titles = ("verdict", "number")
    heading = "What was claimed"
    notes = (f"{tally(a)} Every reading, its source and what would flip it: accord claims.",)
    return Block(heading, ("", *titles), lines, notes, words=titles[:1]) if lines else None


def ledger_block(a: Answer) -> Block | None:
    """Return every reading with its verdict and why."""
    lines = tuple(
        Line((f"{claim.says}: {r.asserts}", r.verdict, r.full))
        for claim in a.ledger.claims
        for r in claim.readings
    )
    titles = ("verdict", "because")
    heading = "What was claimed, reading by reading"
    return Block(heading, ("", *titles), lines, words=titles) if lines else None


def wordings_block(a: Answer) -> Block | None:
    """Return where reports of one claim differ."""
    lines = tuple(
        Line((line.partition(": ")[0], line.partition(": ")[2]))
        for claim in a.ledger.claims
        for line in wording_lines(claim)
    )
    heading = "Where reports differ in their words"
    return Block(heading, ("", "how"), lines, words=("how",)) if lines else None


def below(a: Answer, *, width: int = WIDTH, colour: bool = False) -> str:
    """Return a line for each claim, to stand below an answer; nothing where none was claimed."""
    width = min(max(width, NARROWEST), WIDTH)
    block = claims_block(a)
    return (
        "" if block is None else render([Text(), *table(block, width, notes=True)], colour=colour)
    )
