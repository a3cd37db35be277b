"""The ledger of claims as a reader meets it: the verdict first, its number, what would flip it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.text import Text

from accord.assessment.assessment import Answer
from accord.assessment.serialise import fixed_to_json
from accord.claims import Judged, JudgedClaim, JudgedTogether
from accord.claims.nearest_turn import FARTHEST
from accord.claims.reasons import whole_percent
from accord.claims.together import Member
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
NOTHING = "—"
TRUE_IF_NOTE = (
    "The most probable values of the uncertain numbers at which the verdict at the middle cut-off "
    "turns, and how far they are from the medians: together, in standard deviations of independent "
    f"scores. A dash: none was found up to {FARTHEST:g}, which does not mean that there is none."
)


def as_json(a: Answer) -> dict[str, list[dict[str, Any]]]:
    """Return the rows as the command line prints them, and what needs more than one reading."""
    return {
        "fixed": fixed_to_json(a),
        "rows": [asdict(row) for row in a.claims],
        "claims_together": [x.to_json() for x in a.ledger.together],
        "what_would_have_to_be_true": [
            {"id": claim.id, "reading": judged.asserts, "unit": judged.unit} | asdict(found)
            | {"moved": [moved._asdict() for moved in found.moved]}
            for claim, judged, found in a.ledger.true_if
        ],
    }  # fmt: skip


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
    if a.ledger.together:
        lines += [Text(), Text("What must hold together", HEADING)]
        for joint in a.ledger.together:
            lines += _together(joint, width)
    return render(lines, colour=colour)


def _together(joint: JudgedTogether, width: int) -> Lines:
    mark = f"   {joint.verdict:<{VERDICT_WIDTH}}"
    pad = " " * len(mark)
    lines = _indented(f"{joint.says} ({joint.id})", width, pad, "bold")
    lines[0] = Text(mark, STYLES[joint.verdict]).append(lines[0].plain[len(pad) :], "bold")
    lines += _indented(joint.because, width, pad, "")
    for member in joint.members:
        lines += _indented(f"· {member_in_words(member)}", width, pad, QUIET)
    return lines


def member_in_words(member: Member) -> str:
    """Return one of several readings that must hold together, and how often it holds alone."""
    alone = "" if member.alone is None else f", alone in {whole_percent(member.alone)}"
    return f"{member.asserts}: {member.verdict}{alone}"


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
    if reading.true_if is not None:
        lines += _indented(reading.true_if.says, width, pad, "")
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


def together_block(a: Answer) -> Block | None:
    """Return the readings that must hold together: verdict, in how many draws, and why."""
    lines = tuple(
        Line((x.says, x.verdict, NOTHING if x.chance is None else whole_percent(x.chance.value),
              "; ".join(member_in_words(member) for member in x.members), x.because))
        for x in a.ledger.together
    )  # fmt: skip
    titles = ("verdict", "of the draws", "readings", "because")
    words = (titles[0], *titles[2:])
    return Block("What must hold together", ("", *titles), lines, words=words) if lines else None


def true_if_block(a: Answer) -> Block | None:
    """Return what would have to be true for each reading that rests on uncertain numbers to turn.

    Solves markets: it is for a report, not for the screen of a plain run.
    """
    lines = tuple(
        Line((f"{claim.says}: {judged.asserts}", judged.verdict,
              NOTHING if found.distance is None else f"{found.distance:.2f}", found.says))
        for claim, judged, found in a.ledger.true_if
    )  # fmt: skip
    titles = ("verdict", "standard deviations", "what would have to be true")
    words = (titles[0], titles[2])
    heading = "What would have to be true for verdicts to turn"
    return Block(heading, ("", *titles), lines, (TRUE_IF_NOTE,), words=words) if lines else None


TOGETHER = (
    "id", "says", "verdict", "probability", "probability_low", "probability_high", "draws",
    "if_unrelated", "readings", "because",
)  # fmt: skip
TRUE_IF = (
    "id", "reading", "verdict", "holds", "distance", "settled", "value", "unit", "parameter",
    "name", "median", "needed", "score",
)  # fmt: skip


def together_rows(a: Answer) -> list[tuple[object, ...]]:
    """Return the readings that must hold together as rows of a table, columns ``TOGETHER``."""
    found = [x.to_json() for x in a.ledger.together]
    for row in found:
        row["readings"] = "; ".join(member["name"] for member in row["readings"])
    return [tuple(row[name] for name in TOGETHER) for row in found]


def true_if_rows(a: Answer) -> list[tuple[object, ...]]:
    """Return what would have to be true, a row for each number moved; columns ``TRUE_IF``."""
    rows: list[tuple[object, ...]] = []
    for claim, judged, found in a.ledger.true_if:
        start = (claim.id, judged.asserts, judged.verdict, _flag(found.holds), found.distance,
                 _flag(found.settled), found.value, judged.unit)  # fmt: skip
        moved = [(m.parameter, m.name, m.median, m.value, m.score) for m in found.moved]
        rows += [(*start, *each) for each in moved or [(None, None, None, None, None)]]
    return rows


def _flag(value: bool) -> str:  # noqa: FBT001 - what is told is the flag
    return "true" if value else "false"


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
