"""The sentences of verdicts, made from the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from accord.claims.found import Found
from accord.claims.sizes import from_base, said, said_best
from accord.claims.verdict import SHARP, Criterion, Range, Verdict
from accord.claims.words import CUTS, Word
from accord.deal.tables import Reading
from accord.instruments.problem import listed
from accord.probability.quantiles import Estimate

PHRASES = {
    "at_least": "at least",
    "at_most": "at most",
    "more_than": "more than",
    "less_than": "less than",
    "within": "a move either way of less than",
    "about": "about",
}


def wanting(why: str) -> str:
    """Return why nothing can be judged, as a sentence."""
    return f"{why[:1].upper()}{why[1:].rstrip('.')}." if why else ""


def reason(  # noqa: PLR0913, PLR0917 - the parts of one sentence
    reading: Reading,
    criterion: Criterion,
    found: Found,
    verdict: Verdict,
    words: Mapping[str, Word],
    share: Estimate | None = None,
) -> str:
    """Return what was found, against what, and what the verdict hangs on."""
    unit = reading.unit or ""
    value = _in(found.value or 0.0, unit)
    span = found.span
    ends = () if span is None else tuple(dict.fromkeys(_in(end, unit) for end in span))
    between = f" ({ends[0]} to {ends[1]})" if len(ends) > 1 else ""
    start = f"{found.of[:1].upper()}{found.of[1:]}"
    parts = [f"{start}: {value}{between}, against {_asked(reading, criterion, unit, words)}."]
    if verdict == "depends":
        parts.append(_hangs_on(criterion, found))
    if share is not None:
        cut = "" if criterion.cuts == SHARP else ", read middle"
        parts.append(f"{chance_in_words(share, len(found.draws), f'meet it{cut}')}.")
    if verdict == "pending" and reading.pending is not None:
        parts.append(wanting(reading.pending))
    return " ".join(parts)


def chance_in_words(share: Estimate, draws: int, do_what: str) -> str:
    """Return which part of draws do something, with the error from there being only so many."""
    low, high = (whole_percent(x).removesuffix(" %") for x in (share.low, share.high))
    error = f"{low} to {high} % given their number"
    return f"{whole_percent(share.value)} of {draws:,} draws {do_what} ({error})"


def whole_percent(part: float) -> str:
    """Return a part of draws in per cent; one digit after the point near 0 and 100 %."""
    percent = 100.0 * part
    near_an_end = 0.0 < percent < 1.0 or 99.0 < percent < 100.0  # noqa: PLR2004 - per cent
    return f"{percent:.1f} %" if near_an_end else f"{percent:.0f} %"


def _in(value: float, unit: str) -> str:
    """Return a value of a base unit as people read it in another unit."""
    return said(value, "fraction") if unit == "%" else said(from_base(value, unit), unit)


def _asked(reading: Reading, criterion: Criterion, unit: str, words: Mapping[str, Word]) -> str:
    """Return the threshold in words, with every cut-off of a vague one."""
    if criterion.comparator == "between" and criterion.middle.low == criterion.middle.high:
        return _in(criterion.middle.low, unit)
    if criterion.comparator == "between":
        return f"{_in(criterion.middle.low, unit)} to {_in(criterion.middle.high, unit)}"
    phrase, threshold = PHRASES[criterion.comparator], reading.threshold
    if isinstance(threshold, str):
        word = words[threshold]
        cuts = [f"{_in(cut, unit)} ({name})" for name, cut in zip(CUTS, word.cuts, strict=True)]
        return f"“{word.name.replace('_', ' ')}”: {phrase} {listed(cuts)}"
    target = said(float(threshold), unit) if unit != "%" else said(threshold / 100.0, "fraction")
    if criterion.comparator == "about":
        cuts = ", ".join(
            f"{name} ±{said(cut, 'fraction')}"
            for name, cut in zip(CUTS, words["about"].cuts, strict=True)
        )
        return f"{phrase} {target} ({cuts})"
    return f"{phrase} {target}"


def _hangs_on(criterion: Criterion, found: Found) -> str:
    """Say under which cut-offs a reading holds, and where the figures themselves differ."""
    if criterion.cuts == SHARP:
        return "Values as good as this one lie on both sides."
    said_of: dict[str, list[str]] = {"it holds": [], "it fails": [], "it depends on the value": []}
    for cut, within in criterion.ranges.items():
        values = (
            found.by_cut.get(cut) or found.by_cut.get("") or (found.value or 0.0, *found.others)
        )
        held = {within.holds(value) for value in values}
        what = "it depends on the value" if len(held) > 1 else _HELD[held == {True}]
        said_of[what].append(cut)
    parts = [f"read {listed(cuts, 'and')} {what}" for what, cuts in said_of.items() if cuts]
    return wanting("; ".join(parts))


_HELD = {True: "it holds", False: "it fails"}


def data_flip(reading: Reading, criterion: Criterion, found: Found) -> tuple[float | None, str]:
    """Return the value at which a verdict on a figure flips, and say so."""
    unit, value, within = reading.unit or "", found.value or 0.0, criterion.middle
    if within.low == within.high:
        return None, f"Anything but {_in(within.low, unit)} flips it."
    edge = within.edge(value)
    text = f"It flips at {_in(edge, unit)}"
    text += f": {found.flips}" if found.flips else _first_year(found, within)
    basis = found.basis
    if basis is not None:
        needed, now = (said_best(x, basis.unit) for x in (edge * basis.per, basis.value))
        text += f": {basis.says} at {needed} in place of {now}"
    return from_base(edge, unit), f"{text}."


def _first_year(found: Found, within: Range) -> str:
    """Return when a value that is told by year first meets it."""
    if not found.by_year:
        return ""
    year = next((year for year, value in found.by_year if within.holds(value)), None)
    if year is None:
        return f", which is not expected by {found.by_year[-1][0]}"
    return f", which is expected from {year} on"


def threshold_of(reading: Reading, criterion: Criterion) -> float | tuple[float, float]:
    """Return the threshold as a number in the reading's unit: of a word its middle cut-off."""
    unit = reading.unit or ""
    if isinstance(reading.threshold, str):
        ends = (criterion.middle.high, criterion.middle.low)
        return from_base(next(x for x in ends if isfinite(x)), unit)
    return reading.threshold
