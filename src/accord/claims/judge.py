"""From a deal's claims and its answer to the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.claims import data, effects_found, law_found, part_found, true_if
from accord.claims.draws import Held
from accord.claims.figures import Figures, facts_beside, read_facts
from accord.claims.found import Found, nothing
from accord.claims.ledger import Flip, Judged, JudgedClaim, Ledger, Threshold
from accord.claims.measures import (
    DATA_BY_NAME,
    EFFECT_BY_NAME,
    PART_BY_NAME,
    is_measure,
    vocabulary,
)
from accord.claims.model import Model
from accord.claims.pack_figures import figures_of
from accord.claims.part_found import PartResults
from accord.claims.reasons import data_flip, reason, threshold_of, wanting
from accord.claims.sizes import from_base
from accord.claims.together import judge_together
from accord.claims.true_if import TrueIf
from accord.claims.verdict import (
    SHARP,
    Criterion,
    Verdict,
    chance,
    criterion_of,
    held_by,
    verdict_of,
)
from accord.claims.words import OWN, Word, read_words, words_beside
from accord.deal import ClaimRead, Deal, Vocabulary
from accord.deal.tables import Reading
from accord.effects import Effects
from accord.ensemble.ensemble import Ensemble
from accord.errors import Fault, InputError
from accord.market import LaneKey
from accord.pack import Pack
from accord.probability.quantiles import Estimate


@dataclass(frozen=True, slots=True)
class Scene:
    """What claims are judged by: a deal, its market's answer where it has one, its other parts.

    ``effects``   by weights of lanes that were closed; ``central`` among them where there are any
    ``ensemble``  the answer over draws, where there are any
    """

    deal: Deal
    as_of: date
    closure: str = "share"
    pack: Pack | None = None
    effects: Mapping[str, Effects] | None = None
    lane: LaneKey | None = None
    parts: PartResults = field(default_factory=PartResults)
    ensemble: Ensemble | None = None


def model_of(scene: Scene) -> Model | None:
    """Return the markets that readings look at, ``None`` where the scene has none."""
    if scene.pack is None or scene.effects is None:
        return None
    return Model(
        scene.deal,
        scene.pack,
        scene.as_of,
        scene.closure,
        scene.effects,
        scene.lane,
        scene.ensemble,
    )


def words_of(path: Path | str) -> Vocabulary:
    """Return what claims of a deal file may say. Raises ``InputError`` for a faulty table."""
    words, faults = read_words(str(path))
    if faults:
        raise InputError(faults)
    return vocabulary(words.values())


def table_faults(deal: Deal) -> tuple[Fault, ...]:
    """Return what is wrong with the table of figures beside a deal."""
    return read_facts(deal)[1]


def judge(scene: Scene) -> Ledger:
    """Return every claim of a deal, judged by figures and by the model.

    Raises ``InputError`` for tables of words or figures that are at fault.
    """
    if not scene.deal.claims:
        return Ledger()
    words, wrong = read_words(scene.deal.file)
    facts, more = read_facts(scene.deal)
    if wrong or more:
        raise InputError([*wrong, *more])
    court = _Court(scene, words, figures_of(scene.deal, scene.pack, facts))
    claims = tuple(court.claim(read) for read in scene.deal.claims)
    return Ledger(claims, _digests(scene.deal), judge_together(scene.deal.together, claims))


def _digests(deal: Deal) -> tuple[tuple[str, str], ...]:
    """Return the SHA-256 of every table that verdicts rest on beside deal and packs."""
    tables = (("words", OWN), ("own words", words_beside(deal.file)),
              ("facts", facts_beside(deal.file)))  # fmt: skip
    return tuple(
        (name, hashlib.sha256(path.read_bytes()).hexdigest())
        for name, path in tables
        if path.exists()
    )


class _Court:
    """Judges readings; the model behind them is made once."""

    def __init__(self, scene: Scene, words: Mapping[str, Word], figures: Figures) -> None:
        self._words = words
        self._figures = figures
        self._deal = scene.deal
        self._parts = scene.parts
        self._model = model_of(scene)

    def claim(self, read: ClaimRead) -> JudgedClaim:
        claim, titles = read.claim, self._figures.titles
        where = claim.where
        return JudgedClaim(
            id=claim.id,
            says=claim.says,
            speaker=claim.speaker,
            source=titles.get(claim.source, claim.source),
            where="" if where is None else f"from character {where.offset}",
            figures=claim.figures,
            wordings=read.wordings,
            wording_sources=tuple(titles.get(w.source, w.source) for w in read.wordings),
            readings=tuple(self._judged(reading) for reading in read.readings),
        )

    def _judged(self, reading: Reading) -> Judged:
        if reading.not_checkable is not None or reading.measure is None:
            return _unjudged(reading, reading.not_checkable or "")
        unknown = self._unknown(reading)
        if unknown is not None:
            return _unjudged(reading, unknown)
        found = self._found(reading)
        if found.value is None:
            return _unjudged(reading, found.why)
        criterion = criterion_of(reading, self._words)
        criterion, values = _alike(criterion, found)
        verdict = verdict_of(criterion, values)
        if verdict == "contradicted" and reading.pending is not None:
            verdict = "pending"
        held = held_by(criterion, found.draws)
        share = chance(held)
        said = reason(reading, criterion, found, verdict, self._words, share)
        span = found.span or (None, None)
        unit = reading.unit or ""
        low, high = (None if x is None else from_base(x, unit) for x in span)
        return _judged(
            reading,
            verdict,
            said,
            value=from_base(found.value, unit),
            low=low,
            high=high,
            threshold=threshold_of(reading, criterion),
            sources=found.sources,
            find_flip=self._flip_of(reading, criterion, found),
            chance=share,
            draws=len(held),
            held=_held(criterion, found, held),
            find_true_if=self._true_if_of(reading, criterion),
        )

    def _flip_of(self, reading: Reading, criterion: Criterion, found: Found) -> Callable[[], Flip]:
        """Return what computes where a verdict flips: a lever for effects, else the figure."""
        model = self._model
        if reading.measure not in EFFECT_BY_NAME or model is None or reading.form == "before":
            return lambda: data_flip(reading, criterion, found)
        edge = criterion.middle.edge(found.value or 0.0)
        return lambda: effects_found.flip(reading, model, edge)

    def _true_if_of(self, reading: Reading, criterion: Criterion) -> Callable[[], TrueIf | None]:
        """Return what computes which uncertain numbers would turn a reading of an effect."""
        model = self._model
        if reading.measure not in EFFECT_BY_NAME or model is None or model.ensemble is None:
            return lambda: None
        return lambda: true_if.nearest(reading, model, criterion)

    def _unknown(self, reading: Reading) -> str | None:
        """Return what a reading says that nobody knows; a deal may be read without vocabulary."""
        if not is_measure(reading.measure or ""):
            return f"the measure {reading.measure} is not known"
        words = (reading.threshold, reading.last_years)
        strange = [x for x in words if isinstance(x, str) and x not in self._words]
        return f"the word {strange[0]} has no cut-offs" if strange else None

    def _found(self, reading: Reading) -> Found:
        name = reading.measure or ""
        if name in DATA_BY_NAME:
            return data.measured(DATA_BY_NAME[name], reading, self._figures, self._words)
        if name in PART_BY_NAME:
            return part_found.measured(reading, self._parts)
        if self._model is None:
            return nothing("the deal has no term about a market, so no market was solved")
        if name in EFFECT_BY_NAME:
            return effects_found.measured(reading, self._model)
        return law_found.measured(reading, self._model)


def _alike(criterion: Criterion, found: Found) -> tuple[Criterion, Mapping[str, tuple[float, ...]]]:
    """Return ranges and values by the same cut-offs: a word may be in either, or in both."""
    if not found.by_cut:
        every = (found.value or 0.0, *found.others)
        return criterion, dict.fromkeys(criterion.cuts, every)
    if criterion.cuts == SHARP:
        ranges = dict.fromkeys(found.by_cut, criterion.middle)
        return Criterion(criterion.comparator, ranges, criterion.words), found.by_cut
    if tuple(found.by_cut) == SHARP:
        return criterion, dict.fromkeys(criterion.cuts, found.by_cut[SHARP[0]])
    return criterion, found.by_cut


def _held(criterion: Criterion, found: Found, held: NDArray[np.bool_]) -> Held:
    """Return whether a reading holds, by its value and in the market's draws."""
    by_value = criterion.middle.holds(found.value or 0.0)
    return Held(by_value, found.draw_numbers, tuple(held.tolist()) if found.draw_numbers else ())


def _unjudged(reading: Reading, why: str) -> Judged:
    return _judged(reading, "not checkable", wanting(why))


def _judged(  # noqa: PLR0913 - each is a field of what is made
    reading: Reading,
    verdict: Verdict,
    said: str,
    *,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    threshold: Threshold = None,
    sources: tuple[str, ...] = (),
    find_flip: Callable[[], Flip] = lambda: (None, ""),
    chance: Estimate | None = None,
    draws: int = 0,
    held: Held | None = None,
    find_true_if: Callable[[], TrueIf | None] = lambda: None,
) -> Judged:
    return Judged(
        reading=reading.id,
        asserts=reading.asserts,
        role=reading.role,
        wording=reading.wording,
        measure=reading.measure,
        verdict=verdict,
        value=value,
        low=low,
        high=high,
        unit=reading.unit,
        threshold=threshold,
        reason=said,
        sources=sources,
        find_flip=find_flip,
        chance=chance,
        draws=draws,
        held=held,
        find_true_if=find_true_if,
    )
