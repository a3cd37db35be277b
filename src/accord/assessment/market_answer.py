"""From the solved markets of a question to its Assessment: what is said, assumed, left out."""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment.assessment import AccessCase, Assessment, Check, LawLine
from accord.assessment.because import because
from accord.assessment.deal_lines import (
    deal_file,
    deal_shown,
    own_assumptions,
    own_not_modelled,
    term_lines,
    versions,
)
from accord.assessment.fixed_words import fixed_assumptions, fixed_sentence
from accord.assessment.focus import Focus
from accord.assessment.market_question import MarketQuestion
from accord.assessment.part import Part, packs_of
from accord.assessment.part_results import results_of
from accord.assessment.pieces import Assumption, NotModelled, Reference
from accord.assessment.ranges import said_of
from accord.assessment.rests_on import RestsOn, rests_on
from accord.claims import Scene
from accord.ensemble.ensemble import Ensemble


@dataclass(frozen=True)
class MarketAnswer:
    """A question with everything that was solved for it.

    ``cases``  the answer at low, central and high access, or at the one that is fixed
    """

    question: MarketQuestion
    central: AccessCase
    cases: tuple[AccessCase, ...]
    check: Check
    parts: tuple[Part, ...]
    ensemble: Ensemble | None

    def assessment(self) -> Assessment:
        """Return the answer as it is shown."""
        q, effects, parts = self.question, self.central.effects, self.parts
        focus = q.focus(effects)
        law = q.pack.law(q.as_of)
        return Assessment(
            deal=deal_shown(q.deal),
            deal_file=deal_file(q.deal),
            packs=packs_of(parts, Reference(q.pack.name, q.pack.version, q.pack.digest)),
            as_of=q.as_of,
            level_year=q.year,
            closure=q.closure,
            effects=effects,
            focus=focus,
            parties=q.parties,
            headline=self._headline(focus),
            because=self._because(focus),
            check=self.check,
            baseline=q.baseline(effects.before),
            terms=term_lines(q.deal),
            law=tuple(LawLine(m.id, m.title, m.term.starts) for m in law),
            access=self.cases if len(self.cases) > 1 else (),
            assumptions=(*self._assumptions(), *(x for p in parts for x in p.assumptions)),
            not_modelled=(*self._not_modelled(), *(x for p in parts for x in p.not_modelled)),
            scene=self._scene(focus),
            versions=versions(),
            region_names=q.region_names,
            good_names=q.good_names,
            parts=parts,
            ensemble=self.ensemble,
            rests_on=self._rests_on(focus),
            fixed=q.pack.fixed,
        )

    def _headline(self, focus: Focus) -> str:
        said = (
            self.central.headline,
            said_of(focus, self.ensemble),
            fixed_sentence(self.question.pack.fixed),
        )
        return " ".join(x for x in said if x)

    def _rests_on(self, focus: Focus) -> RestsOn | None:
        if self.ensemble is None:
            return None
        return rests_on(self.ensemble, self.question.pack.uncertainty(self.question.year), focus)

    def _scene(self, focus: Focus) -> Scene:
        """Return what claims are judged by: the markets that are solved already, and the parts."""
        q = self.question
        return Scene(
            q.deal,
            q.as_of,
            q.closure,
            q.pack,
            {case.weights: case.effects for case in self.cases},
            focus.lane,
            results_of(self.parts, q.region_names),
            self.ensemble,
        )

    def _because(self, focus: Focus) -> tuple[str, ...]:
        q, effects = self.question, self.central.effects
        notes = q.deal.notes(effects.before.market, q.as_of)
        return (*self._levels_that_stand_in(), *notes, *because(effects, focus, q.names))

    def _levels_that_stand_in(self) -> tuple[str, ...]:
        """Say so where the levels are not those of the last full year before the day (C32)."""
        q = self.question
        wanted = q.as_of.year - 1
        if q.year == wanted:
            return ()
        return (f"The pack has no levels of {wanted}; those of {q.year} stand in for them.",)

    def _assumptions(self) -> tuple[Assumption, ...]:
        pack = self.question.pack
        shared = (Assumption(pack.name, a.says, a.matters_for) for a in pack.assumptions)
        return (*fixed_assumptions(pack.fixed), *own_assumptions(self.question.deal), *shared)

    def _not_modelled(self) -> tuple[NotModelled, ...]:
        pack = self.question.pack
        shared = (NotModelled(pack.name, x.what, x.why) for x in pack.not_modelled)
        return (*own_not_modelled(self.question.deal), *shared)
